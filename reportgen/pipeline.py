"""How one report comes about, top to bottom.

`gather` asks the source; `composed` makes the page from what it said and from nothing else, so that
the same page can be made again later; `produce` makes the document and lets nothing out of the
house; `release` hands exactly that document over; `run` puts all under the ledger's claim. No I/O
happens here: the world is asked through the protocols in this file, and `app` alone knows who
answers.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import Any, Protocol

from pydantic import SecretStr

from reportgen import comparison, corrections, gate, proof
from reportgen.composing import Heading, compose, today, weighed
from reportgen.errors import (
    ClaimLost,
    DeliveryError,
    DeliveryNotApproved,
    DeliveryUnknown,
    ReportgenError,
    SourceError,
    StorageError,
    WrongCustomer,
)
from reportgen.model import (
    Answers,
    Concern,
    Customer,
    Document,
    DocumentState,
    Letter,
    Period,
    Print,
    Receipt,
    Rule,
    RunKey,
    SavedReport,
    Spans,
    Testimony,
    Verdict,
    Widget,
    WidgetRequest,
)
from reportgen.proof import Witness
from reportgen.sections import for_saved_report, for_widget_type
from reportgen.views import Page, Reader, SectionView, Words

# ---- what the path asks of the world -------------------------------------------------------


class Source(Protocol):
    """Where widgets come from. Every call is scoped to one customer."""

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        """One widget per request, in order. Raises SourceError when there is nothing at all."""

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        """The customer's saved report of exactly that name."""

    def testimony(self, customer: Customer, answers: Answers) -> Testimony | None:
        """What independent witnesses say about whose these answers are. None: there are none."""

    def owner(self, customer: Customer, widget: Widget) -> str:
        """The name of another company that has exactly these figures; empty if none is found."""


class Section(Protocol):
    """One block of the document."""

    def request(self, spans: Spans) -> WidgetRequest:
        """Which widget to fetch, over which of the report's windows."""

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """What the template shows. Never raises for odd data."""


class Press(Protocol):
    """Turns a page into what is handed over."""

    def pdf(self, page: Page) -> Print: ...

    def letter(self, page: Page, file_name: str, size: int) -> Letter: ...

    def protect(self, pdf: bytes, password: SecretStr) -> bytes:
        """A copy that opens with this password only. Raises RenderingError."""

    def made_with(self) -> Mapping[str, str]:
        """Versions and digests of whatever shapes the bytes of a document."""


class Archive(Protocol):
    """Keeps every document with the answers it was made from."""

    def keep(self, document: Document, snapshot: Mapping[str, Any]) -> str:
        """Store durably; answers where."""

    def load(self, place: str) -> Document:
        """The document exactly as kept. Raises StorageError when damaged or gone."""

    def widgets(self, place: str) -> tuple[Widget, ...]:
        """What the document at this place was made from. Raises StorageError."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One handing-over to be done: one recipient, or one file in one place."""

    channel: str
    """Label of the channel."""
    target: str
    """An address, or the URL of the file."""
    reference: str
    """Message-ID or file name: the same on every attempt."""
    content: bytes
    """The frozen message or file."""
    refusal: str = ""
    """Why it must not be handed over, and has no content; empty when it may."""


class Channel(Protocol):
    """A way out."""

    @property
    def label(self) -> str: ...

    def deliveries(self, document: Document) -> tuple[Delivery, ...]:
        """What is to be handed over. Pure: the same document gives the same bytes."""

    def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
        """Hand one over.

        `commit` is called once, right before the point of no return (a mail's final dot).
        Raises DeliveryUnavailable, DeliveryRefused or DeliveryUnknown.
        """


class DeliveryState(StrEnum):
    """What became of one handing-over."""

    READY = "ready"
    SENDING = "sending"
    """Under way, nothing accepted yet."""
    COMMITTING = "committing"
    """Past the point of no return, no answer recorded yet."""
    SENT = "sent"
    WAITING = "waiting"
    """Not accepted this time; another attempt follows."""
    REFUSED = "refused"
    """Not accepted for good; a person acts."""
    UNKNOWN = "unknown"
    """Accepted or not: nobody can tell; never sent again by itself."""


class RunState(StrEnum):
    """Where a run stands."""

    WORKING = "working"
    WAITING = "waiting"
    """Failed for now; tried again at `next_try_at`."""
    READY = "ready"
    """The document is in the archive and goes out at `next_try_at`, unless a person objects."""
    DELIVERING = "delivering"
    """The document is in the archive; handing over."""
    HELD = "held"
    """The document is in the archive and does not go out; a person decides."""
    FAILED = "failed"
    """Needs a person: nothing will change by waiting."""
    SUCCEEDED = "succeeded"
    KEPT = "kept"
    """In the archive on request, never handed over."""
    SKIPPED = "skipped"
    """A person decided that it is not made."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a run, until its lease ends."""

    run_id: int
    key: RunKey
    fence: int
    """Grows with every claim; writes with an old fence are refused."""
    attempt: int
    document: str | None = None
    """Where an earlier attempt left a document that may go out, if it did."""
    sha256: str = ""
    """Of exactly that document, as it was when it was made or approved."""
    approved: bool = False
    """True: people have approved it."""


@dataclass(frozen=True, slots=True)
class PastEdition:
    """An earlier edition of the same report, company and period."""

    number: int
    made_at: datetime
    place: str | None
    """Where it is kept; None once it was removed from the archive."""


class Ledger(Protocol):
    """The record of runs and deliveries. Every write is conditional on the claim."""

    def claim(
        self,
        key: RunKey,
        customer: str,
        period: Period,
        *,
        manual: bool = False,
        kept_only: bool = False,
        letting_go: bool = False,
    ) -> Claim | None:
        """Take the key. None: it is done, or not to be tried now, or someone else is at it.

        `manual`: a person asked, so a failed, held or resting run is taken up again. `kept_only`:
        it is for the archive, and no schedule may send it. `letting_go`: its round goes on with
        what it has just made.
        """

    def earlier(self, key: RunKey, period: Period) -> str | None:
        """Where the newest document of an earlier period of the same report is kept."""

    def first(self, key: RunKey) -> bool:
        """True while none of this report has gone out to this company."""

    def alike(
        self, key: RunKey, digests: frozenset[str]
    ) -> Mapping[tuple[str, str], frozenset[str]]:
        """Other companies, id and name, with those of these fingerprints that they have, too."""

    def replaced(self, key: RunKey) -> PastEdition | None:
        """The newest earlier edition of the same period that went out or was kept on request."""

    def keeping(self, claim: Claim) -> AbstractContextManager[None]:
        """Give signs of life while the work on the claim goes on."""

    def produced(
        self,
        claim: Claim,
        document: Document,
        place: str,
        handing_over: tuple[Delivery, ...] = (),
        prints: frozenset[str] = frozenset(),
    ) -> None:
        """Record where the finished document lies, and every handing-over that is to follow.

        `prints` are the fingerprints of its figures, for comparison with other companies'.
        """

    def block(self, claim: Claim) -> None:
        """What was made must never go out; another attempt makes it anew."""

    def unknown_recipients(self, company_id: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Those that never accepted a message of this customer and that nobody has approved."""

    def begin(self, claim: Claim, delivery: Delivery) -> bool:
        """Open the row of one delivery. False: it was handed over before.

        Raises DeliveryUnknown when an earlier attempt ended past the point of no return without
        an answer: it must not be handed over again until a person settles it.
        """

    def committing(self, claim: Claim, delivery: Delivery) -> None: ...

    def settle(
        self, claim: Claim, delivery: Delivery, state: DeliveryState, proof: str
    ) -> None: ...

    def finish(
        self,
        claim: Claim,
        state: RunState,
        reasons: tuple[str, ...] = (),
        until: datetime | None = None,
    ) -> RunState:
        """Close the attempt. WAITING becomes FAILED when the attempts are used up.

        READY goes on at `until`, None for at once.
        """


# ---- the path ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Replaced:
    """The edition that a corrected one replaces."""

    edition: int
    made_at: datetime
    widgets: tuple[Widget, ...] | None
    """What it was made from; None: no longer on file."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was fetched for one report."""

    answers: Answers
    earlier: tuple[Widget, ...] = ()
    """What the figures are compared with."""
    edition: bool = False
    """True: those are the answers of the edition before; False: of the platform, asked again."""
    saved_report: SavedReport | None = None
    """The customer's saved report as it was, where the report follows one."""
    witnesses: tuple[Witness, ...] | None = None
    """Who confirmed whose answers these are; None where nobody could be asked."""
    replaced: Replaced | None = None
    """The earlier edition of the same period, where there is one."""


@dataclass(frozen=True, slots=True)
class Job:
    """One report for one customer over one period: the ticket."""

    key: RunKey
    customer: Customer
    title: str
    template: str
    spans: Spans
    sections: tuple[Section, ...]
    saved_report: str | None
    """Follow the customer's saved report of this name instead of `sections`."""
    words: Words
    channels: tuple[Channel, ...]
    file_name: str
    hand_over: bool = True
    """False: the document stays in the archive, whatever the channels."""
    gathered: Gathered | None = None
    """What was fetched before, to be used again; None: the source is asked."""
    rules: Mapping[str, Rule] = field(default_factory=gate.settled)
    """How the rules of the gate are set for it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everybody the path talks to."""

    source: Source
    press: Press
    archive: Archive
    ledger: Ledger
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job."""

    key: RunKey
    customer: str
    state: RunState | None
    """None: nothing was done, because it is done already or someone else is at it."""
    reasons: tuple[str, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    until: datetime | None = None
    """When a document that is ready goes out by itself; None: now, or not at all."""
    mixed: tuple[str, ...] = ()
    """Whose figures were mixed up: this customer, and whoever else is named; empty if nobody's."""

    @property
    def well(self) -> bool:
        """True when nobody has to look at it."""
        waits = self.state is RunState.READY and self.until is not None
        return waits or self.state in (None, RunState.SUCCEEDED, RunState.KEPT)

    @property
    def to_release(self) -> bool:
        """True for a document that may go out now."""
        return self.state is RunState.READY and self.until is None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a page was made from, besides the customer."""

    title: str
    template: str
    language: str
    spans: Spans
    sections: tuple[Section, ...]
    saved_report: str | None
    gathered: Gathered
    rules: Mapping[str, Rule] = field(default_factory=gate.settled)


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed page, and all that it was composed from."""

    page: Page
    job: Job
    gathered: Gathered

    @property
    def snapshot(self) -> dict[str, Any]:
        """What is kept of it: the exchange as it was, what was read from it, and the settings."""
        answers, gathered, job = self.gathered.answers, self.gathered, self.job
        return {
            "answers": answers.raw,
            "widgets": answers.widgets,
            "company_id": answers.company_id,
            "fetched_at": answers.fetched_at,
            "earlier": {"edition": gathered.edition, "widgets": gathered.earlier},
            "saved_report": gathered.saved_report,
            "witnesses": gathered.witnesses,
            "replaced": gathered.replaced,
            "report": {
                "title": job.title,
                "template": job.template,
                "language": job.words.language,
                "spans": job.spans,
                "widgets": job.sections,
                "saved_report": job.saved_report,
                "rules": job.rules,
            },
        }


class Step(StrEnum):
    """How far a run goes."""

    MAKE = "make"
    """To the door: made and kept, so that a whole round can be compared before anything leaves."""
    COMPARE = "compare"
    """What was made is compared with the rest of the round; it stays in front of the door."""
    ALL = "all"
    """Through it."""


def run(job: Job, desk: Desk, *, manual: bool = False, step: Step = Step.ALL) -> Outcome:
    """Make one report and hand it over, under the ledger's claim.

    What goes wrong with this report is in the outcome, so that the others go on. An interrupt
    gives the claim back and is raised again.
    """
    claim = desk.ledger.claim(
        job.key,
        job.customer.name,
        job.spans.period,
        manual=manual,
        kept_only=not job.hand_over,
        letting_go=step is not Step.MAKE,
    )
    if claim is None:
        return Outcome(job.key, job.customer.name, None)
    try:
        return _attempt(job, claim, desk, manual=manual, step=step)
    except ClaimLost as lost:
        return Outcome(job.key, job.customer.name, None, (str(lost),))


def _attempt(job: Job, claim: Claim, desk: Desk, *, manual: bool, step: Step) -> Outcome:
    try:
        with desk.ledger.keeping(claim):
            outcome = _work(job, claim, desk, manual=manual, step=step)
    except ClaimLost:
        raise
    except ReportgenError as error:
        state = RunState.WAITING if error.retry else RunState.FAILED
        mixed = (job.customer.name, *error.others) if isinstance(error, WrongCustomer) else ()
        outcome = Outcome(job.key, job.customer.name, state, (str(error),), mixed=mixed)
    except BaseException as error:
        stopped = not isinstance(error, Exception)
        state = RunState.WAITING if stopped else RunState.FAILED
        reason = "stopped before the end" if stopped else f"internal error: {type(error).__name__}"
        desk.ledger.finish(claim, state, (reason,))
        raise
    ended = desk.ledger.finish(
        claim, outcome.state or RunState.FAILED, outcome.reasons, outcome.until
    )
    return replace(outcome, state=ended)


def _work(job: Job, claim: Claim, desk: Desk, *, manual: bool, step: Step) -> Outcome:
    document, place = _kept(job, claim, desk.archive) or _make(job, claim, desk)
    outcome = partial(Outcome, job.key, job.customer.name)
    if document.state is not DocumentState.READY and not claim.approved:
        return outcome(RunState.HELD, document.reasons)
    if not job.hand_over:
        return outcome(RunState.KEPT)
    if step is not Step.MAKE:
        _prove_unlike_others(job, claim, place, desk)
    until = None if manual or claim.approved else _grace(document, job, desk)
    if until is not None or step is not Step.ALL:
        return outcome(RunState.READY, until=until)
    receipts, failures = release(document, job.channels, claim, desk.ledger)
    return outcome(_state_after(failures), tuple(str(each) for each in failures), receipts)


def _kept(job: Job, claim: Claim, archive: Archive) -> tuple[Document, str] | None:
    """What an earlier attempt made; who may not get it, and its password, are as they are now.

    Raises StorageError when it is no longer exactly what was made or approved.
    """
    if claim.document is None:
        return None
    document, now = archive.load(claim.document), job.customer
    if document.sha256 != claim.sha256:
        raise StorageError(
            f"{claim.document}: the PDF is another one than was made or approved; nothing is sent"
        )
    customer = replace(
        document.customer,
        allowed_domains=now.allowed_domains,
        approve_new_recipients=now.approve_new_recipients,
        withdrawn=_withdrawn(document.customer, now),
        protection=now.protection or document.customer.protection,
    )
    return replace(document, customer=customer), claim.document


def _withdrawn(then: Customer, now: Customer) -> tuple[str, ...]:
    left = {address.casefold() for address in now.recipients}
    return tuple(each for each in then.recipients if each.casefold() not in left)


def _make(job: Job, claim: Claim, desk: Desk) -> tuple[Document, str]:
    gathered = job.gathered or _gathered(job, desk)
    drafted = composed(job, gathered)
    concerns = (*_unconfirmed(gathered), *_to_be_approved(job, desk.ledger))
    document = produce(job, drafted.page, desk.press, desk.clock(), concerns)
    place = desk.archive.keep(document, drafted.snapshot)
    prints = frozenset(each.digest for each in proof.prints(gathered.answers.widgets))
    desk.ledger.produced(claim, document, place, _to_hand_over(document, job), prints)
    return document, place


def _gathered(job: Job, desk: Desk) -> Gathered:
    """What the source says, and the edition that is replaced."""
    gathered = gather(job, desk.source, _earlier(job, desk))
    return replace(gathered, replaced=replaced(job.key, desk.archive, desk.ledger))


def _to_hand_over(document: Document, job: Job) -> tuple[Delivery, ...]:
    if document.state is not DocumentState.READY or not job.hand_over:
        return ()
    return tuple(each for channel in job.channels for each in channel.deliveries(document))


def _unconfirmed(gathered: Gathered) -> Iterator[Concern]:
    """Where witnesses exist, one at least has to know the company."""
    if gathered.witnesses is not None and not proof.confirmed(gathered.witnesses):
        yield Concern(
            "origin",
            Verdict.HOLD,
            "nobody but the figures themselves says whose they are: the company's record may not "
            "be read, and the platform knows no second way to ask; give the role the permission "
            "companies/{resourceId}|GET",
        )


def _to_be_approved(job: Job, ledger: Ledger) -> Iterator[Concern]:
    wanted = job.customer.approval.wanted if job.hand_over else "never"
    if wanted == "always":
        yield Concern("approval", Verdict.HOLD, "every report of this customer waits for approval")
    elif wanted == "first" and ledger.first(job.key):
        yield Concern("approval", Verdict.HOLD, "the first report of a customer waits for approval")


def _grace(document: Document, job: Job, desk: Desk) -> datetime | None:
    """Until when a document that is ready waits for an objection; None when it need not."""
    hours = job.customer.approval.grace_hours
    if not hours or document.made_at is None:
        return None
    until = document.made_at + timedelta(hours=hours)
    return until if desk.clock() < until else None


def _prove_unlike_others(job: Job, claim: Claim, place: str, desk: Desk) -> None:
    """Make sure that no other company was given the same figures. Raises WrongCustomer."""
    own = proof.prints(desk.archive.widgets(place))
    found = desk.ledger.alike(job.key, frozenset(each.digest for each in own))
    allowed = {name.casefold() for name in job.customer.same_figures}
    others = {
        name: shared
        for (company_id, name), shared in found.items()
        if not allowed & {company_id.casefold(), name.casefold()}
    }
    try:
        proof.prove_unlike(own, job.customer, others)
    except WrongCustomer:
        desk.ledger.block(claim)
        raise


def _earlier(job: Job, desk: Desk) -> tuple[Widget, ...] | None:
    """The answers of the edition before; one that cannot be read does not stop this one."""
    place = desk.ledger.earlier(job.key, job.spans.period)
    if place is None:
        return None
    try:
        return desk.archive.widgets(place)
    except ReportgenError:
        return None


def replaced(key: RunKey, archive: Archive, ledger: Ledger) -> Replaced | None:
    """
    The edition that this one replaces; None for a first one.

    Raises StorageError while the archive cannot be reached: what is only out of reach is not said
    to be gone.
    """
    past = ledger.replaced(key) if key.edition > 1 else None
    if past is None:
        return None
    return Replaced(past.number, past.made_at, _on_file(past, archive))


def _on_file(past: PastEdition, archive: Archive) -> tuple[Widget, ...] | None:
    if past.place is None:
        return None
    try:
        return archive.widgets(past.place)
    except ReportgenError as error:
        if error.retry:
            raise
        return None


# ---- produce -------------------------------------------------------------------------------


def draft(job: Job, source: Source, earlier: tuple[Widget, ...] | None = None) -> Draft:
    """
    Fetch and compose the page. Previews stop here.

    Without the answers of an earlier edition the source is asked for the period before.
    """
    return composed(job, gather(job, source, earlier))


def gather(job: Job, source: Source, earlier: tuple[Widget, ...] | None = None) -> Gathered:
    """Ask the source for everything the page needs, and prove whose data it is."""
    saved = _saved(job, source)
    sections = _sections(job, saved)
    requests = tuple(section.request(job.spans) for section in sections)
    answers, witnesses = _proven(job, requests, saved, source)
    if earlier is not None:
        return Gathered(answers, earlier, edition=True, saved_report=saved, witnesses=witnesses)
    before = _asked_again(job, sections, requests, source)
    return Gathered(answers, before, saved_report=saved, witnesses=witnesses)


def _proven(
    job: Job, requests: tuple[WidgetRequest, ...], saved: SavedReport | None, source: Source
) -> tuple[Answers, tuple[Witness, ...] | None]:
    """The answers, and who confirms whose they are. Raises WrongCustomer.

    Figures may move between two readings, so a contradiction nobody owns is looked at once more.
    """
    for last in (False, True):
        answers = source.fetch(job.customer, requests)
        testimony = source.testimony(job.customer, answers)
        found = proof.contradiction(answers, testimony)
        owner = source.owner(job.customer, found) if found else ""
        if found is None or owner or last:
            break
    witnesses = proof.proven(answers, job.customer, saved, testimony)
    if found is not None:
        raise proof.contradicted(found, job.customer, owner)
    return answers, None if testimony is None else witnesses


def composed(job: Job, gathered: Gathered) -> Draft:
    """The page of what was gathered. Asks nobody: the same job and answers give the same page."""
    reader = _reader(job, gathered.answers)
    look = _look(gathered, reader)
    sections = _sections(job, gathered.saved_report)
    shown = tuple(zip(sections, gathered.answers.widgets, strict=True))
    measured = tuple(look(section, widget) for section, widget in shown)
    views = tuple(one.view for one in measured)
    before = _replacement(gathered.replaced, shown, views, look)
    case = gate.Case(
        customer=job.customer,
        period=job.spans.period,
        today=reader.today,
        measured=measured,
        words=job.words,
        edition=gathered.edition,
        rules=job.rules,
    )
    page = _page(job, gathered, views, before)
    return Draft(weighed(page, gate.concerns(case)), job, gathered)


def _page(
    job: Job,
    gathered: Gathered,
    views: tuple[SectionView, ...],
    before: corrections.Replacement | None,
) -> Page:
    return compose(
        Heading(
            title=job.title,
            template=job.template,
            customer=job.customer,
            key=job.key,
            spans=job.spans,
            answers=gathered.answers,
            replaced=before,
            confirmed=tuple((each.kind, each.count) for each in gathered.witnesses or ()),
        ),
        views,
        job.words,
    )


def _saved(job: Job, source: Source) -> SavedReport | None:
    if job.saved_report is None:
        return None
    return source.saved_report(job.customer, job.saved_report)


def _sections(job: Job, saved: SavedReport | None) -> tuple[Section, ...]:
    return job.sections if saved is None else for_saved_report(saved)


def _asked_again(
    job: Job, sections: tuple[Section, ...], requests: tuple[WidgetRequest, ...], source: Source
) -> tuple[Widget, ...]:
    """The period before, of measures that bring no months of their own; nothing if refused."""
    spans = comparison.before(job.spans)
    wanted = tuple(
        section.request(spans)
        for section, request in zip(sections, requests, strict=True)
        if request.widget_type and not _brings_months(request, job.spans)
    )
    if not wanted:
        return ()
    try:
        answers, _ = _proven(job, wanted, None, source)
    except SourceError:
        return ()
    return answers.widgets


def _brings_months(request: WidgetRequest, spans: Spans) -> bool:
    """True for a measure asked over the whole history: its months hold the period before."""
    return request.window == spans.history and request.window not in (spans.window, spans.period)


def _reader(job: Job, answers: Answers) -> Reader:
    return Reader(
        words=job.words,
        targets=job.customer.targets,
        today=today(answers, job.customer),
        company=job.customer.name,
    )


Look = Callable[[Section, Widget], gate.Measured]
"""How a section shows an answer to the reader of this report."""


def _look(gathered: Gathered, reader: Reader) -> Look:
    """The section's view, compared with what it would have shown the time before."""

    def measured(section: Section, widget: Widget) -> gate.Measured:
        then = comparison.matching(widget, gathered.earlier)
        if then is None:
            return gate.Measured(widget, section.view(widget, reader))
        before = section.view(then, reader)
        pasts = comparison.pasts(before, edition=gathered.edition)
        drifted = comparison.drifted(widget, then)
        view = section.view(widget, replace(reader, earlier=pasts, drifted=drifted))
        return gate.Measured(widget, view, then, before, drifted)

    return measured


def _replacement(
    before: Replaced | None,
    shown: tuple[tuple[Section, Widget], ...],
    views: tuple[SectionView, ...],
    look: Look,
) -> corrections.Replacement | None:
    """The replaced edition, with what it showed beside what is shown now."""
    if before is None:
        return None
    if before.widgets is None:
        return corrections.Replacement(before.edition, before.made_at)
    left, pairs = list(before.widgets), []
    for (section, widget), view in zip(shown, views, strict=True):
        then = comparison.same_question(widget, left)
        if then is not None:
            left.remove(then)
        pairs.append((look(section, then).view if then else None, view))
    gone = ((look(_section_of(widget), widget).view, None) for widget in left if _was_asked(widget))
    return corrections.Replacement(before.edition, before.made_at, (*pairs, *gone))


def _was_asked(widget: Widget) -> bool:
    return bool(widget.request.widget_type)


def _section_of(widget: Widget) -> Section:
    """The section that showed an answer, where the report no longer has it."""
    request = widget.request
    return for_widget_type(request.widget_type, resource_id=request.resource_id)


def produce(
    job: Job, page: Page, press: Press, made_at: datetime, concerns: tuple[Concern, ...] = ()
) -> Document:
    """Print the page and write its covering letter. Nothing leaves the house here.

    A print with a flaw waits for a person; so does one with concerns besides those of the page.
    One that must never go out for its flaws says so itself.
    """
    made = press.pdf(page)
    flaws = gate.named("flaw", made.flaws, job.rules)
    marked, page = page.mark, weighed(page, (*flaws, *concerns))
    if page.mark != marked:
        made = press.pdf(page)
    protected = _protected(made.pdf, job.customer, press)
    return Document(
        key=job.key,
        customer=job.customer,
        report_title=job.title,
        period=job.spans.period,
        file_name=job.file_name,
        pdf=made.pdf,
        sha256=sha256(made.pdf).hexdigest(),
        letter=press.letter(page, job.file_name, len(protected or made.pdf)),
        state=_document_state(page.concerns),
        reasons=page.reasons,
        made_at=made_at,
        made_with=press.made_with(),
        protected=protected,
    )


def _document_state(concerns: tuple[Concern, ...]) -> DocumentState:
    verdicts = {each.verdict for each in concerns}
    if Verdict.BLOCK in verdicts:
        return DocumentState.BLOCKED
    return DocumentState.HELD if Verdict.HOLD in verdicts else DocumentState.READY


def _protected(pdf: bytes, customer: Customer, press: Press) -> bytes | None:
    """The copy that leaves in its place; what is made again from the archive gets none."""
    protection = customer.protection
    if protection is None or protection.password is None:
        return None
    return press.protect(pdf, protection.password)


def release(
    document: Document, channels: tuple[Channel, ...], claim: Claim, ledger: Ledger
) -> tuple[tuple[Receipt, ...], tuple[DeliveryError, ...]]:
    """Hand exactly this document over. One refused recipient does not stop the others."""
    receipts: list[Receipt] = []
    failures: list[DeliveryError] = []
    strangers = _strangers(document.customer, ledger)
    for channel in channels:
        for delivery in channel.deliveries(document):
            try:
                _check_known(delivery, strangers, document.customer)
                if ledger.begin(claim, delivery):
                    receipts.append(_hand_over(channel, delivery, claim, ledger))
            except DeliveryError as failure:
                failures.append(failure)
    return tuple(receipts), tuple(failures)


def _strangers(customer: Customer, ledger: Ledger) -> tuple[str, ...]:
    """Whose first message waits for a person, where the customer wants that."""
    if not customer.approve_new_recipients:
        return ()
    return ledger.unknown_recipients(customer.company_id, customer.recipients)


def _check_known(delivery: Delivery, strangers: tuple[str, ...], customer: Customer) -> None:
    """Nothing is begun for a stranger: the row stays ready. One refused anyway goes on to be."""
    if delivery.target in strangers and not delivery.refusal:
        raise DeliveryNotApproved(
            f"first message to {delivery.target} waits for approval: reportgen recipients approve "
            f"{customer.company_id} {delivery.target} --reason …"
        )


def _hand_over(channel: Channel, delivery: Delivery, claim: Claim, ledger: Ledger) -> Receipt:
    try:
        receipt = channel.deliver(delivery, lambda: ledger.committing(claim, delivery))
    except DeliveryError as failure:
        ledger.settle(claim, delivery, _state_of(failure), str(failure))
        raise
    ledger.settle(claim, delivery, DeliveryState.SENT, receipt.proof)
    return receipt


def _state_of(failure: DeliveryError) -> DeliveryState:
    if isinstance(failure, DeliveryUnknown):
        return DeliveryState.UNKNOWN
    return DeliveryState.WAITING if failure.retry else DeliveryState.REFUSED


def _state_after(failures: tuple[DeliveryError, ...]) -> RunState:
    """A run with something to try again waits; one that needs a person has failed."""
    if not failures:
        return RunState.SUCCEEDED
    return RunState.WAITING if any(failure.retry for failure in failures) else RunState.FAILED

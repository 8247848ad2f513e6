"""How one report comes about, top to bottom.

`gather` asks the source; `composed` makes the page from what it said and from nothing else, so that
the same page can be made again later; `produce` makes the document and lets nothing out of the
house; `release` hands exactly that document over; `run` puts all under the ledger's claim. No I/O
happens here: the world is asked through the protocols in this file, and `app` alone knows who
answers.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from pydantic import SecretStr

from reportgen import checks, comparison
from reportgen.composing import Heading, compose, held, today
from reportgen.errors import ClaimLost, DeliveryError, DeliveryUnknown, ReportgenError, SourceError
from reportgen.model import (
    Answers,
    Customer,
    Document,
    DocumentState,
    Letter,
    Period,
    Print,
    Receipt,
    RunKey,
    SavedReport,
    Spans,
    Widget,
    WidgetRequest,
)
from reportgen.sections import for_saved_report
from reportgen.views import Page, Reader, SectionView, Words

# ---- what the path asks of the world -------------------------------------------------------


class Source(Protocol):
    """Where widgets come from. Every call is scoped to one customer."""

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        """One widget per request, in order. Raises SourceError when there is nothing at all."""

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        """The customer's saved report of exactly that name."""


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
    DELIVERING = "delivering"
    """The document is in the archive; handing over."""
    HELD = "held"
    """The document is in the archive and must not go out; a person decides."""
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
    """Where an earlier attempt left the finished document, if it did."""


class Ledger(Protocol):
    """The record of runs and deliveries. Every write is conditional on the claim."""

    def claim(
        self, key: RunKey, customer: str, period: Period, *, manual: bool = False
    ) -> Claim | None:
        """Take the key. None: it is done, or not to be tried now, or someone else is at it.

        `manual`: a person asked, so a failed, held or resting run is taken up again.
        """

    def earlier(self, key: RunKey, period: Period) -> str | None:
        """Where the newest document of an earlier period of the same report is kept."""

    def keeping(self, claim: Claim) -> AbstractContextManager[None]:
        """Give signs of life while the work on the claim goes on."""

    def produced(
        self, claim: Claim, document: Document, place: str, handing_over: tuple[Delivery, ...] = ()
    ) -> None:
        """Record where the finished document lies, and every handing-over that is to follow."""

    def begin(self, claim: Claim, delivery: Delivery) -> bool:
        """Open the row of one delivery. False: it was handed over before.

        Raises DeliveryUnknown when an earlier attempt ended past the point of no return without
        an answer: it must not be handed over again until a person settles it.
        """

    def committing(self, claim: Claim, delivery: Delivery) -> None: ...

    def settle(
        self, claim: Claim, delivery: Delivery, state: DeliveryState, proof: str
    ) -> None: ...

    def finish(self, claim: Claim, state: RunState, reasons: tuple[str, ...] = ()) -> RunState:
        """Close the attempt. WAITING becomes FAILED when the attempts are used up."""


# ---- the path ------------------------------------------------------------------------------


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

    @property
    def well(self) -> bool:
        """True when nobody has to look at it."""
        return self.state in (None, RunState.SUCCEEDED, RunState.KEPT)


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
            "report": {
                "title": job.title,
                "template": job.template,
                "language": job.words.language,
                "spans": job.spans,
                "widgets": job.sections,
                "saved_report": job.saved_report,
            },
        }


def run(job: Job, desk: Desk, *, manual: bool = False) -> Outcome:
    """Make one report and hand it over, under the ledger's claim.

    What goes wrong with this report is in the outcome, so that the others go on. An interrupt
    gives the claim back and is raised again.
    """
    claim = desk.ledger.claim(job.key, job.customer.name, job.spans.period, manual=manual)
    if claim is None:
        return Outcome(job.key, job.customer.name, None)
    try:
        return _attempt(job, claim, desk)
    except ClaimLost as lost:
        return Outcome(job.key, job.customer.name, None, (str(lost),))


def _attempt(job: Job, claim: Claim, desk: Desk) -> Outcome:
    try:
        with desk.ledger.keeping(claim):
            state, reasons, receipts = _work(job, claim, desk)
    except ClaimLost:
        raise
    except ReportgenError as error:
        state = RunState.WAITING if error.retry else RunState.FAILED
        reasons, receipts = (str(error),), ()
    except BaseException as error:
        stopped = not isinstance(error, Exception)
        state = RunState.WAITING if stopped else RunState.FAILED
        reason = "stopped before the end" if stopped else f"internal error: {type(error).__name__}"
        desk.ledger.finish(claim, state, (reason,))
        raise
    state = desk.ledger.finish(claim, state, reasons)
    return Outcome(job.key, job.customer.name, state, reasons, receipts)


def _work(
    job: Job, claim: Claim, desk: Desk
) -> tuple[RunState, tuple[str, ...], tuple[Receipt, ...]]:
    document = _kept(job, claim, desk.archive) or _make(job, claim, desk)
    if document.state is DocumentState.HELD:
        return RunState.HELD, document.reasons, ()
    if not job.hand_over:
        return RunState.KEPT, (), ()
    receipts, failures = release(document, job.channels, claim, desk.ledger)
    return _state_after(failures), tuple(str(failure) for failure in failures), receipts


def _kept(job: Job, claim: Claim, archive: Archive) -> Document | None:
    """What an earlier attempt made; a password the customer has by now holds for it as well."""
    if claim.document is None:
        return None
    document = archive.load(claim.document)
    protection = job.customer.protection or document.customer.protection
    return replace(document, customer=replace(document.customer, protection=protection))


def _make(job: Job, claim: Claim, desk: Desk) -> Document:
    gathered = job.gathered or gather(job, desk.source, _earlier(job, desk))
    drafted = composed(job, gathered)
    document = produce(job, drafted.page, desk.press, desk.clock())
    place = desk.archive.keep(document, drafted.snapshot)
    desk.ledger.produced(claim, document, place, _to_hand_over(document, job))
    return document


def _to_hand_over(document: Document, job: Job) -> tuple[Delivery, ...]:
    if document.state is DocumentState.HELD or not job.hand_over:
        return ()
    return tuple(each for channel in job.channels for each in channel.deliveries(document))


def _earlier(job: Job, desk: Desk) -> tuple[Widget, ...] | None:
    """The answers of the edition before; one that cannot be read does not stop this one."""
    place = desk.ledger.earlier(job.key, job.spans.period)
    if place is None:
        return None
    try:
        return desk.archive.widgets(place)
    except ReportgenError:
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
    answers = source.fetch(job.customer, requests)
    checks.prove(answers, job.customer)
    if earlier is not None:
        return Gathered(answers, earlier, edition=True, saved_report=saved)
    return Gathered(answers, _asked_again(job, sections, requests, source), saved_report=saved)


def composed(job: Job, gathered: Gathered) -> Draft:
    """The page of what was gathered. Asks nobody: the same job and answers give the same page."""
    reader = _reader(job, gathered.answers)
    views = tuple(
        _view(section, widget, gathered.earlier, reader, edition=gathered.edition)
        for section, widget in zip(
            _sections(job, gathered.saved_report), gathered.answers.widgets, strict=True
        )
    )
    return Draft(_page(job, gathered.answers, views), job, gathered)


def _page(job: Job, answers: Answers, views: tuple[SectionView, ...]) -> Page:
    return compose(
        Heading(
            title=job.title,
            template=job.template,
            customer=job.customer,
            key=job.key,
            spans=job.spans,
            answers=answers,
        ),
        views,
        job.words,
    )


def _saved(job: Job, source: Source) -> SavedReport | None:
    if job.saved_report is None:
        return None
    saved = source.saved_report(job.customer, job.saved_report)
    checks.prove_saved(saved, job.customer)
    return saved


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
        answers = source.fetch(job.customer, wanted)
    except SourceError:
        return ()
    checks.prove(answers, job.customer)
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


def _view(
    section: Section,
    widget: Widget,
    earlier: tuple[Widget, ...],
    reader: Reader,
    *,
    edition: bool,
) -> SectionView:
    """The section's view, compared with what it would have shown the time before."""
    then = comparison.matching(widget, earlier)
    if then is None:
        return section.view(widget, reader)
    pasts = comparison.pasts(section.view(then, reader), edition=edition)
    drifted = comparison.drifted(widget, then)
    return section.view(widget, replace(reader, earlier=pasts, drifted=drifted))


def produce(job: Job, page: Page, press: Press, made_at: datetime) -> Document:
    """Print the page and write its covering letter. Nothing leaves the house here.

    A print with a flaw is made again with its reasons on it, and held.
    """
    made = press.pdf(page)
    if made.flaws and not page.reasons:
        page = held(page, made.flaws)
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
        state=DocumentState.HELD if page.reasons else DocumentState.READY,
        reasons=page.reasons,
        made_at=made_at,
        made_with=press.made_with(),
        protected=protected,
    )


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
    for channel in channels:
        for delivery in channel.deliveries(document):
            try:
                if ledger.begin(claim, delivery):
                    receipts.append(_hand_over(channel, delivery, claim, ledger))
            except DeliveryError as failure:
                failures.append(failure)
    return tuple(receipts), tuple(failures)


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

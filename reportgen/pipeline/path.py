"""How one report comes about, top to bottom.

`gather` asks the source; `composed` makes the page from what it said and from nothing else, so that
the same page can be made again later; `produce` makes the document and lets nothing out of the
house; `release` hands exactly that document over; `run` puts all under the ledger's claim. No I/O
happens here: the world is asked through the protocols of `world.py`, and `app` alone knows who
answers.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from reportgen import proof
from reportgen.errors import (
    ClaimLost,
    ReportgenError,
    StorageError,
    WrongCustomer,
)
from reportgen.model import (
    Concern,
    Customer,
    Document,
    DocumentState,
    Verdict,
    Widget,
)
from reportgen.pipeline.gathering import edition_before, gather, replaced
from reportgen.pipeline.job import Desk, Draft, Gathered, Job, Outcome, Step
from reportgen.pipeline.making import composed, produce
from reportgen.pipeline.releasing import release, state_after
from reportgen.pipeline.world import Archive, Claim, Delivery, Ledger, RunState, Source


def run(
    job: Job,
    desk: Desk,
    *,
    manual: bool = False,
    revive: bool = False,
    step: Step = Step.ALL,
    going_on: bool = False,
) -> Outcome:
    """Make one report and hand it over, under the ledger's claim.

    `going_on`: the round has made it and only goes on with it; what somebody has held, rejected or
    taken up meanwhile is left alone.

    What goes wrong with this report is in the outcome, so that the others go on. An interrupt
    gives the claim back and is raised again.
    """
    claim = desk.ledger.claim(
        job.key,
        job.customer.name,
        job.spans.period,
        manual=manual and not going_on,
        revive=revive and not going_on,
        kept_only=not job.hand_over,
        letting_go=going_on,
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
    if not _may_leave(document, claim):
        return outcome(RunState.HELD, document.reasons)
    if not job.hand_over:
        return outcome(RunState.KEPT)
    if step is not Step.MAKE:
        _prove_unlike_others(job, claim, place, desk)
    until = None if manual or claim.approved else _grace(document, job, desk)
    if until is not None or step is not Step.ALL:
        return outcome(RunState.READY, until=until)
    if claim.approved:
        desk.ledger.expect(claim, _deliveries(document, job))
    receipts, failures = release(document, job.channels, claim, desk.ledger)
    return outcome(state_after(failures), tuple(str(each) for each in failures), receipts)


def _may_leave(document: Document, claim: Claim) -> bool:
    """An approval lets out what is held, and never what is blocked."""
    held = document.state is DocumentState.HELD
    return document.state is DocumentState.READY or (held and claim.approved)


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
    desk.press.expect()
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
    gathered = gather(job, desk.source, edition_before(job, desk))
    return replace(gathered, replaced=replaced(job.key, desk.archive, desk.ledger))


def _to_hand_over(document: Document, job: Job) -> tuple[Delivery, ...]:
    if document.state is not DocumentState.READY or not job.hand_over:
        return ()
    return _deliveries(document, job)


def _deliveries(document: Document, job: Job) -> tuple[Delivery, ...]:
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
    noted = desk.ledger.noted(claim)
    if noted and not desk.ledger.alike(job.key, noted):
        return
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
    except WrongCustomer as error:
        desk.ledger.block(claim, str(error).partition(";")[0])
        raise


def draft(job: Job, source: Source, earlier: tuple[Widget, ...] | None = None) -> Draft:
    """
    Fetch and compose the page. Previews stop here.

    Without the answers of an earlier edition the source is asked for the period before.
    """
    return composed(job, gather(job, source, earlier))

"""One round: turn tickets into jobs and run them, whatever becomes of each."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from reportgen import periods
from reportgen.app.house import House
from reportgen.app.orders import Order, Ticket, due_now, ordered, plan
from reportgen.app.sent_items import look_up_again
from reportgen.app.watch import HINDRANCES, watch
from reportgen.config import Report, gate_rules
from reportgen.errors import ConfigError, ReportgenError, RoundStopped
from reportgen.language import words
from reportgen.model import Customer, Period, RunKey, Spans
from reportgen.names import file_part
from reportgen.pipeline import Channel, Job, Outcome, RunState, Step, draft, run
from reportgen.views import Page

log = logging.getLogger(__name__)

_NAMED = 5
"""Mix-ups that are named where the round is stopped; `reportgen status` lists all."""


def job(
    house: House, ticket: Ticket, channels: tuple[Channel, ...], *, hand_over: bool = True
) -> Job:
    """Everything the path needs to make this report and hand it over through these channels."""
    report, customer = ticket.subscription.report, ticket.subscription.customer
    key = ticket.key
    return Job(
        key=key,
        customer=customer,
        title=report.titles.get(customer.language, report.title),
        template=report.template,
        spans=_spans(ticket.period, report),
        sections=report.sections,
        saved_report=report.saved_report,
        words=words(customer.language),
        channels=channels,
        file_name=file_name(customer, key),
        hand_over=hand_over,
        rules=gate_rules(house.settings, report, customer),
    )


def _spans(period: Period, report: Report) -> Spans:
    """The windows of a report over this period."""
    months = report.window_months
    return Spans(
        period,
        periods.history(period, months) if months else period,
        periods.history(period, report.history_months),
    )


def file_name(customer: Customer, key: RunKey) -> str:
    """The name of the attachment."""
    edition = f"-{key.edition}" if key.edition > 1 else ""
    return f"{file_part(customer.name)}-{key.report}-{key.period}{edition}.pdf"


def run_round(
    house: House,
    tickets: Iterable[Ticket],
    done: Callable[[Outcome], None],
    *,
    manual: bool = False,
    revive: bool = False,
    hand_over: bool = True,
    stopping: Callable[[], bool] = lambda: False,
) -> tuple[Outcome, ...]:
    """
    Make every report, compare them all, then let them go; one's trouble never stops the others.

    With `revive` also what was called off is made. `done` hears of each report that is made, and of
    each that has come to its end. Where the figures of two customers were mixed up nothing leaves
    at all. Raises RoundStopped while an earlier round waits for a person for that reason.
    """
    if hand_over:
        refuse_if_stopped(house)
    every = tuple(tickets)
    begin = partial(_run_one, house, manual=manual, revive=revive, hand_over=hand_over)
    first = Step.MAKE if len(every) > 1 else Step.COMPARE
    outcomes: dict[RunKey, Outcome] = {}
    with house.ledger.reserving(lambda: _to_release(outcomes)):
        for ticket in every:
            if stopping():
                break
            outcomes[ticket.key] = begin(ticket, step=first)
            done(outcomes[ticket.key])
            _stop_if_mixed_up(house, outcomes.values())
        _compare(house, every, outcomes, begin)
        _stop_if_mixed_up(house, outcomes.values())
        for ticket in every:
            if ticket.key not in outcomes or not outcomes[ticket.key].to_release:
                continue
            if stopping():
                break
            outcomes[ticket.key] = _released(house, outcomes, ticket, begin, manual=manual)
            done(outcomes[ticket.key])
    return tuple(outcomes.values())


def _to_release(outcomes: Mapping[RunKey, Outcome]) -> tuple[RunKey, ...]:
    """What was made and may go out now; `outcomes` may grow meanwhile."""
    return tuple(key for key, outcome in tuple(outcomes.items()) if outcome.to_release)


def _compare(
    house: House,
    tickets: Iterable[Ticket],
    outcomes: dict[RunKey, Outcome],
    begin: Callable[..., Outcome],
) -> None:
    """Look once more at those whose figures turned up in another company's report by now."""
    ready = _to_release(outcomes)
    if len(ready) < 2:
        return
    suspects = house.ledger.shared(ready)
    for ticket in tickets:
        if ticket.key in suspects:
            outcomes[ticket.key] = begin(ticket, step=Step.COMPARE, going_on=True)


def _stop_if_mixed_up(house: House, outcomes: Iterable[Outcome]) -> None:
    """Two known companies in one matter, or two matters: from here on nothing can be trusted."""
    mixed = [outcome for outcome in outcomes if outcome.mixed]
    affected = {outcome.customer.casefold() for outcome in mixed}
    others = {name.casefold() for outcome in mixed for name in outcome.mixed} - affected
    if len(affected) > 1 or (others and _is_known(house, others)):
        house.ledger.halt("; ".join(map(_in_short, mixed[:_NAMED])))


def _in_short(outcome: Outcome) -> str:
    """What happened, without what is to be done: `status` says that beside each report."""
    return "; ".join(reason.partition(";")[0] for reason in outcome.reasons)


def _is_known(house: House, names: set[str]) -> bool:
    """Whether one is of the reseller's companies, or itself: else it is an old name of the same.

    When in doubt it is known.
    """
    try:
        companies = house.source.companies()
    except ReportgenError:
        return True
    listed = {name for each in companies for name in (each.name, each.company_id)}
    return not names.isdisjoint(name.casefold() for name in (*listed, house.source.reseller))


def _released(
    house: House,
    outcomes: Mapping[RunKey, Outcome],
    ticket: Ticket,
    begin: Callable[..., Outcome],
    *,
    manual: bool,
) -> Outcome:
    """Hand one over, unless the door was closed meanwhile, by anybody, or its report paused."""
    why = house.ledger.halted()
    if why:
        return replace(outcomes[ticket.key], reasons=(f"nothing goes out: {why}",))
    if not manual and (ticket.key.report, ticket.key.company_id) in house.ledger.pauses():
        return Outcome(ticket.key, ticket.subscription.customer.name, None, ("paused",))
    outcome = begin(ticket, step=Step.ALL, going_on=True)
    _stop_if_mixed_up(house, (outcome,))
    return outcome


def refuse_if_stopped(house: House) -> None:
    """Raises RoundStopped while nothing may go out to anybody."""
    why = house.ledger.halted()
    if why:
        raise RoundStopped(
            f"nothing goes out: {why}; when it is mended: reportgen resume --round --reason …"
        )


def _run_one(
    house: House,
    ticket: Ticket,
    *,
    manual: bool,
    revive: bool,
    hand_over: bool,
    step: Step,
    going_on: bool = False,
) -> Outcome:
    customer = ticket.subscription.customer.name
    failed = partial(Outcome, ticket.key, customer, RunState.FAILED)
    try:
        channels = house.channels if hand_over else ()
        wanted = job(house, ticket, channels, hand_over=hand_over)
        outcome = run(
            wanted, house.desk, manual=manual, revive=revive, step=step, going_on=going_on
        )
        return _explained(house, outcome) if outcome.state is None else outcome
    except ReportgenError as error:
        return failed((str(error),))
    except Exception as error:  # anything at all: the others must go on
        log.exception("internal error", extra={"run": str(ticket.key)})
        return failed((f"internal error: {type(error).__name__}; see the log",))


def _explained(house: House, outcome: Outcome) -> Outcome:
    """Why nothing was done, where a person decided so."""
    past = house.ledger.run(outcome.key)
    if past is None or past.state not in (RunState.SKIPPED, RunState.HELD):
        return outcome
    reason = f"{past.reason}; `--period {outcome.key.period}` makes it nevertheless"
    return replace(outcome, reasons=(reason,))


def tick(house: House, stopping: Callable[[], bool]) -> None:
    """One tick of the daemon: what is due now is made and handed over."""
    try:
        with telling(house):
            planned = plan(house, house.clock())
    except HINDRANCES as error:
        log.warning("nothing can be planned: %s", error)
        return
    for problem in planned.problems:
        log.warning("customer left out: %s", problem)
    settled = look_up_again(house).settled
    try:
        outcomes = run_round(house, due_now(planned), report, stopping=stopping)
    except RoundStopped as stopped:
        log.error("%s", stopped)  # noqa: TRY400 - its story is in the ledger
        outcomes = ()
    watch(house, worked=settled or did_something(outcomes))


@contextmanager
def telling(house: House) -> Iterator[None]:
    """The operator hears of whatever keeps all from being planned, before it is raised again."""
    try:
        yield
    except HINDRANCES as error:
        watch(house, worked=False, hindrance=error)
        raise


def did_something(outcomes: Iterable[Outcome]) -> bool:
    """True when at least one run was worked on; others were done before, or in other hands."""
    return any(outcome.state is not None for outcome in outcomes)


def report(outcome: Outcome) -> None:
    """Say in the log what became of a run."""
    extra = {"run": str(outcome.key), "customer": outcome.customer}
    if outcome.state is None:
        log.info("nothing to do for %s: done before, or under way", outcome.key, extra=extra)
    elif outcome.state is RunState.READY and not outcome.reasons:
        log.info("%s: made%s", outcome.key, _when(outcome), extra=extra)
    elif outcome.well:
        log.info("%s: %d handed over", outcome.key, len(outcome.receipts), extra=extra)
    else:
        log.error("%s %s: %s", outcome.key, outcome.state, "; ".join(outcome.reasons), extra=extra)


def _when(outcome: Outcome) -> str:
    return f", goes out {outcome.until:%Y-%m-%d %H:%M} UTC" if outcome.until else ""


def preview_page(house: House, order: Order) -> tuple[Page, str]:
    """The page of the first report that the order names, marked as a draft, and a file name.

    Touches neither ledger nor archive. Raises ConfigError when the order names nothing.
    """
    tickets, problems = ordered(house, order, house.clock())
    if not tickets:
        cause = problems[0] if problems else "no customer gets this report"
        raise ConfigError(f"there is nothing to preview: {cause}")
    wanted = job(house, tickets[0], ())
    page = draft(wanted, house.source).page
    return replace(page, mark="draft"), PurePath(wanted.file_name).stem

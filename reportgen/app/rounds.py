"""One round: turn tickets into jobs and run them, whatever becomes of each."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from reportgen import periods
from reportgen.app.house import House
from reportgen.app.orders import Order, Ticket, due_now, ordered, plan
from reportgen.app.sent_items import look_up_again
from reportgen.app.watch import HINDRANCES, watch
from reportgen.config import Report
from reportgen.errors import ConfigError, ReportgenError
from reportgen.language import words
from reportgen.model import Customer, Period, RunKey, Spans
from reportgen.names import file_part
from reportgen.pipeline import Channel, Job, Outcome, RunState, draft, run
from reportgen.views import Page

log = logging.getLogger(__name__)


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
        sections=report.widgets,
        saved_report=report.saved_report,
        words=words(customer.language),
        channels=channels,
        file_name=file_name(customer, key),
        hand_over=hand_over,
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
    hand_over: bool = True,
    stopping: Callable[[], bool] = lambda: False,
) -> tuple[Outcome, ...]:
    """Run every ticket; one report's trouble never stops the others."""
    outcomes: list[Outcome] = []
    for ticket in tickets:
        if stopping():
            break
        outcome = _run_one(house, ticket, manual=manual, hand_over=hand_over)
        outcomes.append(outcome)
        done(outcome)
    return tuple(outcomes)


def _run_one(house: House, ticket: Ticket, *, manual: bool, hand_over: bool) -> Outcome:
    customer = ticket.subscription.customer.name
    failed = partial(Outcome, ticket.key, customer, RunState.FAILED)
    try:
        channels = house.channels if hand_over else ()
        wanted = job(house, ticket, channels, hand_over=hand_over)
        return run(wanted, house.desk, manual=manual)
    except ReportgenError as error:
        return failed((str(error),))
    except Exception as error:  # anything at all: the others must go on
        log.exception("internal error", extra={"run": str(ticket.key)})
        return failed((f"internal error: {type(error).__name__}; see the log",))


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
    outcomes = run_round(house, due_now(planned), report, stopping=stopping)
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
    elif outcome.well:
        log.info("%s: %d handed over", outcome.key, len(outcome.receipts), extra=extra)
    else:
        log.error("%s %s: %s", outcome.key, outcome.state, "; ".join(outcome.reasons), extra=extra)


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

"""`run`, `due`, `serve`, `history`: making reports and looking at what was made."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import Steps, as_json, complain, err, say, steps, table
from reportgen.cli.surroundings import open_house
from reportgen.pipeline import Outcome, RunState

if TYPE_CHECKING:
    from reportgen.app import House, Ticket


def run(
    report: options.Reports = None,
    customer: options.Customers = None,
    period: options.Period = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be made and sent.")
    ] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help="Make and send a new edition of what is already done."),
    ] = False,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Make reports now, save them and mail them.

    A report that is already done for its period is left alone; --again makes a new edition of it.
    Reports that failed or were held before are tried again.
    """
    start_logging(log_level, log_format)
    with open_house(config) as house:
        from reportgen.app import Order, ordered, run_round

        order = Order(tuple(report or ()), tuple(customer or ()), period, again)
        with _waiting("looking up the companies"):
            tickets, problems = ordered(house, order, house.clock())
        _complain(problems)
        if dry_run:
            _list_tickets(tickets, house, as_data=json)
            raise typer.Exit(1 if problems else 0)
        with steps(len(tickets)) as progress:
            outcomes = run_round(house, tickets, partial(_tell, progress), manual=True)
        if json:
            as_json([_plain(outcome) for outcome in outcomes])
        else:
            _sum_up(outcomes, house)
    well = all(outcome.well for outcome in outcomes) and not problems
    raise typer.Exit(0 if well else 1)


def _waiting(what: str) -> AbstractContextManager[object]:
    return err.status(what) if err.is_terminal else nullcontext()


def _complain(problems: Iterable[str]) -> None:
    for problem in problems:
        complain(f"customer left out: {problem}")


def _list_tickets(tickets: "tuple[Ticket, ...]", house: "House", *, as_data: bool) -> None:
    columns = ("customer", "report", "period", "edition", "recipients")
    rows = [
        (
            ticket.subscription.customer.name,
            ticket.key.report,
            ticket.key.period,
            ticket.key.edition,
            ", ".join(ticket.subscription.customer.recipients),
        )
        for ticket in tickets
    ]
    if as_data:
        as_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows)
        say(f"Nothing was made or sent. {len(rows)} reports would go to {house.ways_out()}.")


def _tell(progress: Steps, outcome: Outcome) -> None:
    head = f"{outcome.customer}, {outcome.key.report} {outcome.key.period}"
    if outcome.state is None:
        progress.step(f"{head}: already done, nothing sent")
    elif outcome.well:
        progress.step(f"{head}: handed over to {len(outcome.receipts)} places", "green")
    else:
        progress.step(f"{head}: {outcome.state}: {'; '.join(outcome.reasons)}", "red")


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "report": outcome.key.report,
        "customer": outcome.customer,
        "company_id": outcome.key.company_id,
        "period": outcome.key.period,
        "edition": outcome.key.edition,
        "state": outcome.state or "done_before",
        "reasons": list(outcome.reasons),
        "delivered": [
            {"target": receipt.target, "proof": receipt.proof} for receipt in outcome.receipts
        ],
    }


def _sum_up(outcomes: tuple[Outcome, ...], house: "House") -> None:
    """Where everything is, and what to try next."""
    fresh = [outcome for outcome in outcomes if outcome.state is not None]
    if not outcomes:
        say("There is nothing to make: no customer gets this report.")
        return
    if not fresh:
        say("Everything is already done for this period; nothing was sent.")
        say("`reportgen run --again` makes and sends a new edition.")
        return
    for place in house.places():
        say(place)
    troubled = sum(not outcome.well for outcome in outcomes)
    if troubled:
        say(f"{troubled} of {len(outcomes)} reports need you: see the reasons above.", "red")
    else:
        say("Next: `reportgen history`, `reportgen preview --html`, `reportgen check`.")


def due(
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """List what is due now, what was missed, and when the next reports leave. Makes nothing."""
    start_logging(log_level, log_format)
    columns = ("what", "customer", "report", "period", "moment (UTC)")
    with open_house(config) as house:
        from reportgen.app import plan, upcoming

        now = house.clock()
        with _waiting("looking up the companies"):
            planned = plan(house, now)
        items = (*planned.items, *upcoming(planned.subscriptions, now))
    _complain(planned.problems)
    rows = [
        (
            item.why,
            item.subscription.customer.name,
            item.key.report,
            item.key.period,
            f"{item.due_at:%Y-%m-%d %H:%M}",
        )
        for item in items
    ]
    if json:
        as_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows)
        if any(item.why == "missed" for item in items):
            say("Missed reports do not go out by themselves: `reportgen run --period ...`.")
    raise typer.Exit(1 if planned.problems else 0)


def serve(
    config: options.Config = CONFIG,
    log_level: options.Level = LogLevel.INFO,
    log_format: options.Format = LogFormat.TEXT,
    every: Annotated[
        float, typer.Option(help="Seconds between two looks at what is due.", min=0.1, hidden=True)
    ] = 30.0,
) -> None:
    """Stay and make every report when it is due. SIGTERM or Ctrl-C ends after the open report."""
    start_logging(log_level, log_format)
    with open_house(config) as house:
        from reportgen.app import tick
        from reportgen.app.retention import Daily
        from reportgen.daemon import Daemon

        prune_daily = Daily(house)

        def work() -> None:
            tick(house, lambda: daemon.stopping)
            prune_daily()

        daemon = Daemon(work, seconds=every)
        daemon.serve()


def history(
    report: options.Reports = None,
    customer: options.Customers = None,
    limit: Annotated[int, typer.Option(help="How many runs at the most.", min=1)] = 50,
    config: options.Config = CONFIG,
    json: options.Json = False,
) -> None:
    """List the runs in the ledger, newest first, and what became of them."""
    with open_house(config) as house:
        runs = [
            past
            for past in house.ledger.past()
            if _wanted(past.key.report, report)
            and (_wanted(past.customer, customer) or _wanted(past.key.company_id, customer))
        ]
    newest = sorted(runs, key=lambda past: past.created_at, reverse=True)[:limit]
    if json:
        as_json([past.as_dict() for past in newest])
        return
    columns = ("made (UTC)", "customer", "report", "period", "edition", "state", "sent", "reason")
    table(
        columns,
        [
            (
                f"{past.created_at:%Y-%m-%d %H:%M}",
                past.customer,
                past.key.report,
                past.key.period,
                past.key.edition,
                past.state,
                past.handed_over,
                past.reason if past.state is not RunState.SUCCEEDED else "",
            )
            for past in newest
        ],
    )


def _wanted(name: str, chosen: list[str] | None) -> bool:
    return not chosen or name.casefold() in (each.casefold() for each in chosen)

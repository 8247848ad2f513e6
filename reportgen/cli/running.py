"""`run`, `serve`, `backfill`: making reports."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import Steps, as_json, complain, complain_all, say, steps, table, waiting
from reportgen.cli.surroundings import open_house
from reportgen.errors import ConfigError
from reportgen.pipeline.job import Outcome
from reportgen.pipeline.world import RunState

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.app.forecast import Forecast
    from reportgen.app.house import House
    from reportgen.app.orders import Order, Ticket


def run(
    report: options.Reports = None,
    customer: options.Customers = None,
    period: options.Period = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be made and sent.")
    ] = False,
    due: Annotated[
        bool,
        typer.Option(
            "--due",
            help="Only what the schedules call for now: for cron, a systemd timer or a container "
            "job.",
        ),
    ] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help="Make and send a corrected edition of what is already done."),
    ] = False,
    clock_is_right: Annotated[
        bool,
        typer.Option(
            "--clock-is-right",
            help="With --due: plan by this machine's clock although it is in doubt.",
        ),
    ] = False,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Make reports now, save them and mail them.

    A report that is already done for its period is left alone; --again makes a corrected edition
    of it, or takes up again the newest one that is not done with.
    Reports that failed or were held before are tried again. With --due the schedules decide; any
    number of such runs and of `serve` may act at once.
    """
    start_logging(log_level, log_format)
    if due and (again or period):
        raise ConfigError("--due takes the schedules' own periods; leave --period and --again out")
    if clock_is_right and not due:
        raise ConfigError("--clock-is-right goes with --due only")
    with open_house(config) as house:
        from reportgen.app.orders import Order
        from reportgen.app.rounds import run_round
        from reportgen.app.sent_items import look_up_again
        from reportgen.app.ticking import did_something
        from reportgen.app.watch import watch

        order = Order(tuple(report or ()), tuple(customer or ()), period, again, clock_is_right)
        tickets, problems = _wanted(house, order, due=due, dry_run=dry_run)
        complain_all(problems)
        if dry_run:
            _list_tickets(tickets, house, as_data=json)
            raise typer.Exit(1 if problems else 0)
        settled = look_up_again(house).settled if due else False
        with _stoppable(), steps(len(tickets)) as progress:
            outcomes = run_round(
                house,
                tickets,
                partial(tell, progress),
                manual=not due,
                revive=period is not None,
                outlook=_teller(progress),
            )
        if due:
            watch(house, worked=settled or did_something(outcomes))
        if json:
            as_json([_plain(outcome) for outcome in outcomes])
        else:
            _sum_up(outcomes, house, due=due)
    well = all(outcome.well for outcome in outcomes) and not problems
    raise typer.Exit(0 if well else 1)


def _wanted(
    house: "House", order: "Order", *, due: bool, dry_run: bool
) -> tuple[tuple["Ticket", ...], tuple[str, ...]]:
    from reportgen.app.orders import ordered, scheduled
    from reportgen.app.ticking import telling

    told = telling(house) if due and not dry_run else nullcontext()
    with waiting("looking up the companies"), told:
        return (scheduled if due else ordered)(house, order, house.clock())


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


def tell(progress: Steps, outcome: Outcome) -> None:
    """Say what became of one report."""
    head = f"{outcome.customer}, {outcome.key.report} {outcome.key.period}"
    if outcome.to_release and not outcome.reasons:
        progress.note(f"{head}: made")
    elif outcome.state is RunState.READY and outcome.until:
        progress.step(f"{head}: ready, goes out {outcome.until:%Y-%m-%d %H:%M} UTC", "green")
    elif outcome.state is None:
        progress.step(f"{head}: {'; '.join(outcome.reasons) or 'already done, nothing sent'}")
    elif outcome.state is RunState.KEPT:
        progress.step(f"{head}: kept in the archive", "green")
    elif outcome.well:
        progress.step(f"{head}: handed over to {len(outcome.receipts)} places", "green")
    else:
        progress.step(f"{head}: {outcome.state}: {'; '.join(outcome.reasons)}", "red")


@contextmanager
def _stoppable() -> Iterator[None]:
    """Says what becomes of a round that Ctrl-C or SIGTERM ends."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        complain("reportgen: stopped; what was under way is given back, the next run goes on")
        raise


def _teller(progress: Steps) -> "Callable[[Forecast], None]":
    """Shows how a round gets on."""
    from reportgen.app.forecast import Warnings

    warnings = Warnings()
    return lambda forecast: progress.outlook(str(forecast), warnings.fresh(forecast))


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


def _sum_up(outcomes: tuple[Outcome, ...], house: "House", *, due: bool) -> None:
    """Where everything is, and what to try next."""
    fresh = [outcome for outcome in outcomes if outcome.state is not None]
    if due and not fresh:
        say("Nothing is due; nothing was sent.")
        return
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


def serve(
    config: options.Config = CONFIG,
    log_level: options.Level = LogLevel.INFO,
    log_format: options.Format = LogFormat.TEXT,
    every: Annotated[
        float, typer.Option(help="Seconds between two looks at what is due.", min=0.1, hidden=True)
    ] = 30.0,
) -> None:
    """Stay and make every report when it is due. SIGTERM or Ctrl-C ends after the open reports."""
    start_logging(log_level, log_format)
    with open_house(config) as house:
        from reportgen.app.retention import Daily
        from reportgen.app.ticking import tick
        from reportgen.daemon import Daemon

        prune_daily = Daily(house)

        def work() -> None:
            tick(house, lambda: daemon.stopping)
            prune_daily()

        daemon = Daemon(work, seconds=every)
        daemon.serve()


def backfill(
    first: Annotated[
        str, typer.Option("--from", help="The first period, such as 2026-01.", show_default=False)
    ],
    last: Annotated[
        str | None, typer.Option("--to", help="The last one; the newest past period if empty.")
    ] = None,
    report: options.Reports = None,
    customer: options.Customers = None,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Make the reports of past periods for the archive. Nothing is mailed or saved elsewhere.

    Later reports compare with them. A period that a schedule sends itself is left to it.
    """
    start_logging(log_level, log_format)
    with open_house(config) as house:
        from reportgen.app.orders import Order, to_backfill
        from reportgen.app.rounds import run_round

        order = Order(tuple(report or ()), tuple(customer or ()))
        with waiting("looking up the companies"):
            tickets, problems = to_backfill(house, order, first, last, house.clock())
        complain_all(problems)
        with _stoppable(), steps(len(tickets)) as progress:
            outcomes = run_round(
                house,
                tickets,
                partial(tell, progress),
                manual=True,
                hand_over=False,
                outlook=_teller(progress),
            )
    if json:
        as_json([_plain(outcome) for outcome in outcomes])
    elif not outcomes:
        say("There is nothing to make: these periods are done, or left to the schedule.")
    else:
        say("These reports are in the archive; nothing was sent.")
    well = all(outcome.well for outcome in outcomes) and not problems
    raise typer.Exit(0 if well else 1)

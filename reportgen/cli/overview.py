"""`due`, `upcoming`, `history`, `status`: what is to come and what became of what was."""

from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import as_json, complain, complain_all, say, table, tell_search, waiting
from reportgen.cli.surroundings import open_house
from reportgen.pipeline.world import RunState

if TYPE_CHECKING:
    from reportgen.app.watch import Survey


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
        from reportgen.app.orders import plan
        from reportgen.planning import upcoming

        now = house.clock()
        with waiting("looking up the companies"):
            planned = plan(house, now)
        items = (*planned.items, *upcoming(planned.subscriptions, now))
    complain_all(planned.problems)
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
    rows += [
        ("retry", ticket.subscription.customer.name, ticket.key.report, ticket.key.period, "")
        for ticket in planned.begun
    ]
    if json:
        as_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows)
        if any(item.why == "missed" for item in items):
            say("Missed reports do not go out by themselves: `reportgen run --period ...`.")
    raise typer.Exit(1 if planned.problems else 0)


def history(
    report: options.Reports = None,
    customer: options.Customers = None,
    limit: Annotated[int, typer.Option(help="How many runs at the most.", min=1)] = 50,
    config: options.Config = CONFIG,
    json: options.Json = False,
) -> None:
    """List the runs in the ledger, newest first, and what became of them."""
    with open_house(config) as house:
        runs = house.ledger.past(limit=limit, reports=report or (), customers=customer or ())
    newest = runs[::-1]
    if json:
        as_json([past.as_dict() for past in newest])
        return
    if not newest:
        say("No runs on record.")
        return
    columns = ("made (UTC)", "customer", "run", "state", "sent", "reason")
    table(
        columns,
        [
            (
                f"{past.created_at:%Y-%m-%d %H:%M}",
                past.customer,
                past.key,
                past.state,
                past.handed_over,
                past.reason if past.state is not RunState.SUCCEEDED else "",
            )
            for past in newest
        ],
    )


def upcoming(
    count: Annotated[int, typer.Option(help="How many of each report.", min=1, max=100)] = 3,
    report: options.Reports = None,
    customer: options.Customers = None,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """List when the next reports leave, soonest first, in UTC and in the customer's own time."""
    start_logging(log_level, log_format)
    columns = ("customer", "report", "period", "moment (UTC)", "there")
    with open_house(config) as house:
        from reportgen.app.orders import Order, subscribed
        from reportgen.planning import upcoming as coming

        now = house.clock()
        order = Order(tuple(report or ()), tuple(customer or ()))
        with waiting("looking up the companies"):
            subscriptions, problems = subscribed(house, order, now)
    complain_all(problems)
    rows = [
        (
            item.subscription.customer.name,
            item.key.report,
            item.key.period,
            f"{item.due_at:%Y-%m-%d %H:%M}",
            f"{item.due_at.astimezone(item.subscription.zone):%a %Y-%m-%d %H:%M %Z}",
        )
        for item in coming(subscriptions, now, count)
    ]
    if json:
        as_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows)
        paused = sum(each.paused for each in subscriptions)
        if paused:
            say(f"{paused} reports are paused: `reportgen pause` lists them.")
    raise typer.Exit(1 if problems else 0)


def status(
    look: options.Look = False,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Say what became of every report that ought to be, and what waits for you.

    What ought to be is worked out from the calendar alone, apart from the scheduler, and compared
    with the ledger. Exits with 1 when anything needs a person. Without the platform it goes by the
    companies that were listed last.
    """
    start_logging(log_level, log_format)
    with open_house(config) as house:
        from reportgen.app.sent_items import look_up
        from reportgen.app.watch import survey

        if look:
            tell_search(look_up(house), quiet=json)
        with waiting("looking up the companies"):
            found = survey(house, house.clock())
    if json:
        as_json(found.as_dict())
    else:
        _show(found)
    raise typer.Exit(0 if found.well else 1)


def _show(found: "Survey") -> None:
    say(f"{found.summary()}.")
    if found.stopped:
        complain(f"nothing goes out: {found.stopped}")
        complain("when it is mended: reportgen resume --round --reason …")
    if found.hindrance:
        complain(f"nothing can be planned: {found.hindrance}")
    complain_all(found.problems)
    others = [line for line in found.open if not line.needs_person]
    for line in (*found.troubles, *others):
        say(str(line), "red" if line.needs_person else "")
    if found.well or found.troubles:
        say(f"{len(found.troubles)} reports need you." if found.troubles else "Nobody has to act.")

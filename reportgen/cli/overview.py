"""`due`, `upcoming`, `history`, `status`: what is to come and what became of what was."""

from typing import Annotated

import typer

from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import as_json, complain_all, say, table, waiting
from reportgen.cli.surroundings import open_house
from reportgen.pipeline import RunState


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

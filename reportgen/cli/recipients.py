"""`recipients`: who gets whose reports, and a person's word for new ones."""

from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import as_json, complain_all, say, table, waiting
from reportgen.cli.surroundings import me, open_house

app = typer.Typer(name="recipients")


@app.callback(invoke_without_command=True)
def recipients(
    context: typer.Context,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """List who gets whose reports: since when each address is known, or that it is new."""
    if context.invoked_subcommand:
        context.obj = config
        return
    start_logging(log_level, log_format)
    with open_house(config) as house:
        from reportgen.app.recipients import recipients as listed

        with waiting("looking up the companies"):
            found, problems = listed(house)
    complain_all(problems)
    if json:
        as_json([each.as_dict() for each in found])
    else:
        columns = ("customer", "company id", "address", "standing")
        table(columns, [(e.customer, e.company_id, e.address, e.standing) for e in found])
        _tell_waiting(sum(each.waits for each in found))
    raise typer.Exit(1 if problems else 0)


def _tell_waiting(count: int) -> None:
    if count:
        say(f"{count} wait for your word: reportgen recipients approve CUSTOMER ADDRESS --reason …")


@app.command()
def approve(
    context: typer.Context,
    customer: Annotated[
        str, typer.Argument(help="The customer's name or company id.", show_default=False)
    ],
    address: Annotated[str, typer.Argument(help="One of its recipients.", show_default=False)],
    reason: Annotated[
        str,
        typer.Option(
            "--reason", help="How you know them; kept with your name.", show_default=False
        ),
    ],
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="The configuration file.", show_default=False),
    ] = None,
) -> None:
    """Allow the first message to an address; what waits for it goes out in the next round."""
    with open_house(config or context.obj) as house:
        from reportgen.app.recipients import approve_recipient

        fresh = approve_recipient(house, customer, address, by=me(), reason=reason)
    if fresh:
        say(f"{customer}, {address}: approved")
        say("What waited for it goes out in the next round of `serve` or `reportgen run --due`;")
        say("what was made by hand, with the next `reportgen run`.")
    else:
        say(f"{customer}, {address}: was known before")

"""`rerender`, `prune`: what the archive keeps, made again and let go."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import as_json, complain, say, table
from reportgen.cli.surroundings import open_house
from reportgen.pipeline.job import Outcome
from reportgen.pipeline.world import RunState

if TYPE_CHECKING:
    from reportgen.app.rerendering import Remade
    from reportgen.app.retention import Removal

_UNNEEDED = ("source", "delivery", "pdf_password")
"""Neither the platform nor anybody's mailbox is asked, and nothing leaves."""


def rerender(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="As in `history`: report/company/period or report/company/period/edition; the "
            "company by id or name.",
            show_default=False,
        ),
    ],
    template: Annotated[
        str | None,
        typer.Option(
            help="Make a new edition of the same figures with another template: a name in the "
            "template folders, or a file (./name.html)."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write the PDF.", show_default=False),
    ] = None,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Make a past report again from the archive. Asks no platform, sends nothing.

    Exits with 0 when it is the same to the byte as the one that is kept; else with 1, says what has
    changed since, and writes the new PDF for comparison. With --template the new edition goes to
    the archive and is mailed to nobody; the old one stays as it is.
    """
    start_logging(log_level, log_format)
    with open_house(config, _UNNEEDED) as house:
        from reportgen.app import rerendering

        if template is None:
            remade = rerendering.rerender(house, run)
            written = _write(remade, output)
            as_json(_compared(remade, written)) if json else _tell(remade, written)
            raise typer.Exit(0 if remade.same else 1)
        outcome = rerendering.rerender_as(house, run, template)
        if output and outcome.state in (RunState.KEPT, RunState.HELD):
            _store(output, rerendering.kept(house, str(outcome.key)).pdf)
    as_json(_plain(outcome)) if json else _announce(outcome)
    raise typer.Exit(0 if outcome.state is RunState.KEPT else 1)


def _write(remade: "Remade", output: Path | None) -> Path | None:
    """The file that was written: only one that differs is of interest, unless asked for."""
    if remade.same and output is None:
        return None
    return _store(output or Path("out/rerendered") / remade.made.file_name, remade.made.pdf)


def _store(file: Path, pdf: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(pdf)
    return file


def _compared(remade: "Remade", written: Path | None) -> dict[str, object]:
    return {
        "run": str(remade.kept.key),
        "same": remade.same,
        "kept": remade.kept.sha256,
        "made": remade.made.sha256,
        "changes": list(remade.changes),
        "written": str(written) if written else None,
    }


def _tell(remade: "Remade", written: Path | None) -> None:
    if remade.same:
        say(f"{remade.kept.key}: the same to the byte (SHA-256 {remade.kept.sha256})")
    else:
        say(f"{remade.kept.key}: not the same as the one that is kept", "red")
        for change in remade.changes or ("nothing noted has changed: compare the system's fonts",):
            say(f"  {change}")
    if written:
        say(f"Wrote {written}")


def _plain(outcome: Outcome) -> dict[str, object]:
    return {
        "run": str(outcome.key),
        "state": outcome.state or "done_before",
        "reasons": list(outcome.reasons),
    }


def _announce(outcome: Outcome) -> None:
    if outcome.state is RunState.KEPT:
        say(f"{outcome.key}: a new edition, in the archive and sent to nobody")
    else:
        complain(f"{outcome.key}: {outcome.state or 'lost'}: {'; '.join(outcome.reasons)}")


def prune(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be removed.")
    ] = False,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Remove from the archive what `retention` no longer keeps.

    Never a report that is not done, and never the newest one of a customer, which the next is
    compared with. The ledger remembers all of them. `serve` does this once a day by itself.
    """
    start_logging(log_level, log_format)
    with open_house(config, _UNNEEDED) as house:
        from reportgen.app.retention import prune as remove

        removals = remove(house, dry_run=dry_run)
    rows = [_row(removal) for removal in removals]
    if json:
        as_json(rows)
    else:
        table(("run", "customer", "why", "trouble"), [tuple(row.values()) for row in rows])
        say(_summed_up(removals, dry_run=dry_run))
    raise typer.Exit(1 if any(removal.trouble for removal in removals) else 0)


def _row(removal: "Removal") -> dict[str, str]:
    return {
        "run": str(removal.run.key),
        "customer": removal.run.customer,
        "why": removal.why,
        "trouble": removal.trouble,
    }


def _summed_up(removals: "tuple[Removal, ...]", *, dry_run: bool) -> str:
    if dry_run:
        return f"Nothing was removed. {len(removals)} documents would be."
    removed = sum(not removal.trouble for removal in removals)
    return f"{removed} documents were removed from the archive."

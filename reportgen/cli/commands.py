"""The `reportgen` program: its commands, and how an error becomes one line and a status.

Exit status: 0 all well, 1 some report failed or is held, 2 configuration or usage.
"""

import os
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from reportgen import __version__
from reportgen.cli import (
    deciding,
    keeping,
    looking,
    overview,
    previewing,
    recipients,
    releasing,
    running,
    setting_up,
)
from reportgen.cli.show import complain, say
from reportgen.config import ConfigProblems
from reportgen.errors import ConfigError, ReportgenError

FAILED = 1
MISTAKE = 2
TERMINATED = 143


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends like Ctrl-C: what is under way is given back."""
    sys.exit(TERMINATED)


app = typer.Typer(
    name="reportgen",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Make branded PDF reports of phishing-awareness results and mail them to your customers.",
    epilog="Start with `reportgen init`, then `reportgen check`, `reportgen preview`, "
    "`reportgen run`.",
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"reportgen {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Options before the command."""


for command in (
    setting_up.init,
    setting_up.check,
    looking.companies,
    looking.widgets,
    looking.reports,
    previewing.preview,
    running.run,
    overview.due,
    running.serve,
    overview.upcoming,
    overview.history,
    overview.status,
    releasing.outbox,
    releasing.approve,
    releasing.hold,
    releasing.reject,
    deciding.resolve,
    deciding.skip,
    deciding.pause,
    deciding.resume,
    running.backfill,
    keeping.rerender,
    keeping.prune,
    setting_up.sandbox,
    setting_up.schema,
):
    app.command()(command)
app.add_typer(recipients.app)


def main() -> None:
    """Run the program and exit with its status."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except ConfigProblems as problems:
        for problem in problems.problems:
            complain(str(problem))
        sys.exit(MISTAKE)
    except ReportgenError as error:
        if os.environ.get("REPORTGEN_DEBUG"):
            raise
        complain(f"reportgen: {error}")
        sys.exit(MISTAKE if isinstance(error, ConfigError) else FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)

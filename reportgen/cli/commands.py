"""The `reportgen` program: its commands, and how an error becomes one line and a status.

Exit status: 0 all well, 1 some report failed or is held, 2 configuration or usage.
"""

import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Annotated

import typer

from reportgen import __version__
from reportgen.cli.listing import Program
from reportgen.cli.show import complain, say
from reportgen.errors import ConfigError, ReportgenError

FAILED = 1
MISTAKE = 2
TERMINATED = 143


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends like Ctrl-C: what is under way is given back."""
    sys.exit(TERMINATED)


app = typer.Typer(
    name="reportgen",
    cls=Program,
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


def main() -> None:
    """Run the program and exit with its status."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except ReportgenError as error:
        if os.environ.get("REPORTGEN_DEBUG"):
            raise
        for line in _lines(error):
            complain(line)
        sys.exit(MISTAKE if isinstance(error, ConfigError) else FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)


def _lines(error: ReportgenError) -> Iterator[str]:
    """One line; for the problems of a file one each, which begin with its name."""
    from reportgen.config.problems import ConfigProblems  # `--help` does without

    if isinstance(error, ConfigProblems):
        yield from map(str, error.problems)
    else:
        yield f"reportgen: {error}"

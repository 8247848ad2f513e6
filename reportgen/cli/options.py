"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a log line looks."""

    TEXT = "text"
    JSON = "json"


Config = Annotated[
    Path,
    typer.Option(
        "--config",
        "-c",
        envvar="REPORTGEN_CONFIG",
        help="The configuration file.",
        show_default=True,
    ),
]
Look = Annotated[
    bool,
    typer.Option(
        "--look", help="First look for deliveries in doubt in the sent items (`sent_items`)."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Level = Annotated[
    LogLevel, typer.Option("--log-level", help="How much to log (to standard error).")
]
Format = Annotated[LogFormat, typer.Option("--log-format", help="Plain lines, or JSON per line.")]
Customer = Annotated[
    str, typer.Option("--customer", help="The customer's name or company id.", show_default=False)
]
Customers = Annotated[
    list[str] | None,
    typer.Option(
        "--customer", help="Only this customer (name or company id); may be given several times."
    ),
]
Reports = Annotated[
    list[str] | None,
    typer.Option("--report", help="Only this report; may be given several times."),
]
Period = Annotated[
    str | None,
    typer.Option(
        "--period",
        help="Other days than the report's own: last-month, last-week, last-quarter, "
        "last-6-months, month-to-date, year-to-date, 2026-10, 2026-Q3, 2026-10-01..2026-10-15.",
    ),
]

CONFIG = Path("config.yaml")

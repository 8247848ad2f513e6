"""Log lines on standard error: plain for people, one JSON object each for programs."""

import logging
import sys

from reportgen.cli.options import LogFormat, LogLevel

_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_RENAMED = {"asctime": "time", "levelname": "level", "name": "room"}
_NOISY = ("fontTools", "PIL", "pebble", "asyncio", "apscheduler", "mail.log", "weasyprint")
"""Libraries whose debug lines say nothing about reports."""


def start_logging(level: LogLevel, style: LogFormat) -> None:
    """Send everything at `level` and above to standard error."""
    root = logging.getLogger()
    root.handlers[:] = [_json() if style is LogFormat.JSON else _text()]
    root.setLevel(level.upper())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _json() -> logging.Handler:
    from pythonjsonlogger.json import JsonFormatter  # plain lines do without

    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonFormatter(_FIELDS, rename_fields=_RENAMED))
    return lines


def _text() -> logging.Handler:
    if sys.stderr.isatty():
        from rich.console import Console  # a file or a pipe does without
        from rich.logging import RichHandler

        return RichHandler(console=Console(stderr=True), show_path=False, markup=False)
    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    return plain

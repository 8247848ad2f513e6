"""The command line: errors become one line and an exit status."""

from reportgen.cli.commands import main

__all__ = ["main"]

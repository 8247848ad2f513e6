"""The command line: errors become one line and an exit status."""

import gc
import os

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for some reads every package
gc.set_threshold(50_000, 20, 20)  # what loading makes is hardly ever garbage

from reportgen.cli.commands import main  # noqa: E402 - the lines above speed up the loading

__all__ = ["main"]

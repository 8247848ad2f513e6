"""The command line: errors become one line and an exit status."""

import atexit
import gc
import os


def main() -> None:
    """Run the program and exit with its status."""
    gc.disable()  # what loading makes is no garbage; commands that take long turn it on again
    atexit.register(gc.freeze)  # and at the end the system takes all of it back at once
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for some takes a while
    from reportgen.cli.commands import main as run

    run()


__all__ = ["main"]

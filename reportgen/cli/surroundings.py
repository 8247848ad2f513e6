"""What every command needs around it: the settings, and the house opened from them."""

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.config import Settings, load
from reportgen.errors import ConfigError

if TYPE_CHECKING:
    from reportgen.app.house import House


def settings_from(path: Path, unneeded: tuple[str, ...] = ()) -> Settings:
    """Read the configuration. Raises ConfigError with every problem at once.

    The secrets of the `unneeded` parts, or of that name, may be missing.
    """
    if not path.is_file():
        raise ConfigError(
            f"there is no configuration at {path}; `reportgen init` writes one, --config names one"
        )
    return load(path, os.environ, unneeded)


@contextmanager
def open_house(path: Path, unneeded: tuple[str, ...] = ()) -> Iterator["House"]:
    """The house of this configuration; closed at the end, whatever happens.

    The secrets of the `unneeded` parts, or of that name, may be missing. Commands load the engines
    inside of it, so that a mistake in the file is told at once.
    """
    settings = settings_from(path, unneeded)
    from reportgen.app.house import House  # after the file, so that its mistakes are told at once

    with House(settings) as house:
        yield house


def me() -> str:
    """Who says it, for the record."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError):  # a container may run under a number without a name
        return f"somebody@{socket.gethostname()}"

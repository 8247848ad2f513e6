"""Who else on this machine can read or write what reportgen keeps: POSIX rights, and the cure."""

import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reportgen import storing
from reportgen.config import Settings
from reportgen.errors import ConfigError
from reportgen.ledger.glance import plain_file


@dataclass(frozen=True, slots=True)
class Exposed:
    """Something of this house that others can get at."""

    what: str
    path: Path
    others: str
    """Who they are, in words."""
    cure: str


_OTHERS = (stat.S_IRWXO, stat.S_IXOTH, "every user of this machine")
_GROUP = (stat.S_IRWXG, stat.S_IXGRP, "its group")


def exposed(settings: Settings) -> Iterator[Exposed]:
    """Files and folders open to others; secret files to their group as well. Silent elsewhere."""
    if os.name != "posix":
        return
    for what, path in _kept(settings):
        yield from _looked_at(what, path, (_OTHERS,))
    for path in settings.secret_files:
        yield from _looked_at("secret file", path, (_OTHERS, _GROUP))


def _kept(settings: Settings) -> Iterator[tuple[str, Path]]:
    if settings.file is not None:
        yield "configuration", settings.file
    with suppress(ConfigError):  # an address that is none is told by whoever opens it
        ledger = _ledger(settings)
        if ledger is not None:
            yield "ledger", ledger
    archive = storing.absolute(settings.archive, settings.base)
    if "://" not in archive:
        yield "archive", Path(archive)


def _ledger(settings: Settings) -> Path | None:
    file = plain_file(settings.ledger, settings.base)
    if file is None:
        from reportgen.ledger import file_of  # few addresses need the SQL engine to be read

        file = file_of(settings.ledger, settings.base)
    return file


def _looked_at(
    what: str, path: Path, classes: tuple[tuple[int, int, str], ...]
) -> Iterator[Exposed]:
    """The first class of users that can get at it; what is not there yet is exposed to nobody."""
    try:
        mode = path.stat().st_mode
        ways = [folder.stat().st_mode for folder in path.resolve().parents]
    except OSError:
        return
    right = "700" if stat.S_ISDIR(mode) else "600"
    for rights, passing, others in classes:
        if mode & rights and all(way & passing for way in ways):
            cure = f"chmod {right} {shlex.quote(str(path))}"
            yield Exposed(what, path, others, cure)
            return

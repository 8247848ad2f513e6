"""Scratch folders: gone with their process, and after it when it was killed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

try:
    import fcntl
except ImportError:  # no such locks there: what a killed process leaves, stays
    fcntl = None  # type: ignore[assignment]

_PREFIX = "reportgen-scratch-"
_OWNER = ".owner"
"""A file that the living owner holds locked; the system lets go of it when the process ends."""


class Scratch(tempfile.TemporaryDirectory[str]):
    """A temporary folder. The next one that is opened removes those of processes that died."""

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        super().__init__(prefix=_PREFIX)
        self._held = _hold(Path(self.name))
        self._folder = _keep_from_cleaners(self.name)

    def cleanup(self) -> None:
        """Remove it."""
        super().cleanup()
        self._held.close()
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None


def _hold(folder: Path) -> IO[Any]:
    """The file comes under its name when it is locked: nobody finds it free before."""
    fresh = folder / f"{_OWNER}.new"
    file = fresh.open("w")
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX)
    fresh.rename(folder / _OWNER)
    return file


def _keep_from_cleaners(folder: str) -> int | None:
    """Cleaners of old temporary files leave a locked folder alone (tmpfiles.d(5))."""
    if fcntl is None:
        return None
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _sweep(parent: Path) -> None:
    if fcntl is None:
        return
    for folder in _mine(parent):
        with suppress(OSError), _opened(folder / _OWNER) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises while the owner lives
            shutil.rmtree(folder, ignore_errors=True)


def _mine(parent: Path) -> Iterator[Path]:
    """Folders, not links to some, that belong to this user."""
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_uid == os.geteuid():
                        yield Path(entry.path)


def _opened(file: Path) -> IO[Any]:
    return os.fdopen(os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC), "w")

"""The cage of the press's worker: what a template, a picture or the engine may use up and reach.

Three nets, one behind the other. The system's limits end a worker that takes too much memory or
time. On Linux, `walls` leaves the worker without any network and without any file to write but
those of its scratch folder. An audit hook refuses connections, programs and files at the level of
Python, on every system; native code does not pass through it, so it is the second net and never
the only one where the system has walls.
"""

import mimetypes
import os
import sys
import sysconfig
import tempfile
import warnings
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import reportgen
from reportgen import bundled
from reportgen.rendering.walls import raise_walls

_PACKAGES = ("site-packages", "dist-packages")
_OPEN_FILES = 256
_LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; the engine writes fonts to its scratch folder."""
_MOST_PIXELS = 4000 * 4000
_KEPT = ("PATH", "HOME", "TZ", "LANG", "LANGUAGE", "SYSTEMROOT")
_EPOCH = "946684800"
"""1 January 2000, as seconds: the date of whatever would carry the clock's (SOURCE_DATE_EPOCH)."""
_KEPT_FAMILIES = ("LC_", "XDG_", "FONTCONFIG_", "PYTHON", "DYLD_")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one document may take."""

    wall: float = 120.0
    """Seconds; a report takes about two."""
    processor: int = 60
    """Seconds of processor time."""
    memory: int = 1536 * 1024 * 1024
    """Bytes of address space of the worker."""


@dataclass(frozen=True, slots=True)
class Cage:
    """Where a worker may read and write."""

    folders: tuple[str, ...]
    """The user's own folders of templates."""
    scratch: str
    bounds: Bounds


remarks: tuple[str, ...] = ()
"""Which walls this system does not have, once inside."""
trouble = "it is not closed yet"
"""Why the cage is not closed; empty once it is. Nothing may be made before."""


def enter(cage: Cage) -> None:
    """In a new worker, before its first document. There is no way out.

    Raises nothing: a pool would start another worker, and another, and tell nobody.
    """
    global trouble
    try:
        _close(cage)
        trouble = ""
    except Exception as error:  # noqa: BLE001 - told with the first document
        trouble = f"{type(error).__name__}: {error}"


def _close(cage: Cage) -> None:
    global remarks
    tempfile.tempdir = cage.scratch
    sys.dont_write_bytecode = True
    mimetypes.init()  # reads the system's own list
    _refuse_huge_pictures()
    _forget_the_environment()
    _limit(cage.bounds)
    remarks = tuple(raise_walls(cage.scratch))
    sys.addaudithook(_Guard(cage))


def allow_time(bounds: Bounds) -> None:
    """So much processor time from now on; the system ends a worker that takes more."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + bounds.processor
    _set(resource.RLIMIT_CPU, soft, resource.getrlimit(resource.RLIMIT_CPU)[1])


def _refuse_huge_pictures() -> None:
    from PIL import Image  # nobody outside of a worker needs it

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _forget_the_environment() -> None:
    """It may hold secrets, and no template needs them. Fonts that are written anew get one date."""
    for name in tuple(os.environ):
        if name.upper() not in _KEPT and not name.startswith(_KEPT_FAMILIES):
            del os.environ[name]
    os.environ["SOURCE_DATE_EPOCH"] = _EPOCH


def _limit(bounds: Bounds) -> None:
    """The number of processes is counted per user, not per worker, so it is left alone."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _set(kind, most, most)


def _set(kind: int, soft: int, hard: int) -> None:
    """As far as the system lets us; what is lower already stays."""
    import resource

    highest = resource.getrlimit(kind)[1]
    if highest != resource.RLIM_INFINITY:
        hard = highest if hard == resource.RLIM_INFINITY else min(hard, highest)
        soft = min(soft, hard)
    try:
        resource.setrlimit(kind, (soft, hard))
    except (ValueError, OSError):
        return


# ---- the second net ------------------------------------------------------------------------


_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.spawn",
    "os.posix_spawn",
    "os.fork",
    "pty.",
    "urllib.",
    "http.client.",
    "ftplib.",
    "smtplib.",
    "telnetlib.",
)
_LISTING = ("os.listdir", "os.scandir")
_CHANGING = (
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.utime",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class _Guard:
    """An audit hook. Raises PermissionError for what a worker has no business with."""

    def __init__(self, cage: Cage) -> None:
        self._writable = _real((cage.scratch,))
        self._readable = _real((cage.scratch, *cage.folders, *_readable()))
        self._answers: dict[str, Callable[[tuple[Any, ...]], None]] = {
            "open": self._open,
            **dict.fromkeys(_LISTING, self._list),
            **dict.fromkeys(_CHANGING, self._change),
        }

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        answer = self._answers.get(event)
        if answer is not None:
            answer(arguments)
        elif event.startswith(_REFUSED):
            raise PermissionError(f"a document may not use {event}")

    def _open(self, arguments: tuple[Any, ...]) -> None:
        path, _, flags = arguments
        writes = isinstance(flags, int) and flags & _WRITING
        self._allow(path, self._writable if writes else self._readable)

    def _list(self, arguments: tuple[Any, ...]) -> None:
        self._allow(arguments[0], self._readable)

    def _change(self, arguments: tuple[Any, ...]) -> None:
        for path in arguments:
            if isinstance(path, str | bytes):
                self._allow(path, self._writable)

    def _allow(self, path: object, folders: tuple[str, ...]) -> None:
        """A name relative to an open folder was allowed when that was opened."""
        if not isinstance(path, str | bytes):
            return
        name = os.fsdecode(path)
        real = os.path.realpath(name)
        if real != os.devnull and not f"{real}{os.sep}".startswith(folders):
            raise PermissionError(13, "a document may not use this file", name)


def _readable() -> Iterator[str]:
    """What Python, reportgen and the engine read: programs, words, zones, fonts.

    Of Python's path only folders of packages: on it may be the working folder, with its secrets.
    """
    yield str(Path(reportgen.__file__).parent)
    yield str(bundled.TEMPLATES)
    yield from (path for path in sys.path if Path(path).name in _PACKAGES)
    yield from (sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib"))
    yield from zoneinfo.TZPATH
    yield from ("/usr/share/fonts", "/usr/local/share/fonts", "/etc/mime.types")


def _real(folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{os.path.realpath(each)}{os.sep}" for each in folders))

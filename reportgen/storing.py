"""Writing files so that they are whole or not there: local disk durably, other stores verified."""

import errno
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from reportgen.errors import StorageError, StorageUnavailable

_FOR_GOOD = (
    FileNotFoundError,
    PermissionError,
    IsADirectoryError,
    NotADirectoryError,
    FileExistsError,
    ImportError,
    ValueError,
)
_TEMPORARY = re.compile(r"\.[0-9a-f]{32}\.tmp")
"""Names of files and folders on their way in or out."""
_LEFT_OVER = timedelta(days=1)
"""What is still on its way after so long was left behind by a process that was ended."""
_OPEN_FILE, _OPEN_FOLDER = 0o666, 0o777
"""Rights of what is handed over, less what the user's umask takes."""
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
"""Rights of what is kept: nobody but the owner reads it, whatever the umask."""
_BINARY = getattr(os, "O_BINARY", 0)
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY)


def write(url: str, data: bytes) -> None:
    """
    Store `data` at a path or an fsspec URL. Raises StorageError.

    Local files appear under their name only when whole and on disk, even across a power cut.
    """
    with _translating(url):
        system, path = _located(url)
        if _is_local(system):
            _write_local(Path(path), data)
        else:
            _write_remote(system, path, data)


def write_new(url: str, data: bytes) -> bool:
    """
    As `write`, under a name that nothing has. False: something has it. Raises StorageError.

    On local disk two who write at once cannot both have the name.
    """
    with _translating(url):
        system, path = _located(url)
        if _is_local(system):
            return _write_new_local(Path(path), data)
        if system.exists(path):
            return False
        _write_remote(system, path, data)
        return True


def write_folder(url: str, files: Mapping[str, bytes]) -> bool:
    """
    Store a new folder with these files. False: there is one of that name. Raises StorageError.

    On local disk the folder appears under its name whole and on disk, or not at all, and its owner
    alone can read it. Elsewhere the files are stored in the given order, so that the last one says
    that all are there.
    """
    with _translating(url):
        system, path = _located(url)
        if _is_local(system):
            return _write_local_folder(Path(path), files)
        *_, last = files
        if system.exists(f"{path}/{last}"):
            return False
        for name, data in files.items():
            if not _stored(system, f"{path}/{name}", data):
                _write_remote(system, f"{path}/{name}", data)
        return True


def read(url: str) -> bytes:
    """The bytes at a path or URL. Raises StorageError."""
    with _translating(url):
        system, path = _located(url)
        return bytes(system.cat_file(path))


def exists(url: str) -> bool:
    """True when there is a file at this path or URL. Raises StorageError."""
    with _translating(url):
        system, path = _located(url)
        return bool(system.exists(path))


def places_whole(url: str) -> bool:
    """True where a folder can be put under its name in one step, as on local disk."""
    with _translating(url):
        return _is_local(_located(url)[0])


def folders(url: str) -> tuple[str, ...]:
    """The names of the folders in a folder, sorted; none where there is no such folder."""
    with _translating(url):
        system, path = _located(url)
        if not system.isdir(path):
            return ()
        found = [entry for entry in system.ls(path, detail=True) if entry["type"] == "directory"]
        names = [entry["name"].rstrip("/").rpartition("/")[2] for entry in found]
        return tuple(sorted(name for name in names if not _TEMPORARY.fullmatch(name)))


def remove_folder(url: str) -> bool:
    """
    Remove a folder with all that is in it. False: there is none. Raises StorageError.

    On local disk it loses its name first, so that nobody ever meets half of it.
    """
    with _translating(url):
        system, path = _located(url)
        if not system.isdir(path):
            return False
        if _is_local(system):
            _remove_local_folder(Path(path))
        else:
            system.rm(path, recursive=True)
        return True


def sweep(folder: str) -> int:
    """
    Remove what ended processes left half done below a local folder, once it is a day old.

    Answers how much was removed. Other stores keep such files until somebody removes them.
    """
    with _translating(folder):
        system, path = _located(folder)
        return _sweep_local(Path(path)) if _is_local(system) else 0


def probe(folder: str) -> str:
    """Make sure that a folder can be written or made, leaving nothing. Raises StorageError."""
    with _translating(folder):
        if _is_plain(folder):
            _probe_local(Path(folder))
            return f"writable: {folder}"
        system, path = _located(folder)
        place = f"{_nearest(system, path)}/.reportgen-{uuid4().hex}"
        try:
            system.pipe_file(place, b"probe")
        finally:
            with suppress(Exception):
                system.rm_file(place)
    return f"writable: {shown(folder)}"


def absolute(url: str, base: Path) -> str:
    """A relative path made absolute against `base`; URLs stay as they are."""
    return url if "://" in url else str((base / url).resolve())


def shown(url: str) -> str:
    """The place as people and records may see it: without user, password and query."""
    if "://" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _located(url: str) -> tuple[Any, str]:
    """The file system of a path or URL, and the path in it."""
    from fsspec.core import url_to_fs  # whoever only names a place does without

    system, path = url_to_fs(url)
    return system, path


def _is_local(system: Any) -> bool:
    protocol = system.protocol
    return "file" in ((protocol,) if isinstance(protocol, str) else protocol)


def _is_plain(url: str) -> bool:
    """True for a path on this machine, which takes no library to reach."""
    return ":" not in url and not url.startswith("~")


def _nearest(system: Any, path: str) -> str:
    """The folder itself or the closest one above it that is there already."""
    folder = PurePosixPath(path)
    while not system.isdir(str(folder)) and folder != folder.parent:
        if system.exists(str(folder)):
            raise NotADirectoryError(20, "a file stands where a folder should")
        folder = folder.parent
    return str(folder).rstrip("/")


# ---- local disk ----------------------------------------------------------------------------


def _probe_local(folder: Path) -> None:
    while not folder.is_dir() and folder != folder.parent:
        if folder.exists():
            raise NotADirectoryError(errno.ENOTDIR, "a file stands where a folder should")
        folder = folder.parent
    place = folder / f".reportgen-{uuid4().hex}"
    try:
        place.write_bytes(b"probe")
    finally:
        with suppress(OSError):
            place.unlink()


def _write_local(path: Path, data: bytes) -> None:
    _make_folder(path.parent)
    temporary = _beside(path)
    try:
        _write_through(temporary, data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _write_new_local(path: Path, data: bytes) -> bool:
    _make_folder(path.parent)
    temporary = _beside(path)
    try:
        _write_through(temporary, data)
        placed = _linked(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return placed


def _linked(temporary: Path, path: Path) -> bool:
    """Give the file its name, if that is free; some disks know no second names."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    except OSError:
        if path.exists():
            return False
        temporary.replace(path)
    return True


def _write_local_folder(path: Path, files: Mapping[str, bytes]) -> bool:
    _make_folder(path.parent, _PRIVATE_FOLDER)
    temporary = _beside(path)
    temporary.mkdir(_PRIVATE_FOLDER)
    try:
        for name, data in files.items():
            _write_through(temporary / name, data, _PRIVATE_FILE)
        _sync_folder(temporary)
        placed = _placed(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    _sync_folder(path.parent)
    return placed


def _placed(temporary: Path, path: Path) -> bool:
    """Rename a folder into its place; the system refuses a place that holds something."""
    try:
        temporary.rename(path)
    except OSError as error:
        if error.errno in _TAKEN or path.exists():
            return False
        raise
    return True


def _remove_local_folder(path: Path) -> None:
    temporary = _beside(path)
    path.rename(temporary)
    _sync_folder(path.parent)
    with suppress(FileNotFoundError):  # another process may be sweeping here
        shutil.rmtree(temporary)


def _sweep_local(folder: Path) -> int:
    latest = time.time() - _LEFT_OVER.total_seconds()
    return sum(_discarded(path) for path in _left_over(folder, latest))


def _left_over(folder: Path, latest: float) -> Iterator[Path]:
    """Temporary files and folders that nobody has touched since this moment."""
    for parent, inside, names in os.walk(folder):
        for name in filter(_TEMPORARY.fullmatch, (*inside, *names)):
            path = Path(parent, name)
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < latest:
                    yield path
        inside[:] = [name for name in inside if not _TEMPORARY.fullmatch(name)]


def _discarded(path: Path) -> bool:
    """Whether it is gone; what cannot be removed hinders nothing."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
    return not path.exists()


def _beside(path: Path) -> Path:
    """A name of its own in the same folder, and so on the same disk."""
    return path.parent / f".{uuid4().hex}.tmp"


def _write_through(path: Path, data: bytes, mode: int = _OPEN_FILE) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_folder(folder: Path, mode: int = _OPEN_FOLDER) -> None:
    """A new folder's name must reach the disk as well, at every level."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, mode)
    folder.mkdir(mode, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """The name itself must reach the disk, too; not every platform can be told so."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---- other stores --------------------------------------------------------------------------


def _write_remote(system: Any, path: str, data: bytes) -> None:
    """Beside its name first: an upload that breaks off must not pass for the file."""
    folder, _, name = path.rpartition("/")
    temporary = f"{folder}/.{uuid4().hex}.tmp"
    system.makedirs(folder, exist_ok=True)
    system.pipe_file(temporary, data)
    system.mv(temporary, path)
    if bytes(system.cat_file(path)) != data:
        raise StorageUnavailable(f"{name}: what was stored is not what was sent")


def _stored(system: Any, path: str, data: bytes) -> bool:
    """True where an attempt that broke off got as far as this file."""
    return bool(system.exists(path)) and bytes(system.cat_file(path)) == data


@contextmanager
def _translating(url: str) -> Iterator[None]:
    """Each file system raises errors of its own family; their texts may hold secrets."""
    try:
        yield
    except StorageError:
        raise
    except _FOR_GOOD as error:
        raise StorageError(f"{shown(url)}: {_reason(error)}") from error
    except Exception as error:
        raise StorageUnavailable(f"{shown(url)}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, ImportError):
        return f"a library for this kind of place is missing ({error.name}); install it"
    if isinstance(error, ValueError):
        return "this kind of place is not known; write a folder or a URL such as s3://bucket"
    return getattr(error, "strerror", None) or type(error).__name__

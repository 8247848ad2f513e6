"""Writing files so that they are whole or not there: local disk durably, other stores verified."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import fsspec

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


def write(url: str, data: bytes) -> None:
    """
    Store `data` at a path or an fsspec URL. Raises StorageError.

    Local files appear under their name only when whole and on disk, even across a power cut.
    """
    with _translating(url):
        system, path = fsspec.core.url_to_fs(url)
        if _is_local(system):
            _write_local(Path(path), data)
        else:
            _write_remote(system, path, data)


def read(url: str) -> bytes:
    """The bytes at a path or URL. Raises StorageError."""
    with _translating(url):
        system, path = fsspec.core.url_to_fs(url)
        return bytes(system.cat_file(path))


def exists(url: str) -> bool:
    """True when there is a file at this path or URL. Raises StorageError."""
    with _translating(url):
        system, path = fsspec.core.url_to_fs(url)
        return bool(system.exists(path))


def probe(folder: str) -> str:
    """Make sure that a folder can be written or made, leaving nothing. Raises StorageError."""
    with _translating(folder):
        system, path = fsspec.core.url_to_fs(folder)
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


def _is_local(system: Any) -> bool:
    protocol = system.protocol
    return "file" in ((protocol,) if isinstance(protocol, str) else protocol)


def _nearest(system: Any, path: str) -> str:
    """The folder itself or the closest one above it that is there already."""
    folder = PurePosixPath(path)
    while not system.isdir(str(folder)) and folder != folder.parent:
        if system.exists(str(folder)):
            raise NotADirectoryError(20, "a file stands where a folder should")
        folder = folder.parent
    return str(folder).rstrip("/")


# ---- local disk ----------------------------------------------------------------------------


def _write_local(path: Path, data: bytes) -> None:
    _make_folder(path.parent)
    temporary = path.parent / f".{uuid4().hex}.tmp"
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    """A new folder's name must reach the disk as well, at every level."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
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

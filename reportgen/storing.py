"""Writing files so that they are whole or not there: local disk durably, other stores verified."""

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec

from reportgen.errors import StorageError, StorageUnavailable


def write(url: str, data: bytes) -> None:
    """
    Store `data` at a path or an fsspec URL. Raises StorageError.

    Local files appear under their name only when whole and on disk, even across a power cut.
    """
    try:
        system, path = fsspec.core.url_to_fs(url)
        if _is_local(system):
            _write_local(Path(path), data)
        else:
            _write_remote(system, path, data)
    except StorageError:
        raise
    except (OSError, ValueError, ImportError) as error:
        raise _translated(url, error) from error


def read(url: str) -> bytes:
    """The bytes at a path or URL. Raises StorageError."""
    try:
        system, path = fsspec.core.url_to_fs(url)
        return bytes(system.cat_file(path))
    except (OSError, ValueError, ImportError) as error:
        raise _translated(url, error) from error


def exists(url: str) -> bool:
    """True when there is a file at this path or URL. Raises StorageError."""
    try:
        system, path = fsspec.core.url_to_fs(url)
        return bool(system.exists(path))
    except (OSError, ValueError, ImportError) as error:
        raise _translated(url, error) from error


def probe(folder: str) -> str:
    """Make sure that a folder can be written, leaving nothing behind. Raises StorageError."""
    place = f"{folder.rstrip('/')}/.reportgen-{uuid4().hex}"
    write(place, b"probe")
    try:
        system, path = fsspec.core.url_to_fs(place)
        system.rm_file(path)
    except (OSError, ValueError) as error:
        raise _translated(folder, error) from error
    return f"writable: {folder}"


def absolute(url: str, base: Path) -> str:
    """A relative path made absolute against `base`; URLs stay as they are."""
    return url if "://" in url else str((base / url).resolve())


def _is_local(system: Any) -> bool:
    protocol = system.protocol
    return "file" in ((protocol,) if isinstance(protocol, str) else protocol)


def _write_local(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
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


def _sync_folder(folder: Path) -> None:
    """The name itself must reach the disk, too; not every platform can be told so."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_remote(system: Any, path: str, data: bytes) -> None:
    system.makedirs(system._parent(path), exist_ok=True)
    system.pipe_file(path, data)
    if system.info(path).get("size") != len(data):
        raise StorageUnavailable(f"{path}: stored with another size than sent")


def _translated(url: str, error: Exception) -> StorageError:
    reason = getattr(error, "strerror", None) or str(error).splitlines()[0][:120]
    text = f"{url}: {reason}"
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError | ValueError):
        return StorageError(text)
    return StorageUnavailable(text)

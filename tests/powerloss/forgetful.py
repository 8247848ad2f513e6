"""A file system in memory that loses power: of what was not synced a random part survives.

A strict reading of POSIX: the content of a file survives after fsync of the file, its name after
fsync of a folder. Of all else any pages may survive, or not; of the names, a journal keeps some
first part. `python -m tests.powerloss.forgetful MOUNT IMAGE CUT SEED` serves it until the power is
cut after so many operations (0: never), and leaves in IMAGE what is on the disk then.
"""

import errno
import pickle
import random
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mfusepy import FUSE, FuseOSError, Operations

PAGE = 4096
FOLDER = "folder"
Change = tuple[str, str, Any]
"""What happened to a name: link, unlink or rename; the path; the node, or the new path."""


@dataclass
class Node:
    """The content of one file, and what of it is surely on disk."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes since the last sync: offset and data, or a new length and None."""

    def write(self, offset: int, data: bytes) -> None:
        if len(self.now) < offset:
            self.now += bytes(offset - len(self.now))
        self.now[offset : offset + len(data)] = data
        self.pending.append((offset, data))

    def truncate(self, length: int) -> None:
        self.now = self.now[:length] + bytes(max(0, length - len(self.now)))
        self.pending.append((length, None))

    def sync(self) -> None:
        self.durable, self.pending = bytes(self.now), []

    def survivor(self, chance: random.Random) -> bytes:
        """What the disk holds after the cut: any of the pages written since the last sync."""
        content = bytearray(self.durable)
        for offset, data in self.pending:
            if data is None:
                if chance.random() < 0.5:
                    content = content[:offset] + bytes(max(0, offset - len(content)))
                continue
            for start in range(0, len(data), PAGE):
                if chance.random() < 0.5:
                    place, page = offset + start, data[start : start + PAGE]
                    content += bytes(max(0, place - len(content)))
                    content[place : place + len(page)] = page
        return bytes(content)


Names = dict[str, Node | str]


def apply(names: Names, change: Change) -> None:
    """One entry of the journal."""
    kind, path, other = change
    if kind == "link":
        names[path] = other
    elif kind == "unlink":
        names.pop(path, None)
    else:
        for old in [each for each in names if each == path or each.startswith(f"{path}/")]:
            names[other + old[len(path) :]] = names.pop(old)


class Forgetful(Operations):  # type: ignore[misc]
    """The file system; names of the methods are the library's."""

    use_ns = True

    def __init__(self, image: Path, cut: int, chance: random.Random) -> None:
        self._image = image
        self._cut = cut
        self._chance = chance
        self._count = 0
        self._dead = False
        self._names: Names = {}
        self._durable: Names = {}
        self._journal: list[Change] = []
        self._open: dict[int, Node] = {}
        self._next = 0
        for path, content in _read(image):
            node = FOLDER if content is None else Node(bytearray(content), content)
            self._names[path] = self._durable[path] = node

    # ---- power -----------------------------------------------------------------------------

    def _tick(self) -> None:
        if self._dead:
            raise FuseOSError(errno.EIO)
        self._count += 1
        if self._cut and self._count >= self._cut:
            self._dead = True
            self._save()
            raise FuseOSError(errno.EIO)

    def _save(self) -> None:
        """What is on the disk when the power is gone."""
        names = dict(self._durable)
        for change in self._journal[: self._chance.randint(0, len(self._journal))]:
            apply(names, change)
        image = [
            (path, None if isinstance(node, str) else node.survivor(self._chance))
            for path, node in names.items()
        ]
        self._image.write_bytes(pickle.dumps(image))

    def destroy(self, _path: str) -> None:
        """Unmounted in peace: everything reaches the disk."""
        if not self._dead:
            image = [
                (path, None if isinstance(node, str) else bytes(node.now))
                for path, node in self._names.items()
            ]
            self._image.write_bytes(pickle.dumps(image))

    def _note(self, kind: str, path: str, other: Any = None) -> None:
        change = (kind, path, other)
        apply(self._names, change)
        self._journal.append(change)

    # ---- names -----------------------------------------------------------------------------

    def _node(self, path: str, handle: int | None = None) -> Node:
        if handle in self._open:
            return self._open[handle]  # type: ignore[index]
        node = self._names.get(path)
        if not isinstance(node, Node):
            raise FuseOSError(errno.ENOENT if node is None else errno.EISDIR)
        return node

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        if path == "/" or self._names.get(path) == FOLDER:
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        size = len(self._node(path, fh).now)
        return {"st_mode": stat.S_IFREG | 0o644, "st_nlink": 1, "st_size": size}

    def readdir(self, path: str, _fh: int) -> list[str]:
        inside = f"{path.rstrip('/')}/"
        names = (each[len(inside) :] for each in self._names if each.startswith(inside))
        return [".", "..", *(name for name in names if name and "/" not in name)]

    def mkdir(self, path: str, _mode: int) -> None:
        self._tick()
        self._note("link", path, FOLDER)

    def rmdir(self, path: str) -> None:
        self._tick()
        if len(self.readdir(path, 0)) > 2:
            raise FuseOSError(errno.ENOTEMPTY)
        self._note("unlink", path)

    def unlink(self, path: str) -> None:
        self._tick()
        self._node(path)
        self._note("unlink", path)

    def rename(self, old: str, new: str) -> None:
        self._tick()
        if old not in self._names:
            raise FuseOSError(errno.ENOENT)
        if self._names.get(new) == FOLDER and len(self.readdir(new, 0)) > 2:
            raise FuseOSError(errno.ENOTEMPTY)
        self._note("rename", old, new)

    def fsyncdir(self, _path: str, _datasync: int, _fh: int) -> None:
        self._tick()
        self._durable, self._journal = dict(self._names), []

    # ---- content ---------------------------------------------------------------------------

    def _handle(self, node: Node) -> int:
        self._next += 1
        self._open[self._next] = node
        return self._next

    def create(self, path: str, _mode: int, _fi: Any = None) -> int:
        self._tick()
        node = Node()
        self._note("link", path, node)
        return self._handle(node)

    def open(self, path: str, _flags: int) -> int:
        if self._dead:
            raise FuseOSError(errno.EIO)
        return self._handle(self._node(path))

    def release(self, _path: str, fh: int) -> None:
        self._open.pop(fh, None)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        if self._dead:
            raise FuseOSError(errno.EIO)
        return bytes(self._node(path, fh).now[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self._tick()
        self._node(path, fh).write(offset, bytes(data))
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        self._tick()
        self._node(path, fh).truncate(length)

    def fsync(self, path: str, _datasync: int, fh: int) -> None:
        self._tick()
        self._node(path, fh).sync()

    # ---- what needs no power ---------------------------------------------------------------

    def flush(self, _path: str, _fh: int) -> None:
        """Closing a file promises nothing."""

    def chmod(self, _path: str, _mode: int) -> None:
        """Rights are not tried here."""

    def chown(self, _path: str, _uid: int, _gid: int) -> None:
        """Rights are not tried here."""

    def utimens(self, _path: str, _times: Any = None) -> None:
        """Times are not tried here."""

    def statfs(self, _path: str) -> dict[str, int]:
        return {"f_bsize": PAGE, "f_blocks": 10**6, "f_bavail": 10**6, "f_bfree": 10**6}


def _read(image: Path) -> Iterator[tuple[str, bytes | None]]:
    if image.exists():
        yield from pickle.loads(image.read_bytes())  # noqa: S301 - our own file of a moment ago


if __name__ == "__main__":
    mount, image, cut, seed = sys.argv[1:5]
    FUSE(
        Forgetful(Path(image), int(cut), random.Random(int(seed))),
        mount,
        foreground=True,
        nothreads=True,
        attr_timeout=0,
        entry_timeout=0,
    )

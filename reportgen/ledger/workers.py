"""Who works on a run: one process on one machine, and whether it still lives."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

_PROC = Path("/proc")
_GONE = ("Z", "X")
"""States of a process that has ended and is only still listed."""
_PARTS = 6


@dataclass(frozen=True, slots=True)
class Worker:
    """One who claims runs. Its name says where it runs, so that others can look after it."""

    name: str
    """`machine/boot/process space/process/start/chance`, or any text for a worker out of sight."""

    @classmethod
    def here(cls) -> Self:
        """This process. Two never share a name, not even one after the other."""
        pid = os.getpid()
        parts = (socket.gethostname(), _boot(), _space(), str(pid), _start(pid), uuid4().hex[:8])
        return cls("/".join(parts)[-120:])

    def gone(self, other: str) -> bool:
        """True when the other one surely ended; False when it lives or nobody can tell from here.

        Only processes of the same boot and the same process space can be looked up.
        """
        theirs, ours = _parts(other), _parts(self.name)
        if not theirs or not ours or theirs[1:3] != ours[1:3] or not theirs[2]:
            return False
        pid, start = theirs[3], theirs[4]
        return not pid.isdecimal() or _start(int(pid)) != start

    def shares_clock(self, other: str) -> bool:
        """True when both measure time since the same boot, which nobody can set."""
        theirs, ours = _parts(other), _parts(self.name)
        return bool(theirs and ours and ours[1]) and theirs[1] == ours[1]


def _parts(name: str) -> list[str]:
    parts = name.split("/")
    return parts if len(parts) == _PARTS else []


def _boot() -> str:
    return _read(_PROC / "sys/kernel/random/boot_id")[:8]


def _space() -> str:
    """Containers on one machine count their processes apart."""
    try:
        return str((_PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        return ""


def _start(pid: int) -> str:
    """When the process began, in the kernel's ticks; empty when it is gone.

    The second field of `/proc/<pid>/stat` is its name in brackets and may hold anything
    (proc(5)); the state follows it, the start is field 22.
    """
    fields = _read(_PROC / str(pid) / "stat").rpartition(")")[2].split()
    if not fields or fields[0] in _GONE:
        return ""
    return fields[19]


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""

"""The system's own walls around a process: no network, nothing to write but one folder.

Linux only, without rights of any kind: a user namespace with a network namespace that is empty
(user_namespaces(7)), and Landlock (landlock(7), Linux 5.13 and newer). Neither can be undone, and
native code is held as well.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from typing import Any

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
"""Numbers of the system calls, the same on every architecture."""
_TELL_VERSION = 1
_BENEATH = 1
_EXECUTE = 1 << 0
_CHANGES = (1 << 1) | sum(1 << bit for bit in range(4, 13))
"""Write, remove, make of any kind: version 1."""
_REFER, _TRUNCATE = 1 << 13, 1 << 14
"""Versions 2 and 3."""
_CONNECTIONS = 0b11
"""TCP bind and connect: version 4."""


def raise_walls(writable: str) -> Iterator[str]:
    """Raise all that this system has; answers in words what it does not have."""
    if sys.platform != "linux":
        yield "this system has no walls for it"
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        yield f"user namespaces are off ({_reason()})"
    libc.prctl(_NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    if not _fenced(libc, writable):
        yield f"Landlock is off ({_reason()})"


def _reason() -> str:
    return os.strerror(ctypes.get_errno())


def _call(libc: Any, *arguments: int | bytes | None) -> int:
    """A system call; each number as wide as the system takes it."""
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return int(libc.syscall(*wide))


def _fenced(libc: Any, writable: str) -> bool:
    version = _call(libc, _CREATE, None, 0, _TELL_VERSION)
    if version < 1:
        return False
    changes = _CHANGES | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    handled = struct.pack("=QQ", changes | _EXECUTE, _CONNECTIONS)[: 16 if version >= 4 else 8]
    rules = _call(libc, _CREATE, handled, len(handled), 0)
    folder = os.open(writable, os.O_PATH | os.O_DIRECTORY)
    try:
        beneath = struct.pack("=Qi", changes, folder)
        return bool(
            _call(libc, _ADD_RULE, rules, _BENEATH, beneath, 0) == 0
            and _call(libc, _RESTRICT, rules, 0) == 0
        )
    finally:
        os.close(folder)
        if rules >= 0:
            os.close(rules)

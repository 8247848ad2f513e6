"""Many things, some at a time: a statement takes no more than so many values."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")

_AT_ONCE = 200


def chunks(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """All things, in their order."""
    remaining = iter(things)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some

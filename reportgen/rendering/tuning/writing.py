"""Of the bytes that objects of a PDF become."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pydyf

from reportgen.rendering.tuning.swaps import Swap


@lru_cache(8192)
def _of_float(number: float) -> bytes:
    """Most places on a page are asked for again and again."""
    if number.is_integer():
        return b"%d" % int(number)
    return (b"%f" % number).rstrip(b"0")


def _to_bytes(original: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """By the type of the item, the most frequent first."""

    def to_bytes(item: Any) -> bytes:
        kind = type(item)
        if kind is bytes:
            return item  # type: ignore[no-any-return]
        if kind is float:
            return _of_float(item)
        if kind is str:
            return item.encode("ascii")  # type: ignore[no-any-return]
        if kind is int:
            return b"%d" % item
        return original(item)

    return to_bytes


def _dictionary(_original: Any) -> property:
    """Without a pause for each part."""

    def data(self: Any) -> bytes:
        to_bytes = pydyf._to_bytes
        parts = [b"/%b %b" % (to_bytes(key), to_bytes(value)) for key, value in self.items()]
        return b"<<%b>>" % b"".join(parts)

    return property(data)


def _array(_original: Any) -> property:
    def data(self: Any) -> bytes:
        return b"[%b]" % b" ".join([*map(pydyf._to_bytes, self)])

    return property(data)


def _page_references(_original: Any) -> property:
    """Kept as long as there are the same pages: tags ask for them with every element."""

    def page_references(self: Any) -> tuple[bytes, ...]:
        numbers = self.pages["Kids"][::3]
        kept = vars(self).get("_kept_references")
        if kept is None or kept[0] != numbers:
            kept = numbers, tuple(f"{number} 0 R".encode("ascii") for number in numbers)
            self._kept_references = kept
        return kept[1]  # type: ignore[no-any-return]

    return property(page_references)


SWAPS = (
    Swap((pydyf,), "_to_bytes", _to_bytes),
    Swap((pydyf.Dictionary,), "data", _dictionary),
    Swap((pydyf.Array,), "data", _array),
    Swap((pydyf.PDF,), "page_references", _page_references),
)

"""Bends samples: the tree of a JSON or YAML text, its spelling, and its bytes."""

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.hostile.strings import ALL

Tree = Any
Place = tuple[Any, Any]
"""A container, and the key or index inside it."""

_RAW = "@@raw:"
"""Begins a text that stands in the tree for JSON which no tree can hold."""
_ODD: tuple[Tree, ...] = (
    None, True, False, 0, -1, 1, 5, 7, 100, 101, 2**31, 2**63, 10**12, 10**30, 10**400, -(10**400),
    0.5, -0.0, 1e-300, 1e300, 3.999999999, "", " ", "abc", "7", "12.5%", "-3", "1,210", "٣", "²",
    "9" * 400, "0" * 4000, "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", [], {}, [[]], [None], ["x"], [{}],
    {"x": None}, {"": ""}, {"Message": ["x"]}, "2026-11-01", "01/11/2026", "13/13/2026",
    "2026-11-01T00:00:00Z", "0001-01-01", "9999-12-31", "99999-01-01", "2026-02-30", "31/12/9999",
    "0-15", "15-0", "120+", "999999-999999", "SUCCESS", "EmptyWidget", "percent", "true", "null",
    _RAW + "1e999", _RAW + "-1e999", _RAW + "NaN", _RAW + "Infinity", _RAW + "1E400",
)  # fmt: skip
_DEPTHS = (5, 30, 90, 150, 300, 600, 900, 2000, 100_000)
_DEEP = 0.03
_FLAT = (5, 5, 5, 30, 60)
"""For YAML, whose reader takes its time over depth."""
_TOKENS: tuple[bytes, ...] = (
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0000", b"\\ud800", b"\\udc00", b"\x00",
    b"\xff", b"\xef\xbb\xbf", b"\xc0\xaf", b"\xed\xa0\x80", b"null", b"1e999", b"NaN", b"-", b"\n",
    b"\r\n", b"\t", b" ", b"{}", b"[]", b'"a":1,"a":2,',
)  # fmt: skip
_YAML: tuple[bytes, ...] = (
    b"&a ", b"*a", b"<<: *a\n", b"!!python/object:os.system ", b"!!binary ", b"!!set ", b"!x ",
    b"%YAML 1.1\n", b"%TAG ! x\n", b"---\n", b"...\n", b"? ", b"- ", b": ", b"|\n", b">-\n", b"# ",
    b"'", b"\t", b"@", b"`", b"~", b"yes", b"0o17", b"0x1F", b"1_000", b"12:30:45", b"2026-11-01",
    b".inf", b"-.inf", b".nan", b"1e400", b"${", b"${HOME}", b"${}", b"${a b}", b"=", b"<<",
    b"\xe2\x80\xa8", b"\xc2\x85", b"[[[[[[[[", b"{{{{{{{{", b"    ", b"key: value\n",
    b"!!timestamp ",
)  # fmt: skip


class Mutator:
    """Makes new inputs from seeds, the same ones for the same random numbers."""

    def __init__(
        self,
        rng: random.Random,
        tokens: Sequence[bytes] = (),
        depths: Sequence[int] = _DEPTHS,
    ) -> None:
        self._rng = rng
        self._tokens = (*_TOKENS, *tokens)
        self._depths = depths

    def bent(self, tree: Tree) -> Tree:
        """A copy with some nodes bent; texts that begin with a mark stand for raw JSON."""
        box = [copy.deepcopy(tree)]
        for _ in range(self._rng.choice((1, 1, 1, 2, 3, 6))):
            places = [place for place in _places(box) if place[0] is not box] or [(box, 0)]
            container, key = self._rng.choice(places)
            if self._rng.random() < _DEEP:
                container[key] = f"{_RAW}deep:{self._rng.choice(self._depths)}"
            else:
                self._rng.choice(_CHANGES)(self._rng, container, key, places)
            if not box:
                return None
        return box[0]

    def spelt(self, tree: Tree) -> bytes:
        """As JSON, spelt in one of its ways."""
        indent = self._rng.choice((None, None, 1))
        text = json.dumps(tree, ensure_ascii=self._rng.random() < 0.5, indent=indent)
        return unmarked(text).encode("utf-8", "surrogatepass")

    def torn(self, data: bytes) -> bytes:
        """A copy with some bytes changed."""
        found = bytearray(data)
        for _ in range(self._rng.choice((1, 1, 2, 4, 8))):
            self._rng.choice((self._flip, self._cut, self._double, self._insert, self._end))(found)
        return bytes(found)

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self._rng.randrange(len(data))] = self._rng.randrange(256)

    def _cut(self, data: bytearray) -> None:
        start = self._rng.randrange(len(data) + 1)
        del data[start : start + self._rng.randrange(1, 40)]

    def _double(self, data: bytearray) -> None:
        start = self._rng.randrange(len(data) + 1)
        part = data[start : start + self._rng.randrange(1, 60)]
        data[start:start] = part * self._rng.choice((1, 1, 2, 30))

    def _insert(self, data: bytearray) -> None:
        start = self._rng.randrange(len(data) + 1)
        data[start:start] = self._rng.choice(self._tokens)

    def _end(self, data: bytearray) -> None:
        if self._rng.random() < 0.2:
            del data[self._rng.randrange(len(data) + 1) :]


def yaml_mutator(rng: random.Random) -> Mutator:
    """One that knows the marks of YAML as well."""
    return Mutator(rng, _YAML, _FLAT)


def unmarked(text: str) -> str:
    """The text with the marked texts as what they stand for."""
    head, *rest = text.split('"' + _RAW)
    parts = [head]
    for piece in rest:
        raw, _, after = piece.partition('"')
        depth = raw.removeprefix("deep:")
        parts += [_deep(int(depth)) if depth != raw else raw, after]
    return "".join(parts)


def _deep(depth: int) -> str:
    return '{"a":[' * (depth // 2) + "1" + "]}" * (depth // 2)


# ---- changes to a node ---------------------------------------------------------------------


def _places(node: Tree) -> Iterator[Place]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        keys: Any = one if isinstance(one, dict) else range(len(one))
        for key in list(keys):
            yield one, key
            if isinstance(one[key], dict | list):
                waiting.append(one[key])


def _replace(rng: random.Random, container: Any, key: Any, _places: list[Place]) -> None:
    container[key] = copy.deepcopy(rng.choice(_ODD))


def _say(rng: random.Random, container: Any, key: Any, _places: list[Place]) -> None:
    container[key] = rng.choice(ALL)


def _drop(_rng: random.Random, container: Any, key: Any, _places: list[Place]) -> None:
    del container[key]


def _repeat(rng: random.Random, container: Any, key: Any, _places: list[Place]) -> None:
    times = rng.choice((1, 1, 2, 10, 40))
    if isinstance(container, list):
        container[key:key] = [copy.deepcopy(container[key]) for _ in range(times)]
    else:
        container[key] = [container[key]] * times


def _rename(rng: random.Random, container: Any, key: Any, _places: list[Place]) -> None:
    if isinstance(container, dict):
        name = rng.choice((str(key).upper(), str(key).title(), f"{key}x", "", rng.choice(ALL)))
        container[name] = container.pop(key)


def _wrap(rng: random.Random, container: Any, key: Any, _places: list[Place]) -> None:
    container[key] = rng.choice(([container[key]], {"a": container[key]}, {key: container[key]}))


def _swap(rng: random.Random, container: Any, key: Any, places: list[Place]) -> None:
    """The value of another place, which stays there too."""
    other, name = rng.choice(places)
    found = copy.deepcopy(other[name]) if _holds(other, name) else None
    container[key] = found


def _as_other(_rng: random.Random, container: Any, key: Any, _places: list[Place]) -> None:
    """A number as text, a text as a number or as a list of its letters."""
    value = container[key]
    if isinstance(value, str):
        container[key] = int(value) if value.isascii() and value.isdecimal() else list(value[:9])
    elif isinstance(value, dict):
        container[key] = [[name, one] for name, one in value.items()]
    elif isinstance(value, list):
        container[key] = {str(place): one for place, one in enumerate(value)}
    else:
        container[key] = str(value)


def _shift(rng: random.Random, container: Any, key: Any, _places: list[Place]) -> None:
    value = container[key]
    if isinstance(value, int | float) and not isinstance(value, bool):
        container[key] = rng.choice((value + 1, value - 1, -value, value * 10, value // 3, 0))


def _holds(container: Any, key: Any) -> bool:
    return key in container if isinstance(container, dict) else key < len(container)


_CHANGES: tuple[Callable[[random.Random, Any, Any, list[Place]], None], ...] = (
    _replace, _replace, _replace, _say, _say, _drop, _repeat, _rename, _wrap, _swap, _swap,
    _as_other, _shift, _shift,
)  # fmt: skip

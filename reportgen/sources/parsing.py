"""JSON from a server that may be broken or hostile: read strictly, within bounds."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from reportgen.errors import UnexpectedPayload
from reportgen.sources.envelope import sound

_DEEPEST = 64
"""The platform nests about ten deep, layouts inside texts apart."""
_MOST_PARTS = 2_000_000
"""Signs that begin or part a value; the largest real answers have some ten thousand."""
_LONGEST_WHOLE = 20
"""Letters of a whole number: more than 64 bits hold."""
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a character that has two, as an escape; most are followed by the other half."""


def parsed(body: bytes, what: str) -> Any:
    """
    The value in a body, its texts without half characters; `what` was asked, in words.

    Raises ValueError for what is no JSON (so that it is asked for again), UnexpectedPayload for
    JSON no platform sends: nested too deeply, endless, with a name twice or absurd numbers.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > _MOST_PARTS:
        raise UnexpectedPayload(f"{what}: the answer has more than {_MOST_PARTS} parts")
    text = body.decode(json.detect_encoding(body), "surrogatepass")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_each_once,
            parse_int=_whole,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        raise UnexpectedPayload(f"{what}: the answer is nested too deeply") from None
    except _Absurd as error:
        raise UnexpectedPayload(f"{what}: {error}") from None
    if _depth(value) > _DEEPEST:
        raise UnexpectedPayload(f"{what}: the answer is nested more than {_DEEPEST} deep")
    return sound(value, what) if _may_hold_halves(text) else value


def _may_hold_halves(text: str) -> bool:
    """False for most answers, which so need no closer look."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return _HALF.search(text) is not None


class _Absurd(Exception):
    """JSON by the letter, but nothing a platform sends."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """One name with two values means one thing here and another there."""
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _count), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise _Absurd(f"the answer gives {twice[:40]!r} twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_WHOLE:
        raise _Absurd(f"the answer holds a number of {len(digits)} digits")
    return int(digits)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    """How many containers stand inside each other, level by level."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [inside for each in level for inside in _inside(each)]
    return depth


def _inside(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container

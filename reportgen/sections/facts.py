"""How a section reads the untyped facts beside a widget's values: names, counts, days, ranges."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from reportgen.model import Entry, Period

_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*%?\s*")
_RANGE = re.compile(
    r"\s*(\d{1,6})\s*(?:(?:-|\N{EN DASH}|to)\s*(\d{1,6})|(\+))?\s*(?:m|min|mins|minutes)?\s*"
)
_LARGEST = 1e12
_PATTERNS = ("%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%Y-%m-%d")


def fact(entry: Entry, *names: str) -> str:
    """The first of these facts that holds text or a whole number, without case; else empty."""
    return text_in(entry.facts, *names)


def text_in(facts: Mapping[str, Any], *names: str) -> str:
    """As `fact`, of any mapping."""
    for name in names:
        found = any_in(facts, name)
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def any_in(facts: Mapping[str, Any], name: str) -> Any:
    """The fact of this name, compared without case; else None."""
    return next((value for key, value in facts.items() if key.casefold() == name.casefold()), None)


def number_in(facts: Mapping[str, Any], *names: str) -> float | None:
    """The first of these facts that is a finite number or numeric text."""
    for name in names:
        number = _number(any_in(facts, name))
        if number is not None:
            return number
    return None


def count_in(facts: Mapping[str, Any], *names: str) -> int | None:
    """As `number_in`, a whole number from nought up."""
    number = number_in(facts, *names)
    return None if number is None or number < 0 else round(number)


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        value = float(match[1]) if match else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _LARGEST else None


def objects_in(facts: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """The mappings of a list; whatever else stands in it is left out."""
    found = any_in(facts, name)
    listed = found if isinstance(found, list | tuple) else ()
    return tuple(item for item in listed if isinstance(item, Mapping))


def days_of(entries: Sequence[Entry], name: str, window: Period) -> tuple[date | None, ...]:
    """
    The day each entry names.

    The platform prints such days in the company's own format: the one that puts most of them into
    the window is taken. Where two formats do so and differ, no day is beyond doubt.
    """
    texts = [fact(entry, name) for entry in entries]
    read = [tuple(_read(text, pattern) for text in texts) for pattern in _PATTERNS]
    read.append(tuple(_iso(text) for text in texts))
    most = max(_inside(days, window) for days in read)
    best = {days for days in read if _inside(days, window) == most}
    return best.pop() if most and len(best) == 1 else (None,) * len(texts)


def _inside(days: tuple[date | None, ...], window: Period) -> int:
    return sum(day is not None and window.start <= day < window.end for day in days)


def _read(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text.split()[0].split("T")[0], pattern).date()  # noqa: DTZ007
    except (ValueError, IndexError):
        return None


def _iso(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def minutes_range(entry: Entry) -> tuple[float, float | None] | None:
    """The range of minutes an entry stands for, such as `16-30` or `120+`; None if unreadable."""
    match = _RANGE.fullmatch(fact(entry, "ActionRange"))
    if match is None:
        return None
    start, end, open_ended = float(match[1]), match[2], match[3]
    if end is not None:
        return (start, float(end)) if float(end) > start else None
    return (start, None) if open_ended else None


def minutes_end(entry: Entry) -> float | None:
    """The last minute of an entry that names only that, such as `10`."""
    match = _RANGE.fullmatch(fact(entry, "ActionRange"))
    if match is None or match[3]:
        return None
    return float(match[2] or match[1])


def share_of(part: float, whole: float) -> float:
    """Percent of a whole; only the whole prints as 100 and only nothing as 0."""
    share = 100 * part / whole
    return min(max(share, 1.0), 99.0) if 0 < part < whole else share


def mean(values: Iterable[float]) -> float | None:
    """The plain mean; None of nothing."""
    known = tuple(values)
    return sum(known) / len(known) if known else None

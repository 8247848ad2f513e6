"""How a section reads a widget: by name, by label or by place.

Names and labels are English whatever the customer's language.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from reportgen.model import Entry, Period, Value
from reportgen.views import Past, Trend

_LARGEST = 1e12
_WORD = re.compile(r"[^\W\d_a-z]+(?![a-z])|[^\W\d_][^\W\d_A-Z]*|\d+")
"""A run of capitals, a word, or a number."""


def by_name(entry: Entry, name: str) -> float | None:
    """The number of the value with this name, compared without case."""
    return _first(entry.values, lambda value: value.name.casefold() == name.casefold())


def by_label(entry: Entry, start: str) -> float | None:
    """The number of the value whose label begins so, compared without case."""
    return _first(entry.values, lambda value: value.label.casefold().startswith(start.casefold()))


def counted(entry: Entry, *labels: str) -> float | None:
    """By one of these labels, as the platform's own pages read it; else by such a name."""
    known = [read(entry, label) for read in (by_label, by_name) for label in labels]
    return next((value for value in known if value is not None), None)


def by_place(entry: Entry, place: int) -> float | None:
    """The number at this place, or None when there are fewer."""
    return finite(entry.values[place].number) if place < len(entry.values) else None


def named(entry: Entry, name: str, place: int) -> float | None:
    """By name; where no value has a name at all, by place."""
    if not any(value.name for value in entry.values):
        return by_place(entry, place)
    return by_name(entry, name)


def has_label(entries: Iterable[Entry], start: str) -> bool:
    """True when a value with such a label was sent, if only as a null."""
    folded = start.casefold()
    return any(
        value.label.casefold().startswith(folded) for each in entries for value in each.values
    )


def months(entries: Iterable[Entry], window: Period) -> tuple[Entry, ...]:
    """
    The dated entries inside the window, oldest first; of two for one day the later one.

    A month is dated by its first day, even where the window begins within it. A month left out of
    a monthly series is there without values, so that it shows as a gap.
    """
    inside = {
        entry.day: entry
        for entry in entries
        if entry.day is not None and _belongs(entry.day, window)
    }
    return tuple(inside.get(day) or Entry(day) for day in _days(sorted(inside), window))


def _belongs(day: date, window: Period) -> bool:
    return window.start <= day < window.end or day == window.start.replace(day=1)


def _days(known: Sequence[date], window: Period) -> Iterator[date]:
    """The days themselves; every month up to the window's last where all are firsts of months."""
    if not known or any(day.day != 1 for day in known):
        yield from known
        return
    month = known[0]
    while month < window.end:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def reaches(days: Sequence[date], window: Period) -> bool:
    """True when the newest day lies in the window's last month: it speaks for the period."""
    newest = max(days, default=None)
    return newest is not None and newest >= window.last_day.replace(day=1)


def caption(value: Value, place: int) -> str:
    """What a value is called, in words: its name (labels may be shared), its label, its place."""
    return spaced(value.name) or value.label.strip() or f"#{place + 1}"


def spaced(name: str) -> str:
    """
    A name of the platform in words.

    >>> spaced("CountNonSimulated")
    'Count non simulated'
    """
    found = _WORD.findall(name)
    said = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in found)
    return said[:1].upper() + said[1:]


def _first(values: Iterable[Value], wanted: Callable[[Value], bool]) -> float | None:
    for value in values:
        if wanted(value):
            return finite(value.number)
    return None


def finite(number: float | None) -> float | None:
    """None for what cannot be a measurement; the platform's numbers are 32-bit integers."""
    plausible = number is not None and abs(number) < _LARGEST
    return number if plausible else None


def month_before(trend: Trend, place: int) -> Past | None:
    """The value of one series in the month before the newest one."""
    values = trend.series[place].values
    return past_month(trend.days, values)


def past_month(days: Sequence[date], values: Sequence[float | None]) -> Past | None:
    """The last but one of these values, where it is known."""
    before = values[-2] if len(values) > 1 else None
    return None if before is None else Past(before, days[-2], edition=False)

"""How a section reads a widget: by name, by label or by place.

Names and labels are English whatever the customer's language.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from reportgen.model import Entry, Period, Value

_LARGEST = 1e12


def by_name(entry: Entry, name: str) -> float | None:
    """The number of the value with this name, compared without case."""
    return _first(entry.values, lambda value: value.name.casefold() == name.casefold())


def by_label(entry: Entry, start: str) -> float | None:
    """The number of the value whose label begins so, compared without case."""
    return _first(entry.values, lambda value: value.label.casefold().startswith(start.casefold()))


def by_place(entry: Entry, place: int) -> float | None:
    """The number at this place, or None when there are fewer."""
    return _finite(entry.values[place].number) if place < len(entry.values) else None


def named(entry: Entry, name: str, place: int) -> float | None:
    """By name; where no value has a name at all, by place."""
    if not any(value.name for value in entry.values):
        return by_place(entry, place)
    return by_name(entry, name)


def fact(entry: Entry, *names: str) -> str:
    """The first of these facts that holds text, compared without case; else empty."""
    folded = {key.casefold(): value for key, value in entry.facts.items()}
    for name in names:
        text = folded.get(name.casefold())
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""


def months(entries: Iterable[Entry], window: Period) -> tuple[Entry, ...]:
    """The dated entries inside the window, oldest first; of two for one day the later one."""
    inside = {
        entry.day: entry
        for entry in entries
        if entry.day is not None and window.start <= entry.day < window.end
    }
    return tuple(inside[day] for day in sorted(inside))


def reaches(days: Sequence[date], window: Period) -> bool:
    """True when the newest day lies in the window's last month: it speaks for the period."""
    newest = max(days, default=None)
    return newest is not None and newest >= window.last_day.replace(day=1)


def _first(values: Iterable[Value], wanted: Callable[[Value], bool]) -> float | None:
    for value in values:
        if wanted(value):
            return _finite(value.number)
    return None


def _finite(number: float | None) -> float | None:
    """None for what cannot be a measurement; the platform's numbers are 32-bit integers."""
    plausible = number is not None and math.isfinite(number) and abs(number) < _LARGEST
    return number if plausible else None

"""Values without rows or dates, set out as a table: what no other form can show."""

from collections.abc import Iterator, Sequence
from typing import Any

from reportgen.model import Entry
from reportgen.sections.reading import by_place, caption, finite, spaced
from reportgen.views import Table, Words

_ROWS = 12
_COLUMNS = 6
"""More do not fit a page side by side."""

Cells = tuple[tuple[str, str, bool], ...]
"""Heading, text and whether it is a figure, for each cell of one element."""


def listing(entries: Sequence[Entry], words: Words) -> Table | None:
    """One element downwards, several as rows; None where there is nothing to print."""
    found = [cells for entry in entries if (cells := tuple(_cells(entry, words)))]
    if not found:
        return None
    return _downwards(found[0], words) if len(found) == 1 else _across(found)


def _downwards(cells: Cells, words: Words) -> Table:
    rows = tuple((heading, text) for heading, text, _figure in cells)
    return Table(
        (words.text("Measure"), words.text("Value")),
        rows[:_ROWS],
        (False, all(figure for _heading, _text, figure in cells)),
        max(len(rows) - _ROWS, 0),
    )


def _across(found: Sequence[Cells]) -> Table:
    columns = _columns(found)
    texts = [{heading: text for heading, text, _figure in cells} for cells in found]
    rows = tuple(tuple(row.get(heading, "") for heading in columns) for row in texts)
    figures = {heading for cells in found for heading, _text, figure in cells if figure}
    return Table(
        columns,
        rows[:_ROWS],
        tuple(heading in figures for heading in columns),
        max(len(rows) - _ROWS, 0),
    )


def _columns(found: Sequence[Cells]) -> tuple[str, ...]:
    """What tells the elements apart first, then their figures; figures win where room is short."""
    headings = {heading: figure for cells in found for heading, _text, figure in cells}
    facts = [heading for heading, figure in headings.items() if not figure]
    figures = [heading for heading, figure in headings.items() if figure]
    room = max(_COLUMNS - len(figures), 1)
    return (*facts[:room], *figures)[:_COLUMNS]


def _cells(entry: Entry, words: Words) -> Iterator[tuple[str, str, bool]]:
    """Nothing for an element without a single number: it answers no question."""
    figures = tuple(_figures(entry, words))
    if not figures:
        return
    yield from (
        (spaced(key), text, False)
        for key, fact in entry.facts.items()
        if (text := _text(fact, words))
    )
    yield from figures


def _figures(entry: Entry, words: Words) -> Iterator[tuple[str, str, bool]]:
    for place, value in enumerate(entry.values):
        number = by_place(entry, place)
        if number is not None:
            yield caption(value, place), _number(number, words), True


def _text(fact: Any, words: Words) -> str:
    if isinstance(fact, bool):
        return ""
    if isinstance(fact, int | float):
        number = finite(fact)
        return "" if number is None else _number(number, words)
    return fact.strip() if isinstance(fact, str) else ""


def _number(value: float, words: Words) -> str:
    """Decimals only where the platform sent some."""
    return words.number(value, 0 if value == round(value) else 2)

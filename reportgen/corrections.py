"""What a corrected edition prints otherwise than the edition it replaces."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reportgen.views import (
    Change,
    Chapter,
    Correction,
    Exhibit,
    Row,
    SectionState,
    SectionView,
    Words,
)

Pair = tuple[SectionView | None, SectionView | None]
"""What the replaced edition showed of a question, and what is shown now."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """The edition that is replaced, section by section beside the one that replaces it."""

    edition: int
    made_at: datetime
    pairs: tuple[Pair, ...] | None = None
    """None: its figures are no longer on file."""


def correction(
    replaced: Replacement,
    day: date,
    exhibits: tuple[Exhibit, ...],
    titles: Mapping[Chapter, str],
    words: Words,
) -> Correction:
    """
    Which edition is replaced, and every figure that is printed otherwise; each once.

    `day` is when the replaced one was made. Figures are those of the table of all figures, over
    all their months.
    """
    if replaced.pairs is None:
        return Correction(replaced.edition, day, on_file=False)
    found: dict[Change, Chapter] = {}
    for pair in replaced.pairs:
        for change in _changes(*pair, words):
            found.setdefault(change, _chapter(*pair))
    groups = tuple(
        (titles[chapter], tuple(change for change, place in found.items() if place is chapter))
        for chapter in Chapter
    )
    return Correction(
        replaced.edition,
        day,
        groups=tuple(group for group in groups if group[1]),
        exhibits=_redrawn(replaced.pairs, exhibits),
    )


def _chapter(then: SectionView | None, now: SectionView | None) -> Chapter:
    view = now or then
    return view.chapter if view else Chapter.OTHER


def _redrawn(pairs: tuple[Pair, ...], exhibits: tuple[Exhibit, ...]) -> tuple[int, ...]:
    """The exhibits that were there before and showed other values."""
    changed = [now for then, now in pairs if then and now and then.data not in (None, now.data)]
    return tuple(one.number for one in exhibits if any(one.view is view for view in changed))


# ---- one section ---------------------------------------------------------------------------


def _changes(then: SectionView | None, now: SectionView | None, words: Words) -> Iterator[Change]:
    before, after = _rows(then), _rows(now)
    if not before and not after:
        yield from _come_or_gone(then, now, words)
    for place, row in (before | after).items():
        if place in before and place in after:
            yield from _by_month(before[place], row, _months(then, now), words)
        else:
            yield _alone(row, words, shown_now=place in after)


def _rows(view: SectionView | None) -> dict[tuple[str, int], Row]:
    """By label; the so many-th of those that are called alike."""
    met: Counter[str] = Counter()
    found = {}
    for row in view.rows if view else ():
        found[row.label, met[row.label]] = row
        met[row.label] += 1
    return found


def _come_or_gone(
    then: SectionView | None, now: SectionView | None, words: Words
) -> Iterator[Change]:
    """An exhibit without a figure in the table of all figures."""
    before, after = _is_shown(then), _is_shown(now)
    view = now or then
    if view and before != after:
        yield Change(view.name, None, _shown(words, shown=before), _shown(words, shown=after))


def _is_shown(view: SectionView | None) -> bool:
    return view is not None and view.state is SectionState.SHOWN


def _shown(words: Words, *, shown: bool) -> str:
    return words.text("shown") if shown else words.text("not shown")


def _alone(row: Row, words: Words, *, shown_now: bool) -> Change:
    """A measure that only one of the two editions has, by its newest value."""
    month = max(row.values, default=None)
    value = words.text("shown") if month is None else words.amount(row.values[month], row.unit)
    missing = words.text("not shown")
    if shown_now:
        return Change(row.label, month, missing, value)
    return Change(row.label, month, value, missing)


def _months(then: SectionView | None, now: SectionView | None) -> tuple[date, date]:
    """The first and the last day that both look at: what lies outside is no change."""
    windows = [view.window for view in (then, now) if view]
    first = max(window.start for window in windows).replace(day=1)
    return first, min(window.last_day for window in windows)


def _by_month(before: Row, after: Row, both: tuple[date, date], words: Words) -> Iterator[Change]:
    for month in sorted({*before.values, *after.values}):
        inside = both[0] <= month <= both[1]
        if inside or (month in before.values and month in after.values):
            then, now = _printed(before, month, words), _printed(after, month, words)
            if then != now:
                yield Change(after.label, month, then, now)


def _printed(row: Row, month: date, words: Words) -> str:
    value = row.values.get(month)
    return words.text("not shown") if value is None else words.amount(value, row.unit)

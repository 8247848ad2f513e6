"""The order of a document: sections become numbered chapters and exhibits.

Sections keep the order the report lists them in, inside the chapter their kind belongs to. What
has no figures leaves its chapter for the one that says why.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from reportgen.model import Period
from reportgen.views import (
    Chapter,
    ChapterView,
    Exhibit,
    FigureTable,
    Measure,
    Row,
    SectionState,
    SectionView,
    Sentence,
    Width,
    Words,
)

_LEAD = 3
"""Sentences in the opening of a chapter."""
_MONTHS = 3
"""Months in the table of all figures."""


def titles(words: Words) -> dict[Chapter, str]:
    """What the chapters are called."""
    return {
        Chapter.PHISHING: words.text("Phishing resilience"),
        Chapter.REPORTING: words.text("Reporting behaviour"),
        Chapter.TRAINING: words.text("Training"),
        Chapter.CULTURE: words.text("Security culture"),
        Chapter.PEOPLE: words.text("People and departments at risk"),
        Chapter.OTHER: words.text("Further measures"),
    }


def chapters(views: Sequence[SectionView], words: Words) -> tuple[ChapterView, ...]:
    """The chapters that have sections, numbered; exhibits are numbered through the document."""
    known, number = titles(words), 0
    found: list[ChapterView] = []
    for chapter in Chapter:
        inside = [view for view in views if view.chapter is chapter]
        if not inside:
            continue
        shown = [view for view in inside if view.state is SectionState.SHOWN]
        rows = _rows(shown, number)
        number += len(shown)
        found.append(ChapterView(len(found) + 1, chapter, known[chapter], _lead(shown), rows))
    return tuple(found)


def missing(views: Iterable[SectionView]) -> tuple[SectionView, ...]:
    """The sections without figures."""
    return tuple(view for view in views if view.state is not SectionState.SHOWN)


def exhibits(found: Iterable[ChapterView]) -> tuple[Exhibit, ...]:
    """All of them, in reading order."""
    return tuple(exhibit for chapter in found for row in chapter.rows for exhibit in row)


def _lead(shown: Sequence[SectionView]) -> tuple[Sentence, ...]:
    """The first words of each section, each sentence once."""
    first = [sentence for view in shown for sentence in view.lead[:1]]
    rest = [sentence for view in shown for sentence in view.lead[1:]]
    once = {sentence.text: sentence for sentence in (*first, *rest)}
    return tuple(once.values())[:_LEAD]


def _rows(shown: Sequence[SectionView], before: int) -> tuple[tuple[Exhibit, ...], ...]:
    """Halves that follow each other share a row."""
    rows: list[tuple[Exhibit, ...]] = []
    for number, view in enumerate(_paired(shown), before + 1):
        exhibit = Exhibit(number, view)
        last = rows[-1] if rows else ()
        if view.width is Width.HALF and len(last) == 1 and last[0].view.width is Width.HALF:
            rows[-1] = (*last, exhibit)
        else:
            rows.append((exhibit,))
    return tuple(rows)


def _paired(shown: Sequence[SectionView]) -> Iterator[SectionView]:
    """In order, but a half is followed by the next half, so that few of them stand alone."""
    rest = list(shown)
    while rest:
        view = rest.pop(0)
        yield view
        if view.width is Width.HALF:
            partner = next((one for one in rest if one.width is Width.HALF), None)
            if partner is not None:
                rest.remove(partner)
                yield partner


# ---- the appendices ------------------------------------------------------------------------


def measures(found: Iterable[Exhibit]) -> tuple[tuple[Measure, tuple[int, ...]], ...]:
    """Each definition once, with the exhibits that show it."""
    numbers: dict[Measure, list[int]] = {}
    for exhibit in found:
        for measure in exhibit.view.measures:
            numbers.setdefault(measure, []).append(exhibit.number)
    return tuple((measure, tuple(places)) for measure, places in numbers.items())


def figure_table(found: Iterable[ChapterView], period: Period) -> FigureTable:
    """Every figure by month, the newest ones last; a group for each chapter."""
    months = tuple(reversed(tuple(_months_back(period))))
    seen: set[tuple[object, ...]] = set()
    groups = tuple(
        (chapter.title, tuple(_distinct_rows(chapter, months, seen)))
        for chapter in found
        if chapter.rows
    )
    return FigureTable(months, tuple(group for group in groups if group[1]))


def _distinct_rows(
    chapter: ChapterView, months: Sequence[date], seen: set[tuple[object, ...]]
) -> Iterator[Row]:
    """A figure that two exhibits show alike is listed once."""
    for exhibit in exhibits((chapter,)):
        for row in exhibit.view.rows:
            printed = (row.label, *(row.values.get(month) for month in months))
            if printed not in seen:
                seen.add(printed)
                yield row


def _months_back(period: Period) -> Iterator[date]:
    month = period.last_day.replace(day=1)
    for _ in range(_MONTHS):
        yield month
        month = (month - timedelta(days=1)).replace(day=1)

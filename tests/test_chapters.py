"""The order of a document: chapters, numbers, pairs of halves, and the appendices."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reportgen import chapters
from reportgen.language import words
from reportgen.model import Period
from reportgen.views import (
    Chapter,
    Exhibit,
    Measure,
    Row,
    SectionState,
    SectionView,
    Sentence,
    Width,
)
from tests.sample_pages import recorded

ENGLISH = words("en")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
STATES = tuple(SectionState)


def view(
    name: str,
    chapter: Chapter = Chapter.PHISHING,
    width: Width = Width.FULL,
    state: SectionState = SectionState.SHOWN,
    **fields: Any,
) -> SectionView:
    return SectionView("kind", name, NOVEMBER, state, chapter, width, **fields)


def half(name: str) -> SectionView:
    return view(name, width=Width.HALF)


def names(*views: SectionView) -> list[list[list[str]]]:
    """Names of exhibits by chapter and row."""
    found = chapters.chapters(views, ENGLISH)
    return [[[one.view.name for one in row] for row in chapter.rows] for chapter in found]


# ---- order ---------------------------------------------------------------------------------


def test_chapters_follow_the_reading_order_and_sections_their_own() -> None:
    found = chapters.chapters(
        [view("p", Chapter.PEOPLE), view("b"), view("c", Chapter.TRAINING), view("a")], ENGLISH
    )
    assert [(one.number, one.title) for one in found] == [
        (1, "Phishing resilience"),
        (2, "Training"),
        (3, "People and departments at risk"),
    ]
    assert [(one.number, one.view.name) for one in chapters.exhibits(found)] == [
        (1, "b"), (2, "a"), (3, "c"), (4, "p"),
    ]  # fmt: skip


def test_two_halves_share_a_row_even_when_something_stands_between_them() -> None:
    assert names(half("a"), view("b"), half("c"), half("d")) == [[["a", "c"], ["b"], ["d"]]]


def test_a_half_alone_has_a_row_alone() -> None:
    assert names(half("a"), view("b")) == [[["a"], ["b"]]]


def test_what_has_no_figures_leaves_its_chapter_and_the_chapter_stays() -> None:
    gone = view("gone", Chapter.CULTURE, state=SectionState.NOT_LICENSED)
    found = chapters.chapters([gone, view("a")], ENGLISH)
    assert [(one.chapter, len(one.rows)) for one in found] == [
        (Chapter.PHISHING, 1),
        (Chapter.CULTURE, 0),
    ]
    assert chapters.missing([gone, view("a")]) == (gone,)


def test_a_chapter_opens_with_the_first_words_of_each_section() -> None:
    said = {name: tuple(Sentence(f"{name}{place}") for place in (1, 2)) for name in "ab"}
    (chapter,) = chapters.chapters([view(name, lead=said[name]) for name in "ab"], ENGLISH)
    assert [one.text for one in chapter.lead] == ["a1", "b1", "a2"]
    twice = [view("a", lead=said["a"][:1]), view("b", lead=said["a"][:1])]
    assert len(chapters.chapters(twice, ENGLISH)[0].lead) == 1


@given(
    st.lists(
        st.builds(
            view,
            st.text(max_size=3),
            st.sampled_from(tuple(Chapter)),
            st.sampled_from(tuple(Width)),
            st.sampled_from(STATES),
        ),
        max_size=12,
    )
)
def test_every_section_stands_exactly_once(views: list[SectionView]) -> None:
    found = chapters.chapters(views, ENGLISH)
    shown = [one.view for one in chapters.exhibits(found)]
    assert sorted(map(id, (*shown, *chapters.missing(views)))) == sorted(map(id, views))
    assert [one.number for one in chapters.exhibits(found)] == list(range(1, len(shown) + 1))
    for chapter in found:
        for row in chapter.rows:
            assert len(row) == 1 or {one.view.width for one in row} == {Width.HALF}
        alone = [row for row in chapter.rows if [one.view.width for one in row] == [Width.HALF]]
        assert len(alone) <= 1


# ---- appendices ----------------------------------------------------------------------------


def test_a_definition_stands_once_with_the_exhibits_that_use_it() -> None:
    risk, rate = (Measure(name, "a / b", "%", "lower") for name in ("Risk", "Rate"))
    found = [Exhibit(1, view("a", measures=(risk,))), Exhibit(2, view("b", measures=(rate, risk)))]
    assert chapters.measures(found) == ((risk, (1, 2)), (rate, (2,)))


def test_the_table_has_three_months_and_each_figure_once() -> None:
    november, july = date(2026, 11, 1), date(2026, 7, 1)
    first = Row("Risk", "percent", {november: 11, july: 40})
    same, other = Row("Risk", "percent", {november: 11}), Row("Risk", "percent", {november: 12})
    found = chapters.chapters([view("a", rows=(first,)), view("b", rows=(same, other))], ENGLISH)
    table = chapters.figure_table(found, NOVEMBER)
    assert table.months == (date(2026, 9, 1), date(2026, 10, 1), november)
    assert table.groups == (("Phishing resilience", (first, other)),)


def test_a_chapter_without_rows_is_not_in_the_table() -> None:
    found = chapters.chapters([view("a", state=SectionState.NO_DATA), view("b")], ENGLISH)
    assert chapters.figure_table(found, NOVEMBER).groups == ()


def test_the_samples_fill_six_chapters_of_nineteen_exhibits() -> None:
    page = recorded()
    assert [len(chapters.exhibits((one,))) for one in page.chapters] == [5, 4, 3, 1, 4, 2]
    assert [[one.number for one in row] for row in page.chapters[0].rows] == [
        [1], [2], [3, 4], [5],
    ]  # fmt: skip
    assert page.table.months[-1] == date(2026, 11, 1)
    risk = page.table.groups[0][1][0]
    assert (risk.label, list(risk.values.values())) == ("Phishing risk score", [24, 17, 11])

"""Laws every form of chart keeps, whatever the figures."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language import available
from reportgen.rendering import charts
from reportgen.rendering.charts import Style
from reportgen.rendering.drawing import Box, Dot, Drawing, Line, Mark, Path, Text
from reportgen.rendering.lettering import text_width
from reportgen.views import (
    Band,
    Bucket,
    Campaign,
    Campaigns,
    Crowd,
    Culture,
    FailureTimes,
    Histogram,
    Level,
    Outcome,
    Outcomes,
    Part,
    Parts,
    Peer,
    Rank,
    Ranking,
    Reaction,
    Reactions,
    Role,
    Series,
    Survey,
    Trend,
    Unit,
)
from tests.sample_charts import CAMPAIGNS, COVERAGE, DEPARTMENTS, FORMS, REPEATED, days, style

_SLACK = 3.2
"""Points a mark may stand out of its drawing: half a triangle, the end of a line."""
_SMALLEST = 7.2

names = st.sampled_from(
    [
        "Finance",
        "Donaudampfschifffahrtsgesellschaft",
        "شركة النخيل",
        "株式会社さくら",
        "W" * 60,
        "x",
    ]
)
shares = st.sampled_from([0, 0.4, 1, 7, 33.4, 50, 99.6, 100, 102])
counts = st.integers(0, 20_000)
scores = st.none() | st.sampled_from([0.0, 1.0, 11.0, 44.0, 100.0, 250.0])
minutes = st.sampled_from([0.0, 0.5, 3.0, 38.0, 61.0, 600.0])
looks = st.sampled_from([style(code) for code in available()])


def trends(
    *roles: Role, unit: Unit = "percent", most: int = 24, values: st.SearchStrategy[float | None]
) -> st.SearchStrategy[Trend]:
    def of(count: int) -> st.SearchStrategy[Trend]:
        rows = st.lists(values, min_size=count, max_size=count).map(tuple)
        series = [st.builds(Series, names, st.just(role), rows) for role in roles]
        return st.builds(
            Trend, st.just(days(count)), st.tuples(*series), st.just(unit), st.just(False)
        )

    return st.integers(1, most).flatmap(of)


def boxes(mark: Mark) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a mark."""
    match mark:
        case Line():
            xs, ys = (mark.x1, mark.x2), (mark.y1, mark.y2)
            return min(xs), min(ys), max(xs), max(ys)
        case Path():
            xs_, ys_ = zip(*mark.points, strict=True)
            return min(xs_), min(ys_), max(xs_), max(ys_)
        case Box():
            return mark.x, mark.y, mark.x + max(mark.width, 0), mark.y + max(mark.height, 0)
        case Dot():
            return mark.x, mark.y, mark.x, mark.y
        case Text():
            wide = text_width(mark.text, mark.size, bold=mark.bold)
            left = {"start": mark.x, "middle": mark.x - wide / 2, "end": mark.x - wide}[mark.anchor]
            return left, mark.y - mark.size * 0.7, left + wide, mark.y


def assert_lawful(drawing: Drawing) -> None:
    """Nothing leaves the drawing, no two labels touch, all can be read, and the words are there."""
    for mark in drawing.marks:
        left, top, right, bottom = boxes(mark)
        assert -_SLACK <= left <= right <= drawing.width + _SLACK, mark
        assert -_SLACK <= top <= bottom <= drawing.height + _SLACK, mark
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    assert all(mark.size >= _SMALLEST for mark in texts)
    for one, other in combinations(texts, 2):
        assert not _touch(boxes(one), boxes(other)), (one, other)
    assert drawing.alternative or not drawing.marks


def _touch(one: Sequence[float], other: Sequence[float]) -> bool:
    beside = one[2] <= other[0] + 0.5 or other[2] <= one[0] + 0.5
    above = one[3] <= other[1] + 0.5 or other[3] <= one[1] + 0.5
    return not (beside or above)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", available())
def test_ordinary_figures_are_drawn_lawfully(form: str, language: str) -> None:
    drawing = FORMS[form](style(language))
    assert drawing is not None
    assert_lawful(drawing)


@given(
    trends("company", "industry", "all_industries", values=scores),
    looks,
    st.sampled_from([316.0, 482.0]),
)
def test_lines(trend: Trend, look: Style, width: float) -> None:
    assert_lawful(charts.trend_lines(trend, look, width))


@given(trends("company", "industry", values=scores), looks)
def test_impact_columns(trend: Trend, look: Style) -> None:
    assert_lawful(charts.impact_columns(trend, look))


@given(trends("part", "part", "part", most=12, values=st.none() | shares), looks)
def test_share_bars(trend: Trend, look: Style) -> None:
    assert_lawful(charts.share_bars(trend, look))


@given(trends("sent", "risky", "reported", unit="count", most=6, values=st.none() | counts), looks)
def test_activity_bars(trend: Trend, look: Style) -> None:
    assert_lawful(charts.activity_bars(trend, look))


@given(trends("completed", "open", unit="count", most=6, values=st.none() | counts), looks)
def test_enrolment_columns(trend: Trend, look: Style) -> None:
    assert_lawful(charts.enrolment_columns(trend, look))


@given(
    trends("part", "part", "part", "part", "part", unit="count", most=12,
           values=st.none() | counts), looks
)  # fmt: skip
def test_small_multiples(trend: Trend, look: Style) -> None:
    assert_lawful(charts.small_multiples(trend, look))


@given(st.lists(st.builds(Reaction, names, minutes, st.none() | minutes), max_size=12), looks)
def test_dumbbells(rows: list[Reaction], look: Style) -> None:
    sound = [row for row in rows if row.quickest is None or row.quickest <= row.median]
    assert_lawful(charts.dumbbells(Reactions(tuple(sound)), look))


@given(st.lists(st.sampled_from([5.0, 10.0, 15.0, 60.0, 240.0]), min_size=1, max_size=16),
       st.data(), looks)  # fmt: skip
def test_histogram(lengths: list[float], data: st.DataObject, look: Style) -> None:
    start, buckets = 0.0, []
    for length in lengths:
        buckets.append(Bucket(start, start + length, (data.draw(shares),)))
        start += length
    if data.draw(st.booleans()):
        buckets[-1] = Bucket(buckets[-1].start, None, buckets[-1].values)
    median = data.draw(st.none() | st.floats(0, start))
    assert_lawful(charts.histogram(Histogram(tuple(buckets), median), look))


@given(st.integers(1, 16), st.data(), looks)
def test_failure_times(count: int, data: st.DataObject, look: Style) -> None:
    step = data.draw(st.sampled_from([1.0, 10.0, 60.0]))
    buckets = tuple(
        Bucket(step * place, step * (place + 1), (data.draw(counts), data.draw(counts)))
        for place in range(count)
    )
    peers = st.builds(Peer, names, minutes, st.none() | minutes, names, st.just("worse"))
    found = FailureTimes(buckets, ("Clicked a link", "Submitted data"),
                         tuple(data.draw(st.lists(peers, max_size=2))))  # fmt: skip
    assert_lawful(charts.failure_times(found, look))


@given(
    st.floats(0, 5), st.none() | st.floats(0, 5), st.none() | st.floats(0, 5), names,
    st.lists(st.builds(Survey, names, st.floats(0, 5), counts), max_size=8), looks,
)  # fmt: skip
def test_culture_scale(
    score: float, benchmark: float | None, previous: float | None, company: str,
    surveys: list[Survey], look: Style,
) -> None:  # fmt: skip
    bands = tuple(Band(float(place), place + 1.0, "Needs improvement") for place in range(5))
    culture = Culture(
        score, bands, min(int(score), 4), company, benchmark, "Industry", previous, tuple(surveys)
    )
    assert_lawful(charts.culture_scale(culture, look))


@given(st.lists(st.builds(Outcome, names, shares, counts, st.booleans()), max_size=6), looks)
def test_outcome_bars(rows: list[Outcome], look: Style) -> None:
    assert_lawful(charts.outcome_bars(Outcomes(tuple(rows), 1), look))


@given(st.lists(st.builds(Part, names, shares, st.none() | counts), min_size=1, max_size=3),
       st.none() | shares, looks)  # fmt: skip
def test_stacked_bar(parts: list[Part], target: float | None, look: Style) -> None:
    assert_lawful(charts.stacked_bar(Parts(tuple(parts), target), look))


@given(
    shares, st.none() | shares, st.sampled_from(["target", "ceiling"]), st.none() | shares, looks
)
def test_bullet(value: float, goal: float | None, kind: str, before: float | None, look: Style
                ) -> None:  # fmt: skip
    level = Level(value, "percent", goal, kind, before, "Oct edition")  # type: ignore[arg-type]
    assert_lawful(charts.bullet(level, look))


@given(st.integers(0, 100_000), st.floats(0, 1), st.sampled_from(["bad", "missing"]))
def test_people_dots(total: int, share: float, kind: str) -> None:
    crowd = Crowd(total, round(total * share), "Marked", "Others", kind)  # type: ignore[arg-type]
    drawing = charts.people_dots(crowd, style())
    assert_lawful(drawing)
    size = charts.dot_stands_for(total)
    assert len(drawing.marks) == -(-total // size) <= 600
    if crowd.marked:
        hollow = sum(isinstance(mark, Dot) and mark.fill == "#FFFFFF" for mark in drawing.marks)
        marked = hollow if kind == "missing" else len(drawing.marks) - hollow
        assert marked == min(-(-crowd.marked // size), len(drawing.marks)) >= 1


@given(st.floats(0, 250), st.floats(0, 250), st.none() | st.floats(0, 100))
def test_bars_of_a_table_share_one_scale_and_one_line(
    one: float, other: float, line: float | None
) -> None:
    ranking = Ranking((Rank("a", one), Rank("b", other)), "percent", average=line)
    drawings = [charts.rank_bar(value, ranking, style()) for value in (one, other)]
    ends = [max(mark.x + mark.width for mark in each.marks if isinstance(mark, Box))
            for each in drawings]  # fmt: skip
    assert ends[0] * other == pytest.approx(ends[1] * one, abs=2 + 1.6 * max(one, other))
    lines = [
        [mark.x1 for mark in each.marks if isinstance(mark, Line) and mark.width == 1.1]
        for each in drawings
    ]
    assert lines[0] == lines[1]
    assert bool(lines[0]) == (line is not None)
    for each in drawings:
        assert_lawful(each)


def test_what_a_form_says_in_words_holds_its_figures() -> None:
    look = style()
    told: dict[str, tuple[str, ...]] = {
        "lines": ("November 2026 11%", "December 2025 44%", "19%"),
        "shares": ("19%", "79%"),
        "bullet": ("10%", "Ceiling 5%", "Oct edition 12%"),
        "culture": ("3.43", "Industry 3.25"),
        "failures": ("19 min", "22 min industry", "52 + 14"),
        "spread": ("Median 38 min", "120+: 4%"),
        "coverage": ("Not tested: 15", "Tested: 465"),
        "outcomes": ("Phishing: 61, 10%",),
    }
    for form, figures in told.items():
        drawing = FORMS[form](look)
        assert drawing is not None
        for figure in figures:
            assert figure in drawing.alternative, (form, figure)


def test_one_dot_is_one_person_up_to_six_hundred() -> None:
    assert [charts.dot_stands_for(total) for total in (0, 1, 600, 601, 3000, 3001, 20_000)] == [
        1, 1, 1, 5, 5, 10, 50,
    ]  # fmt: skip


@pytest.mark.parametrize("crowd", [REPEATED, COVERAGE])
def test_as_many_dots_as_people(crowd: Crowd) -> None:
    drawing = charts.people_dots(crowd, style())
    assert len(drawing.marks) == crowd.total


def test_a_label_never_crosses_the_line_of_the_table() -> None:
    """Beyond the line, or inside the bar; never across."""
    look = style()
    rows: list[tuple[Callable[[], Drawing], float]] = [
        (lambda: charts.rank_bar(19, DEPARTMENTS, look), 21),
        (lambda: charts.campaign_bar(Campaign("c", "Email", 18), CAMPAIGNS, look), 19),
        (lambda: charts.campaign_bar(Campaign("c", "Email", 2), Campaigns((), 3), look), 3),
    ]
    for draw, _line in rows:
        drawing = draw()
        at = next(mark.x1 for mark in drawing.marks if isinstance(mark, Line) and mark.width == 1.1)
        left, _, right, _ = boxes(next(m for m in drawing.marks if isinstance(m, Text)))
        assert right < at or left > at


def test_one_month_is_a_value_without_a_line() -> None:
    trend = Trend((date(2026, 11, 1),), (Series("Company", "company", (11,)),), "percent")
    drawing = charts.trend_lines(trend, style())
    assert not [mark for mark in drawing.marks if isinstance(mark, Path)]
    assert any(isinstance(mark, Text) and mark.text == "11%" for mark in drawing.marks)


def test_a_line_never_bridges_a_month_that_was_not_measured() -> None:
    trend = Trend(days(4), (Series("C", "company", (44, None, 30, 20)),), "percent")
    drawing = charts.trend_lines(trend, style())
    paths = [mark for mark in drawing.marks if isinstance(mark, Path)]
    assert [len(path.points) for path in paths] == [2]

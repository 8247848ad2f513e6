"""Judgements follow their formulas, worked out from what is printed."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import judging
from reportgen.language import words
from reportgen.views import Better, Figure, Goal, Past, Phrases, Reader, Status, Unit

ENGLISH = words("en")
OCTOBER = date(2026, 10, 1)
PHRASES = Phrases(
    better="better: {change}",
    worse="worse: {change}",
    unchanged="unchanged: {value}",
    over="At {value}, it is over.",
)


def reader(**wishes: Any) -> Reader:
    return Reader(ENGLISH, **wishes)


def figure(
    value: float,
    before: float | None = None,
    *,
    better: Better = "lower",
    unit: Unit = "percent",
    goal: Goal | None = None,
    **fields: Any,
) -> Figure:
    """A figure judged against the month before."""
    made = Figure("metric", "Label", value, unit, better, goal=goal, phrases=PHRASES, **fields)
    past = None if before is None else Past(before, OCTOBER, edition=False)
    return judging.judged(made, reader(), past)


# ---- change --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "before", "better", "judgement", "amount"),
    [
        (11, 17, "lower", "better", -6),
        (17, 11, "lower", "worse", 6),
        (24, 21, "higher", "better", 3),
        (21, 24, "higher", "worse", -3),
        (21, 21.4, "higher", "unchanged", 0),
        (21, 21.6, "higher", "worse", -1),
        (11.4, 17.6, "lower", "better", -7),
        (50, 10, "neither", "neither", 40),
    ],
)
def test_a_change_is_judged_by_the_direction_of_its_metric(
    value: float, before: float, better: Better, judgement: str, amount: float
) -> None:
    made = figure(value, before, better=better)
    assert made.delta is not None
    assert (made.delta.judgement, made.delta.amount) == (judgement, amount)
    assert (made.previous, made.previous_day, made.previous_edition) == (before, OCTOBER, False)


@pytest.mark.parametrize(
    ("value", "before", "unit", "smallest", "judgement"),
    [
        (38, 40, "minutes", 2, "better"),
        (38, 39, "minutes", 2, "unchanged"),
        (3.43, 3.48, "score", 0.05, "better"),
        (3.43, 3.47, "score", 0.05, "unchanged"),
        (3.434, 3.476, "score", 0.05, "better"),
    ],
)
def test_only_a_change_that_counts_is_judged(
    value: float, before: float, unit: Unit, smallest: float, judgement: str
) -> None:
    made = figure(value, before, unit=unit, smallest=smallest)
    assert made.delta is not None
    assert made.delta.judgement == judgement


def test_the_month_before_is_taken_before_the_earlier_edition() -> None:
    bare = Figure("metric", "Label", 11, "percent", "lower")
    known = reader(earlier={"metric": Past(30, date(2026, 9, 30))})
    own = judging.judged(bare, known, Past(17, OCTOBER, edition=False))
    edition = judging.judged(bare, known)
    assert [(one.previous, one.previous_edition) for one in (own, edition)] == [
        (17, False),
        (30, True),
    ]


@pytest.mark.parametrize(
    ("people", "before", "compared"),
    [(100, 100, True), (133, 100, True), (134, 100, False), (66, 100, False), (100, None, True),
     (None, 100, True), (0, 100, True)],
)  # fmt: skip
def test_very_different_numbers_of_people_are_not_compared(
    people: int | None, before: int | None, compared: bool
) -> None:
    bare = Figure("metric", "Label", 11, "percent", "lower", people=people)
    made = judging.judged(bare, reader(), Past(17, OCTOBER, before))
    assert (made.delta is not None) is compared
    assert bool(made.withheld) is not compared


def test_an_edition_with_another_definition_is_not_compared_and_its_month_before_is() -> None:
    bare = Figure("metric", "Label", 11, "percent", "lower")
    drifted = reader(earlier={"metric": Past(30, OCTOBER)}, drifted=True)
    assert judging.judged(bare, drifted).delta is None
    assert judging.judged(bare, drifted, Past(17, OCTOBER, edition=False)).previous == 17


# ---- goal and status -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "goal", "better", "unit", "gap"),
    [
        (65, 80, "higher", "percent", 15),
        (10, 5, "lower", "percent", 5),
        (11, 18, "lower", "percent", -7),
        (64.6, 80.4, "higher", "percent", 15),
        (3.43, 3.25, "higher", "score", -0.18),
    ],
)
def test_a_gap_is_the_distance_in_the_bad_direction(
    value: float, goal: float, better: Better, unit: Unit, gap: float
) -> None:
    made = judging.goal("target", goal, value, better, unit)
    assert made == Goal("target", goal, gap)


@pytest.mark.parametrize("value", [None, -1])
def test_there_is_no_goal_below_nought(value: float | None) -> None:
    assert judging.goal("industry", value, 10, "lower", "percent") is None


@pytest.mark.parametrize(("better", "kind"), [("lower", "ceiling"), ("higher", "target")])
def test_a_customers_own_goal_comes_first(better: Better, kind: str) -> None:
    bare = Figure("metric", "L", 10, "percent", better, goal=Goal("industry", 20, -10))
    made = judging.judged(bare, reader(targets={"metric": 10}))
    assert made.goal is not None
    assert (made.goal.kind, made.goal.value, made.goal.gap) == (kind, 10, 0)


@pytest.mark.parametrize(
    ("gap", "before", "status"),
    [
        (-1, None, Status.ON_TRACK),
        (0, 50, Status.ON_TRACK),
        (0, 80, Status.WATCH),
        (1, 50, Status.WATCH),
        (39, None, Status.WATCH),
        (40, None, Status.ACT_NOW),
    ],
)
def test_a_status_weighs_the_miss_against_the_goal(
    gap: float, before: float | None, status: Status
) -> None:
    made = figure(60, before, better="higher", goal=Goal("target", 80, gap))
    assert made.status is status


def test_without_a_goal_the_change_decides_and_without_both_nothing_does() -> None:
    found = [figure(20, before).status for before in (None, 25, 20, 15)]
    assert found == [Status.NONE, Status.ON_TRACK, Status.ON_TRACK, Status.WATCH]


def test_a_goal_of_nought_is_missed_wholly_by_anything() -> None:
    assert figure(1, goal=Goal("ceiling", 0, 1)).status is Status.ACT_NOW
    assert figure(0, goal=Goal("ceiling", 0, 0)).status is Status.ON_TRACK


# ---- in words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (figure(11, 17), "better: 6 pts"),
        (figure(17, 11), "worse: 6 pts"),
        (figure(11, 11), "unchanged: 11%"),
        (figure(11), "Label: 11%."),
        (figure(11, goal=Goal("ceiling", 5, 6)), "At 11%, it is over."),
        (figure(11, goal=Goal("ceiling", 15, -4)), "Label: 11%."),
    ],
)
def test_the_change_is_said_first_and_a_missed_goal_without_one(made: Figure, text: str) -> None:
    assert judging.said(ENGLISH, made).text == text


@pytest.mark.parametrize(
    ("kind", "value", "goal", "better", "text"),
    [
        ("ceiling", 12, 5, "lower", "12% is 7 pts over the ceiling of 5%."),
        ("ceiling", 5, 5, "lower", "5% is within the ceiling of 5%."),
        ("target", 65, 80, "higher", "65% is 15 pts short of the target of 80%."),
        ("target", 80, 80, "higher", "80% meets the target of 80%."),
        ("industry", 11, 19, "lower", "The industry average is 8 pts higher, at 19%."),
        ("industry", 20, 19, "lower", "The industry average is 1 pt lower, at 19%."),
        ("industry", 30, 19, "higher", "The industry average is 11 pts lower, at 19%."),
        ("industry", 10, 19, "higher", "The industry average is 9 pts higher, at 19%."),
        ("industry", 19, 19, "lower", "The industry average is the same, 19%."),
        ("all_industries", 20, 19, "lower", "The average of all industries is 1 pt lower, at 19%."),
        ("all_industries", 19.4, 19, "lower", "The average of all industries is the same, 19%."),
        ("average", 31, 26, "lower", "The average is 5 pts lower, at 26%."),
    ],
)
def test_the_words_fit_the_kind_of_goal(
    kind: judging.GoalKind, value: float, goal: float, better: Better, text: str
) -> None:
    aim = judging.goal(kind, goal, value, better, "percent")
    (said,) = judging.against_goal(ENGLISH, figure(value, better=better, goal=aim))
    assert said.text == text


def test_without_a_goal_there_is_nothing_to_say_of_one() -> None:
    assert list(judging.against_goal(ENGLISH, figure(11))) == []


# ---- laws ----------------------------------------------------------------------------------

shares = st.floats(0, 200) | st.integers(0, 200).map(float)


@given(shares, shares, st.none() | shares, st.sampled_from(["lower", "higher"]))
def test_print_and_judgement_agree(
    value: float, before: float, goal: float | None, better: Better
) -> None:
    made = figure(
        value, before, better=better, goal=judging.goal("target", goal, value, better, "percent")
    )
    now, then = (int(ENGLISH.percent(one).rstrip("%")) for one in (value, before))
    assert made.delta is not None
    assert made.delta.amount == now - then
    assert (made.delta.judgement == "unchanged") == (now == then)
    if made.goal:
        aim = int(ENGLISH.percent(made.goal.value).rstrip("%"))
        assert abs(made.goal.gap) == abs(now - aim)
        missed = (now < aim) if better == "higher" else (now > aim)
        assert (made.status in (Status.WATCH, Status.ACT_NOW)) == (
            missed or made.delta.judgement == "worse"
        )


@given(st.floats(0, 5), st.floats(0, 5))
def test_hundredths_of_a_score_add_up_as_printed(one: float, two: float) -> None:
    printed = [round(float(ENGLISH.number(value, 2)) * 100) for value in (one, two)]
    assert round(judging.difference(one, two, "score") * 100) == printed[0] - printed[1]

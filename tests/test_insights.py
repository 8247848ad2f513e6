"""Judgements follow their formulas; sentences say nothing the figures do not."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import insights
from reportgen.language import available, words
from reportgen.model import Period
from reportgen.views import Delta, Figure, Goal, Status

ENGLISH = words("en")
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = date(2026, 9, 1)
METRICS = ("risk_score", "report_rate", "repeat_offenders", "training_completion")


def figure(metric: str, value: float, **fields: Any) -> Figure:
    higher = metric in ("report_rate", "training_completion")
    known = {"better": "higher" if higher else "lower", **fields}
    return insights.judged(Figure(metric, metric.replace("_", " "), value, "percent", **known))


def target(value: float, gap: float) -> Goal:
    return Goal("target", value, gap)


# ---- judgement -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "previous", "better", "judgement"),
    [
        (11, 17, "lower", "better"),
        (17, 11, "lower", "worse"),
        (24, 21, "higher", "better"),
        (21, 24, "higher", "worse"),
        (21, 21.9, "higher", "unchanged"),
        (21, 22, "higher", "worse"),
        (50, 10, "neither", "neither"),
    ],
)
def test_a_change_is_judged_by_the_direction_of_its_metric(
    value: float, previous: float, better: str, judgement: str
) -> None:
    made = figure("report_rate", value, previous=previous, better=better)
    assert made.delta is not None
    assert made.delta.judgement == judgement
    assert made.delta.amount == pytest.approx(value - previous)


@pytest.mark.parametrize(
    ("gap", "previous", "status"),
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
    gap: float, previous: float | None, status: Status
) -> None:
    made = figure("training_completion", 60, previous=previous, goal=target(80, gap))
    assert made.status is status


def test_without_a_goal_the_change_decides_and_without_both_nothing_does() -> None:
    found = [figure("risk_score", 20, previous=before).status for before in (None, 25, 20, 15)]
    assert found == [Status.NONE, Status.ON_TRACK, Status.ON_TRACK, Status.WATCH]


def test_a_goal_of_nought_is_missed_wholly_by_anything() -> None:
    assert figure("repeat_offenders", 1, goal=Goal("ceiling", 0, 1)).status is Status.ACT_NOW
    assert figure("repeat_offenders", 0, goal=Goal("ceiling", 0, 0)).status is Status.ON_TRACK


# ---- headline ------------------------------------------------------------------------------


def test_a_headline_sets_the_best_news_against_the_worst() -> None:
    good = figure("risk_score", 11, previous=17)
    bad = figure("report_rate", 21, previous=24)
    said = insights.headline((good, bad), ENGLISH, OCTOBER)
    assert said == "Phishing risk has fallen, but fewer people are raising the alarm."
    assert insights.headline((good,), ENGLISH, OCTOBER) == "Phishing risk has fallen."


def test_a_headline_without_figures_is_honest() -> None:
    assert insights.headline((), ENGLISH, OCTOBER) == "No figures are available for October 2026."
    assert insights.findings((), ENGLISH) == ()
    assert insights.lede((), ENGLISH) == ""


def test_a_headline_without_movement_says_so() -> None:
    still = figure("risk_score", 11, previous=11)
    said = insights.headline((still,), ENGLISH, OCTOBER)
    assert said == "No figure moved by more than it normally does."


def test_what_needs_action_beats_a_larger_change() -> None:
    act = figure("repeat_offenders", 12, goal=Goal("ceiling", 5, 7))
    worse = figure("risk_score", 40, previous=10)
    said = insights.headline((worse, act), ENGLISH, OCTOBER)
    assert said == "A small group keeps failing."
    assert [each.metric for each in insights.findings((worse, act), ENGLISH)] == [
        "repeat_offenders",
        "risk_score",
    ]


# ---- findings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (figure("repeat_offenders", 12, goal=Goal("ceiling", 5, 7)),
         "12% is 7 pts over the ceiling of 5%."),
        (figure("repeat_offenders", 5, goal=Goal("ceiling", 5, 0)),
         "5% is within the ceiling of 5%."),
        (figure("training_completion", 65, goal=target(80, 15)),
         "65% is 15 pts short of the target of 80%."),
        (figure("training_completion", 80, goal=target(80, 0)), "80% meets the target of 80%."),
        (figure("risk_score", 11, goal=Goal("industry", 19, -8)),
         "11% is 8 pts better than the average of 19%."),
        (figure("risk_score", 20, goal=Goal("all_industries", 19, 1)),
         "20% is 1 pt worse than the average of 19%."),
        (figure("risk_score", 19, goal=Goal("industry", 19, 0)),
         "19% is level with the average of 19%."),
        (figure("risk_score", 11, previous=17, previous_day=SEPTEMBER),
         "It was 17% in September 2026."),
        (figure("risk_score", 11, spark=(11,)),
         "This is the first value; there is nothing to compare it with yet."),
        (figure("risk_score", 11, spark=(30, 11)),
         "No earlier value is at hand to compare it with."),
        (figure("training_completion", 65), "No earlier value is at hand to compare it with."),
    ],
)  # fmt: skip
def test_a_finding_speaks_of_the_goal_first_and_of_the_past_second(made: Figure, text: str) -> None:
    assert insights.findings((made,), ENGLISH)[0].text == text


def test_a_warning_is_never_crowded_out() -> None:
    fine = [
        figure("risk_score", 10, previous=10 + fall, goal=target(50, -40)) for fall in (9, 8, 7)
    ]
    warning = figure("training_completion", 79, goal=target(80, 1))
    found = insights.findings((*fine, warning), ENGLISH)
    assert len(found) == insights.FINDINGS
    assert (found[0].status, found[-1].metric) == (Status.ON_TRACK, "training_completion")


def test_a_measure_drawn_twice_is_told_once() -> None:
    first, second = figure("risk_score", 11), figure("report_rate", 20)
    assert insights.distinct((first, second, first)) == (first, second)


# ---- laws ----------------------------------------------------------------------------------

share = st.integers(0, 120).map(float)


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    metric = draw(st.sampled_from((*METRICS, "something_new")))
    value, previous, wanted = draw(share), draw(st.none() | share), draw(st.none() | share)
    better = draw(st.sampled_from(["lower", "higher", "neither"]))
    kind = draw(st.sampled_from(["target", "ceiling", "industry", "all_industries"]))
    goal = None
    if wanted is not None:
        goal = Goal(kind, wanted, value - wanted if better == "lower" else wanted - value)
    return figure(
        metric, value, better=better, previous=previous, previous_day=SEPTEMBER, goal=goal
    )


@given(figures())
def test_a_status_agrees_with_its_goal_and_its_change(made: Figure) -> None:
    if made.better == "neither" or (made.delta is None and made.goal is None):
        assert made.status is Status.NONE
    elif made.goal and made.goal.gap > 0:
        assert made.status in (Status.WATCH, Status.ACT_NOW)
    else:
        worse = made.delta is not None and made.delta.judgement == "worse"
        assert made.status is (Status.WATCH if worse else Status.ON_TRACK)


@given(st.lists(figures(), max_size=6), st.sampled_from(available()))
def test_every_number_in_a_sentence_is_a_number_of_its_figure(
    found: list[Figure], code: str
) -> None:
    said = words(code)
    insights.headline(tuple(found), said, OCTOBER)
    told = insights.findings(tuple(found), said)
    allowed = {number for made in found for number in _numbers(made)} | {"2026"}
    spoken = " ".join([insights.lede(tuple(found), said), *(f"{x.title} {x.text}" for x in told)])
    assert set(re.findall(r"\d+", spoken)) <= allowed
    assert len(told) == min(len(found), insights.FINDINGS)


def _numbers(made: Figure) -> set[str]:
    delta = made.delta or Delta(0, "neither")
    goal = made.goal or Goal("target", 0, 0)
    known = (made.value, made.previous or 0, delta.amount, goal.value, goal.gap)
    return {str(round(abs(number))) for number in known}


@given(st.lists(figures(), min_size=1, max_size=6))
def test_a_warning_among_the_figures_is_among_the_findings(found: list[Figure]) -> None:
    warnings = {Status.WATCH, Status.ACT_NOW}
    told = {each.status for each in insights.findings(tuple(found), ENGLISH)}
    assert bool(told & warnings) is bool({each.status for each in found} & warnings)

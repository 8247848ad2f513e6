"""What the figures mean together; sentences say nothing the figures do not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import checks, insights, judging
from reportgen.language import available, words
from reportgen.model import ActionRule, Period
from reportgen.sections.repeat_offenders_rate import PHRASES as OFFENDERS
from reportgen.sections.risk_score_trend import PHRASES as RISK
from reportgen.views import (
    Better,
    Chapter,
    Exhibit,
    Figure,
    Goal,
    Past,
    Phrases,
    Proposal,
    Reader,
    SectionState,
    SectionView,
    Sentence,
    Status,
)

ENGLISH = words("en")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
OCTOBER = date(2026, 10, 1)
MADE = date(2026, 12, 1)
"""A Tuesday."""
RATES = Phrases("up", "down", "level", good="people raise the alarm more often",
                bad="people raise the alarm less often", met="on target", missed="too few",
                over="over")  # fmt: skip


def figure(
    metric: str,
    value: float,
    before: float | None = None,
    *,
    better: Better = "lower",
    phrases: Phrases | None = RISK,
    **fields: Any,
) -> Figure:
    made = Figure(
        metric, metric.replace("_", " "), value, "percent", better, phrases=phrases, **fields
    )
    past = None if before is None else Past(before, OCTOBER, edition=False)
    return judging.judged(made, Reader(ENGLISH), past)


def goal(value: float, gap: float, kind: judging.GoalKind = "target") -> Goal:
    return Goal(kind, value, gap)


def exhibit(number: int, *figures: Figure, lead: tuple[Sentence, ...] = ()) -> Exhibit:
    return Exhibit(number, view(*figures, lead=lead))


def view(*figures: Figure, lead: tuple[Sentence, ...] = ()) -> SectionView:
    return SectionView(
        "kind", "Name", NOVEMBER, SectionState.SHOWN, Chapter.OTHER, figures=figures, lead=lead
    )


# ---- headline ------------------------------------------------------------------------------


def headline(*figures: Figure) -> str:
    return insights.headline(figures, ENGLISH, NOVEMBER).text


def test_a_headline_sets_the_best_news_against_the_worst() -> None:
    good = figure("risk_score", 11, 17)
    bad = figure("report_rate", 21, 24, better="higher", phrases=RATES)
    both = "Phishing risk has fallen, but people raise the alarm less often."
    assert headline(good, bad) == headline(bad, good) == both
    assert headline(good) == "Phishing risk has fallen."
    assert headline(bad) == "People raise the alarm less often."


def test_a_headline_without_figures_is_honest() -> None:
    silent = figure("count", 3, phrases=None)
    assert headline() == headline(silent) == "No figures are available for November 2026."
    assert insights.findings((), (), ENGLISH) == ()
    assert insights.lede((), (), ENGLISH) == ()


def test_a_headline_without_movement_says_so_only_where_movement_could_be_seen() -> None:
    assert headline(figure("risk_score", 11, 11)) == "No figure has changed noticeably."
    assert headline(figure("risk_score", 11)) == "There are no earlier figures to compare with yet."


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (figure("r", 11, goal=goal(18, -7)), "Phishing risk is at or below its benchmark."),
        (figure("r", 20, goal=goal(18, 2)), "Phishing risk is above its benchmark."),
        (figure("r", 20, 20, goal=goal(18, 2)), "Phishing risk is above its benchmark."),
        (figure("r", 19, 25, goal=goal(18, 1)), "Phishing risk has fallen."),
        (figure("r", 40, 50, goal=goal(18, 22)), "Phishing risk is above its benchmark."),
    ],
)
def test_a_goal_speaks_where_nothing_moved_or_all_is_lost(made: Figure, said: str) -> None:
    assert headline(made) == said


def test_what_needs_action_beats_a_larger_change() -> None:
    act = figure("repeat_offenders", 12, phrases=OFFENDERS, goal=goal(5, 7, "ceiling"))
    worse = figure("risk_score", 40, 10)
    assert headline(worse, act) == "Too many people fail repeatedly."
    found = insights.findings((worse, act), (), ENGLISH)
    assert [one.metric for one in found] == ["repeat_offenders", "risk_score"]


def test_a_metric_without_a_clause_leaves_the_headline_to_others() -> None:
    mute = figure("open", 90, phrases=Phrases("a", "b", "c"), goal=goal(5, 85))
    assert headline(mute, figure("risk_score", 11, 17)) == "Phishing risk has fallen."


# ---- lede, findings ------------------------------------------------------------------------


def test_the_lede_says_what_the_sections_say_first_in_the_order_of_the_cards() -> None:
    small, large = figure("a", 10, 11), figure("b", 10, 30)
    views = [view(large, lead=(Sentence("Large."),)), view(small, lead=(Sentence("Small."),))]
    assert [one.text for one in insights.lede((small, large), views, ENGLISH)] == [
        "Small.",
        "Large.",
    ]


def test_without_a_lead_the_lede_gives_value_and_earlier_value() -> None:
    moved, aimed, bare = figure("a", 10, 11), figure("b", 10, goal=goal(5, 5)), figure("c", 10)
    assert [one.text for one in insights.lede((moved, aimed, bare), (), ENGLISH)] == [
        "a: 10%, after 11% in October 2026.",
        "10% is 5 pts short of the target of 5%.",
        "c: 10%.",
    ]


@pytest.mark.parametrize(
    ("made", "title", "text"),
    [
        (figure("r", 12, goal=goal(5, 7, "ceiling")),
         "At 12%, risk is above its benchmark.", "12% is 7 pts over the ceiling of 5%."),
        (figure("r", 11, 17), "Risk fell 6 pts to 11%.", "It was 17% in October 2026."),
        (figure("r", 11), "r: 11%.", "No earlier value is at hand to compare it with."),
        (figure("r", 11, withheld="Not compared."), "r: 11%.", "Not compared."),
        (figure("r", 11, 17, evidence=(Sentence("Because."),)), "Risk fell 6 pts to 11%.",
         "Because."),
    ],
)  # fmt: skip
def test_a_finding_speaks_of_the_evidence_then_the_goal_then_the_past(
    made: Figure, title: str, text: str
) -> None:
    (found,) = insights.findings((made,), (exhibit(3, figure("x", 1)), exhibit(4, made)), ENGLISH)
    assert (found.title.text, [one.text for one in found.text]) == (title, [text])
    assert found.exhibit == 4


def test_evidence_does_not_say_the_title_again() -> None:
    title = judging.said(ENGLISH, figure("r", 11, 17))
    made = figure("r", 11, 17, evidence=(title, Sentence("More.")))
    (found,) = insights.findings((made,), (), ENGLISH)
    assert ([one.text for one in found.text], found.exhibit) == (["More."], None)


def test_a_warning_is_never_crowded_out() -> None:
    fine = [figure(f"f{fall}", 10, 10 + fall, goal=goal(50, -40)) for fall in (9, 8, 7)]
    warning = figure("training_completion", 79, goal=goal(80, 1))
    found = insights.findings((*fine, warning), (), ENGLISH)
    assert len(found) == insights.FINDINGS
    assert (found[0].status, found[-1].metric) == (Status.ON_TRACK, "training_completion")


def test_a_measure_drawn_twice_is_told_once() -> None:
    first, second = figure("risk_score", 11), figure("report_rate", 20)
    assert insights.distinct([view(first, second), view(replace(first, value=12))]) == (
        first,
        second,
    )


def test_cards_stand_in_their_order_and_there_are_six_at_the_most() -> None:
    found = [figure(f"m{place}", 1, card=place) for place in (7, 3, 1, 2, 6, 5, 4)]
    assert [one.card for one in insights.cards([*found, figure("none", 1)])] == [1, 2, 3, 4, 5, 6]


# ---- cover ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "start", "said"),
    [
        (11, 24, "Risky actions came to 11% of the simulated attacks, down from 24% in June 2026."),
        (30, 24, "Risky actions came to 30% of the simulated attacks, up from 24% in June 2026."),
        (24, 24, "Risky actions came to 24% of the simulated attacks, as in June 2026."),
        (24.2, 23.8, "Risky actions came to 24% of the simulated attacks, as in June 2026."),
        (11, None, "Risky actions came to 11% of the simulated attacks."),
        (None, 24, ""),
    ],
)
def test_the_cover_says_where_risk_went(now: float | None, start: float | None, said: str) -> None:
    found = [] if now is None else [figure("risk_score", now)]
    if start is not None:
        found.append(figure("risk_score_start", start, day=date(2026, 6, 1), better="neither"))
    assert insights.cover(tuple(found), ENGLISH).text == said


# ---- actions -------------------------------------------------------------------------------


def proposal(metric: str, days: int = 28, decision: str = "") -> Proposal:
    asked = Sentence(decision) if decision else None
    return Proposal(metric, Sentence(f"Do {metric}."), "Somebody", days, Sentence("less"), asked)


def test_the_weightiest_proposals_become_actions_with_one_decision() -> None:
    figures = [figure(f"m{rise}", 10 + rise, 10) for rise in (1, 4, 3, 2)]
    asked = [proposal("m1", decision="one"), proposal("m2", decision="two"), proposal("m3"),
             proposal("m4"), proposal("unknown")]  # fmt: skip
    found, decision = insights.actions(asked, tuple(figures), {}, MADE)
    assert [one.text.text for one in found] == ["Do m4.", "Do m3.", "Do m2."]
    assert decision == Sentence("two")


def test_a_customer_may_have_other_owners_days_and_no_wish_at_all() -> None:
    rules = {"a": ActionRule(owner="The CISO", days=7), "b": ActionRule(skip=True)}
    found, decision = insights.actions(
        [proposal("a"), proposal("b", decision="b")], (), rules, MADE
    )
    assert [(one.owner, one.due) for one in found] == [("The CISO", date(2026, 12, 8))]
    assert decision is None


@pytest.mark.parametrize(
    ("made", "days", "due"),
    [
        (date(2026, 12, 1), 4, date(2026, 12, 4)),
        (date(2026, 12, 1), 5, date(2026, 12, 4)),
        (date(2026, 12, 5), 0, date(2026, 12, 7)),
        (date(2026, 12, 6), 0, date(2026, 12, 7)),
        (date(2026, 12, 4), 1, date(2026, 12, 4)),
    ],
)
def test_nothing_is_due_on_a_weekend_or_before_the_report(made: date, days: int, due: date) -> None:
    found, _ = insights.actions([proposal("a", days)], (), {}, made)
    assert found[0].due == due


# ---- laws ----------------------------------------------------------------------------------

share = st.integers(0, 120).map(float)
BETTER: tuple[Better, ...] = ("lower", "higher", "neither")
KINDS: tuple[judging.GoalKind, ...] = (
    "target", "ceiling", "industry", "all_industries", "average",
)  # fmt: skip


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    metric = draw(st.sampled_from(("risk_score", "report_rate", "repeat_offenders", "new")))
    value, before, wanted = draw(share), draw(st.none() | share), draw(st.none() | share)
    better: Better = draw(st.sampled_from(BETTER))
    kind: judging.GoalKind = draw(st.sampled_from(KINDS))
    aim = judging.goal(kind, wanted, value, better, "percent")
    phrases = draw(st.sampled_from([RISK, OFFENDERS]))
    return figure(metric, value, before, better=better, phrases=phrases, goal=aim)


@given(st.lists(figures(), max_size=6), st.sampled_from(available()))
def test_every_number_in_a_sentence_is_a_number_of_its_figure(
    drawn: list[Figure], code: str
) -> None:
    said, found = words(code), _each_once(drawn)
    told = insights.findings(found, (), said)
    spoken: list[Sentence] = [insights.headline(found, said, NOVEMBER), insights.cover(found, said)]
    spoken += [*insights.lede(found, (), said), *(one.title for one in told)]
    spoken += [text for one in told for text in one.text]
    assert checks.untrue(spoken, found, said) == ()
    assert len(told) == min(len(found), insights.FINDINGS)


def _each_once(found: Sequence[Figure]) -> tuple[Figure, ...]:
    return insights.distinct([view(*found)])


@given(st.lists(figures(), min_size=1, max_size=6))
def test_a_warning_among_the_figures_is_among_the_findings(drawn: list[Figure]) -> None:
    warnings = {Status.WATCH, Status.ACT_NOW}
    found = _each_once(drawn)
    told = {one.status for one in insights.findings(found, (), ENGLISH)}
    assert bool(told & warnings) is bool({one.status for one in found} & warnings)

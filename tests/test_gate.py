"""The rules of the gate: when each of them speaks, when it is silent, and how it is switched."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from reportgen import gate
from reportgen.gate import STANDARD, Case, Measured, concerns, settled
from reportgen.language import words
from reportgen.model import (
    Availability,
    Customer,
    Entry,
    Period,
    Rule,
    Value,
    Verdict,
    Widget,
    WidgetRequest,
)
from reportgen.views import (
    Bucket,
    Campaign,
    Campaigns,
    Crowd,
    Culture,
    FailureTimes,
    Figure,
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
    SectionData,
    SectionState,
    SectionView,
    Series,
    Survey,
    Trend,
)

ENGLISH = words("en")
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
CUSTOMER = Customer("c1", "Harbourline")
FIRST = date(2026, 12, 1)


def section(
    data: SectionData | None = None,
    *,
    state: SectionState = SectionState.SHOWN,
    reason: str = "",
    figure: Figure | None = None,
) -> SectionView:
    figures = () if figure is None else (figure,)
    return SectionView("kind", "Title", NOVEMBER, state, reason=reason, data=data, figures=figures)


def answer(*numbers: float | None, days: Sequence[date] = (), window: Period = NOVEMBER) -> Widget:
    """One entry for each number, dated where days are given."""
    dated = [*days, *[None] * (len(numbers) - len(days))]
    entries = tuple(
        Entry(day, (Value(number),)) for day, number in zip(dated, numbers, strict=True)
    )
    return Widget(WidgetRequest("AnyWidget", window), Availability.ANSWERED, entries=entries)


def measured(view: SectionView, before: SectionView | None = None) -> Measured:
    then = answer(7, window=OCTOBER) if before else None
    return Measured(answer(7), view, then, before)


def case(
    *found: Measured | SectionView,
    customer: Customer = CUSTOMER,
    period: Period = NOVEMBER,
    today: date = FIRST,
    edition: bool = True,
    rules: Mapping[str, Rule] | None = None,
) -> Case:
    each = tuple(measured(one) if isinstance(one, SectionView) else one for one in found)
    return Case(customer, period, today, each, ENGLISH, edition, rules or settled())


def fired(looked_at: Case) -> list[str]:
    return [concern.rule for concern in concerns(looked_at)]


def texts(looked_at: Case) -> tuple[str, ...]:
    return tuple(concern.text for concern in concerns(looked_at))


def month(number: int) -> date:
    return date(2026, number, 1)


def sent(counts: Mapping[int, float | None], role: Role = "sent") -> SectionView:
    """Messages sent by month."""
    days = tuple(month(number) for number in counts)
    return section(Trend(days, (Series("Sent", role, tuple(counts.values())),), "count"))


def people(count: float) -> SectionView:
    return section(figure=Figure("people", "People", count, "count", "neither"))


def coverage(total: int, missed: int) -> SectionView:
    return section(Crowd(total, missed, "Not tested", "Tested", "missing"))


def departments(**heads: int | None) -> SectionView:
    rows = tuple(Rank(name, 10, count) for name, count in heads.items())
    return section(Ranking(rows, "percent"))


NOTHING = section(state=SectionState.NO_DATA)

# ---- what was answered ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "held"),
    [
        ((NOTHING, NOTHING), True),
        ((NOTHING, section(state=SectionState.REFUSED)), True),
        ((Measured(answer(0, 0, None), section()), NOTHING), True),
        ((Measured(answer(0, 3), section()), NOTHING), False),
        ((Measured(answer(0, 0), section()), Measured(answer(1), section())), False),
        ((Measured(answer(), section()), NOTHING), False),
    ],
)
def test_a_report_without_any_figure_is_held(
    found: tuple[Measured | SectionView, ...], held: bool
) -> None:
    assert fired(case(*found)) == (["empty"] if held else [])


def test_a_table_is_more_than_nothing() -> None:
    listed = replace(answer(0), entries=(Entry(None, (Value(0),), rows=({"a": "b"},)),))
    assert fired(case(Measured(listed, section()))) == []


def test_a_failed_section_holds_the_report_and_says_which() -> None:
    failed = section(state=SectionState.FAILED, reason="No answer.")
    assert texts(case(section(), failed)) == ("Title: No answer.",)
    assert fired(case(section(), failed)) == ["widget_failed"]


@pytest.mark.parametrize("state", [SectionState.NOT_LICENSED, SectionState.REFUSED])
def test_a_report_with_nothing_to_show_is_held(state: SectionState) -> None:
    assert fired(case(section(state=state))) == ["nothing_shown"]
    assert fired(case(section(state=state), section())) == []
    assert fired(case()) == ["nothing_shown"]


@pytest.mark.parametrize(
    ("counts", "role", "held"),
    [
        ({8: 1, 9: 1}, "sent", True),
        ({9: 5, 10: 0, 11: None}, "company", True),
        ({10: 1, 11: 0}, "company", False),
        ({10: 1, 11: 4}, "company", False),
        ({9: None, 10: None}, "company", False),
        ({9: 1}, "industry", False),
    ],
)
def test_series_that_end_before_the_period_hold_the_report(
    counts: dict[int, float | None], role: Role, held: bool
) -> None:
    assert ("stale" in fired(case(sent(counts, role)))) is held


def test_the_industrys_newest_month_is_no_data_of_the_company() -> None:
    days = (month(10), month(11))
    own, peers = Series("", "company", (9, None)), Series("", "industry", (8, 7))
    looked_at = case(section(Trend(days, (own, peers), "percent")))
    assert texts(looked_at) == (
        "The newest figures are of October 2026; those of November 2026 are missing.",
    )


def test_one_series_that_reaches_the_period_speaks_for_all() -> None:
    assert fired(case(sent({9: 1}, "company"), sent({10: 1, 11: 1}, "open"))) == []


@pytest.mark.parametrize(
    ("period", "today"),
    [
        (Period(date(2026, 11, 9), date(2026, 11, 16)), date(2026, 11, 16)),
        (Period(date(2026, 11, 1), date(2026, 11, 23)), date(2026, 11, 23)),
        (NOVEMBER, date(2026, 11, 20)),
    ],
)
def test_a_month_that_is_not_over_need_not_be_there(period: Period, today: date) -> None:
    late, silent = sent({9: 1}, "company"), sent({10: 3, 11: 0})
    assert fired(case(late, period=period, today=today)) == ["stale"]
    assert fired(case(sent({10: 1}, "company"), period=period, today=today)) == []
    assert fired(case(silent, period=period, today=today)) == []


def test_an_expired_licence_is_noted() -> None:
    expired = case(section(), customer=replace(CUSTOMER, licence_expired=True))
    (found,) = concerns(expired)
    assert (found.rule, found.verdict) == ("licence_expired", Verdict.NOTE)
    assert fired(case(section())) == []


# ---- figures that cannot be ----------------------------------------------------------------


def percent(value: float, *, may_pass_100: bool = False) -> Figure:
    return Figure("any", "Label", value, "percent", "higher", may_pass_100=may_pass_100)


@pytest.mark.parametrize(
    "data",
    [
        Level(-1, "percent"),
        Parts((Part("a", -5), Part("b", 105))),
        Parts((Part("a", 100, -1),)),
        Ranking((Rank("a", -1),), "percent"),
        Ranking((Rank("a", 1, -1),), "percent"),
        Trend((date(2026, 11, 1),), (Series("a", "company", (-1,)),), "percent"),
        Trend((date(2026, 11, 1),), (Series("a", "part", (float("nan"),)),), "count"),
        Level(float("inf"), "percent"),
        Level(1, "percent", goal=float("nan")),
        Crowd(10, -1, "a", "b", "bad"),
        Campaigns((Campaign("a", "Email", -1),)),
        Campaigns((Campaign("a", "Email", 1, risky=-1),)),
        Reactions((Reaction("a", -1),)),
        Histogram((Bucket(0, 15, (100,)),), median=-1),
        FailureTimes((Bucket(0, 15, (1, -1)),), ("a", "b")),
        FailureTimes((Bucket(0, None, (1, 1)),), ("a", "b"), (Peer("a", 1, -1),)),
        Culture(-1, (), None, "a"),
        Culture(1, (), None, "a", surveys=(Survey("a", 1, -1),)),
        Outcomes((Outcome("a", 1, -1),), 1),
        Outcomes((Outcome("a", 1, 1),), 1, (("a", -1),)),
    ],
)
def test_a_number_nothing_can_measure_holds_the_report(data: SectionData) -> None:
    assert fired(case(section(data))) == ["out_of_range"]
    assert "cannot be right" in texts(case(section(data)))[0]


def test_only_a_share_of_actions_may_pass_100() -> None:
    assert fired(case(section(figure=percent(150, may_pass_100=True)))) == []
    assert fired(case(section(figure=percent(102)))) == []
    assert "150" in texts(case(section(figure=percent(150))))[0]
    assert fired(case(section(figure=percent(float("nan"))))) == ["out_of_range"]


@pytest.mark.parametrize(("score", "held"), [(0, False), (5, False), (5.01, True)])
def test_a_score_is_five_at_the_most(score: float, held: bool) -> None:
    figure = Figure("culture_score", "Culture", score, "score", "higher")
    assert fired(case(section(figure=figure))) == (["out_of_range"] if held else [])


def stacked(*columns: tuple[float | None, ...]) -> Trend:
    days = tuple(month(12 - len(columns) + place) for place in range(len(columns)))
    series = tuple(Series("", "part", values) for values in zip(*columns, strict=True))
    return Trend(days, series, "percent", stacked=True)


@pytest.mark.parametrize(
    ("shares", "held"),
    [((65, 15, 20), False), ((34, 34, 34), False), ((60, 20, 5), True), ((90, 40, 20), True)],
)
def test_parts_of_a_whole_add_up(shares: tuple[float, ...], held: bool) -> None:
    made = Parts(tuple(Part("", share) for share in shares))
    expected = ["parts"] if held else []
    assert fired(case(section(made))) == expected
    assert fired(case(section(stacked((20, 4, 76), shares)))) == expected


def test_a_month_with_a_gap_is_judged_only_when_it_is_too_much() -> None:
    assert fired(case(section(stacked((34, None, 40), (0, 0, 0))))) == []
    assert fired(case(section(stacked((70, 60))))) == ["parts"]


@pytest.mark.parametrize(
    ("shares", "held"),
    [((18, 21, 61), False), ((100,), False), ((7,) * 16, False), ((80,), True), ((100, 100), True)],
)
def test_a_spread_adds_up_with_room_for_rounding_each_share_up(
    shares: tuple[float, ...], held: bool
) -> None:
    buckets = tuple(Bucket(10 * at, 10 * at + 10, (share,)) for at, share in enumerate(shares))
    assert fired(case(section(Histogram(buckets)))) == (["parts"] if held else [])


# ---- the same again ------------------------------------------------------------------------

MANY = tuple(range(1, 31))
DATED = (month(9), month(10))


def again(*pairs: tuple[Widget, Widget | None], edition: bool = True) -> list[str]:
    found = (Measured(now, section(), then, section() if then else None) for now, then in pairs)
    return fired(case(*found, edition=edition))


def then(*numbers: float | None, days: Sequence[date] = ()) -> Widget:
    return answer(*numbers, days=days, window=OCTOBER)


def test_the_answers_of_another_month_once_more_hold_the_report() -> None:
    assert again((answer(*MANY), then(*MANY))) == ["same_as_before"]
    assert again((answer(1, 2, days=DATED), then(1, 2, days=DATED))) == ["same_as_before"]
    assert again((answer(*MANY), then(*MANY)), (answer(), then())) == ["same_as_before"]
    assert again((answer(*MANY), then(*MANY)), (answer(3), None)) == ["same_as_before"]


def test_one_fresh_answer_tells_that_the_platform_is_not_stuck() -> None:
    assert again((answer(*MANY), then(*MANY)), (answer(4), then(5))) == []
    assert again((answer(*MANY), then(*MANY)), (answer(4), then())) == []
    assert again((answer(*MANY), then(*MANY)), (answer(), then(4))) == []
    assert again((answer(1, 2, days=(month(10), month(11))), then(1, 2, days=DATED))) == []


def test_a_small_company_may_have_two_months_that_are_alike() -> None:
    three_people = (3, 0, 100, 0, 1, 2, 33, 67, 0)
    assert again((answer(*three_people), then(*three_people))) == []
    assert again((answer(*(0,) * 40), then(*(0,) * 40))) != ["same_as_before"]


def test_only_an_own_edition_of_another_month_tells_what_was_answered() -> None:
    assert again((answer(*MANY), then(*MANY)), edition=False) == []
    first_week = Period(date(2026, 11, 2), date(2026, 11, 9))
    assert again((answer(*MANY), answer(*MANY, window=first_week))) == []
    assert again((answer(*MANY), None)) == []


# ---- people --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "held"),
    [
        (480, 230, True),
        (480, 319, True),
        (480, 320, False),
        (480, 640, False),
        (480, 641, True),
        (3, 9, False),
        (10, 3, False),
        (10, 14, True),
        (11, 3, True),
        (480, 480, False),
    ],
)
def test_a_third_more_or_fewer_people_hold_the_report(before: int, now: int, held: bool) -> None:
    looked_at = case(measured(people(now), people(before)))
    assert fired(looked_at) == (["people_changed"] if held else [])
    if held:
        assert texts(looked_at) == (f"The number of people went from {before} to {now}.",)


@pytest.mark.parametrize(("share", "held"), [(0.5, False), (0.4, True), (0.2, True)])
def test_how_many_more_or_fewer_can_be_tuned(share: float, held: bool) -> None:
    rules = settled({"people_changed": Rule(share=share)})
    looked_at = case(measured(people(550), people(1000)), rules=rules)
    assert fired(looked_at) == (["people_changed"] if held else [])


def test_without_a_head_count_the_departments_named_both_times_tell() -> None:
    before = departments(Sales=100, Office=50, Fleet=40)
    assert fired(case(measured(departments(Sales=40, Office=30), before))) == ["people_changed"]
    assert fired(case(measured(departments(Sales=90, Docks=900), before))) == []
    assert fired(case(measured(departments(Docks=900), before))) == []
    assert fired(case(measured(departments(Sales=None), before))) == []
    everybody = measured(people(480), people(480))
    assert fired(case(measured(departments(Sales=40), before), everybody)) == []


def test_nobody_is_compared_with_a_first_month() -> None:
    assert fired(case(people(480))) == []


# ---- activity ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before", "held"),
    [
        ({9: 40, 10: 42, 11: 0}, None, True),
        ({9: 40, 10: 42, 11: None}, None, True),
        ({9: 40, 10: 42, 11: 1}, None, False),
        ({11: 0}, {10: 42}, True),
        ({11: 3}, {10: 42}, False),
        ({9: 40, 10: 0, 11: 0}, None, False),
        ({8: 0, 9: 0, 10: 300, 11: 0}, None, False),
        ({7: 0, 8: 5, 9: 5, 10: 5, 11: 0}, None, True),
        ({11: 0}, None, False),
    ],
)
def test_silence_after_months_of_activity_holds_the_report(
    now: dict[int, float | None], before: dict[int, float | None] | None, held: bool
) -> None:
    looked_at = case(measured(sent(now), sent(before) if before else None))
    assert ("activity_zero" in fired(looked_at)) is held


def test_an_empty_answer_after_activity_is_silence_too() -> None:
    looked_at = case(measured(NOTHING, sent({9: 4, 10: 5})), section())
    assert texts(looked_at) == (
        "No simulated attacks were sent in November 2026, while there were some before.",
    )
    refused = section(state=SectionState.REFUSED)
    assert fired(case(measured(refused, sent({10: 5})), section())) == []


def test_a_quarter_is_silent_when_all_of_its_months_are() -> None:
    quarter = Period(date(2026, 9, 1), date(2026, 12, 1))
    silent, busy = sent({8: 5, 9: 0, 10: 0, 11: 0}), sent({8: 5, 9: 7, 10: 0, 11: 0})
    assert fired(case(silent, period=quarter)) == ["activity_zero"]
    assert fired(case(busy, period=quarter)) == []


def test_nobody_tested_after_tests_is_silence() -> None:
    assert fired(case(measured(coverage(480, 480), coverage(480, 20)))) == ["activity_zero"]
    assert fired(case(measured(coverage(480, 479), coverage(480, 20)))) == []
    assert fired(case(measured(coverage(480, 480), coverage(480, 480)))) == []
    assert fired(case(coverage(480, 480))) == []


# ---- meaning -------------------------------------------------------------------------------


def test_a_changed_definition_is_noted() -> None:
    changed = Measured(answer(7), section(), then(6), section(), drifted=True)
    (found,) = concerns(case(changed))
    assert (found.rule, found.verdict) == ("drifted", Verdict.NOTE)
    assert found.text.startswith("Title: The platform has changed")


@pytest.mark.parametrize(
    "same",
    [
        Measured(answer(7), section(), then(6), section()),
        Measured(answer(7), section(), then(), NOTHING, drifted=True),
        Measured(answer(), section(), then(7), section(), drifted=True),
    ],
)
def test_nothing_and_something_are_no_two_definitions(same: Measured) -> None:
    assert fired(case(same)) == []


def test_two_answers_of_one_hour_are_defined_alike() -> None:
    changed = Measured(answer(7), section(), then(6), section(), drifted=True)
    assert fired(case(changed, edition=False)) == []


# ---- switches ------------------------------------------------------------------------------

FIRING = {
    "empty": case(NOTHING),
    "widget_failed": case(section(), section(state=SectionState.FAILED, reason="No answer.")),
    "nothing_shown": case(section(state=SectionState.REFUSED)),
    "same_as_before": case(Measured(answer(*MANY), section(), then(*MANY), section())),
    "people_changed": case(measured(people(230), people(480))),
    "activity_zero": case(sent({10: 4, 11: 0})),
    "out_of_range": case(section(Level(-1, "percent"))),
    "parts": case(section(Parts((Part("a", 40),)))),
    "stale": case(sent({9: 4}, "company")),
    "licence_expired": case(section(), customer=replace(CUSTOMER, licence_expired=True)),
    "drifted": case(Measured(answer(7), section(), then(6), section(), drifted=True)),
}


def test_every_rule_about_data_is_among_them() -> None:
    assert {*FIRING, "flaw", "untrue_sentence"} == set(STANDARD)
    assert all(fired(FIRING[rule]) == [rule] for rule in FIRING)


@pytest.mark.parametrize("rule", FIRING)
@pytest.mark.parametrize("verdict", Verdict)
def test_each_rule_does_as_it_is_told(rule: str, verdict: Verdict) -> None:
    told = replace(FIRING[rule], rules=settled({rule: Rule(verdict)}))
    expected = [] if verdict is Verdict.OFF else [(rule, verdict)]
    assert [(found.rule, found.verdict) for found in concerns(told)] == expected


def test_what_the_last_layer_says_wins_and_the_rest_stays() -> None:
    rules = settled(
        {"empty": Rule(Verdict.NOTE), "people_changed": Rule(Verdict.BLOCK, 0.6)},
        {"people_changed": Rule(share=0.2)},
        {"empty": Rule(Verdict.OFF)},
    )
    assert rules["empty"].verdict is Verdict.OFF
    assert rules["people_changed"] == Rule(Verdict.BLOCK, 0.2)
    assert rules["stale"] == STANDARD["stale"]
    assert set(rules) == set(STANDARD)


def test_a_rule_the_run_did_not_know_is_not_asked() -> None:
    assert fired(replace(FIRING["empty"], rules={})) == []
    assert gate.named("flaw", ["page 3"], {}) == ()

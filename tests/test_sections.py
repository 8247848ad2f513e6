"""Widgets in, views out: every oddity of the wire, section by section."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reportgen import checks, insights
from reportgen.language import words
from reportgen.model import (
    Answers,
    Availability,
    Customer,
    Entry,
    Period,
    SavedReport,
    SavedWidget,
    Value,
    Widget,
)
from reportgen.sections import NAMES, for_saved_report, for_widget_type, parse
from reportgen.views import (
    Figure,
    Goal,
    Parts,
    Ranking,
    Reader,
    SectionState,
    SectionView,
    Status,
    Table,
    Trend,
)
from tests.conftest import HARBOURLINE
from tests.sample_pages import MOMENT

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
QUARTER = Period(date(2026, 8, 1), date(2026, 11, 1))
ENGLISH = words("en")
READER = Reader(ENGLISH)


def view(item: object, *entries: Entry, targets: Mapping[str, float] | None = None) -> SectionView:
    section = parse(item)
    widget = Widget(
        section.request(OCTOBER, QUARTER), Availability.ANSWERED, "id", "Name", entries=entries
    )
    return section.view(widget, Reader(ENGLISH, targets or {}))


def month(number: int, **labelled: float | None) -> Entry:
    known = {
        "company": "Company Phishing Risk Score",
        "industry": "Industry Avg (Retail)",
        "everyone": "All Industry Avg",
        "alert": "Users Who Did Not Click And Reported (%)",
        "late": "Users Who Clicked And Reported (%)",
        "silent": "Users Who Did Not Reported (%)",
    }
    values = tuple(Value(number, label=known[name]) for name, number in labelled.items())
    return Entry(date(2026, number, 1), values)


def named(**values: float) -> Entry:
    return Entry(values=tuple(Value(number, name=name) for name, number in values.items()))


def department(name: Any, score: float | None, people: float | None = None) -> Entry:
    values = (Value(score), Value(people)) if people is not None else (Value(score),)
    return Entry(values=values, facts={"department": name})


# ---- risk score ----------------------------------------------------------------------------


def test_the_risk_score_is_compared_with_the_month_before_and_the_industry() -> None:
    made = view(
        "risk_score_trend", month(9, company=17, industry=20), month(10, company=11, industry=19)
    )
    figure = insights.judged(made.figure) if made.figure else None
    assert figure is not None
    assert (figure.value, figure.previous, figure.status) == (11, 17, Status.ON_TRACK)
    assert figure.goal == Goal("industry", 19, -8)
    assert figure.delta is not None
    assert (figure.delta.amount, figure.delta.judgement) == (-6, "better")


def test_a_customers_own_target_comes_before_the_industry() -> None:
    made = view("risk_score_trend", month(10, company=11, industry=19), targets={"risk_score": 10})
    assert made.figure is not None
    assert made.figure.goal == Goal("target", 10, 1)


def test_months_are_put_in_order_doubles_and_foreign_ones_are_left_out() -> None:
    made = view(
        "risk_score_trend",
        month(10, company=11),
        month(8, company=30),
        month(9, company=17),
        month(9, company=18),
        month(7, company=99),
        month(11, company=5),
    )
    assert isinstance(made.data, Trend)
    assert made.data.days == (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
    assert made.data.series[0].values == (30, 18, 11)


def test_a_gap_stays_a_gap() -> None:
    made = view(
        "risk_score_trend", month(8, company=30), month(9, company=None), month(10, company=11)
    )
    assert isinstance(made.data, Trend)
    assert made.data.series[0].values == (30, None, 11)
    assert made.figure is not None
    assert made.figure.previous is None


def test_an_older_month_is_never_shown_as_the_periods_figure() -> None:
    made = view("risk_score_trend", month(8, company=30), month(9, company=17))
    assert made.figure is None
    assert "no score for October 2026" in made.lead


def test_one_series_is_enough() -> None:
    made = view("risk_score_trend", month(10, company=11))
    assert made.state is SectionState.SHOWN
    assert made.figure is not None
    assert made.figure.goal is None


# ---- report rates --------------------------------------------------------------------------


def test_the_report_rate_is_the_sum_of_both_reporting_parts() -> None:
    made = view("report_rates", month(10, late=4, alert=20, silent=78))
    assert made.figure is not None
    assert made.figure.value == 24
    assert isinstance(made.data, Trend)
    assert [series.values for series in made.data.series] == [(20,), (4,), (78,)]


def test_a_missing_part_is_no_fault() -> None:
    made = view("report_rates", month(10, alert=34, silent=68))
    assert made.figure is not None
    assert made.figure.value == 34
    assert checks.gate([made], ENGLISH) == ()


# ---- levels, parts, rankings ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "pla", "status"),
    [
        (0, 5, Status.ON_TRACK),
        (5, 5, Status.ON_TRACK),
        (6, 5, Status.WATCH),
        (10, 5, Status.ACT_NOW),
    ],
)
def test_repeat_offenders_are_judged_against_the_agreed_ceiling(
    value: float, pla: float, status: Status
) -> None:
    made = view("repeat_offenders_rate", named(RepeatOffenderPercentage=value, PLA=pla))
    assert made.figure is not None
    assert insights.judged(made.figure).status is status


def test_training_parts_keep_their_counts_and_older_answers_have_none() -> None:
    full = view(
        "training_completion",
        named(Completed=65, CompletedCount=312, InProgress=15, InProgressCount=72, Incomplete=20,
              IncompleteCount=96),
        targets={"training_completion": 80},
    )  # fmt: skip
    bare = view("training_completion", named(Completed=100, InProgress=0, Incomplete=0))
    assert isinstance(full.data, Parts)
    assert [(part.share, part.count) for part in full.data.parts] == [(65, 312), (15, 72), (20, 96)]
    assert "168 enrolments are still open" in full.lead
    assert "15 pts short of the target of 80%" in full.lead
    assert isinstance(bare.data, Parts)
    assert bare.data.parts[0].count is None


def test_departments_are_ranked_and_one_without_a_name_is_called_so() -> None:
    made = view(
        "riskiest_departments",
        department("Finance", 20, 100),
        department("", 40, 10),
        department("Sales", None, 10),
        department(None, 30, 5),
    )
    assert isinstance(made.data, Ranking)
    assert [row.value for row in made.data.rows] == [40, 30, 20]
    assert made.data.rows[0].name == "No department on file"
    assert made.data.average == pytest.approx((20 * 100 + 40 * 10 + 30 * 5) / 115)


def test_of_many_departments_ten_are_shown_and_the_rest_is_counted() -> None:
    rows = [department(f"D{place:02}", place, 10) for place in range(30)]
    made = view("riskiest_departments", *rows)
    assert isinstance(made.data, Ranking)
    assert (len(made.data.rows), made.data.more) == (10, 20)


# ---- shapes nobody described ---------------------------------------------------------------


def test_a_dated_widget_is_a_trend_of_its_labels() -> None:
    made = view(
        "SomethingNewWidget",
        Entry(date(2026, 9, 1), (Value(3, label="A"), Value(4, label="B"))),
        Entry(date(2026, 10, 1), (Value(5, label="B"), Value(6))),
    )
    assert (made.kind, made.title) == ("generic_trend", "Name")
    assert isinstance(made.data, Trend)
    assert [(series.label, series.values) for series in made.data.series] == [
        ("A", (3, None)),
        ("B", (4, 5)),
        ("#2", (None, 6)),
    ]


def test_a_widget_with_rows_is_a_table() -> None:
    rows = tuple({"n": f"Person {place}", "s": f"{place}%"} for place in range(8))
    made = view(
        {"section": "generic_table", "widget": "X", "rows": 3},
        Entry(columns=(("n", "Name"), ("s", "")), rows=rows),
    )
    assert made.data == Table(
        ("Name", "s"),
        (("Person 0", "0%"), ("Person 1", "1%"), ("Person 2", "2%")),
        (False, True),
        5,
    )
    assert view("X2Widget", Entry(rows=rows)).kind == "generic_table"


def test_a_shape_nobody_can_draw_holds_the_report() -> None:
    made = view("GaugeWidget", Entry(values=(Value(3, label="A"),)))
    assert made.state is SectionState.FAILED
    assert "GaugeWidget" in made.reason


# ---- every kind ----------------------------------------------------------------------------


values = st.builds(
    Value,
    st.none() | st.floats(allow_nan=True) | st.integers(-(10**12), 10**12).map(float),
    st.text(max_size=20),
    st.text(max_size=20),
)
entries = st.builds(
    Entry,
    st.none() | st.dates(date(2026, 7, 1), date(2026, 12, 1)),
    st.lists(values, max_size=4).map(tuple),
    st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers(), max_size=3),
    st.just(()),
    st.lists(st.dictionaries(st.text(max_size=8), st.text(max_size=9)), max_size=3).map(tuple),
)


@given(st.sampled_from([*NAMES, "UnknownWidget"]), st.lists(entries, max_size=4))
def test_no_answer_makes_a_section_raise(item: str, found: list[Entry]) -> None:
    made = view(item, *found)
    assert (made.data is not None) == (made.state is SectionState.SHOWN)
    assert (made.reason == "") == (made.state is SectionState.SHOWN)
    checks.gate([made], ENGLISH)


@pytest.mark.parametrize("item", [*NAMES, "UnknownWidget"])
@pytest.mark.parametrize(
    ("availability", "state"),
    [
        (Availability.NOT_LICENSED, SectionState.NOT_LICENSED),
        (Availability.REFUSED, SectionState.REFUSED),
        (Availability.FAILED, SectionState.FAILED),
    ],
)
def test_the_kinds_of_nothing_are_told_apart(
    item: str, availability: Availability, state: SectionState
) -> None:
    section = parse(item)
    widget = Widget(section.request(OCTOBER, QUARTER), availability, reason="because")
    made = section.view(widget, READER)
    assert made.state is state
    assert made.reason


@pytest.mark.parametrize("item", ["risk_score", 7, None, {"section": "no"}, {"widget": "X"}, []])
def test_what_is_no_section_is_refused(item: object) -> None:
    with pytest.raises((ValueError, ValidationError)):
        parse(item)


def test_a_saved_report_keeps_its_order_and_titles_and_leaves_other_customers_out() -> None:
    saved = SavedReport(
        "id",
        "Board",
        widgets=(
            SavedWidget("1", "TrainingCompletionWidget", "How far we are"),
            SavedWidget("", "EmptyWidget", ""),
            SavedWidget("2", "HumanRiskScoreforHighestRiskCompaniesWidget", "Companies"),
            SavedWidget("3", "phishingriskscoreacrossindustrieswidget", ""),
        ),
    )
    sections = for_saved_report(saved)
    assert [section.section for section in sections] == [
        "training_completion",
        "refused",
        "risk_score_trend",
    ]
    assert sections[0].title == "How far we are"
    request = sections[1].request(OCTOBER, QUARTER)
    made = sections[1].view(Widget(request, Availability.NOT_LICENSED), READER)
    assert (made.state, made.reason) == (
        SectionState.REFUSED,
        "This measure names other customers and is left out.",
    )
    assert for_widget_type("Brand-new").section == "generic"


# ---- proof and gate ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    [
        {"answer": {"data": {"companyName": "Somebody Else"}}},
        {"answer": {"data": [{"x": [{"CompanyResourceId": "other"}]}]}},
    ],
)
def test_an_answer_that_names_another_company_stops_the_report(part: dict[str, Any]) -> None:
    from reportgen.errors import WrongCustomer

    with pytest.raises(WrongCustomer, match="another company"):
        checks.prove(Answers(HARBOURLINE.company_id, MOMENT, (), (part,)), HARBOURLINE)
    with pytest.raises(WrongCustomer):
        checks.prove(Answers("other", MOMENT, ()), HARBOURLINE)
    own = {
        "answer": {"companyName": " harbourline  logistics", "companyResourceId": "xC5kfGz7w2Nz"}
    }
    checks.prove(Answers(HARBOURLINE.company_id, MOMENT, (), (own,)), HARBOURLINE)


def test_a_saved_report_of_another_company_is_refused() -> None:
    from reportgen.errors import WrongCustomer

    with pytest.raises(WrongCustomer):
        checks.prove_saved(SavedReport("i", "n", "Somebody Else"), HARBOURLINE)
    shown = Customer("i", "Printed name", company_name="Listed name")
    checks.prove_saved(SavedReport("i", "n", "listed NAME"), shown)


def test_the_gate_lets_nothing_impossible_out() -> None:
    negative = view("repeat_offenders_rate", named(RepeatOffenderPercentage=-5, PLA=5))
    heavy = view("training_completion", named(Completed=90, InProgress=40, Incomplete=20))
    assert "cannot be right" in checks.gate([negative], ENGLISH)[0]
    assert "150%" in checks.gate([heavy], ENGLISH)[0]
    assert checks.gate([view("report_rates")], ENGLISH) == ()
    assert checks.gate([], ENGLISH) != ()


# ---- words ---------------------------------------------------------------------------------


def figure(metric: str, value: float, **fields: Any) -> Figure:
    return insights.judged(
        Figure(metric, metric.replace("_", " "), value, "percent", **{"better": "lower", **fields})
    )


def test_a_headline_sets_the_best_news_against_the_worst() -> None:
    good = figure("risk_score", 11, previous=17)
    bad = figure("report_rate", 21, better="higher", previous=24)
    said = insights.headline((good, bad), ENGLISH, OCTOBER)
    assert said == "Phishing risk has fallen, but fewer people are raising the alarm."
    assert insights.headline((good,), ENGLISH, OCTOBER) == "Phishing risk has fallen."
    assert insights.headline((), ENGLISH, OCTOBER) == "No figures are available for October 2026."


def test_what_needs_action_comes_first() -> None:
    small = figure("repeat_offenders", 12, goal=Goal("ceiling", 5, 7))
    large = figure("risk_score", 40, previous=10)
    found = insights.findings((large, small), ENGLISH)
    assert [finding.metric for finding in found] == ["repeat_offenders", "risk_score"]
    assert found[0].text == "12% is 7 pts over the ceiling of 5%."


@given(
    st.floats(0, 100),
    st.none() | st.floats(0, 100),
    st.none() | st.floats(0, 100),
    st.sampled_from(["lower", "higher", "neither"]),
)
def test_a_verdict_agrees_with_its_direction(
    value: float, previous: float | None, target: float | None, better: str
) -> None:
    goal = None
    if target is not None:
        goal = Goal("target", target, value - target if better == "lower" else target - value)
    made = figure("risk_score", value, better=better, previous=previous, goal=goal)
    if better == "neither" or (previous is None and goal is None):
        assert made.status is Status.NONE
    elif goal and goal.gap > 0:
        assert made.status in (Status.WATCH, Status.ACT_NOW)
    if made.delta and made.delta.judgement in ("better", "worse") and previous is not None:
        fell = value < previous
        assert (made.delta.judgement == "better") == (fell == (better == "lower"))
    for code in ("en", "de"):
        insights.findings((made,), words(code))
        insights.headline((made,), words(code), OCTOBER)

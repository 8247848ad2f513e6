"""Widgets in, views out: every oddity of the wire, section by section."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from reportgen import checks, insights
from reportgen.language import words
from reportgen.model import (
    Availability,
    Entry,
    Period,
    SavedReport,
    SavedWidget,
    Value,
    Widget,
)
from reportgen.sections import NAMES, for_saved_report, for_widget_type, parse
from reportgen.views import (
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


def test_a_month_left_out_is_a_gap_and_not_the_month_before() -> None:
    made = view("risk_score_trend", month(8, company=30), month(10, company=11))
    assert isinstance(made.data, Trend)
    assert made.data.days == (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
    assert made.data.series[0].values == (30, None, 11)
    assert made.figure is not None
    assert made.figure.previous is None


def test_a_trend_that_ends_early_shows_the_missing_months() -> None:
    made = view("risk_score_trend", month(8, company=30))
    assert isinstance(made.data, Trend)
    assert made.data.series[0].values == (30, None, None)


def test_a_series_by_campaign_is_given_no_months_it_does_not_have() -> None:
    days = (date(2026, 8, 4), date(2026, 10, 9))
    made = view("CampaignWidget", *(Entry(day, (Value(1, label="A"),)) for day in days))
    assert isinstance(made.data, Trend)
    assert made.data.days == days


def test_a_company_without_simulations_has_no_data_beside_its_industrys_figures() -> None:
    empty = view("risk_score_trend", month(10, company=None, industry=19))
    foreign = view("risk_score_trend", month(10, industry=19))
    assert (empty.state, foreign.state) == (SectionState.NO_DATA, SectionState.FAILED)


def test_a_series_dated_within_its_months_speaks_for_the_period_only_in_its_last() -> None:
    label = "Company Phishing Risk Score"
    early = Entry(date(2026, 9, 15), (Value(17, label=label),))
    late = Entry(date(2026, 10, 15), (Value(11, label=label),))
    assert view("risk_score_trend", early).figure is None
    assert view("risk_score_trend", early, late).figure is not None


@pytest.mark.parametrize("number", [1e300, float("inf"), float("nan")])
def test_what_cannot_be_a_measurement_is_not_shown(number: float) -> None:
    made = view("risk_score_trend", month(9, company=17), month(10, company=number))
    assert isinstance(made.data, Trend)
    assert made.data.series[0].values == (17, None)
    assert made.figure is None


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


def test_a_missing_part_that_leaves_room_is_not_taken_for_nought() -> None:
    made = view(
        "report_rates", month(9, alert=34, late=4, silent=62), month(10, alert=34, silent=40)
    )
    alone = view("report_rates", month(10, alert=34))
    assert (made.figure, alone.figure) == (None, None)
    assert "no report rate for October 2026" in made.lead


def test_a_month_without_simulations_is_not_a_report_rate_of_nought() -> None:
    made = view(
        "report_rates", month(9, alert=20, late=4, silent=76), month(10, alert=0, late=0, silent=0)
    )
    assert made.figure is None
    assert checks.gate([made], ENGLISH) == ()
    nobody = view("report_rates", month(10, alert=0, late=0, silent=100))
    assert nobody.figure is not None
    assert nobody.figure.value == 0


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
@example([0.594, 0.404, 0.002])
def test_parts_rounded_up_never_make_a_report_rate_above_100(weights: list[float]) -> None:
    alert, late, silent = (math.ceil(100 * weight / sum(weights)) for weight in weights)
    made = view("report_rates", month(10, alert=alert, late=late, silent=silent))
    assert made.figure is not None
    assert made.figure.value == min(alert + late, 100)
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


def test_the_lead_does_not_call_no_department_the_riskiest() -> None:
    said = view("riskiest_departments", department(" ", 40)).lead
    assert said == "People without a department on file have the highest score: 40%."
    assert view("riskiest_departments", department("Sales", 40)).lead.startswith("Sales has")


@pytest.mark.parametrize(("count", "shown", "more"), [(12, 12, 0), (13, 10, 3)])
def test_a_ranking_is_cut_only_when_it_is_long(count: int, shown: int, more: int) -> None:
    rows = [department(f"D{place:02}", place, 10) for place in range(count)]
    made = view("riskiest_departments", *rows)
    assert isinstance(made.data, Ranking)
    assert (len(made.data.rows), made.data.more) == (shown, more)


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


def test_one_element_without_a_date_is_listed_downwards() -> None:
    made = view(
        "SimulationCoverageWidget",
        Entry(
            values=(Value(465, "CountSimulated", "Simulated"), Value(97.5, "", "Simulated")),
            facts={"name": "Spring", "nested": {"a": 1}, "asked": True, "overallScore": 3.43},
        ),
    )
    assert made.kind == "generic_table"
    assert made.data == Table(
        ("Measure", "Value"),
        (
            ("Name", "Spring"),
            ("Overall score", "3.43"),
            ("Count simulated", "465"),
            ("Simulated", "97.50"),
        ),
        (False, False),
    )


def test_several_elements_without_dates_are_rows_and_figures_keep_their_room() -> None:
    rows = [
        Entry(
            values=(Value(place, "RiskScore"), Value(None, "Gone"), Value(19, "IndustryAverage")),
            facts={f"fact{number}": f"{number}" for number in range(8)},
        )
        for place in range(15)
    ]
    made = view("IndustryPhishingRiskScoreWidget", *rows)
    assert isinstance(made.data, Table)
    assert made.data.columns == (
        "Fact 0",
        "Fact 1",
        "Fact 2",
        "Fact 3",
        "Risk score",
        "Industry average",
    )
    assert made.data.rows[1] == ("0", "1", "2", "3", "1", "19")
    assert (made.data.numeric[-2:], len(made.data.rows), made.data.more) == ((True, True), 12, 3)


def test_a_sum_is_asked_for_the_period_and_a_trend_for_its_history() -> None:
    windows = [
        parse(widget_type).request(OCTOBER, QUARTER).window
        for widget_type in ("SimulationCoverageWidget", "ImpactOfPhishingAwarenessTrainingWidget")
    ]
    assert windows == [OCTOBER, QUARTER]


def test_values_that_share_a_label_are_told_apart_by_name() -> None:
    twice = (Value(65, "Completed", "Completed"), Value(312, "CompletedCount", "Completed"))
    made = view("NewWidget", Entry(date(2026, 10, 1), twice))
    assert isinstance(made.data, Trend)
    assert [(series.label, series.values) for series in made.data.series] == [
        ("Completed", (65,)),
        ("Completed count", (312,)),
    ]


def test_an_answer_without_a_single_number_is_never_drawn() -> None:
    undated = view("GaugeWidget", Entry(values=(Value(None, label="A"),)))
    dated = view("TrendWidget", Entry(date(2026, 10, 1), (Value(None, label="A"),)))
    assert (undated.state, dated.state) == (SectionState.FAILED, SectionState.NO_DATA)
    assert "GaugeWidget" in undated.reason


def test_everything_the_platform_offers_is_shown(open_source: Callable[..., Any]) -> None:
    source = open_source()
    kinds = {each.widget_type for each in source.catalogue(HARBOURLINE)}
    sections = [for_widget_type(kind) for kind in sorted(kinds)]
    asked = tuple(section.request(OCTOBER, QUARTER) for section in sections)
    made = [
        section.view(widget, READER)
        for section, widget in zip(sections, source.fetch(HARBOURLINE, asked).widgets, strict=True)
    ]
    others = [each.title for each in made if each.state is not SectionState.SHOWN]
    assert len(made) > 15
    assert others == ["Companies with the highest risk"]
    assert checks.gate(made, ENGLISH) == ()


# ---- other customers -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["generic", "generic_table", "generic_trend"])
def test_no_form_takes_a_widget_that_names_other_customers(kind: str) -> None:
    with pytest.raises(ValidationError, match="names other customers"):
        parse({"section": kind, "widget": "humanriskscoreforhighestriskCOMPANIESwidget"})
    assert parse("HumanRiskScoreforHighestRiskCompaniesWidget").section == "refused"


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
    st.dictionaries(
        st.text(max_size=8),
        st.text(max_size=20) | st.integers() | st.floats() | st.none(),
        max_size=3,
    ),
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

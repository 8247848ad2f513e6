"""Shapes nobody described, and what every kind of section has in common."""

import string
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reportgen import checks
from reportgen.model import Availability, Entry, SavedReport, SavedWidget, Value, Widget
from reportgen.sections import NAMES, for_saved_report, for_widget_type, kinds, parse
from reportgen.views import SectionState, Table, Trend
from tests.conftest import HARBOURLINE
from tests.sections.making import ENGLISH, SPANS, held, reader, view

# ---- by shape ------------------------------------------------------------------------------


def test_a_dated_widget_is_a_trend_of_its_labels() -> None:
    made = view(
        "SomethingNewWidget",
        Entry(date(2026, 10, 1), (Value(3, label="A"), Value(4, label="B"))),
        Entry(date(2026, 11, 1), (Value(5, label="B"), Value(6))),
    )
    assert (made.kind, made.title.text) == ("generic_trend", "Name")
    assert isinstance(made.data, Trend)
    assert [(series.label, series.values) for series in made.data.series] == [
        ("A", (3, None)),
        ("B", (4, 5)),
        ("#2", (None, 6)),
    ]


def test_a_series_by_campaign_is_given_no_months_it_does_not_have() -> None:
    days = (date(2026, 9, 4), date(2026, 11, 9))
    made = view("CampaignWidget", *(Entry(day, (Value(1, label="A"),)) for day in days))
    assert isinstance(made.data, Trend)
    assert made.data.days == days
    assert made.subtitle == "counts by month, September to November 2026"


def test_labels_with_a_percent_sign_are_percentages() -> None:
    made = view("NewWidget", Entry(date(2026, 11, 1), (Value(3, label="Clicked (%)"),)))
    assert isinstance(made.data, Trend)
    assert (made.data.unit, made.subtitle) == ("percent", "% by month, November 2026")


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
        "NewGaugeWidget",
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
    made = view("NewListWidget", *rows)
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


def test_values_that_share_a_label_are_told_apart_by_name() -> None:
    twice = (Value(65, "Completed", "Completed"), Value(312, "CompletedCount", "Completed"))
    made = view("NewWidget", Entry(date(2026, 11, 1), twice))
    assert isinstance(made.data, Trend)
    assert [(series.label, series.values) for series in made.data.series] == [
        ("Completed", (65,)),
        ("Completed count", (312,)),
    ]


def test_an_answer_without_a_single_number_is_never_drawn() -> None:
    undated = view("GaugeWidget", Entry(values=(Value(None, label="A"),)))
    dated = view("TrendWidget", Entry(date(2026, 11, 1), (Value(None, label="A"),)))
    assert (undated.state, dated.state) == (SectionState.FAILED, SectionState.NO_DATA)
    assert "GaugeWidget" in undated.reason


def test_everything_the_platform_offers_is_shown(open_source: Callable[..., Any]) -> None:
    source = open_source()
    kinds = {each.widget_type for each in source.catalogue(HARBOURLINE)}
    sections = [for_widget_type(kind) for kind in sorted(kinds)]
    asked = tuple(section.request(SPANS) for section in sections)
    made = [
        section.view(widget, reader())
        for section, widget in zip(sections, source.fetch(HARBOURLINE, asked).widgets, strict=True)
    ]
    others = [each.name for each in made if each.state is not SectionState.SHOWN]
    assert len(made) > 15
    assert others == ["Companies with the highest risk"]
    assert held(*made) == ()


# ---- other customers -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["generic", "generic_table", "generic_trend"])
def test_no_form_takes_a_widget_that_names_other_customers(kind: str) -> None:
    with pytest.raises(ValidationError, match="names other customers"):
        parse({"section": kind, "widget": "humanriskscoreforhighestriskCOMPANIESwidget"})
    assert parse("HumanRiskScoreforHighestRiskCompaniesWidget").section == "refused"


# ---- every kind ----------------------------------------------------------------------------

_KNOWN = ("RiskScore", "Percentage", "AverageDwellTime", "Completed", "Clicked", "Count",
          "CountSimulated", "CountRepeatOffender", "CountNonSimulated", "OverallScoreX100",
          "Delivered", "Total", "Incomplete", "Company Phishing Risk Score",
          "Users Who Did Not Click And Reported (%)")  # fmt: skip
_TEXT = st.text(string.printable, max_size=8)
_SPELLINGS = st.sampled_from(_KNOWN) | _TEXT
values = st.builds(
    Value,
    st.none() | st.floats(allow_nan=True) | st.integers(-(10**12), 10**12).map(float),
    _SPELLINGS,
    _SPELLINGS,
)
_FACTS = ("name", "ActionRange", "startDate", "department", "overallScore", "bands",
          "enrollments", "sourceBreakdown")  # fmt: skip
entries = st.builds(
    Entry,
    st.none() | st.dates(date(2026, 7, 1), date(2027, 1, 1)),
    st.lists(values, max_size=4).map(tuple),
    st.dictionaries(
        st.sampled_from(_FACTS) | _TEXT,
        st.sampled_from(
            ["0-15", "10", "Simulation", "01/11/2026", [], {}, [None], ["x"], {"a": []}]
        )
        | st.text(max_size=20)
        | st.integers()
        | st.floats()
        | st.none(),
        max_size=4,
    ),
    st.just(()),
    st.lists(st.dictionaries(_TEXT, _TEXT), max_size=3).map(tuple),
)


@given(st.sampled_from([*NAMES, "UnknownWidget"]), st.lists(entries, max_size=4))
def test_no_answer_makes_a_section_raise(item: str, found: list[Entry]) -> None:
    made = view(item, *found)
    assert (made.data is not None) == (made.state is SectionState.SHOWN)
    assert (made.reason == "") == (made.state is SectionState.SHOWN)
    assert bool(made.title) == (made.state is SectionState.SHOWN)
    assert checks.untrue([*checks.sentences(made)], made.figures, ENGLISH) == ()
    held(made)


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
    widget = Widget(parse(item).request(SPANS), availability, reason="because")
    made = parse(item).view(widget, reader())
    assert made.state is state
    assert made.reason
    assert bool(made.cure) == (state is not SectionState.FAILED)


@pytest.mark.parametrize("item", NAMES)
def test_a_customers_own_title_is_cut_where_it_would_fill_the_page(item: str) -> None:
    widget = Widget(parse(item).request(SPANS), Availability.REFUSED)
    long = parse({"section": item, "title": "x" * 300}).view(widget, reader())
    assert len(long.name) == 89
    own = parse({"section": item, "title": "How far we are"}).view(widget, reader())
    assert own.name == "How far we are"


def test_trends_are_asked_for_their_history_and_sums_for_the_window() -> None:
    spans = {name: parse(name).request(SPANS).window for name in NAMES}
    history = {name for name, window in spans.items() if window == SPANS.history}
    assert history == {"risk_score_trend", "report_rates", "impact_of_training"}
    assert set(spans.values()) == {SPANS.history, SPANS.window}
    assert parse("NewWidget").request(SPANS).window == SPANS.history


def test_every_widget_of_the_platform_has_a_section_of_its_own() -> None:
    types = [widget for name in NAMES for widget in kinds()[name].WIDGETS]
    assert len(types) == len(set(types)) == 18
    assert all(for_widget_type(widget.upper()).section in NAMES for widget in types)


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
    request = sections[1].request(SPANS)
    made = sections[1].view(Widget(request, Availability.NOT_LICENSED), reader())
    assert (made.state, made.reason) == (
        SectionState.REFUSED,
        "This measure names other customers and is left out.",
    )
    assert for_widget_type("Brand-new").section == "generic"

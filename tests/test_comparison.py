"""What a report is compared with, and what no longer compares."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import comparison, periods
from reportgen.model import (
    Availability,
    Customer,
    Entry,
    Period,
    Spans,
    Value,
    Widget,
    WidgetRequest,
)
from reportgen.views import Figure, Past, SectionState, SectionView
from tests.inventing import Told
from tests.sample_pages import SAMPLES, page_of, recorded, spans
from tests.sections.making import SPANS, named, reader, view

NOVEMBER = SPANS.period


def answer(
    *values: Value,
    widget: str = "SomeWidget",
    resource: str | None = None,
    state: Availability = Availability.ANSWERED,
    description: str = "What it means",
    chart: str = "bar",
) -> Widget:
    return Widget(
        WidgetRequest(widget, NOVEMBER, resource_id=resource),
        state,
        description=description,
        chart_type=chart,
        entries=(Entry(values=values),),
    )


# ---- which answer --------------------------------------------------------------------------


def test_the_earlier_answer_is_the_one_to_the_same_question() -> None:
    asked = answer(widget="somewidget")
    others = [answer(widget="Other"), answer(resource="7"), answer(state=Availability.FAILED)]
    same = answer(description="else")
    assert comparison.matching(asked, [*others, same]) is same
    assert comparison.matching(asked, others) is None
    assert comparison.matching(answer(resource="7"), [same, others[1]]) is others[1]


@pytest.mark.parametrize("edition", [True, False])
def test_the_figures_of_an_earlier_answer_become_pasts(edition: bool) -> None:
    figure = Figure("coverage", "Coverage", 97, "percent", "higher", people=480)
    earlier = SectionView("kind", "Name", NOVEMBER, SectionState.SHOWN, figures=(figure,))
    assert comparison.pasts(earlier, edition=edition) == {
        "coverage": Past(97, date(2026, 11, 30), 480, edition)
    }


# ---- what still means the same -------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        answer(Value(1, "RiskScore", "Risk"), description="Another formula"),
        answer(Value(1, "RiskScore", "Risk"), chart="line"),
        answer(Value(1, "RiskScore", "Risk per person")),
        answer(Value(1, "Score", "Risk")),
        answer(Value(1, "RiskScore", "Risk"), Value(2, "New", "New")),
        answer(),
    ],
)
def test_another_description_chart_or_label_is_another_measure(other: Widget) -> None:
    assert comparison.drifted(answer(Value(1, "RiskScore", "Risk")), other)


def test_figures_and_industries_inside_labels_come_and_go() -> None:
    now = answer(Value(1, "", "Industry Avg (19%)"), Value(2, "", "Top 5"), chart="BAR")
    then = answer(Value(1, "", "Industry Avg (Transport 24)"), Value(3, "", "Top 10"))
    assert not comparison.drifted(now, then)
    assert not comparison.drifted(now, replace(then, description=" What it means "))


# ---- the windows of the edition before -----------------------------------------------------


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026-11", "2026-10"),
        ("2026-01", "2025-12"),
        ("2026-Q1", "2025-Q4"),
        ("2026", "2025"),
        ("2026-W48", "2026-W47"),
        ("2026-11-01..2026-11-23", "2026-10-09..2026-10-31"),
    ],
)
def test_the_period_before_is_as_long_as_the_period(period: str, before: str) -> None:
    earlier = comparison.before(spans(period))
    assert earlier.period == periods.parse(before)
    assert earlier.window.end == earlier.history.end == earlier.period.end


def test_whole_months_go_back_by_months() -> None:
    earlier = comparison.before(spans("2026-03", months=12, window=3))
    assert earlier == Spans(
        periods.parse("2026-02"),
        periods.parse("2025-12..2026-02"),
        periods.parse("2025-03..2026-02"),
    )


months = st.integers(1990 * 12, 2050 * 12)


@given(months, st.integers(1, 12), st.integers(1, 24))
def test_going_back_month_by_month_meets_every_month(first: int, length: int, more: int) -> None:
    def day(number: int) -> date:
        return date(number // 12, number % 12 + 1, 1)

    period = Period(day(first), day(first + length))
    wide = Period(day(first - more), period.end)
    earlier = comparison.before(Spans(period, wide, wide))
    assert earlier.period == Period(day(first - length), period.start)
    assert earlier.window == Period(day(first - more - length), period.start)


# ---- through the whole path ----------------------------------------------------------------


def offenders(value: float) -> dict[str, list[dict[str, object]]]:
    sent = {"value": value, "name": "RepeatOffenderPercentage", "label": "Current Level"}
    return {"RepeatOffendersUsersRateWidget": [{"date": None, "values": [sent]}]}


def test_an_earlier_edition_is_compared_by_its_own_answers() -> None:
    asked = view("repeat_offenders_rate", named(RepeatOffenderPercentage=12))
    assert asked.figure is not None
    widgets = Told(offenders(12)).fetch(SAMPLES, (_request(),)).widgets
    page = page_of(Told(offenders(10)), SAMPLES, items=("repeat_offenders_rate",), earlier=widgets)
    (figure,) = page.figures
    assert (figure.value, figure.previous, figure.previous_edition) == (10, 12, True)
    assert page.headline.text == "Repeat offending has fallen."


def test_without_an_edition_the_source_is_asked_for_the_period_before() -> None:
    page = page_of(Told(offenders(10)), SAMPLES, items=("repeat_offenders_rate",), earlier=None)
    (figure,) = page.figures
    assert (figure.previous, figure.previous_edition) == (10, False)


def test_windows_as_long_as_the_history_are_compared_too() -> None:
    items = ("repeat_offenders_rate",)
    page = page_of(Told(offenders(10)), SAMPLES, items=items, earlier=None, months=3, window=3)
    assert page.figures[0].previous == 10


class ByResource(Told):
    """Answers the same widget with another rate for each resource."""

    def _widget(self, request: WidgetRequest, customer: Customer) -> Widget:
        rate = float(request.resource_id or 10)
        return replace(Told(offenders(rate))._widget(request, customer), request=request)


def test_a_measure_drawn_twice_with_other_figures_is_true_both_times() -> None:
    twice = tuple(
        {"section": "repeat_offenders_rate", "resource_id": rate} for rate in ("10", "34")
    )
    page = page_of(ByResource({}), SAMPLES, items=twice, earlier=())
    assert [view.figures[0].value for view in page.sections] == [10, 34]
    assert page.reasons == ()


def test_a_first_edition_compares_with_nothing() -> None:
    found = [one for one in recorded().figures if one.previous is not None]
    assert {one.metric for one in found} == {"risk_score", "report_rate"}


def test_a_measure_that_changed_its_meaning_is_not_compared_and_says_so() -> None:
    (then,) = Told(offenders(12)).fetch(SAMPLES, (_request(),)).widgets
    changed = replace(then, description="Three failures instead of two")
    source = Told(offenders(10))
    page = page_of(source, SAMPLES, items=("repeat_offenders_rate",), earlier=(changed,))
    (figure,) = page.figures
    assert figure.previous is None
    assert figure.withheld == "Not compared: the platform has changed how it is defined."
    assert reader().drifted is False


def _request() -> WidgetRequest:
    return WidgetRequest("RepeatOffendersUsersRateWidget", spans("2026-10").window)

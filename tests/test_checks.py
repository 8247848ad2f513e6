"""Whose data it is, and what must not leave the house."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import checks
from reportgen.errors import WrongCustomer
from reportgen.language import words
from reportgen.model import Answers, Customer, Period, SavedReport
from reportgen.views import (
    Figure,
    Level,
    Part,
    Parts,
    Rank,
    Ranking,
    SectionData,
    SectionState,
    SectionView,
    Series,
    Trend,
)
from tests.conftest import HARBOURLINE
from tests.sample_pages import MOMENT

ENGLISH = words("en")
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))


def section(
    data: SectionData | None = None,
    *,
    state: SectionState = SectionState.SHOWN,
    reason: str = "",
    figure: Figure | None = None,
) -> SectionView:
    return SectionView("kind", "Title", "", "", OCTOBER, state, reason, data, figure)


def stacked(*columns: tuple[float | None, ...]) -> Trend:
    days = tuple(date(2026, number + 1, 1) for number in range(len(columns)))
    series = tuple(Series("", "part", values) for values in zip(*columns, strict=True))
    return Trend(days, series, "percent", stacked=True)


def percent(value: float, metric: str = "report_rate") -> Figure:
    return Figure(metric, "Label", value, "percent", "higher")


# ---- proof ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    [
        {"answer": {"data": {"companyName": "Somebody Else"}}},
        {"answer": {"data": [{"x": [{"CompanyResourceId": "other"}]}]}},
        {"answer": {"data": {"companyId": "Nk8hF2pLq6Ud"}}},
        {"answer": {"data": [{"widgetDatas": [{"dataObject": {"Company": "Somebody Else"}}]}]}},
        {"answer": {"data": [{"widgetDatas": [{"tableValues": [{"company": "Another"}]}]}]}},
    ],
)
def test_an_answer_that_names_another_company_stops_the_report(part: dict[str, Any]) -> None:
    with pytest.raises(WrongCustomer, match="another company") as caught:
        checks.prove(Answers(HARBOURLINE.company_id, MOMENT, (), (part,)), HARBOURLINE)
    assert "\n" not in str(caught.value)


def test_answers_fetched_for_another_company_stop_the_report() -> None:
    with pytest.raises(WrongCustomer):
        checks.prove(Answers("other", MOMENT, ()), HARBOURLINE)


def test_the_customers_own_name_in_any_spelling_is_no_proof_against_it() -> None:
    own = {
        "companyName": " harbourline  LOGISTICS",
        "companyResourceId": HARBOURLINE.company_id,
        "companyId": 7001,
        "inner": [{"companyId": "7001", "Company": "Harbourline Logistics", "companyName": ""}],
    }
    checks.prove(Answers(HARBOURLINE.company_id, MOMENT, (), (own,)), HARBOURLINE)


@given(st.integers(0, 30), st.sampled_from(["companyName", "COMPANYRESOURCEID", "company"]))
def test_a_foreign_name_is_found_at_any_depth(depth: int, key: str) -> None:
    part: Any = {key: "Somebody Else"}
    for level in range(depth):
        part = [part] if level % 2 else {"data": part, "other": None}
    with pytest.raises(WrongCustomer):
        checks.prove(Answers(HARBOURLINE.company_id, MOMENT, (), ({"answer": part},)), HARBOURLINE)


def test_a_saved_report_of_another_company_is_refused() -> None:
    with pytest.raises(WrongCustomer):
        checks.prove_saved(SavedReport("i", "n", "Somebody Else"), HARBOURLINE)


def test_a_saved_report_may_carry_the_platforms_name_instead_of_the_printed_one() -> None:
    shown = Customer("i", "Printed name", company_name="Listed name")
    checks.prove_saved(SavedReport("i", "n", "listed NAME"), shown)


# ---- the gate ------------------------------------------------------------------------------


def test_a_failed_section_holds_the_report_and_says_which() -> None:
    failed = section(state=SectionState.FAILED, reason="No answer.")
    assert checks.gate([section(), failed], ENGLISH) == ("Title: No answer.",)


@pytest.mark.parametrize("state", [SectionState.NOT_LICENSED, SectionState.REFUSED])
def test_a_report_with_nothing_to_show_is_held(state: SectionState) -> None:
    assert checks.gate([section(state=state)], ENGLISH) != ()
    assert checks.gate([section(state=state), section()], ENGLISH) == ()
    assert checks.gate([], ENGLISH) != ()


def test_a_period_without_data_goes_out_and_says_so() -> None:
    assert checks.gate([section(state=SectionState.NO_DATA)], ENGLISH) == ()


@pytest.mark.parametrize(
    "data",
    [
        Level(-1, "percent"),
        Parts((Part("a", -5), Part("b", 105))),
        Parts((Part("a", 100, -1),)),
        Ranking((Rank("a", -1),), "percent"),
        Ranking((Rank("a", 1, -1),), "percent"),
        Trend((date(2026, 1, 1),), (Series("a", "company", (-1,)),), "percent"),
        Trend((date(2026, 1, 1),), (Series("a", "part", (float("nan"),)),), "count"),
        Level(float("inf"), "percent"),
    ],
)
def test_a_number_nothing_can_measure_holds_the_report(data: SectionData) -> None:
    assert "cannot be right" in " ".join(checks.gate([section(data)], ENGLISH))


def test_only_a_risk_score_may_pass_100() -> None:
    assert checks.gate([section(figure=percent(150, "risk_score"))], ENGLISH) == ()
    assert "150" in checks.gate([section(figure=percent(150))], ENGLISH)[0]
    assert checks.gate([section(figure=percent(float("nan")))], ENGLISH) != ()


@pytest.mark.parametrize(
    ("shares", "held"),
    [((65, 15, 20), False), ((34, 34, 34), False), ((60, 20, 5), True), ((90, 40, 20), True)],
)
def test_parts_of_a_whole_add_up(shares: tuple[float, ...], held: bool) -> None:
    parts = Parts(tuple(Part("", share) for share in shares))
    assert bool(checks.gate([section(parts)], ENGLISH)) is held
    assert bool(checks.gate([section(stacked((20, 4, 76), shares))], ENGLISH)) is held


def test_a_month_with_a_gap_is_judged_only_when_it_is_too_much() -> None:
    assert checks.gate([section(stacked((34, None, 40), (0, 0, 0)))], ENGLISH) == ()
    assert checks.gate([section(stacked((70, 60)))], ENGLISH) != ()

"""The risk score by month: gaps, doubles, foreign months, and what is said of them."""

from datetime import date

import pytest

from reportgen.model import Entry, Value
from reportgen.views import Goal, Past, SectionState, Status, Trend
from tests.sections.making import ALL, COMPANY, INDUSTRY, figure, month, texts, view

NAME = "risk_score_trend"


def score(number: int, company: float | None, industry: float | None = None) -> Entry:
    values = {COMPANY: company} if industry is None else {COMPANY: company, INDUSTRY: industry}
    return month(number, values)


def test_the_score_is_compared_with_the_month_before_and_the_industry() -> None:
    made = view(NAME, score(10, 17, 20), score(11, 11, 19))
    assert made.figure is not None
    assert (made.figure.value, made.figure.previous) == (11, 17)
    assert (made.figure.previous_day, made.figure.previous_edition) == (date(2026, 10, 1), False)
    assert made.figure.goal == Goal("industry", 19, -8)
    assert made.figure.status is Status.ON_TRACK
    assert made.figure.delta is not None
    assert (made.figure.delta.amount, made.figure.delta.judgement) == (-6, "better")
    assert made.title.text == "Risk fell 6 pts to 11%."


def test_a_customers_own_target_comes_before_the_industry() -> None:
    made = view(NAME, score(11, 11, 19), targets={"risk_score": 10})
    assert made.figure is not None
    assert made.figure.goal == Goal("ceiling", 10, 1)
    assert [one.text for one in made.figure.evidence] == ["11% is 1 pt over the ceiling of 10%."]


def test_all_industries_stand_in_for_a_missing_industry() -> None:
    made = view(NAME, month(11, {COMPANY: 11, INDUSTRY: None, ALL: 22}))
    assert made.figure is not None
    assert made.figure.goal == Goal("all_industries", 22, -11)
    assert [one.text for one in made.figure.evidence] == [
        "The average of all industries is 11 pts higher, at 22%."
    ]
    assert made.lead[0].text == (
        "Risky actions came to 11% of the simulated attacks in November 2026."
    )


@pytest.mark.parametrize(
    ("own", "peers", "said"),
    [
        (11, 18, "7 pts below the industry average."),
        (19, 18, "1 pt above the industry average."),
        (18, 18, "level with the industry average."),
    ],
)
def test_the_lead_sets_the_score_beside_the_industry(own: float, peers: float, said: str) -> None:
    lead = view(NAME, score(11, own, peers)).lead[0].text
    assert lead == f"Risky actions came to {own}% of the simulated attacks in November 2026, {said}"


def test_months_are_put_in_order_doubles_and_foreign_ones_are_left_out() -> None:
    made = view(
        NAME,
        score(11, 11), score(9, 30), score(10, 17), score(10, 18),
        Entry(date(2026, 12, 1), (Value(5, label=COMPANY),)),
        Entry(date(2025, 11, 1), (Value(99, label=COMPANY),)),
    )  # fmt: skip
    assert isinstance(made.data, Trend)
    assert made.data.days == (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1))
    assert made.data.series[0].values == (30, 18, 11)


@pytest.mark.parametrize("middle", [[score(10, None)], []])
def test_a_gap_stays_a_gap_and_is_not_the_month_before(middle: list[Entry]) -> None:
    made = view(NAME, score(9, 30), *middle, score(11, 11))
    assert isinstance(made.data, Trend)
    assert made.data.series[0].values == (30, None, 11)
    assert made.figure is not None
    assert made.figure.previous is None


def test_the_earlier_edition_stands_in_for_a_month_left_out() -> None:
    past = Past(20, date(2026, 10, 31))
    made = view(NAME, score(9, 30), score(11, 11), earlier={"risk_score": past})
    assert made.figure is not None
    assert (made.figure.previous, made.figure.previous_edition) == (20, True)


def test_an_older_month_is_never_shown_as_the_periods_figure() -> None:
    made = view(NAME, score(9, 30), score(10, 17))
    assert isinstance(made.data, Trend)
    assert made.data.series[0].values == (30, 17, None)
    assert made.figure is None
    assert made.title.text == "The platform supplied no score for November 2026."
    assert made.rows[0].values == {date(2026, 9, 1): 30, date(2026, 10, 1): 17}


def test_the_subtitle_names_the_months_there_are() -> None:
    assert view(NAME, score(9, 30), score(11, 11)).subtitle.endswith("September to November 2026")
    assert view(NAME, score(11, 11)).subtitle.endswith("by month, November 2026")


def test_a_company_without_simulations_has_no_data_beside_its_industrys_figures() -> None:
    empty = view(NAME, month(11, {COMPANY: None, INDUSTRY: 19}))
    foreign = view(NAME, month(11, {INDUSTRY: 19}))
    assert (empty.state, foreign.state) == (SectionState.NO_DATA, SectionState.FAILED)


def test_months_of_another_year_hold_the_report_and_none_at_all_do_not() -> None:
    foreign = view(NAME, month(11, {COMPANY: 11}, year=2024))
    assert foreign.state is SectionState.FAILED
    assert "other months than" in foreign.reason
    assert view(NAME).state is SectionState.NO_DATA


def test_a_series_dated_within_its_months_speaks_for_the_period_only_in_its_last() -> None:
    early = Entry(date(2026, 10, 15), (Value(17, label=COMPANY),))
    late = Entry(date(2026, 11, 15), (Value(11, label=COMPANY),))
    assert view(NAME, early).figure is None
    assert view(NAME, early, late).figure is not None


@pytest.mark.parametrize("number", [1e300, float("inf"), float("nan")])
def test_what_cannot_be_a_measurement_is_not_shown(number: float) -> None:
    made = view(NAME, score(10, 17), score(11, number))
    assert isinstance(made.data, Trend)
    assert made.data.series[0].values == (17, None)
    assert made.figure is None


def test_a_score_above_100_is_a_score() -> None:
    made = view(NAME, score(11, 125, 19))
    assert made.figure is not None
    assert (made.figure.value, made.figure.may_pass_100) == (125, True)
    assert made.figure.status is Status.ACT_NOW


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ([(24, 20), (17, 19), (11, 18)],
         "Risk went from 24%, above the industry, to 11%, below it."),
        ([(10, 20), (17, 19), (21, 18)],
         "Risk went from 10%, below the industry, to 21%, above it."),
        ([(20.4, 20), (17, 19), (11, 18)], "Risk fell 6 pts to 11%."),
        ([(24, 20), (17, 19), (18, 18)], "Risk rose 1 pt to 18%."),
        ([(10, 20), (11, 19), (11, 18)], "Risk stays at 11%."),
        ([(24, None), (17, 19), (11, 18)], "Risk fell 6 pts to 11%."),
    ],
)  # fmt: skip
def test_the_title_says_where_the_score_went(
    values: list[tuple[float, float | None]], title: str
) -> None:
    months = [month(9 + place, {COMPANY: a, INDUSTRY: b}) for place, (a, b) in enumerate(values)]
    assert view(NAME, *months).title.text == title


def test_changes_are_worked_out_from_what_is_printed() -> None:
    made = view(NAME, score(10, 17.6), score(11, 11.4))
    assert made.title.text == "Risk fell 7 pts to 11%."
    still = view(NAME, score(10, 11.4), score(11, 10.6))
    assert still.title.text == "Risk stays at 11%."


def test_a_run_of_falling_months_is_told_from_three_on() -> None:
    falling = [score(7 + place, 50 - place) for place in range(5)]
    assert "Risk has fallen in each of the last 4 months." in texts(view(NAME, *falling))
    assert not any("each of the last" in text for text in texts(view(NAME, *falling[2:])))
    assert not any("each of" in text for text in texts(view(NAME, *falling[:4], score(11, 60))))


def test_one_month_and_one_series_are_enough() -> None:
    made = view(NAME, score(11, 11))
    assert (made.state, made.title.text) == (SectionState.SHOWN, "Phishing risk score: 11%.")
    assert made.figure is not None
    assert (made.figure.goal, made.figure.status) == (None, Status.NONE)
    assert made.notes == ()


def test_an_open_month_carries_a_caveat() -> None:
    made = view(NAME, score(11, 11), today=date(2026, 11, 23))
    assert [(note.title, note.care) for note in made.notes] == [("Read with care", True)]
    assert list(texts(made)) == ["The newest month is still open; its figures may change."]


def test_a_measure_defined_otherwise_still_compares_within_its_own_answer() -> None:
    made = view(NAME, score(10, 17), score(11, 11), earlier={"risk_score": 40}, drifted=True)
    alone = view(NAME, score(11, 11), earlier={"risk_score": 40}, drifted=True)
    assert made.figure is not None
    assert made.figure.previous == 17
    assert alone.figure is not None
    assert alone.figure.previous is None
    assert "changed how it is defined" in alone.figure.withheld


def test_a_negative_benchmark_is_no_goal() -> None:
    made = view(NAME, score(11, 11, -5))
    assert made.figure is not None
    assert made.figure.goal is None
    assert figure(made, "risk_score_start") is None

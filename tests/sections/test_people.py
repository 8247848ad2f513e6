"""Repeat offenders, departments and people."""

from typing import Any

import pytest

from reportgen import checks
from reportgen.model import Entry, Value
from reportgen.views import Crowd, Level, Past, Ranking, SectionState, SectionView, Status
from tests.sections.making import ENGLISH, OCTOBER_EDITION, figure, held, named, placed, texts, view

# ---- the rate ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "pla", "status", "title"),
    [
        (0, 5, Status.ON_TRACK, "Repeat offending is within the ceiling of 5%."),
        (5, 5, Status.ON_TRACK, "Repeat offending is within the ceiling of 5%."),
        (6, 5, Status.WATCH, "Repeat offending is 1 pt over the ceiling of 5%."),
        (10, 5, Status.ACT_NOW, "Repeat offending is 5 pts over the ceiling of 5%."),
        (1, 0, Status.ACT_NOW, "Repeat offending is 1 pt over the ceiling of 0%."),
        (10, None, Status.NONE, "10% of the people tested failed at least twice."),
        (10, -5, Status.NONE, "10% of the people tested failed at least twice."),
    ],
)
def test_repeat_offenders_are_judged_against_the_agreed_ceiling(
    value: float, pla: float | None, status: Status, title: str
) -> None:
    made = view("repeat_offenders_rate", named(RepeatOffenderPercentage=value, PLA=pla))
    assert made.figure is not None
    assert (made.figure.status, made.title.text) == (status, title)


def test_the_customers_own_ceiling_stands_before_the_platforms() -> None:
    made = view(
        "repeat_offenders_rate",
        named(RepeatOffenderPercentage=10, PLA=5),
        targets={"repeat_offenders": 12},
    )
    assert made.lead[0].text == (
        "10% of the people tested failed at least twice; the ceiling is 12%."
    )


def test_values_without_names_are_read_by_place_and_swapped_names_are_not() -> None:
    unnamed = view("repeat_offenders_rate", placed({}, 10, 5))
    assert unnamed.figure is not None
    assert unnamed.figure.value == 10
    swapped = view("repeat_offenders_rate", named(PLA=5, RepeatOffenderPercentage=10))
    assert swapped.figure is not None
    assert swapped.figure.value == 10
    assert view("repeat_offenders_rate", named(Other=10)).state is SectionState.FAILED


@pytest.mark.parametrize(("edition", "label"), [(True, "Oct edition"), (False, "Oct")])
def test_the_earlier_value_says_where_it_comes_from(edition: bool, label: str) -> None:
    past = Past(12, OCTOBER_EDITION, edition=edition)
    entry = named(RepeatOffenderPercentage=10, PLA=5)
    made = view("repeat_offenders_rate", entry, earlier={"repeat_offenders": past})
    assert isinstance(made.data, Level)
    assert (made.data.previous, made.data.previous_label) == (12, label)


# ---- as people -----------------------------------------------------------------------------


def crowd(failed: float | None, rest: float | None) -> SectionView:
    return view(
        "repeat_offenders_people",
        named(CountRepeatOffender=failed, CountSimulated=rest, PercentageSimulated=90),
    )


@pytest.mark.parametrize(
    ("failed", "rest", "title"),
    [
        (46, 419, "46 of the 465 people tested failed at least twice."),
        (1, 464, "1 of the 465 people tested failed at least twice."),
        (0, 465, "None of the 465 people tested failed twice."),
        (0, 1, "The one person tested did not fail twice."),
        (1, 0, "The one person tested failed at least twice."),
        (3, 0, "3 of the 3 people tested failed at least twice."),
    ],
)
def test_repeat_offenders_are_counted_among_all_tested(failed: int, rest: int, title: str) -> None:
    made = crowd(failed, rest)
    assert made.title.text == title
    assert isinstance(made.data, Crowd)
    assert (made.data.total, made.data.marked) == (failed + rest, failed)
    said = [*checks.sentences(made)]
    assert checks.untrue(said, made.figures, ENGLISH) == ()


def test_each_repeat_offender_is_to_be_talked_to() -> None:
    (asked,) = crowd(46, 419).proposals
    assert asked.text.text == "Talk to each of the 46 repeat offenders face to face."
    assert asked.measure.text == "fewer repeat offenders than 46"
    assert asked.decision is not None
    assert asked.decision.text == (
        "release 30 min of working time for each of 46 talks, about 23 h in all."
    )
    (one,) = crowd(1, 464).proposals
    assert one.text.text == "Talk to the one repeat offender face to face."
    assert one.decision is not None
    assert one.decision.text == "release 30 min of working time for a talk with the one person."
    assert crowd(0, 465).proposals == ()


@pytest.mark.parametrize("counts", [(None, 419), (46, None), (-1, 419), (46, -1)])
def test_half_a_crowd_holds_the_report(counts: tuple[float | None, ...]) -> None:
    assert crowd(*counts).state is SectionState.FAILED


def test_nobody_tested_is_no_data_and_few_are_read_with_care() -> None:
    assert crowd(0, 0).state is SectionState.NO_DATA
    assert list(texts(crowd(2, 27))) == ["With so few people, each of them moves the figures."]
    assert crowd(2, 28).notes == ()


# ---- departments ---------------------------------------------------------------------------


def department(name: Any, score: float | None, people: float | None = None) -> Entry:
    return placed({"department": name}, score, *([] if people is None else [people]))


def ranking(made: SectionView) -> Ranking:
    assert isinstance(made.data, Ranking)
    return made.data


def test_departments_are_ranked_and_one_without_a_name_is_called_so() -> None:
    made = view(
        "riskiest_departments",
        department("Finance", 20, 100),
        department("", 40, 10),
        department("Sales", None, 10),
        department(None, 30, 5),
    )
    assert [row.value for row in ranking(made).rows] == [40, 30, 20]
    assert ranking(made).rows[0].name == "No department on file"
    assert ranking(made).average == pytest.approx((20 * 100 + 40 * 10 + 30 * 5) / 115)


@pytest.mark.parametrize(
    ("first", "title", "proposed"),
    [
        (department("Warehouse", 31, 146),
         "Warehouse is the place to start: 31% against an average of 22%.",
         "Train the 146 people of Warehouse first."),
        (department("Warehouse", 31, 9), "Warehouse has the highest score: 31%.", None),
        (department("Warehouse", 31), "Warehouse has the highest score: 31%.", None),
        (department("Warehouse", 21, 146), "Warehouse has the highest score: 21%.", None),
        (department(" ", 40, 146),
         "People without a department on file have the highest score: 40%.", None),
    ],
)  # fmt: skip
def test_a_department_is_the_place_to_start_only_when_it_stands_out(
    first: Entry, title: str, proposed: str | None
) -> None:
    made = view("riskiest_departments", first, department("Finance", 20, 1000))
    expected = title.replace("22%", "21%")
    assert made.title.text == expected
    assert [one.text.text for one in made.proposals] == ([proposed] if proposed else [])


def test_one_department_has_no_average_to_stand_out_from() -> None:
    made = view("riskiest_departments", department("Sales", 40, 20))
    assert made.title.text == "Sales has the highest score: 40%."
    assert ranking(made).average is None


def test_small_departments_are_read_with_care() -> None:
    made = view("riskiest_departments", department("A", 40, 9), department("B", 20, 10))
    assert [note.care for note in made.notes] == [True]
    assert view("riskiest_departments", department("A", 40, 10)).notes == ()


@pytest.mark.parametrize(("size", "shown", "more"), [(12, 12, 0), (13, 10, 3), (30, 10, 20)])
def test_a_ranking_is_cut_only_when_it_is_long(size: int, shown: int, more: int) -> None:
    found = [department(f"D{place:02}", place, 10) for place in range(size)]
    for item in ("riskiest_departments", "riskiest_people"):
        made = ranking(view(item, *found))
        assert (len(made.rows), made.more) == (shown, more)


def test_a_department_named_twice_stands_twice() -> None:
    made = view("riskiest_departments", department("A", 40, 10), department("A", 20, 10))
    assert [row.name for row in ranking(made).rows] == ["A", "A"]


@pytest.mark.parametrize("name", ["7", "31%", "{value}", "x" * 500, "5 pts", "31% against"])
def test_a_name_is_no_figure_whatever_it_looks_like(name: str) -> None:
    made = view("riskiest_departments", department(name, 31, 146), department("B", 20, 500))
    assert checks.untrue([*checks.sentences(made)], made.figures, ENGLISH) == ()
    assert len(made.title.text) < 150


@pytest.mark.parametrize("score", [-1, 111])
def test_a_score_nobody_can_have_holds_the_report(score: float) -> None:
    made = view("riskiest_departments", department("A", score, 10))
    assert held(made) != ()


# ---- people --------------------------------------------------------------------------------


def person(score: float | None, **facts: Any) -> Entry:
    return placed({"fullName": "Ingrid Solberg", "department": "Sales", **facts}, score)


@pytest.mark.parametrize(
    ("scores", "title"),
    [
        ((83, 67, 50), "2 people are above the critical line of 60%."),
        ((83, 60, 50), "1 person is above the critical line of 60%."),
        ((83, 67), "Each of the 2 people listed is above the critical line of 60%."),
        ((83,), "The one person listed is above the critical line of 60%."),
        ((60, 50), "Nobody is above the critical line of 60%: the highest score is 60%."),
        ((0,), "Nobody is above the critical line of 60%: the highest score is 0%."),
    ],
)
def test_people_above_the_critical_line_are_counted(scores: tuple[float, ...], title: str) -> None:
    assert view("riskiest_people", *(person(score) for score in scores)).title.text == title


def test_masked_names_are_shown_as_they_come_and_said_to_be_masked() -> None:
    made = view("riskiest_people", person(83, fullName="I************g", department=None))
    assert ranking(made).rows[0].name == "I************g"
    assert ranking(made).rows[0].detail == ""
    assert list(texts(made)) == ["The platform masks the names of this company's people."]
    assert view("riskiest_people", person(83)).notes == ()


def test_a_person_without_a_name_is_known_by_the_address_or_not_at_all() -> None:
    made = view(
        "riskiest_people",
        person(83, fullName="", email="a@b.example"),
        person(67, fullName=None),
        person(None),
    )
    assert [row.name for row in ranking(made).rows] == ["a@b.example", "No name on file"]


@pytest.mark.parametrize("item", ["riskiest_people", "riskiest_departments"])
def test_a_list_without_a_single_score_holds_the_report(item: str) -> None:
    assert view(item, Entry(values=(Value(None),))).state is SectionState.FAILED
    assert view(item).state is SectionState.NO_DATA


def test_the_talks_are_priced_by_the_hour() -> None:
    hours = figure(crowd(3, 400), "talk_hours")
    assert hours is not None
    assert hours.value == 2

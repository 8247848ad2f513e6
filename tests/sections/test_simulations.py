"""What was sent, to how many people, and how soon they failed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reportgen.model import Availability, Entry, Spans, Value, Widget
from reportgen.sections import parse
from reportgen.views import Bucket, Crowd, FailureTimes, Goal, SectionState, Status, Trend
from tests.sample_pages import spans
from tests.sections.making import figure, held, month, named, reader, texts, view

# ---- activity ------------------------------------------------------------------------------


def active(number: int, sent: float | None, risky: float | None, reported: float | None) -> Entry:
    return month(number, {"Delivered": sent, "RiskyActions": risky, "Reported": reported})


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ((420, 45, 64), "Reports outnumbered risky actions in November 2026: 64 to 45."),
        ((420, 64, 45), "Risky actions outnumbered reports in November 2026: 64 to 45."),
        ((420, 45, 45), "Reports and risky actions were level in November 2026: 45 each."),
        ((420, 0, 0), "There were neither reports nor risky actions in November 2026."),
        ((420, None, 45), "The platform supplied only some of the counts for November 2026."),
        ((None, None, None), "The platform supplied no counts for November 2026."),
    ],
)
def test_the_title_weighs_reports_against_risky_actions(
    counts: tuple[float | None, ...], title: str
) -> None:
    made = view("phishing_activity", active(10, 913, 158, 218), active(11, *counts))
    assert made.title.text == title


def test_labels_may_have_a_space_and_names_stand_in_for_them() -> None:
    spaced = month(11, {"Delivered": 9, "Risky Actions": 2, "Reported": 3})
    by_name = Entry(
        date(2026, 11, 1),
        (Value(9, "Delivered"), Value(2, "RiskyActions"), Value(3, "Reported")),
    )
    for entry in (spaced, by_name):
        made = view("phishing_activity", entry)
        assert isinstance(made.data, Trend)
        assert [series.values for series in made.data.series] == [(9,), (2,), (3,)]


def test_activity_without_what_was_sent_cannot_be_drawn() -> None:
    made = view("phishing_activity", month(11, {"Reported": 3}))
    assert made.state is SectionState.FAILED
    assert view("phishing_activity", month(11, {})).state is SectionState.NO_DATA
    assert view("phishing_activity", active(11, 0, 0, 0)).state is SectionState.NO_DATA


def test_a_negative_count_holds_the_report() -> None:
    made = view("phishing_activity", active(11, 9, -3, 2))
    assert "cannot be right" in held(made)[0]


def test_activity_draws_six_months_at_the_most() -> None:
    made = view("phishing_activity", *(active(number, 9, 1, 1) for number in (9, 10, 11)))
    assert isinstance(made.data, Trend)
    assert len(made.data.days) == 3


def test_a_month_is_dated_by_its_first_day_even_where_the_window_begins_within_it() -> None:
    week = spans("2026-W48", window=1)
    asked = parse("phishing_activity").request(Spans(week.period, week.period, week.history))
    for day, state in ((1, SectionState.SHOWN), (2, SectionState.FAILED)):
        entry = replace(active(11, 420, 45, 64), day=date(2026, 11, day))
        answer = Widget(asked, Availability.ANSWERED, entries=(entry,))
        made = parse("phishing_activity").view(answer, reader(today=date(2026, 11, 30)))
        assert made.state is state
    made = parse("phishing_activity").view(
        replace(answer, entries=(active(11, 420, 45, 64),)), reader(today=date(2026, 11, 30))
    )
    assert made.subtitle.endswith("23 to 29 November 2026")
    assert list(texts(made)) == ["The newest month is still open; its figures may change."]


# ---- coverage ------------------------------------------------------------------------------


def covered(tested: float | None, missed: float | None) -> Entry:
    return named(CountSimulated=tested, CountNonSimulated=missed)


@pytest.mark.parametrize(
    ("tested", "missed", "share", "title"),
    [
        (465, 15, 96.875, "All but 15 of the 480 people were tested."),
        (1199, 1, 99, "All but 1 of the 1,200 people were tested."),
        (480, 0, 100, "All 480 people were tested."),
        (1, 0, 100, "The one person was tested."),
        (0, 1, 0, "The one person was not tested."),
        (0, 480, 0, "None of the 480 people was tested."),
        (1, 999, 1, "999 of the 1,000 people were not tested."),
        (1, 1, 50, "1 of the 2 people was not tested."),
        (10**11, 1, 99, "All but 1 of the 100,000,000,001 people were tested."),
    ],
)
def test_coverage_is_told_in_people(tested: int, missed: int, share: float, title: str) -> None:
    made = view("simulation_coverage", covered(tested, missed))
    assert made.title.text == title
    assert made.figure is not None
    assert made.figure.value == share
    assert isinstance(made.data, Crowd)
    assert (made.data.total, made.data.marked) == (tested + missed, missed)


@pytest.mark.parametrize("counts", [(None, 15), (465, None), (-1, 15), (465, -15)])
def test_half_a_coverage_holds_the_report(counts: tuple[float | None, ...]) -> None:
    assert view("simulation_coverage", covered(*counts)).state is SectionState.FAILED


def test_nobody_at_all_is_no_data() -> None:
    assert view("simulation_coverage", covered(0, 0)).state is SectionState.NO_DATA
    assert view("simulation_coverage").state is SectionState.NO_DATA


def test_the_names_of_the_other_widget_are_not_taken() -> None:
    swapped = named(CountRepeatOffender=46, CountSimulated=419, PercentageSimulated=90)
    assert view("simulation_coverage", swapped).state is SectionState.FAILED


def test_coverage_has_a_target_and_a_past() -> None:
    made = view(
        "simulation_coverage",
        covered(465, 15),
        targets={"simulation_coverage": 100},
        earlier={"simulation_coverage": 90},
    )
    assert made.figure is not None
    assert made.figure.goal == Goal("target", 100, 3)
    assert made.figure.delta is not None
    assert (made.figure.delta.amount, made.figure.status) == (7, Status.WATCH)


def test_few_people_are_read_with_care() -> None:
    assert list(texts(view("simulation_coverage", covered(28, 1)))) == [
        "With so few people, each of them moves the figures."
    ]
    assert view("simulation_coverage", covered(29, 1)).notes == ()


# ---- time to failure -----------------------------------------------------------------------


def failing(minutes: str, clicked: float | None, submitted: float | None, **more: Any) -> Entry:
    return named({"ActionRange": minutes}, Clicked=clicked, SubmittedData=submitted, **more)


def test_ranges_by_their_last_minute_follow_each_other() -> None:
    made = view("time_to_failure", failing("20", 38, 19), failing("10", 52, 14))
    assert isinstance(made.data, FailureTimes)
    assert made.data.buckets == (Bucket(0, 10, (52, 14)), Bucket(10, 20, (38, 19)))


@pytest.mark.parametrize("minutes", ["0-10", "10 min", " 10 ", "0 to 10"])
def test_a_range_may_be_spelt_in_many_ways(minutes: str) -> None:
    made = view("time_to_failure", failing(minutes, 3, 0))
    assert isinstance(made.data, FailureTimes)
    assert made.data.buckets == (Bucket(0, 10, (3, 0)),)


@pytest.mark.parametrize(
    "entries",
    [
        [failing("10", 1, 1), failing("10", 2, 2)],
        [failing("soon", 1, 1)],
        [failing("60+", 1, 1)],
        [failing("10", -1, 1)],
        [failing("10", None, None)],
        [Entry(values=(Value(1, "Clicked"),), facts={"ActionRange": ["10"]})],
    ],
)
def test_ranges_nobody_can_draw_hold_the_report(entries: list[Entry]) -> None:
    assert view("time_to_failure", *entries).state is SectionState.FAILED


def test_nobody_who_failed_is_no_data() -> None:
    assert view("time_to_failure", failing("10", 0, 0)).state is SectionState.NO_DATA
    assert view("time_to_failure").state is SectionState.NO_DATA


@pytest.mark.parametrize(
    ("averages", "title"),
    [
        ({"AverageClickTime": 19, "industryAverageClickTime": 22},
         "People click sooner than at peers: after 19 min on average, against 22 min."),
        ({"AverageClickTime": 25, "industryAverageClickTime": 22},
         "People click later than at peers: after 25 min on average, against 22 min."),
        ({"AverageClickTime": 22.4, "industryAverageClickTime": 21.6},
         "People click as soon as at peers: after 22 min on average."),
        ({"AverageClickTime": 19}, "People who click do so after 19 min on average."),
        ({"AverageDataSubmitTime": 23, "industryAverageDataSubmitTime": 31},
         "People submit data sooner than at peers: after 23 min on average, against 31 min."),
        ({"AverageDataSubmitTime": 33, "industryAverageDataSubmitTime": 31},
         "People submit data later than at peers: after 33 min on average, against 31 min."),
        ({"AverageDataSubmitTime": 31, "industryAverageDataSubmitTime": 31},
         "People submit data as soon as at peers: after 31 min on average."),
        ({"AverageDataSubmitTime": 31}, "People who submit data do so after 31 min on average."),
        ({"AverageClickTime": -1}, "The platform supplied no average times for this window."),
    ],
)  # fmt: skip
def test_the_comparison_with_peers_is_a_real_one(averages: dict[str, float], title: str) -> None:
    assert view("time_to_failure", failing("10", 1, 1, **averages)).title.text == title


def test_sooner_is_worse_and_peers_say_so() -> None:
    made = view(
        "time_to_failure",
        failing("10", 1, 1, AverageClickTime=19, industryAverageClickTime=22,
                AverageDataSubmitTime=35, industryAverageDataSubmitTime=31),
    )  # fmt: skip
    assert isinstance(made.data, FailureTimes)
    assert [(peer.verdict, peer.judgement) for peer in made.data.peers] == [
        ("3 min faster than peers: worse", "worse"),
        ("4 min later than peers: better", "better"),
    ]
    clicks = figure(made, "click_time")
    assert clicks is not None
    assert (clicks.goal, clicks.status) == (Goal("industry", 22, 3), Status.WATCH)


def test_early_clicks_are_told_where_there_are_later_ones_to_tell_them_from() -> None:
    entries = [failing("10", 52, 1), failing("20", 38, 1), failing("30", 55, 1)]
    made = view("time_to_failure", *entries)
    assert [one.text for one in made.lead] == ["62% of clicks came within 20 min of delivery."]
    assert made.title.text == made.lead[0].text
    assert view("time_to_failure", *entries[:2]).lead == ()


@pytest.mark.parametrize(("late", "share"), [(1, "99%"), (0, "100%")])
def test_only_all_clicks_are_100_percent(late: int, share: str) -> None:
    entries = [failing("10", 500, 1), failing("20", 500, 1), failing("30", late, 1)]
    assert view("time_to_failure", *entries).lead[0].text.startswith(share)

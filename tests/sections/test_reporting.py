"""Who reported, what the mails turned out to be, and how soon people react."""

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen import checks, judging
from reportgen.model import Entry, Value
from reportgen.sources.wire import entries
from reportgen.views import (
    Bucket,
    Goal,
    Histogram,
    Outcome,
    Outcomes,
    SectionState,
    SectionView,
    Status,
    Trend,
)
from tests.sections.making import (
    ALERT,
    ENGLISH,
    LATE,
    SILENT,
    figure,
    held,
    month,
    named,
    texts,
    view,
)


def rates(number: int, alert: float | None, late: float | None, silent: float | None) -> Entry:
    return month(number, {LATE: late, ALERT: alert, SILENT: silent})


# ---- report rates --------------------------------------------------------------------------


def test_the_report_rate_is_the_sum_of_both_reporting_parts() -> None:
    made = view("report_rates", rates(11, 20, 4, 78))
    assert made.figure is not None
    assert made.figure.value == 24
    assert isinstance(made.data, Trend)
    assert [series.values for series in made.data.series] == [(20,), (4,), (78,)]
    assert made.lead[0].text == (
        "24% of the people who received a simulated attack in November 2026 reported it."
    )


@pytest.mark.parametrize(
    ("before", "now", "title", "status"),
    [
        ((20, 4, 76), (19, 2, 79), "Reporting slipped from 24% to 21%.", Status.WATCH),
        ((19, 2, 79), (20, 4, 76), "24% of people reported, up from 21%.", Status.ON_TRACK),
        ((20, 4, 76), (21, 3, 76), "Reporting stays at 24%.", Status.ON_TRACK),
    ],
)
def test_the_rate_is_compared_with_the_month_before(
    before: tuple[float, ...], now: tuple[float, ...], title: str, status: Status
) -> None:
    made = view("report_rates", rates(10, *before), rates(11, *now))
    assert made.title.text == title
    assert made.figure is not None
    assert made.figure.status is status


def test_a_missing_part_is_no_fault() -> None:
    made = view("report_rates", month(11, {ALERT: 34, SILENT: 68}))
    assert made.figure is not None
    assert made.figure.value == 34
    assert held(made) == ()


def test_a_missing_part_that_leaves_room_is_not_taken_for_nought() -> None:
    made = view("report_rates", rates(10, 34, 4, 62), month(11, {ALERT: 34, SILENT: 40}))
    alone = view("report_rates", month(11, {ALERT: 34}))
    assert (made.figure, alone.figure) == (None, None)
    assert made.lead[0].text == "The platform supplied no report rate for November 2026."
    assert made.title == made.lead[0]


def test_a_month_without_simulations_is_not_a_report_rate_of_nought() -> None:
    made = view("report_rates", rates(10, 20, 4, 76), rates(11, 0, 0, 0))
    assert made.figure is None
    assert held(made) == ()
    nobody = view("report_rates", rates(11, 0, 0, 100))
    assert nobody.figure is not None
    assert nobody.figure.value == 0


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
@example([0.594, 0.404, 0.002])
def test_parts_rounded_up_never_make_a_report_rate_above_100(weights: list[float]) -> None:
    alert, late, silent = (math.ceil(100 * weight / sum(weights)) for weight in weights)
    made = view("report_rates", rates(11, alert, late, silent))
    assert made.figure is not None
    assert made.figure.value == min(alert + late, 100)
    assert held(made) == ()


def test_without_a_target_the_level_cannot_be_judged_and_the_report_says_so() -> None:
    bare = view("report_rates", rates(11, 20, 4, 76))
    aimed = view("report_rates", rates(11, 20, 4, 76), targets={"report_rate": 30})
    assert [note.title for note in bare.notes] == ["What it means", "No peer figure"]
    assert [note.title for note in aimed.notes] == ["What it means"]
    assert "24% is 6 pts short of the target of 30%." in texts(aimed)
    assert "76% of people did not report." in texts(aimed)


@pytest.mark.parametrize(
    ("target", "before", "measure"),
    [
        (30, (20, 4, 76), "report rate at 30%"),
        (20, (20, 4, 76), "report rate back above 24%"),
        (None, (20, 4, 76), "report rate back above 24%"),
        (None, (10, 4, 86), None),
        (20, (10, 4, 86), None),
    ],
)
def test_a_drill_is_proposed_where_reporting_falls_short(
    target: float | None, before: tuple[float, ...], measure: str | None
) -> None:
    targets = {} if target is None else {"report_rate": target}
    made = view("report_rates", rates(10, *before), rates(11, 19, 2, 79), targets=targets)
    assert [one.measure.text for one in made.proposals] == ([measure] if measure else [])


def test_an_answer_without_its_parts_holds_the_report() -> None:
    assert view("report_rates", month(11, {"Other": 3})).state is SectionState.FAILED
    assert view("report_rates", month(11, {})).state is SectionState.NO_DATA


def test_the_whole_history_is_told_and_twelve_bars_are_drawn() -> None:
    entries = [rates(number, 20, 4, 76) for number in range(1, 12)]
    old = month(12, {ALERT: 20, LATE: 4, SILENT: 76}, year=2025)
    made = view("report_rates", old, *entries)
    assert isinstance(made.data, Trend)
    assert (len(made.data.days), made.data.days[0]) == (12, date(2025, 12, 1))


# ---- reported mails ------------------------------------------------------------------------


def mails(outcome: Any, count: float | None, share: float | None = None, **facts: Any) -> Entry:
    values = (Value(share, "Percentage"), Value(count, "Count"))
    return Entry(values=values, facts={"ActionRange": outcome, **facts})


@pytest.mark.parametrize(
    ("entries", "title"),
    [
        ([("Phishing", 61), ("Malicious", 38), ("Simulation", 512)],
         "99 of the 611 mails people reported were confirmed threats."),
        ([("Phishing", 1), ("Simulation", 3)],
         "1 of the 4 mails people reported was a confirmed threat."),
        ([("Phishing", 1)], "The one mail people reported was a confirmed threat."),
        ([("Phishing", 2)], "2 of the 2 mails people reported were confirmed threats."),
        ([("Simulation", 1)], "The one mail people reported was no confirmed threat."),
        ([("Undetected", 1200), ("Phishing", 0)],
         "None of the 1,200 mails people reported was a confirmed threat."),
    ],
)  # fmt: skip
def test_confirmed_threats_are_counted_among_all_mails(
    entries: list[tuple[str, int]], title: str
) -> None:
    made = view("reported_mails", *(mails(name, count) for name, count in entries))
    assert made.title.text == title
    assert checks.untrue([made.title], made.figures, ENGLISH) == ()


def outcomes(made: SectionView) -> Outcomes:
    assert isinstance(made.data, Outcomes)
    return made.data


def test_the_most_frequent_outcome_stands_first_and_shares_are_as_sent() -> None:
    made = view("reported_mails", mails("Phishing", 1, 25), mails("Simulation", 3))
    assert outcomes(made).rows == (
        Outcome("Simulation", 75, 3, threat=False),
        Outcome("Phishing", 25, 1, threat=True),
    )


def test_an_outcome_sent_twice_is_added_up_and_a_new_one_keeps_its_name() -> None:
    made = view("reported_mails", mails("Spam", 1), mails("Phishing", 2), mails("Phishing", 3))
    assert [(row.name, row.count) for row in outcomes(made).rows] == [("Phishing", 5), ("Spam", 1)]


def test_values_without_names_are_told_by_place() -> None:
    entry = Entry(values=(Value(100), Value(7)), facts={"ActionRange": "Phishing"})
    assert outcomes(view("reported_mails", entry)).total == 7


@pytest.mark.parametrize(
    "entry", [mails("", 3), mails(None, 3), mails(["Phishing"], 3), mails("Phishing", -1),
              mails("Phishing", None)]
)  # fmt: skip
def test_a_mail_of_no_outcome_or_no_count_holds_the_report(entry: Entry) -> None:
    assert view("reported_mails", entry).state is SectionState.FAILED


def test_all_zero_is_no_data() -> None:
    assert view("reported_mails", mails("Phishing", 0, 0)).state is SectionState.NO_DATA
    assert view("reported_mails").state is SectionState.NO_DATA


@pytest.mark.parametrize(
    ("breakdown", "sources"),
    [
        ({"campaigns": [{"campaignName": "B", "count": 1}, {"name": "A", "reportCount": 1}],
          "incidentResponderCount": 41}, (("A", 1), ("B", 1), ("Via the report button only", 41))),
        ({"campaigns": [{"count": 1}, "x", None, {"name": "A", "count": -1}]}, ()),
        ({"campaigns": {"a": 1}}, ()),
        ("Campaign Report > Reporters (3)", ()),
        (["x"], ()),
        (None, ()),
    ],
)  # fmt: skip
def test_sources_are_read_where_they_can_be(breakdown: Any, sources: tuple[Any, ...]) -> None:
    made = view("reported_mails", mails("Simulation", 3, sourceBreakdown=breakdown))
    assert outcomes(made).sources == sources


def test_sources_beside_the_facts_are_read_too() -> None:
    sent = {
        "dataObject": {"ActionRange": "Simulation", "sourceBreakdown": None},
        "sourceBreakdown": {"campaigns": [{"name": "A", "count": 3}]},
        "values": [{"value": 100}, {"value": 3}],
    }
    (entry,) = entries([sent], None, "widget")
    assert outcomes(view("reported_mails", entry)).sources == (("A", 3),)


def test_of_many_sources_eight_are_shown() -> None:
    found = [{"name": f"C{place:02}", "count": place} for place in range(1, 21)]
    entry = mails("Simulation", 3, sourceBreakdown={"campaigns": found})
    made = outcomes(view("reported_mails", entry))
    assert (len(made.sources), made.sources[0], made.sources_more) == (8, ("C20", 20), 12)


# ---- spread --------------------------------------------------------------------------------


def share(span: Any, percent: float | None, median: float | None = 38) -> Entry:
    return named({"ActionRange": span}, AverageDwellTime=median, Percentage=percent)


def test_ranges_touch_and_the_majority_is_told() -> None:
    made = view("dwell_distribution", share("16-30", 21), share("0-15", 18), share("31-45", 61))
    assert isinstance(made.data, Histogram)
    assert made.data == Histogram(
        (Bucket(0, 15, (18,)), Bucket(15, 30, (21,)), Bucket(30, 45, (61,))), 38
    )
    assert made.title.text == "100% of the people who react do so within 45 min."
    assert made.lead[0].text == "Half of the people who react do so within 38 min."


def test_an_open_end_has_no_majority_to_name() -> None:
    made = view("dwell_distribution", share("0-15", 18), share("16+", 82))
    assert made.title.text == "Half of the people who react do so within 38 min."
    bare = view("dwell_distribution", share("0-15", 18, None), share("16+", 82, None))
    assert bare.title.text == "The platform supplied no median reaction time for this window."
    assert bare.figures == ()


@pytest.mark.parametrize(
    "entries",
    [
        [share("0-15", 50), share("10-30", 50)],
        [share("0-15", 50), share("0-15", 50)],
        [share("0+", 50), share("16-30", 50)],
        [share("30-15", 100)],
        [share("soon", 100)],
        [share("15", 100)],
        [share(15, 100)],
        [share(["0-15"], 100)],
        [share("0-15", -5), share("16-30", 105)],
        [share("0-15", None), share("16-30", 60)],
        [share("0-15", None)],
    ],
)
def test_a_spread_nobody_can_draw_holds_the_report(entries: list[Entry]) -> None:
    assert view("dwell_distribution", *entries).state is SectionState.FAILED


def test_a_missing_share_without_room_is_nought() -> None:
    made = view("dwell_distribution", share("0-15", 100), share("16-30", None))
    assert isinstance(made.data, Histogram)
    assert [bucket.values for bucket in made.data.buckets] == [(100,), (0,)]


def test_a_spread_that_does_not_add_up_is_held_and_rounding_is_not() -> None:
    spans = [f"{15 * place}-{15 * place + 14}" for place in range(16)]
    rounded = view("dwell_distribution", *(share(span, 7) for span in spans))
    half = view("dwell_distribution", share("0-15", 40))
    double = view("dwell_distribution", share("0-15", 100), share("16-30", 100))
    assert held(rounded) == ()
    assert [len(held(made)) for made in (half, double)] == [1, 1]


def test_all_zero_shares_are_no_data() -> None:
    assert view("dwell_distribution", share("0-15", 0)).state is SectionState.NO_DATA


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (46, "Half of the people who react do so within 38 min, 8 min sooner than before."),
        (30, "Half of the people who react do so within 38 min, 8 min later than before."),
        (37, "The median reaction time has hardly changed: 38 min, after 37 min."),
    ],
)
def test_the_median_is_compared_with_the_earlier_edition(before: float, said: str) -> None:
    made = view("dwell_distribution", share("0-15", 100), earlier={"dwell_time": before})
    median = figure(made, "dwell_time")
    assert median is not None
    assert judging.said(ENGLISH, median).text == said


def test_a_target_in_minutes_is_a_ceiling() -> None:
    made = view("dwell_distribution", share("0-15", 100), targets={"dwell_time": 30})
    assert made.figure is not None
    assert made.figure.goal == Goal("ceiling", 30, 8)

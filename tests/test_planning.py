"""What is due: a table of moments."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reportgen.config import Report
from reportgen.model import Customer, Period, RunKey
from reportgen.pipeline import RunState
from reportgen.planning import Past, Subscription, due, upcoming

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
OCTOBER = RunKey("monthly", "c1", "2026-10")
SEPTEMBER = RunKey("monthly", "c1", "2026-09")


def subscription(since: datetime = LONG_AGO, zone: str = "Europe/Berlin") -> Subscription:
    report = Report.model_validate(
        {
            "name": "monthly",
            "title": "Human risk report",
            "widgets": ["risk_score_trend"],
            "schedule": {"every": "month", "on": 1, "at": "06:00"},
        }
    )
    return Subscription(report, Customer("c1", "Harbourline Logistics", time_zone=zone), since)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def everything_before(key: RunKey) -> dict[RunKey, Past]:
    """A history in which every month before `key` succeeded."""
    months = [f"2026-{month:02}" for month in range(1, 13)] + ["2025-12"]
    return {
        RunKey("monthly", "c1", month): Past(RunState.SUCCEEDED)
        for month in months
        if month < key.period
    }


def test_a_report_is_due_from_its_moment_in_the_customers_zone() -> None:
    history = everything_before(OCTOBER)
    before = due([subscription()], history, moment("2026-11-01T04:59:59"))
    after = due([subscription()], history, moment("2026-11-01T05:00:00"))
    assert [item.key for item in before] == []
    assert [(item.key, item.why) for item in after] == [(OCTOBER, "due")]
    assert after[0].period == Period(date(2026, 10, 1), date(2026, 11, 1))


@pytest.mark.parametrize(
    "state", [RunState.SUCCEEDED, RunState.HELD, RunState.FAILED], ids=lambda state: state.value
)
def test_what_is_done_or_needs_a_person_is_not_due(state: RunState) -> None:
    history = everything_before(OCTOBER) | {OCTOBER: Past(state)}
    assert due([subscription()], history, moment("2026-11-20T12:00:00")) == ()


def test_a_resting_run_is_due_again_when_its_pause_is_over() -> None:
    now = moment("2026-11-01T08:00:00")
    resting = everything_before(OCTOBER) | {
        OCTOBER: Past(RunState.WAITING, now + timedelta(minutes=1))
    }
    rested = everything_before(OCTOBER) | {OCTOBER: Past(RunState.WAITING, now)}
    assert due([subscription()], resting, now) == ()
    assert [(item.key, item.why) for item in due([subscription()], rested, now)] == [
        (OCTOBER, "retry")
    ]


@pytest.mark.parametrize("state", [RunState.WORKING, RunState.DELIVERING])
def test_a_run_whose_worker_died_is_taken_up_when_its_lease_is_over(state: RunState) -> None:
    now = moment("2026-11-01T08:00:00")
    alive = everything_before(OCTOBER) | {OCTOBER: Past(state, now + timedelta(minutes=20))}
    dead = everything_before(OCTOBER) | {OCTOBER: Past(state, now - timedelta(seconds=1))}
    assert due([subscription()], alive, now) == ()
    assert [item.why for item in due([subscription()], dead, now)] == ["retry"]


def test_only_the_newest_missed_report_goes_out_by_itself() -> None:
    history = everything_before(SEPTEMBER)
    items = due([subscription()], history, moment("2026-11-20T12:00:00"))
    assert [(item.key, item.why) for item in items] == [(SEPTEMBER, "missed"), (OCTOBER, "due")]


def test_nothing_that_was_due_before_a_customer_joined_is_due() -> None:
    joined = moment("2026-11-05T00:00:00")
    assert due([subscription(since=joined)], {}, moment("2026-11-20T12:00:00")) == ()


def test_the_first_of_april_is_not_skipped_when_the_clocks_have_gone_forward() -> None:
    """The trigger of the scheduling library skips this one; calendar arithmetic must not."""
    history = everything_before(RunKey("monthly", "c1", "2026-03"))
    items = due([subscription()], history, moment("2026-04-01T04:00:00"))
    assert [item.key.period for item in items] == ["2026-03"]


def test_the_next_report_is_foretold() -> None:
    items = upcoming([subscription()], moment("2026-11-20T12:00:00"))
    assert [(item.key.period, item.due_at) for item in items] == [
        ("2026-11", moment("2026-12-01T05:00:00"))
    ]

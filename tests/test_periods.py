"""The laws of periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import periods
from reportgen.errors import ConfigError
from reportgen.model import Period

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
rules = st.sampled_from(
    [*periods.RULES, "last-1-months", "last-2-months", "last-6-months", "last-24-months"]
)


@given(rules, days)
def test_a_period_is_over_when_it_is_reported(rule: str, today: date) -> None:
    period = periods.resolve(rule, today)
    assert period.start < period.end <= today


@given(rules, days)
def test_a_key_means_exactly_its_period(rule: str, today: date) -> None:
    period = periods.resolve(rule, today)
    assert periods.parse(periods.key(period)) == period


@given(days, days, st.integers(1, 800), st.integers(1, 800))
def test_two_periods_never_share_a_key(a: date, b: date, m: int, n: int) -> None:
    one, other = Period(a, a + timedelta(days=m)), Period(b, b + timedelta(days=n))
    assert (periods.key(one) == periods.key(other)) == (one == other)


@given(days, st.integers(1, 500))
def test_a_key_of_any_days_means_exactly_these_days(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))
    assert periods.parse(periods.key(period)) == period


@given(days)
def test_months_tile_without_a_gap(today: date) -> None:
    period = periods.last_month(today)
    before = periods.last_month(period.start)
    assert before.end == period.start
    assert period.end.month == today.month


@given(days)
def test_weeks_run_from_monday_to_sunday(today: date) -> None:
    period = periods.last_week(today)
    assert (period.start.weekday(), (period.end - period.start).days) == (0, 7)
    assert 0 < (today - period.last_day).days <= 7


@given(days)
def test_quarters_are_three_whole_months(today: date) -> None:
    period = periods.last_quarter(today)
    assert period.start.month % 3 == 1
    assert period.start.day == period.end.day == 1
    assert 89 < (period.end - period.start).days < 93


@given(days)
def test_to_date_holds_only_finished_days(today: date) -> None:
    for rule, start in (("month-to-date", today.replace(day=1)), ("year-to-date", None)):
        period = periods.resolve(rule, today)
        assert period.end == today or period.end == (start or date(today.year, 1, 1))


@given(days, st.integers(1, 24))
def test_last_months_are_whole_and_touch_the_month_that_runs(today: date, count: int) -> None:
    period = periods.resolve(f"last-{count}-months", today)
    assert (period.start.day, period.end) == (1, today.replace(day=1))
    assert periods.months_after(period.start, count) == period.end


@given(days, st.integers(1, 60), st.integers(1, 24))
def test_a_history_of_any_days_starts_a_month_and_holds_them_all(
    start: date, length: int, months: int
) -> None:
    period = Period(start, start + timedelta(days=length))
    history = periods.history(period, months)
    assert history.end == period.end
    assert history.start <= period.start
    assert history.start.day == 1 or history.start == period.start


@pytest.mark.parametrize(
    ("rule", "today", "key"),
    [
        ("month-to-date", date(2026, 11, 1), "2026-10"),
        ("month-to-date", date(2026, 11, 2), "2026-11-01..2026-11-01"),
        ("year-to-date", date(2026, 1, 1), "2025"),
        ("year-to-date", date(2026, 4, 1), "2026-Q1"),
        ("last-week", date(2021, 1, 4), "2020-W53"),
        ("last-week", date(2021, 1, 3), "2020-W52"),
        ("last-quarter", date(2026, 1, 31), "2025-Q4"),
        ("last-month", date(2024, 3, 31), "2024-02"),
        ("last-year", date(2026, 1, 1), "2025"),
        ("2026-Q3", date(2030, 1, 1), "2026-Q3"),
    ],
)
def test_rules_at_the_edges_of_the_calendar(rule: str, today: date, key: str) -> None:
    assert periods.key(periods.resolve(rule, today)) == key


@given(days, st.integers(1, 24))
def test_a_history_ends_with_its_period_and_covers_its_months(today: date, months: int) -> None:
    period = periods.last_month(today)
    history = periods.history(period, months)
    assert history.end == period.end
    assert history.start == periods.months_before(period.start, months - 1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-05..2026-10", date(2026, 5, 1), date(2026, 10, 31)),
        ("2026-10-01..2026-10-15", date(2026, 10, 1), date(2026, 10, 15)),
    ],
)
def test_named_periods_mean_what_people_mean(text: str, first: date, last: date) -> None:
    period = periods.parse(text)
    assert (period.start, period.last_day) == (first, last)
    assert periods.key(period) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "last-moon",
        "last-0-months",
        "last-25-months",
        "2026-13",
        "2026-Q5",
        "2026-W60",
        "2026-10-15..2026-10-01",
        "9999",
        "2026-02-30..2026-03-01",
        "0000-01",
        "２０２６-10",
        "2021-W53",
        "last--1-months",
    ],
)
def test_what_is_no_period_is_refused_with_the_known_forms(text: str) -> None:
    with pytest.raises(ConfigError, match=r"2026-Q3|from 1 to 24"):
        periods.resolve(text, date(2026, 11, 23))

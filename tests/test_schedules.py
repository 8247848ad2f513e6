"""When reports are due, against brute force in awkward zones."""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from reportgen.schedules import Schedule, moment_of

ADAPTER: TypeAdapter[Schedule] = TypeAdapter(Schedule)
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Kathmandu",
    "Europe/Istanbul",
    "Pacific/Apia",
    "UTC",
]
moments = st.integers(0, 25 * 365 * 24 * 60).map(
    lambda minutes: datetime(2009, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.sampled_from(["00:00", "00:30", "02:30", "06:00", "23:59"])


def schedule(**fields: object) -> Schedule:
    return ADAPTER.validate_python(fields)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(moments, zones, times, st.one_of(st.integers(1, 31), st.just("last")))
def test_a_monthly_report_is_due_once_in_every_month(
    after: datetime, zone: ZoneInfo, at: str, on: int | str
) -> None:
    until = after + timedelta(days=800)
    found = schedule(every="month", on=on, at=at).between(after, until, zone)
    brute = [
        moment
        for day in _days(after, until)
        if day.day
        == min(31 if on == "last" else int(on), calendar.monthrange(day.year, day.month)[1])
        for moment in [moment_of(day, time.fromisoformat(at), zone)]
        if after < moment <= until
    ]
    assert list(found) == brute


@given(moments, zones, times)
def test_a_weekly_report_is_due_once_in_every_week(
    after: datetime, zone: ZoneInfo, at: str
) -> None:
    until = after + timedelta(days=120)
    found = schedule(every="week", on="friday", at=at).between(after, until, zone)
    brute = [
        moment
        for day in _days(after, until)
        if day.weekday() == 4
        for moment in [moment_of(day, time.fromisoformat(at), zone)]
        if after < moment <= until
    ]
    assert list(found) == brute


@given(moments, zones, st.sampled_from(["0 6 1 * *", "30 2 * * *", "0 0 * * 0", "15 7 */2 * 1-5"]))
def test_a_cron_line_neither_skips_nor_repeats_at_a_clock_change(
    after: datetime, zone: ZoneInfo, line: str
) -> None:
    found = schedule(cron=line).between(after, after + timedelta(days=60), zone)
    assert list(found) == sorted(set(found))
    local = {moment.astimezone(zone).date() for moment in found}
    assert len(found) - len(local) <= 1  # a time moved out of a gap at midnight shares its day


@given(moments, zones, times)
def test_a_daily_cron_line_comes_at_its_wall_time_on_every_day(
    after: datetime, zone: ZoneInfo, at: str
) -> None:
    until = after + timedelta(days=60)
    hour, minute = at.split(":")
    found = schedule(cron=f"{minute} {hour} * * *").between(after, until, zone)
    brute = {moment_of(day, time.fromisoformat(at), zone) for day in _days(after, until)}
    assert list(found) == sorted(moment for moment in brute if after < moment <= until)


@given(moments, zones, times)
def test_a_quarterly_report_is_due_in_the_first_month_of_every_quarter(
    after: datetime, zone: ZoneInfo, at: str
) -> None:
    until = after + timedelta(days=800)
    found = schedule(every="quarter", on="last", at=at).between(after, until, zone)
    brute = [
        moment
        for day in _days(after, until)
        if day.month in (1, 4, 7, 10) and day.day == 31 - (day.month == 4)
        for moment in [moment_of(day, time.fromisoformat(at), zone)]
        if after < moment <= until
    ]
    assert list(found) == brute


rules = st.one_of(
    st.integers(1, 31),
    st.sampled_from(["last", "first business day", "last business day", "4th sunday"]),
    st.sampled_from(["1 day after month end", "28 days after month end", "last friday"]),
)


@given(moments, zones, times, rules)
def test_days_by_any_rule_come_once_in_every_month(
    after: datetime, zone: ZoneInfo, at: str, on: int | str
) -> None:
    each = schedule(every="month", on=on, at=at)
    found = each.between(after, after + timedelta(days=800), zone)
    local = [moment.astimezone(zone) for moment in found]
    months = [moment.year * 12 + moment.month for moment in local]
    assert months == list(range(months[0], months[0] + len(found)))
    assert len(found) in (26, 27)


@given(moments, zones, rules, st.integers(0, 400), st.integers(0, 400))
def test_two_spans_that_touch_hold_what_the_whole_holds(
    after: datetime, zone: ZoneInfo, on: int | str, first: int, second: int
) -> None:
    each = schedule(every="month", on=on)
    middle = after + timedelta(days=first)
    until = middle + timedelta(days=second)
    parts = each.between(after, middle, zone) + each.between(middle, until, zone)
    assert parts == each.between(after, until, zone)


@given(moments, zones)
def test_what_follows_is_the_first_of_what_comes(now: datetime, zone: ZoneInfo) -> None:
    for each in (schedule(every="quarter", on=31), schedule(cron="0 6 29 2 *")):
        following = each.following(now, zone)
        assert following > now
        assert each.between(now, following, zone) == (following,)


def _days(after: datetime, until: datetime) -> Iterator[date]:
    day = after.date() - timedelta(days=3)
    while day <= until.date() + timedelta(days=3):
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/London", "America/New_York"])
def test_the_april_report_is_not_skipped(zone: str) -> None:
    found = schedule(every="month", on=1, at="00:00").following(utc("2027-03-20"), ZoneInfo(zone))
    assert found.astimezone(ZoneInfo(zone)).isoformat()[:16] == "2027-04-01T00:00"


def test_a_time_in_the_spring_gap_moves_forward_and_a_doubled_one_is_the_first() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert moment_of(date(2027, 3, 28), time(2, 30), berlin) == utc("2027-03-28T01:30")
    assert moment_of(date(2026, 10, 25), time(2, 30), berlin) == utc("2026-10-25T00:30")


@pytest.mark.parametrize(
    ("on", "days"),
    [
        ("first business day", ["2026-07-01", "2026-08-03", "2026-09-01"]),
        ("last business day", ["2026-07-31", "2026-08-31", "2026-09-30"]),
        ("2nd tuesday", ["2026-07-14", "2026-08-11", "2026-09-08"]),
        ("last friday", ["2026-07-31", "2026-08-28", "2026-09-25"]),
        ("5 days after month end", ["2026-07-05", "2026-08-05", "2026-09-05"]),
        (31, ["2026-07-31", "2026-08-31", "2026-09-30"]),
    ],
)
def test_days_by_rule(on: object, days: list[str]) -> None:
    found = schedule(every="month", on=on).between(
        utc("2026-07-01"), utc("2026-10-01"), ZoneInfo("UTC")
    )
    assert [f"{moment:%Y-%m-%d}" for moment in found] == days


@pytest.mark.parametrize(
    "fields",
    [
        {"every": "month", "on": 32},
        {"every": "month", "on": "someday"},
        {"every": "month", "on": True},
        {"every": "month", "at": "6:00"},
        {"every": "week", "on": 1},
        {"every": "year"},
        {"every": "month", "on": "0 days after month end"},
        {"every": "month", "on": "40 days after month end"},
        {"every": "month", "at": "24:00"},
        {"cron": "* * *"},
        {"cron": "* 6 1 * *"},
        {"cron": "0 6,18 1 * *"},
        {"cron": "0 0 6 1 * *"},
        {"cron": "0 0 31 2 *"},
        {"cron": "a b c d e"},
        {},
    ],
)
def test_what_is_no_schedule_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        schedule(**fields)

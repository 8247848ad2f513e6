"""Laws of the calendar: every rule over twenty years in awkward zones, and services that stop."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reportgen import periods
from reportgen.config import Report
from reportgen.model import Customer, Period, RunKey
from reportgen.pipeline import RunState
from reportgen.planning import Past, Subscription, due, expected, settled
from tests.test_schedules import schedule

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Apia",
)
START = datetime(2007, 1, 15, 12, tzinfo=UTC)
END = datetime(2027, 1, 15, 12, tzinfo=UTC)
MONTHS, QUARTERS, WEEKS = "last-month", "last-quarter", "last-week"
USUAL = {MONTHS: 240, QUARTERS: 80, WEEKS: 1043}
"""Periods in twenty years, one more or less at their ends."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = (
    *range(1, 32),
    "last",
    "first business day",
    "last business day",
    *(f"{place} {day}" for place in ("1st", "2nd", "3rd", "4th", "last") for day in WEEKDAYS),
    *(f"{count} days after month end" for count in range(1, 29)),
)
TIMES = ("00:00", "00:30", "02:30", "23:59")
CRON = (
    ("0 0 1 * *", MONTHS),
    ("30 0 L * *", MONTHS),
    ("30 2 28 * *", MONTHS),
    ("15 6 * * 1#1", MONTHS),
    ("59 23 15 * *", MONTHS),
    ("30 2 * * 0", WEEKS),
    ("0 0 * * 7", WEEKS),
    ("30 0 * * 5", WEEKS),
    ("0 0 1 1,4,7,10 *", QUARTERS),
    ("30 2 L */3 *", QUARTERS),
)


def calendar_rules() -> Iterator[tuple[dict[str, object], str]]:
    """Each rule once, each with one of the times by turns, and the report's fitting period."""
    for place, on in enumerate(DAYS):
        yield {"every": "month", "on": on, "at": TIMES[place % 4]}, MONTHS
        yield {"every": "quarter", "on": on, "at": TIMES[(place + 1) % 4]}, QUARTERS
    for on, at in product(WEEKDAYS, TIMES):
        yield {"every": "week", "on": on, "at": at}, WEEKS
    for line, rule in CRON:
        yield {"cron": line}, rule


RULES = tuple(calendar_rules())


@pytest.mark.parametrize("name", ZONES)
def test_over_twenty_years_each_period_comes_once_and_none_is_skipped(name: str) -> None:
    zone = ZoneInfo(name)
    for fields, rule in RULES:
        moments = schedule(**fields).between(START, END, zone)
        found = [periods.resolve(rule, moment.astimezone(zone).date()) for moment in moments]
        assert all(one < other for one, other in pairwise(moments)), fields
        assert all(one.end == other.start for one, other in pairwise(found)), (fields, name)
        assert abs(len(found) - USUAL[rule]) <= 1, fields


@pytest.mark.parametrize("name", ZONES)
def test_what_follows_is_what_comes_whatever_the_moment(name: str) -> None:
    zone = ZoneInfo(name)
    for fields, _ in RULES[::7]:
        each = schedule(**fields)
        moments = each.between(START, START + timedelta(days=800), zone)
        for one, other in pairwise(moments):
            assert each.following(one, zone) == other
            assert each.following(other - timedelta(microseconds=1), zone) == other


def test_a_day_that_a_zone_leaves_out_is_made_good_once() -> None:
    """Samoa went from 29 to 31 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    left_out = schedule(every="month", on=30, at="06:00")
    near = datetime(2011, 12, 31, 0, 30, tzinfo=apia).astimezone(UTC)
    following = left_out.following(near, apia)
    assert following is not None
    assert following.astimezone(apia).isoformat()[:16] == "2011-12-31T06:00"
    span = datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 3, tzinfo=UTC)
    daily = schedule(cron="0 6 * * *").between(*span, apia)
    assert all(one < other for one, other in pairwise(daily))


def test_a_rule_that_never_comes_ends_at_once() -> None:
    with pytest.raises(ValidationError):
        schedule(cron="0 6 30 2 *")
    over = schedule(cron="0 6 29 2 *", end="2027-12-31")
    assert over.following(datetime(2024, 3, 1, tzinfo=UTC), ZoneInfo("UTC")) is None


# ---- first and last day --------------------------------------------------------------------


days = st.dates(date(2020, 1, 1), date(2024, 12, 31))


@given(days, days, st.sampled_from(RULES), st.sampled_from(ZONES))
def test_nothing_leaves_before_the_first_day_or_after_the_last(
    one: date, other: date, rule: tuple[dict[str, object], str], name: str
) -> None:
    first, last, zone = min(one, other), max(one, other), ZoneInfo(name)
    span = datetime(2019, 6, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
    always = schedule(**rule[0]).between(*span, zone)
    within = schedule(**rule[0], start=first, end=last).between(*span, zone)
    local = {moment: moment.astimezone(zone).date() for moment in always}
    inside = [moment for moment in always if first < local[moment] < last]
    assert [each for each in within if first < local[each] < last] == inside
    assert all(first <= local[each] <= last + timedelta(days=1) for each in within)
    assert set(within) <= set(always)


def test_a_schedule_ends_after_it_begins() -> None:
    with pytest.raises(ValidationError, match="nothing would ever leave"):
        schedule(every="month", start="2026-03-01", end="2026-02-01")


# ---- a service that stops and starts -------------------------------------------------------


def subscription(fields: dict[str, object], rule: str, zone: str) -> Subscription:
    report = Report.model_validate(
        {"name": "r", "title": "R", "widgets": ["risk_score_trend"], "period": rule,
         "schedule": fields}
    )  # fmt: skip
    return Subscription(report, Customer("c", "C", time_zone=zone), START)


class Service:
    """What goes out by itself, each run a success."""

    def __init__(self, each: Subscription, *, forgets: bool = False) -> None:
        self._each = each
        self._forgets = forgets
        """Looks no more at what is settled."""
        self.made: list[tuple[RunKey, Period]] = []
        self.missed: set[RunKey] = set()

    def tick(self, now: datetime) -> None:
        """One look at what is due, as often as somebody asks."""
        history = {key: Past(RunState.SUCCEEDED) for key, _ in self.made}
        items = due([self._each], history, now)
        newest = expected([self._each], now)[-1:]
        for item in items:
            if item.why == "due":
                assert [item.key] == [each.key for each in newest], "not the newest"
                self.made.append((item.key, item.period))
        self.missed = {item.key for item in items if item.why == "missed"}
        if self._forgets:
            self._forget(now)

    def _forget(self, now: datetime) -> None:
        history = {key: Past(RunState.SUCCEEDED) for key, _ in self.made}
        until = settled(expected([self._each], now), history)
        since = until.get((self._each.report.name, "c"), self._each.since)
        self._each = replace(self._each, since=since)


ticks = st.lists(st.integers(0, 900 * 24), min_size=1, max_size=40).map(sorted)


@settings(max_examples=60)
@given(ticks, st.sampled_from(RULES), st.sampled_from(ZONES), st.booleans())
def test_after_any_stop_each_period_is_made_once_or_listed(
    hours: list[int], rule: tuple[dict[str, object], str], zone: str, forgets: bool
) -> None:
    each = subscription(*rule, zone)
    service = Service(each, forgets=forgets)
    for hour in hours:
        for _ in range(2):  # several processes ask
            service.tick(START + timedelta(hours=hour))
    keys = [key for key, _ in service.made]
    assert len(keys) == len(set(keys)), "twice"
    assert not service.missed & set(keys)
    known = {item.key for item in expected([each], START + timedelta(hours=hours[-1]))}
    assert known == service.missed | set(keys), "forgotten"


@pytest.mark.parametrize("zone", ZONES)
def test_a_service_that_never_stops_makes_every_period_once(zone: str) -> None:
    for fields, rule in RULES[::23]:
        each = subscription(fields, rule, zone)
        service = Service(each)
        for day in range(400):
            service.tick(START + timedelta(days=day))
        made = [key for key, _ in service.made]
        assert made == [item.key for item in expected([each], START + timedelta(days=399))]
        assert service.missed == set()


def test_of_a_paused_subscription_nothing_leaves() -> None:
    fields, rule = RULES[0]
    paused = Subscription(
        subscription(fields, rule, "UTC").report, Customer("c", "C"), START, paused=True
    )
    now = START + timedelta(days=90)
    resting = {RunKey("r", "c", "2007-01"): Past(RunState.WAITING)}
    assert {item.why for item in due([paused], resting, now)} == {"paused"}
    assert len(due([paused], resting, now)) == 2

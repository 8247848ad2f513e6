"""Which days a report covers: rules, named periods, and the text that is a period's key.

Everything is whole days. Inside, a period's end is not part of it; in text and in print the last
day is the last day that counts.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from reportgen.errors import ConfigError
from reportgen.model import Period

DEFAULT_RULE = "last-month"
EXAMPLES = (
    "last-month, last-week, last-quarter, last-year, last-6-months, month-to-date, year-to-date, "
    "2026-10, 2026-Q3, 2026-W41, 2026 or 2026-10-01..2026-10-15"
)
_MONTHS_AT_MOST = 24


# ---- rules ---------------------------------------------------------------------------------


def last_month(today: date) -> Period:
    """
    The calendar month before the one that holds `today`.

    >>> last_month(date(2026, 1, 15))
    Period(start=datetime.date(2025, 12, 1), end=datetime.date(2026, 1, 1))
    """
    return last_months(today, 1)


def last_months(today: date, count: int) -> Period:
    """The `count` calendar months before the one that holds `today`."""
    end = today.replace(day=1)
    return Period(months_before(end, count), end)


def last_week(today: date) -> Period:
    """The ISO week, Monday to Sunday, before the one that holds `today`."""
    end = today - timedelta(days=today.weekday())
    return Period(end - timedelta(weeks=1), end)


def last_quarter(today: date) -> Period:
    """The calendar quarter before the one that holds `today`."""
    end = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return Period(months_before(end, 3), end)


def month_to_date(today: date) -> Period:
    """The finished days of this month; on its first day the whole month before."""
    return _to_date(today.replace(day=1), today) or last_month(today)


def last_year(today: date) -> Period:
    """The calendar year before the one that holds `today`."""
    return Period(date(today.year - 1, 1, 1), date(today.year, 1, 1))


def year_to_date(today: date) -> Period:
    """The finished days of this year; on its first day the whole year before."""
    return _to_date(date(today.year, 1, 1), today) or last_year(today)


def _to_date(start: date, today: date) -> Period | None:
    return Period(start, today) if start < today else None


RULES: dict[str, Callable[[date], Period]] = {
    "last-month": last_month,
    "last-week": last_week,
    "last-quarter": last_quarter,
    "last-year": last_year,
    "month-to-date": month_to_date,
    "year-to-date": year_to_date,
}
"""Named rules: local day of the customer in, period out. `last-N-months` comes beside them."""

_LAST_MONTHS = re.compile(r"last-(\d{1,2})-months", re.ASCII)


def resolve(rule: str, today: date) -> Period:
    """
    The period that `rule` means on the local day `today`.

    Raises ConfigError for a rule nobody knows.

    >>> key(resolve("last-quarter", date(2026, 11, 23)))
    '2026-Q3'
    """
    text = rule.strip()
    if text in RULES:
        return RULES[text](today)
    if match := _LAST_MONTHS.fullmatch(text):
        return last_months(today, _count(match[1], rule))
    return parse(text)


def validate_rule(text: str) -> str:
    """The rule itself, if it is one. Raises ConfigError."""
    resolve(text, date(2026, 6, 15))
    return text.strip()


def _count(digits: str, rule: str) -> int:
    count = int(digits)
    if not 1 <= count <= _MONTHS_AT_MOST:
        raise ConfigError(f"{rule!r}: the number of months goes from 1 to {_MONTHS_AT_MOST}")
    return count


# ---- keys ----------------------------------------------------------------------------------


def key(period: Period) -> str:
    """
    The one text that means exactly these days; `parse` reads it back.

    >>> key(Period(date(2026, 10, 1), date(2026, 11, 1)))
    '2026-10'
    """
    start, end = period.start, period.end
    if start.day == end.day == 1:
        return _months_key(start, end)
    if start.weekday() == end.weekday() == 0 and (end - start).days == 7:
        year, week, _ = start.isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{start}..{period.last_day}"


def _months_key(start: date, end: date) -> str:
    count = _month_number(end) - _month_number(start)
    if count == 1:
        return _month_key(start)
    if count == 3 and start.month % 3 == 1:
        return f"{start.year:04}-Q{start.month // 3 + 1}"
    if count == 12 and start.month == 1:
        return f"{start.year:04}"
    return f"{_month_key(start)}..{_month_key(months_before(end, 1))}"


def _month_key(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


_EARLIEST, _LATEST = date(1900, 1, 1), date(3000, 1, 1)
"""Beyond them nothing is measured, and a calendar soon ends."""
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_YEAR = re.compile(r"(\d{4})", re.ASCII)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)
_SPAN = re.compile(r"(\d{4})-(\d{2})\.\.(\d{4})-(\d{2})", re.ASCII)


def parse(text: str) -> Period:
    """
    The days that a key or a named period means. Raises ConfigError with the known forms.

    >>> parse("2026-10-01..2026-10-15")
    Period(start=datetime.date(2026, 10, 1), end=datetime.date(2026, 10, 16))
    """
    try:
        period = _parsed(text.strip())
    except (ValueError, OverflowError):
        period = None
    if period is None or not _EARLIEST <= period.start < period.end <= _LATEST:
        raise ConfigError(f"{text!r} is not a period; write {EXAMPLES}")
    return period


def _parsed(text: str) -> Period | None:
    if match := _MONTH.fullmatch(text):
        start = date(int(match[1]), int(match[2]), 1)
        return Period(start, months_after(start, 1))
    if match := _QUARTER.fullmatch(text):
        start = date(int(match[1]), int(match[2]) * 3 - 2, 1)
        return Period(start, months_after(start, 3))
    if match := _WEEK.fullmatch(text):
        start = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return Period(start, start + timedelta(weeks=1))
    if match := _YEAR.fullmatch(text):
        return Period(date(int(match[1]), 1, 1), date(int(match[1]) + 1, 1, 1))
    return _span(text)


def _span(text: str) -> Period | None:
    if match := _DAYS.fullmatch(text):
        last = date.fromisoformat(match[2])
        return Period(date.fromisoformat(match[1]), last + timedelta(days=1))
    if match := _SPAN.fullmatch(text):
        last_month_start = date(int(match[3]), int(match[4]), 1)
        return Period(date(int(match[1]), int(match[2]), 1), months_after(last_month_start, 1))
    return None


def following(period: Period) -> Period:
    """The next one of the same kind: as many months, or as many days.

    >>> key(following(parse("2026-Q4")))
    '2027-Q1'
    """
    if period.start.day == period.end.day == 1:
        months = _month_number(period.end) - _month_number(period.start)
        return Period(period.end, months_after(period.end, months))
    return Period(period.end, period.end + (period.end - period.start))


# ---- months --------------------------------------------------------------------------------


def history(period: Period, months: int) -> Period:
    """
    The `months` calendar months that end with the period's end; never shorter than the period.

    A period that ends inside a month counts that month as one of them.
    """
    last = period.last_day.replace(day=1)
    start = months_before(last, months - 1)
    return Period(min(start, period.start), period.end)


def months_before(day: date, count: int) -> date:
    """The first day of the month `count` months before the one that holds `day`."""
    return months_after(day, -count)


def months_after(day: date, count: int) -> date:
    """The first day of the month `count` months after the one that holds `day`."""
    number = _month_number(day) + count
    return date(number // 12, number % 12 + 1, 1)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1

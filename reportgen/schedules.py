"""When a report is due: plain calendar arithmetic in the customer's own zone.

A wall time that the spring change skips moves forward by the gap; one that the autumn change
repeats means the first. Days 29 to 31 mean the last day in shorter months.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
}
_WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
_NTH_WEEKDAY = re.compile(rf"({'|'.join(_ORDINALS)}|last) ({'|'.join(_WEEKDAYS)})")
_AFTER_MONTH_END = re.compile(r"([1-9]|1\d|2[0-8]) days? after month end", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DIGITS = re.compile(r"\d{1,2}", re.ASCII)
_HORIZON = timedelta(days=366 * 5)
"""29 February comes within it; a report that leaves more seldom is a mistake."""

MONTH_FORMS = (
    "a day from 1 to 31, `last`, `first business day`, `last business day`, `2nd tuesday`, "
    "`last friday` or `5 days after month end`"
)

_NO_DAY = f"is not a day; write {MONTH_FORMS}"


class _Dated(BaseModel):
    """A rule that may hold from a day, until a day, or both."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    start: date | None = Field(None, description="The first day it may leave; empty: at once.")
    end: date | None = Field(None, description="The last day it may leave; empty: for good.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError("`end` lies before `start`; nothing would ever leave")
        return self

    def between(self, after: datetime, until: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
        """Every due moment after `after`, up to and including `until`; aware UTC, ascending."""
        moments = takewhile(lambda moment: moment <= until, self._moments(after, zone))
        return tuple(moment for moment in moments if moment > after)

    def following(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The first due moment after `now`, aware UTC; None when there is none any more."""
        return next((moment for moment in self._moments(now, zone) if moment > now), None)

    def _moments(self, near: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Moments from about two days before `near` on, within the days of the rule."""
        eve = near.astimezone(zone).date() - timedelta(days=2)
        first = max(eve, self.start) if self.start else eve
        last: datetime | None = None
        for day, at in self.walls(first):
            if self.end and day > self.end:
                return
            moment = moment_of(day, at, zone)
            before = self.start is not None and day < self.start
            if not before and (last is None or moment > last):  # a zone may leave out a whole day
                last = moment
                yield moment

    def walls(self, start: date) -> Iterator[tuple[date, time]]:
        """Every due day from `start` on with its wall time, each day once, ascending."""
        raise NotImplementedError


class _Rule(_Dated):
    at: str = Field("06:00", description="Wall-clock time in the customer's zone, as HH:MM.")

    @field_validator("at", mode="before")
    @classmethod
    def _a_time(cls, value: object) -> str:
        return time_of_day(value)

    def days(self, start: date) -> Iterator[date]:
        """Every due day from `start` on, ascending, without end."""
        raise NotImplementedError

    def walls(self, start: date) -> Iterator[tuple[date, time]]:
        """Every due day from `start` on with its wall time, each day once, ascending."""
        at = time.fromisoformat(self.at)
        return ((day, at) for day in self.days(start))


def time_of_day(value: object) -> str:
    """A wall-clock time as HH:MM. Raises ValueError."""
    text = str(value)
    if not _TIME.fullmatch(text):
        raise ValueError('is no time; write one from "00:00" to "23:59", in quotes')
    return text


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall time, aware UTC; in a gap it moves forward, doubled it is the first."""
    return datetime.combine(day, at, zone).replace(fold=0).astimezone(UTC)


class Monthly(_Rule):
    """Once a month, on a day given by number or by rule."""

    every: Literal["month"] = Field(description="Write `month`.")
    on: int | str = Field(1, description=f"The day: {MONTH_FORMS}.")

    @field_validator("on", mode="before")
    @classmethod
    def _a_day(cls, value: object) -> object:
        return _checked_day(value)

    def days(self, start: date) -> Iterator[date]:
        for year, month in _months(start, 1):
            yield _day_in_month(self.on, year, month)


class Quarterly(_Rule):
    """Once a quarter, in its first month, on a day given by number or by rule."""

    every: Literal["quarter"] = Field(description="Write `quarter`.")
    on: int | str = Field(1, description=f"The day in the quarter's first month: {MONTH_FORMS}.")

    @field_validator("on", mode="before")
    @classmethod
    def _a_day(cls, value: object) -> object:
        return _checked_day(value)

    def days(self, start: date) -> Iterator[date]:
        for year, month in _months(start.replace(month=(start.month - 1) // 3 * 3 + 1, day=1), 3):
            yield _day_in_month(self.on, year, month)


class Weekly(_Rule):
    """Once a week, on a weekday."""

    every: Literal["week"] = Field(description="Write `week`.")
    on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = (
        Field("monday", description="The weekday, by its English name.")
    )

    @field_validator("on", mode="before")
    @classmethod
    def _a_weekday(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    def days(self, start: date) -> Iterator[date]:
        day = start + timedelta(days=(_WEEKDAYS.index(self.on) - start.weekday()) % 7)
        while True:
            yield day
            day += timedelta(weeks=1)


class Cron(_Dated):
    """A cron line of five fields, in the customer's zone."""

    cron: str = Field(
        description="minute hour day month weekday; 0 and 7 are Sunday.", examples=["0 6 1 * *"]
    )

    @field_validator("cron")
    @classmethod
    def _a_line(cls, value: str) -> str:
        fields = value.split()
        if len(fields) != 5:
            raise ValueError("is not a cron line; write five fields: minute hour day month weekday")
        if not (_DIGITS.fullmatch(fields[0]) and _DIGITS.fullmatch(fields[1])):
            raise ValueError(
                "a report leaves once a day at the most; write one minute and one hour, "
                "such as 0 6 * * 1"
            )
        return _one_that_comes(value)

    def walls(self, start: date) -> Iterator[tuple[date, time]]:
        """Every due day from `start` on with its wall time, each day once, ascending.

        The line is stepped on a calendar without zones, so that no clock change can skip or
        repeat a moment; each wall time is then placed in the zone.
        """
        eve = datetime.combine(start, time(), UTC) - timedelta(minutes=1)
        for step in CronSim(self.cron, eve):
            yield step.date(), step.time()


def _one_that_comes(line: str) -> str:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        nearest = next(CronSim(line, start))
    except CronSimError as error:
        raise ValueError(f"is not a cron line ({error}); write such as 0 6 1 * *") from error
    except StopIteration as error:
        raise ValueError("no calendar has such a day; write such as 0 6 1 * *") from error
    if nearest > start + _HORIZON:
        raise ValueError("does not come within five years; write such as 0 6 1 * *")
    return line


def _kind(value: object) -> str | None:
    if isinstance(value, Cron) or (isinstance(value, dict) and "cron" in value):
        return "cron line"
    every = value.get("every") if isinstance(value, dict) else getattr(value, "every", None)
    return None if every is None else f"every {every}"


Schedule = Annotated[
    Annotated[Monthly, Tag("every month")]
    | Annotated[Quarterly, Tag("every quarter")]
    | Annotated[Weekly, Tag("every week")]
    | Annotated[Cron, Tag("cron line")],
    Discriminator(_kind),
]


# ---- days of a month -----------------------------------------------------------------------


def _checked_day(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(_NO_DAY)  # noqa: TRY004 - pydantic collects ValueErrors
    if isinstance(value, str):
        value = int(value) if _DIGITS.fullmatch(value) else " ".join(value.lower().split())
    if isinstance(value, int):
        if 1 <= value <= 31:
            return value
    elif isinstance(value, str) and _named(value):
        return value
    raise ValueError(_NO_DAY)


def _named(text: str) -> bool:
    return (
        text in ("last", "first business day", "last business day")
        or _NTH_WEEKDAY.fullmatch(text) is not None
        or _AFTER_MONTH_END.fullmatch(text) is not None
    )


def _months(start: date, step: int) -> Iterator[tuple[int, int]]:
    """Months from the one before `start`'s on, so that no late day of it is lost."""
    number = start.year * 12 + start.month - 1 - step
    while True:
        yield number // 12, number % 12 + 1
        number += step


def _day_in_month(on: int | str, year: int, month: int) -> date:
    length = calendar.monthrange(year, month)[1]
    if isinstance(on, int):
        return date(year, month, min(on, length))
    if on == "last":
        return date(year, month, length)
    if match := _AFTER_MONTH_END.fullmatch(on):
        return date(year, month, 1) - timedelta(days=1) + timedelta(days=int(match[1]))
    return _weekday_in_month(on, [date(year, month, day) for day in range(1, length + 1)])


def _weekday_in_month(on: str, days: list[date]) -> date:
    """Business days are Monday to Friday; public holidays differ and are not known here."""
    if on.endswith("business day"):
        chosen = [day for day in days if day.weekday() < 5]
        return chosen[0] if on.startswith("first") else chosen[-1]
    ordinal, name = on.split()
    chosen = [day for day in days if day.weekday() == _WEEKDAYS.index(name)]
    return chosen[-1] if ordinal == "last" else chosen[_ORDINALS[ordinal] - 1]

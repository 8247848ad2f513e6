"""What is due: settings, history and the moment in; jobs to do out. A pure question.

Catching up after a stop, trying again after a failure and never running twice are the same
question asked with another history.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from reportgen import periods
from reportgen.config import Report
from reportgen.model import Customer, Period, RunKey
from reportgen.pipeline import RunState

Why = Literal["due", "retry", "missed", "paused", "next"]

UNFINISHED = (RunState.WAITING, RunState.READY, RunState.WORKING, RunState.DELIVERING)
"""States of what is taken up again by itself."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One customer gets one report."""

    report: Report
    customer: Customer
    since: datetime
    """Aware UTC: nothing that was due before this moment is ever due."""
    paused: bool = False
    """True while a person wants nothing of it to leave."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.customer.time_zone)


@dataclass(frozen=True, slots=True)
class Past:
    """What planning may know of an earlier run."""

    state: RunState
    free_at: datetime | None = None
    """When it may be taken up again: the end of its pause, or of a dead worker's lease."""


@dataclass(frozen=True, slots=True)
class Due:
    """One report to be made for one customer."""

    subscription: Subscription
    period: Period
    due_at: datetime
    """Aware UTC: the moment the schedule named."""
    why: Why

    @property
    def key(self) -> RunKey:
        """Scheduled runs are always the first edition; later ones are made on request."""
        return key_of(self.subscription, self.period)


def key_of(subscription: Subscription, period: Period, edition: int = 1) -> RunKey:
    """The identity of the run that makes this report of this period."""
    company_id = subscription.customer.company_id
    return RunKey(subscription.report.name, company_id, periods.key(period), edition)


def due(
    subscriptions: Iterable[Subscription], history: Mapping[RunKey, Past], now: datetime
) -> tuple[Due, ...]:
    """Every report whose moment has come, oldest moment first, and what was missed before it.

    Only the newest moment of a subscription goes out by itself (`due`). Older ones that nobody
    ever started are `missed`: listed, and made on request. A run that rests is due again as
    `retry` when its pause is over. What nobody started of a paused subscription is `paused`.
    """
    found = (item for each in subscriptions for item in _of(each, history, now))
    return tuple(sorted(found, key=lambda item: (item.due_at, item.key)))


def _of(subscription: Subscription, history: Mapping[RunKey, Past], now: datetime) -> Iterator[Due]:
    for place, item in enumerate(reversed(_expected(subscription, now))):
        why = _why(item, history.get(item.key), now, newest=place == 0)
        if why:
            yield replace(item, why=why)


def _why(item: Due, past: Past | None, now: datetime, *, newest: bool) -> Why | None:
    if past is None:
        if item.subscription.paused:
            return "paused"
        return "due" if newest else "missed"
    resting = past.state in UNFINISHED and (past.free_at or now) <= now
    return "retry" if resting and not item.subscription.paused else None


def expected(subscriptions: Iterable[Subscription], now: datetime) -> tuple[Due, ...]:
    """
    Every report that ought to be on record by now, whatever became of it, oldest moment first.

    The matrix of customer, report and period, from the calendar alone: it does not ask what the
    scheduler did, so that what the scheduler forgot shows.
    """
    found = (item for each in subscriptions for item in _expected(each, now))
    return tuple(sorted(found, key=lambda item: (item.due_at, item.key)))


def _expected(subscription: Subscription, now: datetime) -> tuple[Due, ...]:
    """Each period whose moment has come, ascending; one that has several, at its first."""
    schedule = subscription.report.schedule
    if schedule is None:
        return ()
    found: dict[RunKey, Due] = {}
    for moment in schedule.between(subscription.since, now, subscription.zone):
        item = Due(subscription, _period(subscription, moment), moment, "due")
        found.setdefault(item.key, item)
    return tuple(found.values())


def _period(subscription: Subscription, moment: datetime) -> Period:
    return periods.resolve(subscription.report.period, moment.astimezone(subscription.zone).date())


class Stands(Protocol):
    """Whatever knows the state of a run."""

    @property
    def state(self) -> RunState: ...


def settled(
    matrix: Iterable[Due], history: Mapping[RunKey, Stands]
) -> Mapping[tuple[str, str], datetime]:
    """
    Up to which moment every period of a pair of report and company id is done with.

    The matrix ascends. The newest period is left out: what is next is told apart from it.
    """
    by_pair: dict[tuple[str, str], list[Due]] = {}
    for item in matrix:
        by_pair.setdefault((item.key.report, item.key.company_id), []).append(item)
    found = {pair: _settled_until(items[:-1], history) for pair, items in by_pair.items()}
    return {pair: moment for pair, moment in found.items() if moment is not None}


def _settled_until(items: Iterable[Due], history: Mapping[RunKey, Stands]) -> datetime | None:
    last: datetime | None = None
    for item in items:
        past = history.get(item.key)
        if past is None or past.state in UNFINISHED:
            return last
        last = item.due_at
    return last


def upcoming(
    subscriptions: Iterable[Subscription], now: datetime, count: int = 1
) -> tuple[Due, ...]:
    """When each subscription's next reports leave, `count` of each, soonest first."""
    found = (item for each in subscriptions for item in _upcoming(each, now, count))
    return tuple(sorted(found, key=lambda item: (item.due_at, item.key)))


def _upcoming(subscription: Subscription, now: datetime, count: int) -> Iterator[Due]:
    schedule, moment = subscription.report.schedule, now
    if schedule is None or subscription.paused:
        return
    for _ in range(count):
        following = schedule.following(moment, subscription.zone)
        if following is None:
            return
        moment = following
        yield Due(subscription, _period(subscription, moment), moment, "next")

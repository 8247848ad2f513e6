"""What is due: settings, history and the moment in; jobs to do out. A pure question.

Catching up after a stop, trying again after a failure and never running twice are the same
question asked with another history.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from reportgen import periods
from reportgen.config import Report
from reportgen.model import Customer, Period, RunKey
from reportgen.pipeline import RunState

Why = Literal["due", "retry", "missed", "next"]

_UNFINISHED = (RunState.WAITING, RunState.WORKING, RunState.DELIVERING)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One customer gets one report."""

    report: Report
    customer: Customer
    since: datetime
    """Aware UTC: nothing that was due before this moment is ever due."""

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
    `retry` when its pause is over.
    """
    found = (item for each in subscriptions for item in _of(each, history, now))
    return tuple(sorted(found, key=lambda item: (item.due_at, item.key)))


def _of(subscription: Subscription, history: Mapping[RunKey, Past], now: datetime) -> Iterator[Due]:
    schedule = subscription.report.schedule
    if schedule is None:
        return
    moments = schedule.between(subscription.since, now, subscription.zone)
    newest_key: RunKey | None = None
    for moment in reversed(moments):
        item = Due(subscription, _period(subscription, moment), moment, "due")
        if item.key == newest_key:
            continue
        newest = newest_key is None
        newest_key = newest_key or item.key
        yield from _judge(item, history.get(item.key), now, newest=newest)


def _judge(item: Due, past: Past | None, now: datetime, *, newest: bool) -> Iterator[Due]:
    if past is None:
        yield item if newest else Due(item.subscription, item.period, item.due_at, "missed")
    elif past.state in _UNFINISHED and (past.free_at or now) <= now:
        yield Due(item.subscription, item.period, item.due_at, "retry")


def _period(subscription: Subscription, moment: datetime) -> Period:
    return periods.resolve(subscription.report.period, moment.astimezone(subscription.zone).date())


def upcoming(subscriptions: Iterable[Subscription], now: datetime) -> tuple[Due, ...]:
    """When each subscription's next report leaves, soonest first."""
    found = [
        Due(each, _period(each, moment), moment, "next")
        for each in subscriptions
        if each.report.schedule
        for moment in (each.report.schedule.following(now, each.zone),)
    ]
    return tuple(sorted(found, key=lambda item: (item.due_at, item.key)))

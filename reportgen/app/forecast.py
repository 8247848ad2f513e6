"""How a round gets on: its rate, when it ends, and whether the deadlines can be kept."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from reportgen.model import RunKey

_RECENT = 30
"""Reports that the rate is taken from."""
_FEW = 3
"""From fewer nothing can be told."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is still to be done for one report."""

    deadline: datetime | None
    """When it should have left; None for one that a person ordered."""
    sending: timedelta
    """How long its messages take, at the rate that the mail servers allow."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How a round stands, and how it will go on."""

    made: int
    total: int
    rate: float | None
    """Reports a minute, lately; None while nothing can be told."""
    made_by: datetime | None
    """When the last one is made."""
    gone_by: datetime | None
    """When the last one has left."""
    late: int
    """So many leave after their deadline."""
    mail: bool
    """True: the mail servers' limits alone make them late."""

    @property
    def warning(self) -> str:
        """What a person should know now; empty when all is well."""
        if not self.late or self.gone_by is None:
            return ""
        some = f"{self.late} of {self.total} reports will leave after their deadline"
        if self.mail:
            return (
                f"{some}: at `messages_per_minute` the last one leaves at {_clock(self.gone_by)}; "
                "raise it if the mail server takes more, or schedule some of them earlier"
            )
        return (
            f"{some}: at {self.rate:.1f} a minute the last one leaves at {_clock(self.gone_by)}; "
            "give it more processors (`workers`), or schedule some of them earlier"
        )

    def __str__(self) -> str:
        if self.rate is None or self.made_by is None or self.gone_by is None:
            return ""
        if self.made < self.total:
            return f"{self.rate:.1f} a minute, all made at {_clock(self.made_by)}"
        return f"the last one leaves at {_clock(self.gone_by)}"


class Outlook:
    """Watches a round and tells how it will go on."""

    def __init__(self, loads: Mapping[RunKey, Load], now: Callable[[], datetime]) -> None:
        """`loads` in the order in which they leave."""
        self._loads = dict(loads)
        self._total = len(loads)
        self._to_make = set(loads)
        self._now = now
        self._moments = deque([now()], maxlen=_RECENT)

    def made(self, key: RunKey, *, leaves: bool) -> None:
        """One is made; one that does not leave now takes no more time."""
        self._to_make.discard(key)
        self._moments.append(self._now())
        if not leaves:
            self.gone(key)

    def gone(self, key: RunKey) -> None:
        """One has left, or never will."""
        self._loads.pop(key, None)

    def forecast(self) -> Forecast:
        """As of now."""
        now, each = self._now(), self._seconds()
        left = timedelta(seconds=each * len(self._to_make)) if each else timedelta()
        loads = tuple(self._loads.values())
        mail_alone = _late(loads, now)
        return Forecast(
            made=self._total - len(self._to_make),
            total=self._total,
            rate=60 / each if each else None,
            made_by=now + left if each else None,
            gone_by=max(_departures(loads, now + left), default=now),
            late=_late(loads, now + left),
            mail=mail_alone > 0,
        )

    def _seconds(self) -> float:
        """Seconds for each report, lately; 0 while nothing can be told."""
        count = len(self._moments) - 1
        if count < _FEW:
            return 0.0
        return (self._moments[-1] - self._moments[0]).total_seconds() / count


class Warnings:
    """Says each kind of warning once."""

    def __init__(self) -> None:
        self._said: set[bool] = set()

    def fresh(self, forecast: Forecast) -> str:
        """The warning of a forecast, unless its like was given before; empty for none."""
        if not forecast.warning or forecast.mail in self._said:
            return ""
        self._said.add(forecast.mail)
        return forecast.warning


def _departures(loads: Iterable[Load], start: datetime) -> Iterator[datetime]:
    """When each has left: one after the other, all from this moment on."""
    return accumulate(
        (load.sending for load in loads), lambda moment, sending: moment + sending, initial=start
    )


def _late(loads: tuple[Load, ...], start: datetime) -> int:
    departures = list(_departures(loads, start))[1:]
    pairs = zip(loads, departures, strict=True)
    return sum(load.deadline is not None and gone > load.deadline for load, gone in pairs)


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M}"

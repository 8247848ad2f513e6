"""Whether the system's clock may be believed, before anything is planned by it."""

from datetime import datetime, timedelta

from reportgen.app.house import House
from reportgen.errors import ClockDoubted

_APART = timedelta(minutes=5)
"""How far the clock may be from the platform's."""
_LEAP = timedelta(days=40)
"""Longer than any pause between two looks at what is due, unless the service was stopped."""
_NOTED = timedelta(hours=1)
"""The ledger is written to at most so often."""


def confirm(house: House, now: datetime) -> None:
    """
    Believe the clock or raise ClockDoubted; to be asked after the source has answered.

    The platform's clock decides, however long the service was stopped. Where the source has none,
    the last tick in the ledger is the only witness.
    """
    told, last = house.source.platform_time(), house.ledger.last_tick()
    if told is not None and abs(now - told) > _APART:
        raise ClockDoubted(
            f"this machine's clock says {_shown(now)}, the platform's {_shown(told)}; set the "
            f"clock (such as `timedatectl set-ntp true`){_OTHERWISE}"
        )
    if told is None and last is not None and now - last > _LEAP:
        raise ClockDoubted(
            f"this machine's clock says {_shown(now)}, {(now - last).days} days after anything was "
            f"planned last, and the source has no clock to compare with; set the clock{_OTHERWISE}"
        )


def note(house: House, now: datetime) -> None:
    """Something is planned now, by a clock that is believed."""
    last = house.ledger.last_tick()
    if last is None or abs(now - last) > _NOTED:
        house.ledger.ticked(now)


def likeliest(house: House, now: datetime) -> datetime:
    """The moment to judge by where nothing is planned: the platform's, if it contradicts ours."""
    told = house.source.platform_time()
    return now if told is None or abs(now - told) <= _APART else told


_OTHERWISE = ", or, if it is right, say so: `reportgen run --due --clock-is-right`"


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

"""What a round says of its own end, and whom it warns of what."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.app.forecast import Load, Outlook, Warnings
from reportgen.model import RunKey

START = datetime(2026, 12, 1, 6, tzinfo=UTC)
NOTHING = timedelta()


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def key(number: int) -> RunKey:
    return RunKey("monthly", f"company-{number:03}", "2026-11")


def round_of(count: int, load: Load) -> tuple[Outlook, Clock]:
    clock = Clock()
    return Outlook({key(number): load for number in range(count)}, clock), clock


def make(
    outlook: Outlook, clock: Clock, count: int, *, seconds: float, leaves: bool = True
) -> None:
    for number in range(count):
        clock.now += timedelta(seconds=seconds)
        outlook.made(key(number), leaves=leaves)


def test_nothing_is_foretold_from_too_little() -> None:
    outlook, clock = round_of(10, Load(None, NOTHING))
    make(outlook, clock, 2, seconds=6)
    assert (outlook.forecast().rate, str(outlook.forecast())) == (None, "")


@given(made=st.integers(3, 40), left=st.integers(0, 500), seconds=st.floats(0.1, 600))
def test_the_end_is_what_is_left_at_the_pace_of_late(made: int, left: int, seconds: float) -> None:
    outlook, clock = round_of(made + left, Load(None, NOTHING))
    make(outlook, clock, made, seconds=seconds)
    forecast = outlook.forecast()
    assert forecast.rate == pytest.approx(60 / seconds, rel=1e-3)
    assert forecast.made_by is not None
    ahead = (forecast.made_by - clock.now).total_seconds()
    assert ahead == pytest.approx(left * seconds, rel=1e-3, abs=1e-3)
    assert (forecast.made, forecast.total) == (made, made + left)


def test_a_round_that_is_too_slow_is_told_apart_from_mail_that_is() -> None:
    slow, clock = round_of(100, Load(START + timedelta(minutes=30), NOTHING))
    make(slow, clock, 10, seconds=60)
    forecast = slow.forecast()
    assert (forecast.late, forecast.mail) == (100, False)
    assert "`workers`" in forecast.warning
    assert "1.0 a minute" in forecast.warning

    mail, clock = round_of(100, Load(START + timedelta(minutes=30), timedelta(minutes=1)))
    make(mail, clock, 10, seconds=0.1)
    forecast = mail.forecast()
    assert (forecast.late, forecast.mail) == (71, True)
    assert "`messages_per_minute`" in forecast.warning


def test_what_has_left_or_never_will_is_not_waited_for() -> None:
    outlook, clock = round_of(6, Load(START + timedelta(minutes=3), timedelta(minutes=1)))
    make(outlook, clock, 4, seconds=1, leaves=False)
    assert not outlook.forecast().late
    assert outlook.forecast().gone_by == clock.now + timedelta(minutes=2, seconds=2)
    outlook.gone(key(4))
    assert outlook.forecast().gone_by == clock.now + timedelta(minutes=1, seconds=2)


def test_each_kind_of_warning_is_given_once() -> None:
    outlook, clock = round_of(100, Load(START + timedelta(minutes=1), NOTHING))
    make(outlook, clock, 10, seconds=60)
    warnings = Warnings()
    assert warnings.fresh(outlook.forecast())
    assert not warnings.fresh(outlook.forecast())


def test_without_deadlines_there_is_nothing_to_warn_of() -> None:
    outlook, clock = round_of(100, Load(None, timedelta(hours=1)))
    make(outlook, clock, 10, seconds=60)
    assert outlook.forecast().warning == ""

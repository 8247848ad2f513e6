"""Turns: never more than so many in any minute, and nobody waits longer than that takes."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.channels.pacing import Turns
from reportgen.errors import DeliveryUnavailable


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.waited = 0.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds
        self.waited += seconds


@given(most=st.integers(1, 30), gaps=st.lists(st.floats(0, 90), max_size=120))
def test_no_minute_holds_more_turns_than_allowed(most: int, gaps: list[float]) -> None:
    clock = Clock()
    turns = Turns(most, now=clock, pause=clock.pause)
    taken: list[float] = []
    for gap in gaps:
        clock.now += gap
        asked = clock.now
        turns.take()
        full = len(taken) >= most and taken[-most] + 60 > asked
        assert clock.now == (taken[-most] + 60 if full else asked), "no longer than needed"
        taken.append(clock.now)
    for first, last in zip(taken, taken[most:], strict=False):
        assert last - first >= 60 - 1e-6


def test_a_few_go_at_once() -> None:
    clock = Clock()
    turns = Turns(25, now=clock, pause=clock.pause)
    for _ in range(25):
        turns.take()
    assert clock.waited == 0
    turns.take()
    assert clock.waited == 60


def test_whoever_waits_is_told_when_there_are_no_more_turns() -> None:
    turns = Turns(1)
    turns.take()
    told: list[str] = []

    def wait() -> None:
        with pytest.raises(DeliveryUnavailable) as stopped:
            turns.take()
        told.append(str(stopped.value))

    waiting = threading.Thread(target=wait)
    waiting.start()
    turns.stop()
    waiting.join(30)
    assert told == ["stopped before the end"]

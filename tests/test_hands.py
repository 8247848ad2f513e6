"""Many at once: in order, so many at a time, never two of a kind, and an end when one is wanted."""

import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.app.hands import SideBySide

Thing = tuple[str, int]


class Bench:
    """Work that waits until the test lets it go on, and notes what was under way together."""

    def __init__(self) -> None:
        self.begun: list[Thing] = []
        self.together: list[Counter[str]] = []
        self.results: list[Thing] = []
        self._now: Counter[str] = Counter()
        self._lock = threading.Lock()

    def work(self, thing: Thing) -> int:
        with self._lock:
            self.begun.append(thing)
            self._now[thing[0]] += 1
            self.together.append(+self._now)
        with self._lock:
            self._now[thing[0]] -= 1
        return thing[1] * 2

    def done(self, thing: Thing, result: int) -> None:
        assert threading.current_thread() is threading.main_thread()
        assert result == thing[1] * 2
        self.results.append(thing)


@settings(max_examples=60, deadline=None)
@given(
    things=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99)), max_size=20),
    hands=st.integers(1, 5),
)
def test_each_thing_is_worked_on_once_and_two_of_a_kind_never_together(
    things: list[Thing], hands: int
) -> None:
    bench = Bench()
    SideBySide(bench.work, bench.done, hands=hands, kind=lambda thing: thing[0]).run(
        things, stopping=lambda: False, give_up=lambda: None
    )
    assert Counter(bench.begun) == Counter(bench.results) == Counter(things)
    for letter in "abc":
        of_kind = [thing for thing in bench.begun if thing[0] == letter]
        assert of_kind == [thing for thing in things if thing[0] == letter], "in their order"
    assert all(max(each.values()) == 1 and each.total() <= hands for each in bench.together)


def test_several_are_under_way_at_once() -> None:
    meeting = threading.Barrier(3, timeout=30)  # would break if one waited for another
    seen: list[int] = []
    SideBySide(
        lambda _thing: meeting.wait(), lambda thing, _: seen.append(thing), hands=3, kind=hash
    ).run(range(3), stopping=lambda: False, give_up=lambda: None)
    assert sorted(seen) == [0, 1, 2]


def test_once_stopping_nothing_more_is_begun_and_what_is_under_way_is_finished() -> None:
    seen: list[int] = []
    SideBySide(lambda thing: thing, lambda thing, _: seen.append(thing), hands=2, kind=hash).run(
        range(50), stopping=lambda: len(seen) >= 3, give_up=lambda: None
    )
    assert 3 <= len(seen) <= 4


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_breaks_off_the_others_and_comes_out_when_they_have_ended(
    interrupt: type[BaseException],
) -> None:
    broken_off, ended = threading.Event(), threading.Event()

    def work(thing: int) -> int:
        if thing:
            assert broken_off.wait(30)
            ended.set()
        return thing

    def done(_thing: int, _result: int) -> None:
        raise interrupt

    with pytest.raises(interrupt):
        SideBySide(work, done, hands=2, kind=hash).run(
            range(9), stopping=lambda: False, give_up=broken_off.set
        )
    assert ended.is_set()


def test_after_an_error_what_is_under_way_is_ended_and_nothing_is_broken_off() -> None:
    """A service goes on after it, with the same connections."""
    begun: list[int] = []

    def work(thing: int) -> int:
        begun.append(thing)
        return thing

    def done(_thing: int, _result: int) -> None:
        raise ValueError("broken")

    def give_up() -> None:
        pytest.fail("broken off")

    with pytest.raises(ValueError, match="broken"):
        SideBySide(work, done, hands=2, kind=hash).run(
            range(9), stopping=lambda: False, give_up=give_up
        )
    assert begun == [0, 1]

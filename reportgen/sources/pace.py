"""How fast the platform is asked, by all threads together; whoever waits here can be called off."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reportgen.errors import SourceBusy


@dataclass(frozen=True, slots=True)
class Pace:
    """What is polite."""

    rate: float = 10.0
    """Calls a second."""
    places: int = 8
    """Calls under way at once."""

    @property
    def burst(self) -> int:
        """Calls that may begin at once after a quiet time: those of one second."""
        return max(1, round(self.rate))


class Bucket:
    """
    When calls may begin: `rate` a second, up to `burst` at once after a quiet time.

    In any t seconds no more than `rate * t + burst` moments lie, and they come in the order in
    which they are asked for. Not safe under threads by itself.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._gap = 1 / rate
        self._ahead = (burst - 1) * self._gap
        self._full = -math.inf
        """When the bucket is full again."""
        self.quiet_until = -math.inf

    def reserve(self, now: float) -> float:
        """The moment, now or later, that belongs to the caller."""
        full = max(self._full, now)
        self._full = full + self._gap
        return max(full - self._ahead, now)

    def keep_quiet(self, until: float) -> None:
        """No moment before `until`; from then on one by one."""
        self.quiet_until = max(self.quiet_until, until)
        self._full = max(self._full, until + self._ahead)


class Turnstile:
    """What every call of every thread goes through, first come, first served."""

    def __init__(
        self,
        pace: Pace,
        pause: Callable[[float], None] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`pause` waits in place of the turnstile's own wait, which `stop` ends."""
        self._bucket = Bucket(pace.rate, pace.burst)
        self._places = pace.places
        self._pause = pause
        self._now = now
        # re-entrant, so that a signal's handler may call `stop` whatever it interrupts
        self._lock = threading.RLock()
        self._left = threading.Condition(self._lock)
        self._ended = threading.Condition(self._lock)
        self._queue: deque[object] = deque()
        self._inside = 0
        self._stopped = False

    @contextmanager
    def passing(self, what: str) -> Iterator[None]:
        """Wait for a place and for the moment, then hold the place. Raises SourceBusy."""
        self._enter(what)
        try:
            self._await_moment(what)
            yield
        finally:
            self._leave()

    def keep_quiet(self, seconds: float) -> None:
        """Nobody begins before that; who already waits, waits on."""
        with self._lock:
            self._bucket.keep_quiet(self._now() + seconds)

    def wait(self, seconds: float, what: str) -> None:
        """Wait so long. Raises SourceBusy at once when it is stopped."""
        if seconds > 0 and self._pause is not None:
            self._pause(seconds)
        with self._lock:
            if seconds > 0 and self._pause is None:
                self._ended.wait_for(lambda: self._stopped, seconds)
            self._refuse_when_stopped(what)

    def stop(self) -> None:
        """End every wait and refuse whoever comes; calls under way come to their own end."""
        with self._lock:
            self._stopped = True
            self._ended.notify_all()
            self._left.notify_all()

    def _enter(self, what: str) -> None:
        me = object()
        with self._lock:
            self._queue.append(me)
            try:
                self._left.wait_for(lambda: self._stopped or self._may_enter(me))
                self._refuse_when_stopped(what)
                self._inside += 1
            finally:
                self._queue.remove(me)
                self._left.notify_all()

    def _may_enter(self, me: object) -> bool:
        return self._inside < self._places and self._queue[0] is me

    def _leave(self) -> None:
        with self._lock:
            self._inside -= 1
            self._left.notify_all()

    def _await_moment(self, what: str) -> None:
        """Once more for everybody whose moment fell into a quiet time that began meanwhile."""
        while True:
            with self._lock:
                moment = self._bucket.reserve(self._now())
            self.wait(moment - self._now(), what)
            if moment >= self._bucket.quiet_until:
                return

    def _refuse_when_stopped(self, what: str) -> None:
        if self._stopped:
            raise SourceBusy(f"{what}: stopped")

"""No more messages a minute than a mail server takes."""

import threading
import time
from collections import deque
from collections.abc import Callable

_WINDOW = 60.0
"""Seconds."""


class Turns:
    """At most so many turns in any minute; whoever comes later waits. Safe under threads."""

    def __init__(
        self,
        most: int,
        *,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._most = most
        self._now = now
        self._pause = pause
        self._taken: deque[float] = deque(maxlen=most)
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for a turn. Those who wait get theirs in the order they came."""
        with self._lock:
            while (left := self._left()) > 0:
                self._pause(left)
            self._taken.append(self._now())

    def _left(self) -> float:
        """Seconds until the next turn is free."""
        if len(self._taken) < self._most:
            return 0.0
        return self._taken[0] + _WINDOW - self._now()

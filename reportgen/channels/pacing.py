"""No more messages a minute than a mail server takes."""

import threading
import time
from collections import deque
from collections.abc import Callable

from reportgen.errors import DeliveryUnavailable

_WINDOW = 60.0
"""Seconds."""


class Turns:
    """At most so many turns in any minute; whoever comes later waits. Safe under threads."""

    def __init__(
        self,
        most: int,
        *,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._most = most
        self._now = now
        self._stopped = threading.Event()
        self._pause = pause or self._stopped.wait
        self._taken: deque[float] = deque(maxlen=most)
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for a turn. Raises DeliveryUnavailable once there are no more."""
        with self._lock:
            while (left := self._left()) > 0 and not self._stopped.is_set():
                self._pause(left)
            if self._stopped.is_set():
                raise DeliveryUnavailable("stopped before the end")
            self._taken.append(self._now())

    def stop(self) -> None:
        """No more turns: whoever waits for one is told, and whoever asks."""
        self._stopped.set()

    def _left(self) -> float:
        """Seconds until the next turn is free."""
        if len(self._taken) < self._most:
            return 0.0
        return self._taken[0] + _WINDOW - self._now()

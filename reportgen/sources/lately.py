"""What was read about a company a short while ago: asked for once, for all who want it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Found = TypeVar("Found")

_LIFETIME = 600.0
"""Seconds: longer than the readings of one report take, shorter than a day's news."""
_MOST = 64
"""Companies: more than are worked on at once."""


@dataclass(slots=True)
class _Place(Generic[Found]):
    """What is known of one company; whoever reads it holds the lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    found: list[Found] = field(default_factory=list)
    """Empty until it is known."""
    until: float = 0.0


class Lately(Generic[Found]):
    """Answers by company, each kept for ten minutes. Safe under threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._places: dict[str, _Place[Found]] = {}

    def get(self, company_id: str, read: Callable[[], Found]) -> Found:
        """What is known of this company; read by the first who asks, while the others wait.

        What `read` raises is not kept: the next one reads for itself.
        """
        place = self._place(company_id)
        with place.lock:
            if not place.found or self._now() >= place.until:
                place.found = [read()]
                place.until = self._now() + _LIFETIME
            return place.found[0]

    def _place(self, company_id: str) -> _Place[Found]:
        """The company's place, now the newest; the oldest makes room for a new one."""
        with self._lock:
            place = self._places.pop(company_id, None) or _Place()
            self._places[company_id] = place
            if len(self._places) > _MOST:
                del self._places[next(iter(self._places))]
            return place

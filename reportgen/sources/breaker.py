"""A rest for a platform that fails call after call, whoever asks."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reportgen.errors import SourceBusy, SourceError, SourceUnavailable

log = logging.getLogger(__name__)

_IN_A_ROW = 5
"""Failures that begin a rest."""
_OF_ONE_COMPANY = 2
"""So many of them count at the most: three companies have to be in trouble, or what is asked of no
company (signing in, the list of companies)."""
_FIRST_REST, _LONGEST_REST = 30.0, 600.0
"""Seconds; each rest is twice as long as the one before."""


@dataclass(slots=True)
class Asking:
    """One call on its way."""

    is_probe: bool
    """The one call that is let through after a rest."""
    failed: bool | None = None
    """True for a failure of the platform, False for any answer; None says nothing about it."""


class Breaker:
    """
    After failures in a row nothing is asked for a while, then one call tries. Safe under threads.

    A failure is a call that came to nothing with all its attempts. Any answer ends the row, a
    refusal as well; what fails for one company alone never begins a rest.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._row: Counter[str] = Counter()
        self._rest = 0.0
        """Seconds of the present rest; 0 while calls go through."""
        self._until = 0.0
        self._probing = False

    @contextmanager
    def asking(self, company_id: str, what: str) -> Iterator[Asking]:
        """Watch one call, which says itself whether it failed. Raises SourceBusy.

        `company_id` is empty for a call that is about no company.
        """
        asking = Asking(self._admit(what))
        try:
            yield asking
        except SourceUnavailable:
            raise
        except SourceError:
            asking.failed = False
            raise
        finally:
            self._settle(asking, company_id)

    def refuse_if_resting(self, asking: Asking, what: str) -> None:
        """Another attempt of a call that began earlier is not worth it. Raises SourceBusy."""
        with self._lock:
            if self._rest and not asking.is_probe:
                raise self._resting(what)

    def _admit(self, what: str) -> bool:
        """True for a probe."""
        with self._lock:
            if not self._rest:
                return False
            if self._probing or self._now() < self._until:
                raise self._resting(what)
            self._probing = True
            return True

    def _resting(self, what: str) -> SourceBusy:
        left = timedelta(seconds=max(self._until - self._now(), 0.0))
        return SourceBusy(
            f"{what}: the platform has failed {self._row.total()} calls in a row; waiting until "
            f"{datetime.now(UTC) + left:%H:%M:%S} UTC before it is asked again"
        )

    def _settle(self, asking: Asking, company_id: str) -> None:
        with self._lock:
            if asking.is_probe:
                self._probing = False
            if asking.failed:
                self._failed(asking, company_id)
            elif asking.failed is False:
                self._answered()

    def _failed(self, asking: Asking, company_id: str) -> None:
        """Late failures of calls from before the rest do not make it longer."""
        if self._rest and not asking.is_probe:
            return
        self._row[company_id] += 1
        counted = sum(n if not of else min(n, _OF_ONE_COMPANY) for of, n in self._row.items())
        if counted < _IN_A_ROW:
            return
        self._rest = min(2 * self._rest, _LONGEST_REST) or _FIRST_REST
        self._until = self._now() + self._rest
        log.warning(
            "the platform has failed %d calls in a row; it is not asked for %d seconds",
            self._row.total(),
            self._rest,
        )

    def _answered(self) -> None:
        if self._rest:
            log.warning("the platform answers again")
        self._row.clear()
        self._rest = 0.0

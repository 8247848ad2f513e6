"""The clock: APScheduler wakes the question "what is due?" until somebody asks it to stop.

APScheduler runs one interval job from a memory store; a watchdog on the monotonic clock steps in
when a jump of the wall clock would keep that job silent. Which report is due is not its business.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

TICK = 30.0
"""Seconds between two ticks: a report leaves at most this long after its moment."""
SILENCE = 3
"""Ticks without a wake-up after which the watchdog steps in."""


class Daemon:
    """Calls `tick` at a steady pace until stopped; one call at a time, whatever it raises."""

    def __init__(self, tick: Callable[[], None], *, seconds: float = TICK) -> None:
        self._tick = tick
        self._seconds = seconds
        self._stop = threading.Event()
        self._busy = threading.Lock()
        self._last = time.monotonic()
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def serve(self) -> None:
        """Run until `stop` is called or SIGTERM or SIGINT arrives; ends after the open reports."""
        self._listen()
        self._schedule()
        self._scheduler.start()
        log.info("serving, asking every %s s what is due", f"{self._seconds:g}")
        try:
            while not self._stop.wait(self._seconds):
                self._watch()
        finally:
            self._scheduler.shutdown(wait=True)
            log.info("stopped")

    def stop(self) -> None:
        """Ask for a clean end: the reports under way are finished, no further one is begun."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """True once a stop was asked for; a tick looks at it between two reports."""
        return self._stop.is_set()

    def _listen(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        """The first signal ends cleanly; a second one of the same kind ends at once."""
        signal.signal(number, signal.SIG_DFL)
        log.info("%s received, finishing the reports under way", signal.Signals(number).name)
        self.stop()

    def _schedule(self) -> None:
        self._scheduler.add_job(
            self._wake,
            "interval",
            seconds=self._seconds,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            id="tick",
        )

    def _watch(self) -> None:
        """After a backward step of the wall clock the interval job would sleep it out."""
        if self._busy.locked() or time.monotonic() - self._last < SILENCE * self._seconds:
            return
        log.warning("the clock was changed: waking the schedule")
        moment = datetime.now(UTC) + timedelta(milliseconds=10)
        self._scheduler.modify_job("tick", next_run_time=moment)

    def _wake(self) -> None:
        with self._busy:
            self._last = time.monotonic()
            if self.stopping:
                return
            try:
                self._tick()
            except Exception:
                log.exception("this tick failed; the next one tries again")
            self._last = time.monotonic()

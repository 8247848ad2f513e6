"""What is done by itself: one tick of the daemon."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from reportgen.app.forecast import Forecast, Warnings
from reportgen.app.house import House
from reportgen.app.orders import due_now, plan
from reportgen.app.rounds import run_round
from reportgen.app.sent_items import look_up_again
from reportgen.app.watch import HINDRANCES, watch
from reportgen.errors import RoundStopped
from reportgen.pipeline import Outcome, RunState

log = logging.getLogger(__name__)

_MINUTE = 60.0


def tick(house: House, stopping: Callable[[], bool]) -> None:
    """One tick of the daemon: what is due now is made and handed over."""
    try:
        with telling(house):
            planned = plan(house, house.clock())
    except HINDRANCES as error:
        log.warning("nothing can be planned: %s", error)
        return
    for problem in planned.problems:
        log.warning("customer left out: %s", problem)
    settled = look_up_again(house).settled
    try:
        outcomes = run_round(
            house, due_now(planned), report, stopping=stopping, outlook=_Progress().tell
        )
    except RoundStopped as stopped:
        log.error("%s", stopped)  # noqa: TRY400 - its story is in the ledger
        outcomes = ()
    watch(house, worked=settled or did_something(outcomes))


class _Progress:
    """Says in the log how a round gets on, once a minute, and at once what goes wrong."""

    def __init__(self) -> None:
        self._warnings = Warnings()
        self._next = time.monotonic() + _MINUTE

    def tell(self, forecast: Forecast) -> None:
        if warning := self._warnings.fresh(forecast):
            log.warning("%s", warning)
        if time.monotonic() >= self._next and str(forecast):
            log.info("%d of %d made, %s", forecast.made, forecast.total, forecast)
            self._next = time.monotonic() + _MINUTE


@contextmanager
def telling(house: House) -> Iterator[None]:
    """The operator hears of whatever keeps all from being planned, before it is raised again."""
    try:
        yield
    except HINDRANCES as error:
        watch(house, worked=False, hindrance=error)
        raise


def did_something(outcomes: Iterable[Outcome]) -> bool:
    """True when at least one run was worked on; others were done before, or in other hands."""
    return any(outcome.state is not None for outcome in outcomes)


def report(outcome: Outcome) -> None:
    """Say in the log what became of a run."""
    extra = {"run": str(outcome.key), "customer": outcome.customer}
    if outcome.state is None:
        log.info("nothing to do for %s: done before, or under way", outcome.key, extra=extra)
    elif outcome.state is RunState.READY and not outcome.reasons:
        log.info("%s: made%s", outcome.key, _when(outcome), extra=extra)
    elif outcome.well:
        log.info("%s: %d handed over", outcome.key, len(outcome.receipts), extra=extra)
    else:
        log.error("%s %s: %s", outcome.key, outcome.state, "; ".join(outcome.reasons), extra=extra)


def _when(outcome: Outcome) -> str:
    return f", goes out {outcome.until:%Y-%m-%d %H:%M} UTC" if outcome.until else ""

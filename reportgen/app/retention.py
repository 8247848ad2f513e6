"""How long the archive keeps what has gone out: `reportgen prune`, and once a day in `serve`."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from reportgen import periods
from reportgen.app.house import House
from reportgen.config import Retention
from reportgen.errors import ReportgenError
from reportgen.ledger import KeptRun
from reportgen.pipeline import RunState

log = logging.getLogger(__name__)

_COMPARED = (RunState.SUCCEEDED, RunState.KEPT)
"""The next report is compared with the newest of these."""
_DONE = (*_COMPARED, RunState.SKIPPED)
"""Nobody will ask for the document of such a run again; all others stay."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One document that is to be removed, or was, or could not be."""

    run: KeptRun
    why: str
    trouble: str = ""
    """What stood in the way; empty when nothing did."""


def overdue(runs: Iterable[KeptRun], rule: Retention, today: date) -> tuple[Removal, ...]:
    """
    What is over one of the two limits, oldest first.

    Never the newest document of a customer's report that went out, nor the one that the next is
    compared with. Never one of a run that is not done.
    """
    series: dict[tuple[str, str], list[KeptRun]] = defaultdict(list)
    for run in runs:
        if run.removed_at is None and run.state in _DONE and run.settled:
            series[run.key.report, run.key.company_id].append(run)
    found = (removal for each in series.values() for removal in _over(each, rule, today))
    return tuple(sorted(found, key=lambda removal: (removal.run.last_day, removal.run.key)))


def _over(series: list[KeptRun], rule: Retention, today: date) -> Iterator[Removal]:
    newest_first = sorted(series, key=lambda run: (run.last_day, run.key.edition), reverse=True)
    needed = _needed(newest_first)
    for place, run in enumerate(newest_first):
        if run.run_id in needed:
            continue
        if rule.keep_months and run.last_day < periods.months_before(today, rule.keep_months):
            yield Removal(run, f"older than {rule.keep_months} months")
        elif rule.keep_editions and place >= rule.keep_editions:
            yield Removal(run, f"more than {rule.keep_editions} editions")


def _needed(newest_first: list[KeptRun]) -> set[int]:
    """The newest one that went out, and the newest one that the next is compared with."""
    sent = [run for run in newest_first if run.state is RunState.SUCCEEDED]
    compared = [run for run in newest_first if run.state in _COMPARED]
    return {run.run_id for run in (*sent[:1], *compared[:1])}


def prune(house: House, *, dry_run: bool = False) -> tuple[Removal, ...]:
    """Remove what the settings say, unless `dry_run`; one document's trouble stops no other."""
    today = house.clock().date()
    found = overdue(house.ledger.kept(), house.settings.retention, today)
    if dry_run:
        return found
    house.archive.sweep()
    return tuple(_removed(house, removal) for removal in found)


def _removed(house: House, removal: Removal) -> Removal:
    """The archive first: should this process end in between, the next one finds it gone."""
    try:
        house.archive.remove(removal.run.key, removal.run.place)
        house.ledger.removed(removal.run, removal.why)
    except ReportgenError as error:
        return Removal(removal.run, removal.why, str(error))
    return removal


class Daily:
    """Prunes once on each day it is called."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._day: date | None = None

    def __call__(self) -> None:
        today = self._house.clock().date()
        rule = self._house.settings.retention
        if self._day == today or not (rule.keep_months or rule.keep_editions):
            return
        self._day = today
        for removal in prune(self._house):
            report(removal)


def report(removal: Removal) -> None:
    """Say in the log what became of a removal."""
    extra = {"run": str(removal.run.key), "customer": removal.run.customer}
    if removal.trouble:
        log.error("%s could not be removed: %s", removal.run.key, removal.trouble, extra=extra)
    else:
        log.info("%s removed from the archive: %s", removal.run.key, removal.why, extra=extra)

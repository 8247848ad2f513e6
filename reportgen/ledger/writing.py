"""One transaction's writer: every change is conditional on the claim, and leaves a trace."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from reportgen import __version__
from reportgen.errors import ClaimLost
from reportgen.ledger import tables
from reportgen.ledger.redaction import clean
from reportgen.ledger.workers import Worker
from reportgen.pipeline import Claim, DeliveryState, RunState
from reportgen.uptime import since_boot

LEASE = timedelta(minutes=2)
"""How long a claim holds without a sign of life from its worker."""
BEAT = LEASE / 4
"""How often a worker gives one."""
OPEN = (RunState.WORKING, RunState.DELIVERING)
"""Somebody is at it, or was when it died."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes within one transaction, in one worker's name."""

    connection: Connection
    worker: Worker
    now: datetime

    def lease(self) -> dict[str, Any]:
        """The columns that keep a run in this worker's hands for a while."""
        return {
            "lease_owner": self.worker.name,
            "lease_until": self.now + LEASE,
            "lease_beat": since_boot(),
        }

    def step(self, claim: Claim, state: RunState, **values: Any) -> None:
        """Change the run, if the claim still holds it; every step renews the lease.

        Raises ClaimLost.
        """
        if not self._change(claim, state=state, **{**self.lease(), **values}):
            raise ClaimLost(f"claim lost: another worker has taken {claim.key} over")
        self.note(claim, state, values.get("reason", ""))

    def renew(self, claim: Claim) -> bool:
        """A sign of life. False: the claim is lost, or the run is done."""
        return self._change(claim, *(tables.run.c.state.in_(OPEN),), **self.lease())

    def _change(self, claim: Claim, *conditions: Any, **values: Any) -> bool:
        changed = self.connection.execute(
            tables.run.update()
            .where(
                tables.run.c.run_id == claim.run_id,
                tables.run.c.fence == claim.fence,
                *conditions,
            )
            .values(**values)
        )
        return changed.rowcount == 1

    def note(
        self,
        claim: Claim,
        state: RunState | DeliveryState,
        text: str = "",
        about: int | None = None,
    ) -> None:
        """Add a line to the audit trail; `about` is a delivery, None the run itself."""
        self.connection.execute(
            tables.event.insert().values(
                run_id=claim.run_id,
                delivery_id=about,
                at=self.now,
                worker=self.worker.name,
                fence=claim.fence,
                state=state,
                text=clean(text),
            )
        )

    def introduce(self) -> None:
        """Note once which program this worker is."""
        table = tables.worker
        known = select(table.c.name).where(table.c.name == self.worker.name)
        if self.connection.execute(known).first() is None:
            row = {"name": self.worker.name, "program": __version__, "seen_at": self.now}
            self.connection.execute(table.insert().values(row))


def in_other_hands(row: Row[Any], worker: Worker, now: datetime) -> bool:
    """
    True while the worker that holds the run must be believed to be at it.

    One on this machine is looked up, and its lease is measured since the boot, so that setting
    the wall clock takes no run from a living worker and keeps none with a dead one.
    """
    if RunState(row.state) not in OPEN or row.lease_until is None:
        return False
    if worker.gone(row.lease_owner):
        return False
    if row.lease_beat is not None and worker.shares_clock(row.lease_owner):
        return bool(since_boot() < row.lease_beat + LEASE.total_seconds())
    return bool(row.lease_until > now)

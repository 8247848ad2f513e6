"""One transaction's writer: every change is conditional on the claim, and leaves a trace."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from reportgen.errors import StorageError
from reportgen.ledger import tables
from reportgen.ledger.redaction import clean
from reportgen.pipeline import Claim, DeliveryState, RunState

LEASE = timedelta(minutes=30)
"""How long a claim holds without a recorded step; longer than any step may take."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes within one transaction, in one worker's name."""

    connection: Connection
    worker: str
    now: datetime

    def step(self, claim: Claim, state: RunState, **values: Any) -> None:
        """Change the run, if the claim still holds it; every step renews the lease."""
        values.setdefault("lease_until", self.now + LEASE)
        changed = self.connection.execute(
            tables.run.update()
            .where(tables.run.c.run_id == claim.run_id, tables.run.c.fence == claim.fence)
            .values(state=state, **values)
        )
        if changed.rowcount != 1:
            raise StorageError(f"claim lost: another worker has taken {claim.key} over")
        self.note(claim, state, values.get("reason", ""))

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
                worker=self.worker,
                fence=claim.fence,
                state=state,
                text=clean(text),
            )
        )

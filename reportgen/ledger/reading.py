"""What the ledger tells: past runs and their deliveries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from reportgen.ledger import tables
from reportgen.model import Period, RunKey
from reportgen.pipeline import DeliveryState, RunState


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One handing-over as it stands."""

    channel: str
    target: str
    reference: str
    state: DeliveryState
    attempts: int
    proof: str


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run as it stands."""

    run_id: int
    key: RunKey
    customer: str
    state: RunState
    attempts: int
    fence: int
    reason: str
    created_at: datetime
    finished_at: datetime | None
    next_try_at: datetime | None
    lease_until: datetime | None
    deliveries: tuple[DeliveryRow, ...]

    @property
    def handed_over(self) -> str:
        """Such as `2 of 3`; empty where nothing was to be handed over yet."""
        if not self.deliveries:
            return ""
        sent = sum(row.state is DeliveryState.SENT for row in self.deliveries)
        return f"{sent} of {len(self.deliveries)}"

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "report": self.key.report,
            "company_id": self.key.company_id,
            "customer": self.customer,
            "period": self.key.period,
            "edition": self.key.edition,
            "state": self.state.value,
            "attempts": self.attempts,
            "reason": self.reason,
            "created_at": _moment(self.created_at),
            "finished_at": _moment(self.finished_at),
            "next_try_at": _moment(self.next_try_at),
            "deliveries": [
                {
                    "channel": row.channel,
                    "target": row.target,
                    "reference": row.reference,
                    "state": row.state.value,
                    "attempts": row.attempts,
                    "proof": row.proof,
                }
                for row in self.deliveries
            ],
        }


def past(connection: Connection) -> tuple[PastRun, ...]:
    """Every run, oldest first."""
    deliveries: dict[int, list[DeliveryRow]] = {}
    for row in connection.execute(select(tables.delivery).order_by(tables.delivery.c.delivery_id)):
        deliveries.setdefault(row.run_id, []).append(_delivery(row))
    runs = connection.execute(select(tables.run).order_by(tables.run.c.run_id))
    return tuple(_run(row, tuple(deliveries.get(row.run_id, ()))) for row in runs)


def earlier(connection: Connection, key: RunKey, period: Period) -> str | None:
    """Where the newest document of an earlier period of the same report is kept, if it was sent."""
    run, kept = tables.run, tables.artifact
    newest = (
        select(kept.c.place)
        .join(run, run.c.run_id == kept.c.run_id)
        .where(
            run.c.report == key.report,
            run.c.company_id == key.company_id,
            run.c.state == RunState.SUCCEEDED,
            run.c.data_to < period.last_day.isoformat(),
            kept.c.kind == tables.DOCUMENT,
        )
        .order_by(run.c.data_to.desc(), run.c.edition.desc())
        .limit(1)
    )
    return connection.execute(newest).scalar()


def _delivery(row: Row[Any]) -> DeliveryRow:
    return DeliveryRow(
        row.channel,
        row.target,
        row.reference,
        DeliveryState(row.state),
        row.attempts,
        row.proof,
    )


def _run(row: Row[Any], deliveries: tuple[DeliveryRow, ...]) -> PastRun:
    return PastRun(
        run_id=row.run_id,
        key=RunKey(row.report, row.company_id, row.period, row.edition),
        customer=row.customer,
        state=RunState(row.state),
        attempts=row.attempts,
        fence=row.fence,
        reason=row.reason,
        created_at=row.created_at,
        finished_at=row.finished_at,
        next_try_at=row.next_try_at,
        lease_until=row.lease_until,
        deliveries=deliveries,
    )


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None

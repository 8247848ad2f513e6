"""Where the documents of past runs are kept, and that one was taken out of the archive."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from reportgen.ledger import tables
from reportgen.ledger.writing import Writer
from reportgen.model import DocumentState, RunKey
from reportgen.pipeline import Claim, DeliveryState, RunState

REMOVED = "removed"
"""State of an artifact whose bundle is no longer in the archive; since `stored_at`."""


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One run that made a document."""

    run_id: int
    key: RunKey
    customer: str
    state: RunState
    fence: int
    last_day: date
    """The last day that the document is about."""
    place: str
    removed_at: datetime | None
    settled: bool
    """True when every handing-over that was begun has arrived."""


@dataclass(frozen=True, slots=True)
class WaitingDocument:
    """One document that waits for a person, or for its time to go by itself."""

    key: RunKey
    customer: str
    state: str
    """`held`, `blocked`, `ready`, or `approved` (and not yet gone)."""
    reason: str
    place: str
    sha256: str
    made_at: datetime
    goes_at: datetime | None
    """When it goes by itself; None: not before a person lets it."""
    approved_by: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {
            "run": str(self.key),
            "customer": self.customer,
            "state": self.state,
            "reason": self.reason,
            "document": self.place,
            "sha256": self.sha256,
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "goes_at": self.goes_at.isoformat(timespec="seconds") if self.goes_at else None,
            "approved_by": list(self.approved_by),
        }


def waiting(connection: Connection) -> tuple[WaitingDocument, ...]:
    """Every document of a held or ready run, oldest first."""
    run, artifact = tables.run, tables.artifact
    query = (
        select(
            run,
            artifact.c.place,
            artifact.c.sha256,
            artifact.c.state.label("kept_as"),
            artifact.c.stored_at,
        )
        .join(artifact, run.c.run_id == artifact.c.run_id)
        .where(
            artifact.c.kind == tables.DOCUMENT,
            run.c.state.in_((RunState.HELD, RunState.READY)),
        )
        .order_by(run.c.run_id)
    )
    approvers = _approvers(connection)
    return tuple(
        WaitingDocument(
            key=RunKey(row.report, row.company_id, row.period, row.edition),
            customer=row.customer,
            state=DocumentState.HELD.value if row.kept_as == tables.STOPPED else row.kept_as,
            reason=row.reason,
            place=row.place,
            sha256=row.sha256,
            made_at=row.stored_at,
            goes_at=row.next_try_at,
            approved_by=tuple(approvers.get((row.run_id, row.sha256), ())),
        )
        for row in connection.execute(query)
    )


def _approvers(connection: Connection) -> dict[tuple[int, str], list[str]]:
    table = tables.approval
    found: dict[tuple[int, str], list[str]] = {}
    for row in connection.execute(select(table).order_by(table.c.said_at, table.c.said_by)):
        found.setdefault((row.run_id, row.sha256), []).append(row.said_by)
    return found


def kept(connection: Connection) -> tuple[KeptRun, ...]:
    """Every run with a document, oldest first."""
    run, artifact = tables.run, tables.artifact
    query = (
        select(run, artifact.c.place, artifact.c.state.label("kept_as"), artifact.c.stored_at)
        .join(artifact, run.c.run_id == artifact.c.run_id)
        .where(artifact.c.kind == tables.DOCUMENT)
        .order_by(run.c.run_id)
    )
    unsettled = _unsettled(connection)
    return tuple(
        KeptRun(
            run_id=row.run_id,
            key=RunKey(row.report, row.company_id, row.period, row.edition),
            customer=row.customer,
            state=RunState(row.state),
            fence=row.fence,
            last_day=date.fromisoformat(row.data_to),
            place=row.place,
            removed_at=row.stored_at if row.kept_as == REMOVED else None,
            settled=row.run_id not in unsettled,
        )
        for row in connection.execute(query)
    )


def _unsettled(connection: Connection) -> frozenset[int]:
    table = tables.delivery
    query = select(table.c.run_id).where(table.c.state != DeliveryState.SENT.value).distinct()
    return frozenset(connection.execute(query).scalars())


def removed(writer: Writer, run: KeptRun, why: str) -> None:
    """Note that the bundle is gone, and since when."""
    table = tables.artifact
    writer.connection.execute(
        table.update()
        .where(table.c.run_id == run.run_id, table.c.kind == tables.DOCUMENT)
        .values(state=REMOVED, stored_at=writer.now)
    )
    claim = Claim(run.run_id, run.key, fence=run.fence, attempt=0)
    writer.note(claim, run.state, f"removed from the archive: {why}")

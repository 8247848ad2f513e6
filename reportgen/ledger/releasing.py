"""What people decide about documents that wait in front of the door."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, select

from reportgen.errors import StorageError
from reportgen.ledger import claims, tables
from reportgen.ledger.decisions import busy, refuse_if_busy, refuse_if_gone
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import Writer
from reportgen.model import DocumentState, RunKey
from reportgen.pipeline import Claim, RunState


def approve(
    writer: Writer, key: RunKey, sha256: str, *, by: str, reason: str, people: int
) -> tuple[str, ...]:
    """
    A person lets exactly this document go; it is ready once `people` different ones have.

    Answers who has approved it so far. Raises StorageError for a document that has changed since
    it was looked at, must never go out, or waits for nothing.
    """
    claim, kept = _waiting(writer, key)
    if kept.state == DocumentState.BLOCKED.value:
        raise StorageError(
            f"{key} is blocked and cannot be approved; mend the cause, then run it again"
        )
    if kept.sha256 != sha256:
        raise StorageError(
            f"{key} is another document by now ({kept.sha256[:12]}); look at it, then approve that"
        )
    _note_approval(writer, claim, sha256, by, reason)
    names = _approvers(writer, claim, sha256)
    if len(names) >= people and kept.kept_only:
        _keep_as(writer, claim, tables.APPROVED)
        _leave(writer, claim, RunState.KEPT, f"approved by {', '.join(names)}: {reason}")
    elif len(names) >= people:
        _keep_as(writer, claim, tables.APPROVED)
        said = f"approved by {', '.join(names)}: {reason}"
        _leave(writer, claim, RunState.READY, said, next_try_at=writer.now)
    else:
        _leave(writer, claim, RunState.HELD, f"approved by {', '.join(names)}; {people} have to")
    return names


def hold(writer: Writer, key: RunKey, *, by: str, reason: str) -> None:
    """A person stops a document that is ready, or takes an approval back. Raises StorageError."""
    claim, kept = _waiting(writer, key)
    if kept.state == DocumentState.BLOCKED.value:
        raise StorageError(f"{key} is blocked: it does not go out anyway")
    _keep_as(writer, claim, tables.STOPPED)
    _forget_approvals(writer, claim)
    _leave(writer, claim, RunState.HELD, f"held by {by}: {reason}")


def reject(writer: Writer, key: RunKey, *, by: str, reason: str) -> None:
    """A person decides that a document never goes out.

    Raises StorageError, also for one that has reached somebody, or may have.
    """
    claim, _ = _waiting(writer, key)
    refuse_if_gone(writer, claim)
    _keep_as(writer, claim, DocumentState.BLOCKED.value)
    _forget_approvals(writer, claim)
    _leave(writer, claim, RunState.SKIPPED, f"rejected by {by}: {reason}")


def _waiting(writer: Writer, key: RunKey) -> tuple[Claim, Row[Any]]:
    """The run, taken over, and its document. Raises StorageError where nothing waits."""
    row = claims.find(writer.connection, key)
    if row is None:
        raise StorageError(f"there is no run {key}; `reportgen outbox` lists what waits")
    refuse_if_busy(writer, key, row)
    if RunState(row.state) not in (RunState.HELD, RunState.READY):
        raise StorageError(f"{key} is {row.state}; only what waits in the outbox can be decided")
    claim = claims.fenced(writer, key, row, lease_until=None)
    kept = writer.connection.execute(_artifact_of(row.run_id)).one_or_none()
    if claim is None or kept is None:
        raise busy(key)
    return claim, kept


def _artifact_of(run_id: int) -> Any:
    table, run = tables.artifact, tables.run
    return (
        select(table, run.c.kept_only)
        .join(run, run.c.run_id == table.c.run_id)
        .where(table.c.run_id == run_id, table.c.kind == tables.DOCUMENT)
    )


def _keep_as(writer: Writer, claim: Claim, state: str) -> None:
    table = tables.artifact
    known = and_(table.c.run_id == claim.run_id, table.c.kind == tables.DOCUMENT)
    writer.connection.execute(table.update().where(known).values(state=state))


def _note_approval(writer: Writer, claim: Claim, sha256: str, by: str, reason: str) -> None:
    if clean(by, 120) in _approvers(writer, claim, sha256):
        return
    row = {
        "run_id": claim.run_id,
        "sha256": sha256,
        "said_by": clean(by, 120),
        "said_at": writer.now,
        "reason": clean(reason),
    }
    writer.connection.execute(tables.approval.insert().values(row))


def _approvers(writer: Writer, claim: Claim, sha256: str) -> tuple[str, ...]:
    table = tables.approval
    query = (
        select(table.c.said_by)
        .where(table.c.run_id == claim.run_id, table.c.sha256 == sha256)
        .order_by(table.c.said_at, table.c.said_by)
    )
    return tuple(writer.connection.execute(query).scalars())


def _forget_approvals(writer: Writer, claim: Claim) -> None:
    """The audit trail keeps that they were given."""
    table = tables.approval
    writer.connection.execute(table.delete().where(table.c.run_id == claim.run_id))


def _leave(
    writer: Writer,
    claim: Claim,
    state: RunState,
    said: str,
    *,
    next_try_at: datetime | None = None,
) -> None:
    """The run stands so from now on, for whoever comes next."""
    ended = None if state is RunState.READY else writer.now
    writer.step(
        claim,
        state,
        reason=clean(said),
        lease_until=None,
        next_try_at=next_try_at,
        finished_at=ended,
    )

"""What people decide: the end of a doubt, what is not made at all, pauses."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from reportgen.errors import StorageError, StorageUnavailable
from reportgen.ledger import claims, deliveries, tables
from reportgen.ledger.reading import Doubt
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import Writer, in_other_hands
from reportgen.model import DocumentState, Period, RunKey
from reportgen.pipeline import Claim, DeliveryState, RunState

_PENDING = {DeliveryState.READY, DeliveryState.SENDING, DeliveryState.WAITING}
_FOR_PEOPLE = (DeliveryState.UNKNOWN, DeliveryState.REFUSED)
SETTLED_AFTER = timedelta(minutes=15)
"""By then a mail server has dropped an idle client (RFC 5321, 4.5.3.2.7: five minutes): what it
has not accepted of a message it never will."""
_NOT_MADE = (RunState.HELD, RunState.FAILED, RunState.WAITING, RunState.READY)
"""What a person may call off."""
_HALT = "halt"


def resolve(
    writer: Writer, key: RunKey, target: str, *, sent: bool, by: str, reason: str, at_once: bool
) -> RunState:
    """
    Settle a delivery that is in doubt or was refused: it has arrived, or goes out again.

    Answers the state that the run is in then. Raises StorageError where nothing is to be decided,
    StorageUnavailable while a worker is at the run, and, unless `at_once`, for what is to go out
    again while the server may still accept the first one.
    """
    claim = _take(writer, key)
    deliveries.doubt(writer, claim)
    open_ones = [row for state in _FOR_PEOPLE for row in deliveries.rows(writer, claim, state)]
    chosen = [row for row in open_ones if row.target.casefold() == target.casefold()]
    if not chosen:
        others = ", ".join(sorted(row.target for row in open_ones)) or "none"
        raise StorageError(f"{key}: nothing is to be decided about {target}; open: {others}")
    if not sent and not at_once:
        _refuse_too_early(writer, chosen)
    said = f"said by {by}: {'it arrived' if sent else 'send it again'}; {reason}"
    for row in chosen:
        deliveries.answer(writer, claim, row, sent=sent, proof=said)
    return _settle(writer, claim, said)


def looked_up(writer: Writer, doubt: Doubt, *, sent: bool, proof: str) -> RunState | None:
    """
    Settle a doubt by a look at the sent items: it has arrived, or goes out again.

    Answers the state of the run; None where somebody else has settled it. Raises
    StorageUnavailable while a worker is at the run.
    """
    claim = _take(writer, doubt.key)
    deliveries.doubt(writer, claim)
    for row in deliveries.rows(writer, claim, DeliveryState.UNKNOWN):
        if row.delivery_id == doubt.delivery_id and row.committed_at == doubt.committed_at:
            deliveries.answer(writer, claim, row, sent=sent, proof=proof)
            return _settle(writer, claim, f"{row.target}: {proof}")
    return None


def _refuse_too_early(writer: Writer, rows: list[Row[Any]]) -> None:
    """A worker that only sleeps may wake up and finish its message."""
    marks = [row.committed_at + SETTLED_AFTER for row in rows if row.committed_at]
    late = max(marks, default=writer.now)
    if late > writer.now:
        raise StorageUnavailable(
            f"the mail server may still accept the first one; try again after {late:%H:%M} UTC"
        )


def _take(writer: Writer, key: RunKey) -> Claim:
    row = claims.find(writer.connection, key)
    if row is None:
        raise StorageError(f"there is no run {key}; `reportgen history` lists them")
    _refuse_if_busy(writer, key, row)
    claim = claims.fenced(writer, key, row, lease_until=None)
    if claim is None:
        raise _busy(key)
    return claim


def _refuse_if_busy(writer: Writer, key: RunKey, row: Row[Any]) -> None:
    if in_other_hands(row, writer.worker, writer.now):
        raise _busy(key)


def _busy(key: RunKey) -> StorageUnavailable:
    return StorageUnavailable(f"{key} is being worked on right now; try again in a moment")


def _settle(writer: Writer, claim: Claim, said: str) -> RunState:
    """The state that follows from those of the deliveries: what may go out does not wait."""
    found = deliveries.states(writer, claim)
    if found & _PENDING:
        state = RunState.WAITING
    elif found.intersection(_FOR_PEOPLE):
        state = RunState.FAILED
    else:
        state = RunState.SUCCEEDED
    waiting = state is RunState.WAITING
    writer.step(
        claim,
        state,
        reason=clean(said),
        lease_until=None,
        next_try_at=writer.now if waiting else None,
        finished_at=None if waiting else writer.now,
    )
    return state


def skip(
    writer: Writer, key: RunKey, customer: str, period: Period, *, by: str, reason: str
) -> None:
    """
    Call a report off: one that was never made, is held, failed, or rests.

    Raises StorageError for one that has gone out or is in doubt, StorageUnavailable for one that
    is being worked on.
    """
    row = claims.find(writer.connection, key)
    if row is None:
        claim = claims.insert(writer, key, customer, period)
    else:
        _refuse_if_busy(writer, key, row)
        claim = _called_off(writer, key, row)
    said = f"called off by {by}: {reason}"
    writer.step(
        claim,
        RunState.SKIPPED,
        reason=clean(said),
        lease_until=None,
        next_try_at=None,
        finished_at=writer.now,
    )


def _called_off(writer: Writer, key: RunKey, row: Row[Any]) -> Claim:
    if RunState(row.state) not in _NOT_MADE:
        raise StorageError(f"{key} is {row.state}; only what has not gone out can be called off")
    claim = claims.fenced(writer, key, row, lease_until=None)
    if claim is None:
        raise _busy(key)
    deliveries.doubt(writer, claim)
    found = deliveries.states(writer, claim)
    if DeliveryState.UNKNOWN in found:
        raise StorageError(f"{key} may have arrived somewhere; `reportgen resolve` settles that")
    if DeliveryState.SENT in found:
        raise StorageError(f"{key} has reached somebody already; the rest can only be tried again")
    return claim


# ---- letting documents out -------------------------------------------------------------------


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
    if len(names) >= people:
        _keep_as(writer, claim, tables.APPROVED)
        said = f"approved by {', '.join(names)}: {reason}"
        _leave(writer, claim, RunState.READY, said, next_try_at=writer.now)
    else:
        _leave(writer, claim, RunState.HELD, f"approved by {', '.join(names)}; {people} have to")
    return names


def hold(writer: Writer, key: RunKey, *, by: str, reason: str) -> None:
    """A person stops a document that is ready, or takes an approval back. Raises StorageError."""
    claim, _ = _waiting(writer, key)
    _keep_as(writer, claim, DocumentState.HELD.value)
    _forget_approvals(writer, claim)
    _leave(writer, claim, RunState.HELD, f"held by {by}: {reason}")


def reject(writer: Writer, key: RunKey, *, by: str, reason: str) -> None:
    """A person decides that a document never goes out. Raises StorageError."""
    claim, _ = _waiting(writer, key)
    _keep_as(writer, claim, DocumentState.BLOCKED.value)
    _forget_approvals(writer, claim)
    _leave(writer, claim, RunState.SKIPPED, f"rejected by {by}: {reason}")


def _waiting(writer: Writer, key: RunKey) -> tuple[Claim, Row[Any]]:
    """The run, taken over, and its document. Raises StorageError where nothing waits."""
    row = claims.find(writer.connection, key)
    if row is None:
        raise StorageError(f"there is no run {key}; `reportgen outbox` lists what waits")
    _refuse_if_busy(writer, key, row)
    if RunState(row.state) not in (RunState.HELD, RunState.READY):
        raise StorageError(f"{key} is {row.state}; only what waits in the outbox can be decided")
    claim = claims.fenced(writer, key, row, lease_until=None)
    kept = writer.connection.execute(_artifact_of(row.run_id)).one_or_none()
    if claim is None or kept is None:
        raise _busy(key)
    return claim, kept


def _artifact_of(run_id: int) -> Any:
    table = tables.artifact
    return select(table).where(table.c.run_id == run_id, table.c.kind == tables.DOCUMENT)


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


# ---- the stopped door ------------------------------------------------------------------------


def halt(writer: Writer, reason: str) -> bool:
    """Stop everything from going out until a person resumes. False: it was stopped before."""
    if halted(writer.connection):
        return False
    value = json.dumps({"at": writer.now.isoformat(timespec="seconds"), "reason": clean(reason)})
    writer.connection.execute(tables.meta.insert().values(name=_HALT, value=value))
    return True


def halted(connection: Connection) -> str:
    """Since when and why nothing goes out; empty while the door is open."""
    query = select(tables.meta.c.value).where(tables.meta.c.name == _HALT)
    found = connection.execute(query).scalar()
    if found is None:
        return ""
    fields = json.loads(found)
    return f"stopped {fields['at']}: {fields['reason']}"


def go_on(writer: Writer, *, by: str, reason: str) -> bool:
    """Open the door again; who did and why stays on record. False: it was not stopped."""
    why = halted(writer.connection)
    if not why:
        return False
    table = tables.meta
    writer.connection.execute(table.delete().where(table.c.name == _HALT))
    moment = writer.now.isoformat(timespec="microseconds")
    value = clean(f"{why}; resumed by {by}: {reason}")
    writer.connection.execute(table.insert().values(name=f"{_HALT} {moment}", value=value))
    return True


# ---- pauses --------------------------------------------------------------------------------


def pause(writer: Writer, report: str, company_id: str, *, by: str, reason: str) -> bool:
    """Stop a customer's report until it is resumed. False: it was paused before."""
    if _is_paused(writer, report, company_id):
        return False
    row = {
        "report": report,
        "company_id": company_id,
        "paused_at": writer.now,
        "said_by": clean(by, 120),
        "reason": clean(reason),
    }
    writer.connection.execute(tables.pause.insert().values(row))
    return True


def resume(writer: Writer, report: str, company_id: str) -> bool:
    """Let it go on. False: it was not paused."""
    removed = writer.connection.execute(tables.pause.delete().where(_pair(report, company_id)))
    return removed.rowcount == 1


def _is_paused(writer: Writer, report: str, company_id: str) -> bool:
    found = tables.pause.select().where(_pair(report, company_id))
    return writer.connection.execute(found).first() is not None


def _pair(report: str, company_id: str) -> Any:
    table = tables.pause
    return and_(table.c.report == report, table.c.company_id == company_id)

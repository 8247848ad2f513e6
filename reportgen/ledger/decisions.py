"""What people decide: the end of a doubt, what is not made at all, pauses."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, and_, select

from reportgen.errors import StorageError, StorageUnavailable
from reportgen.ledger import claims, deliveries, tables
from reportgen.ledger.reading import Doubt
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import OPEN, Writer, in_other_hands
from reportgen.model import Period, RunKey
from reportgen.pipeline import Claim, DeliveryState, RunState

_PENDING = {DeliveryState.READY, DeliveryState.SENDING, DeliveryState.WAITING}
_FOR_PEOPLE = (DeliveryState.UNKNOWN, DeliveryState.REFUSED)
SETTLED_AFTER = timedelta(minutes=15)
"""By then a mail server has dropped an idle client (RFC 5321, 4.5.3.2.7: five minutes): what it
has not accepted of a message it never will."""
_NOT_MADE = (RunState.HELD, RunState.FAILED, RunState.WAITING, RunState.READY, *OPEN)
"""What a person may call off; what was left half way as well."""


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
    refuse_if_busy(writer, key, row)
    claim = claims.fenced(writer, key, row, lease_until=None)
    if claim is None:
        raise busy(key)
    return claim


def refuse_if_busy(writer: Writer, key: RunKey, row: Row[Any]) -> None:
    if in_other_hands(row, writer.worker, writer.now):
        raise busy(key)


def busy(key: RunKey) -> StorageUnavailable:
    return StorageUnavailable(f"{key} is being worked on right now; try again in a moment")


def _settle(writer: Writer, claim: Claim, said: str) -> RunState:
    """The state that follows from those of the deliveries: what may go out does not wait.

    What a person has held or called off stays so.
    """
    found = deliveries.states(writer, claim)
    decided = _decided(writer, claim)
    if decided is not None:
        state = decided
    elif found & _PENDING:
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


def _decided(writer: Writer, claim: Claim) -> RunState | None:
    state = select(tables.run.c.state).where(tables.run.c.run_id == claim.run_id)
    found = RunState(writer.connection.execute(state).scalar_one())
    return found if found in (RunState.HELD, RunState.SKIPPED) else None


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
        refuse_if_busy(writer, key, row)
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
        raise busy(key)
    refuse_if_gone(writer, claim)
    return claim


def refuse_if_gone(writer: Writer, claim: Claim) -> None:
    """Raises StorageError for what has reached somebody, or may have."""
    deliveries.doubt(writer, claim)
    found = deliveries.states(writer, claim)
    if DeliveryState.UNKNOWN in found:
        raise StorageError(
            f"{claim.key} may have arrived somewhere; `reportgen resolve` settles that"
        )
    if DeliveryState.SENT in found:
        raise StorageError(
            f"{claim.key} has reached somebody already; the rest can only be tried again"
        )


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

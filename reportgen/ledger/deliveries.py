"""Each handing-over, step by step: none happens twice, none is forgotten."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Row, func, select

from reportgen.errors import ClaimLost, DeliveryRefused, DeliveryUnknown, RoundStopped
from reportgen.ledger import door, tables
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import Writer
from reportgen.pipeline import Claim, Delivery, DeliveryState, RunState

_TABLE = tables.delivery
_IN_FLIGHT = (DeliveryState.SENDING, DeliveryState.COMMITTING)
_IN_DOUBT = (DeliveryState.UNKNOWN, DeliveryState.COMMITTING)


def expect(writer: Writer, claim: Claim, deliveries: tuple[Delivery, ...]) -> None:
    """Open a row for each handing-over that is to follow; known ones stay as they are."""
    for delivery in deliveries:
        if _row(writer, claim, delivery.channel, delivery.target) is None:
            _open(writer, claim, delivery, DeliveryState.READY)


def begin(writer: Writer, claim: Claim, delivery: Delivery) -> bool:
    """Open the row; False: handed over before. See `pipeline.Ledger.begin`.

    Raises RoundStopped while nothing may go out to anybody.
    """
    why = door.halted(writer.connection)
    if why:
        raise RoundStopped(f"nothing goes out: {why}")
    writer.step(claim, RunState.DELIVERING)
    row = _row(writer, claim, delivery.channel, delivery.target)
    if row is None:
        _open(writer, claim, delivery, DeliveryState.SENDING)
        return True
    state = DeliveryState(row.state)
    if state is DeliveryState.SENT:
        return False
    _check(delivery, state, row.proof)
    values = _content(delivery) | {"attempts": row.attempts + 1, "committed_at": None}
    _change(writer, claim, row, DeliveryState.SENDING, **values)
    return True


def _check(delivery: Delivery, state: DeliveryState, proof: str) -> None:
    if state in _IN_DOUBT:
        raise DeliveryUnknown(
            f"{delivery.target}: an earlier attempt may have been accepted; "
            f"look for {delivery.reference} before sending again"
        )
    if state is DeliveryState.REFUSED:
        raise DeliveryRefused(proof or f"{delivery.target}: refused before; mend it, then run it")


def committing(writer: Writer, claim: Claim, delivery: Delivery) -> None:
    """Mark, on disk, that the next byte may make the other side accept."""
    writer.step(claim, RunState.DELIVERING)
    row = _in_flight(writer, claim, delivery, (DeliveryState.SENDING,))
    _change(writer, claim, row, DeliveryState.COMMITTING, committed_at=writer.now)


def settle(
    writer: Writer, claim: Claim, delivery: Delivery, state: DeliveryState, proof: str
) -> None:
    """Record what became of it."""
    row = _in_flight(writer, claim, delivery, _IN_FLIGHT)
    _change(writer, claim, row, state, proof=clean(proof), settled_at=writer.now)


def doubt(writer: Writer, claim: Claim) -> None:
    """What an earlier attempt left past the point of no return is unknown, for good."""
    proof = "stopped while the server had the message"
    for row in rows(writer, claim, DeliveryState.COMMITTING):
        _change(writer, claim, row, DeliveryState.UNKNOWN, proof=proof)


def permit(writer: Writer, claim: Claim) -> None:
    """A person asked for another attempt: what was refused for good may be tried again."""
    for row in rows(writer, claim, DeliveryState.REFUSED):
        _change(writer, claim, row, DeliveryState.READY)


def answer(writer: Writer, claim: Claim, row: Row[Any], *, sent: bool, proof: str) -> None:
    """What a person, or a look at the sent items, says of a delivery in doubt."""
    state = DeliveryState.SENT if sent else DeliveryState.READY
    _change(writer, claim, row, state, proof=clean(proof), settled_at=writer.now)


def count_unlike(writer: Writer, claim: Claim, state: DeliveryState) -> int:
    """How many deliveries of the run are not in this state."""
    others = select(func.count()).where(_TABLE.c.run_id == claim.run_id, _TABLE.c.state != state)
    return int(writer.connection.execute(others).scalar() or 0)


def states(writer: Writer, claim: Claim) -> set[DeliveryState]:
    """The states its deliveries are in."""
    found = select(_TABLE.c.state).where(_TABLE.c.run_id == claim.run_id).distinct()
    return {DeliveryState(state) for state in writer.connection.execute(found).scalars()}


# ---- rows ----------------------------------------------------------------------------------


def _row(writer: Writer, claim: Claim, channel: str, target: str) -> Row[Any] | None:
    return writer.connection.execute(
        select(_TABLE).where(
            _TABLE.c.run_id == claim.run_id,
            _TABLE.c.channel == channel,
            _TABLE.c.target == target,
        )
    ).one_or_none()


def rows(writer: Writer, claim: Claim, state: DeliveryState) -> list[Row[Any]]:
    """The run's deliveries in this state."""
    wanted = select(_TABLE).where(_TABLE.c.run_id == claim.run_id, _TABLE.c.state == state.value)
    return list(writer.connection.execute(wanted))


def _in_flight(
    writer: Writer, claim: Claim, delivery: Delivery, states: tuple[DeliveryState, ...]
) -> Row[Any]:
    """The row that this claim opened, in one of these states. Raises ClaimLost."""
    row = _row(writer, claim, delivery.channel, delivery.target)
    if row is None or row.fence != claim.fence or DeliveryState(row.state) not in states:
        raise ClaimLost(
            f"claim lost: the delivery of {claim.key} to {delivery.target} has moved on"
        )
    return row


def _open(writer: Writer, claim: Claim, delivery: Delivery, state: DeliveryState) -> None:
    inserted = writer.connection.execute(
        _TABLE.insert().values(
            run_id=claim.run_id,
            company_id=claim.key.company_id,
            channel=delivery.channel,
            target=delivery.target,
            state=state,
            fence=claim.fence,
            attempts=int(state is DeliveryState.SENDING),
            proof="",
            **_content(delivery),
        )
    )
    delivery_id = int((inserted.inserted_primary_key or (0,))[0])
    text = f"{delivery.channel} {delivery.target}"
    writer.note(claim, state, text, delivery_id)


def _content(delivery: Delivery) -> dict[str, Any]:
    digest = sha256(delivery.content).hexdigest()
    return {"reference": delivery.reference, "sha256": digest}


def _change(
    writer: Writer, claim: Claim, row: Row[Any], state: DeliveryState, **values: Any
) -> None:
    changed = writer.connection.execute(
        _TABLE.update()
        .where(_TABLE.c.delivery_id == row.delivery_id, _TABLE.c.fence == row.fence)
        .values(state=state, fence=claim.fence, **values)
    )
    if changed.rowcount != 1:
        raise ClaimLost(f"claim lost: the delivery to {row.target} has moved on")
    writer.note(claim, state, f"{row.channel} {row.target}", row.delivery_id)

"""Who may work on a run, and how an attempt ends."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from reportgen.ledger import deliveries, tables
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import OPEN, Writer, in_other_hands
from reportgen.model import Document, DocumentState, Period, RunKey
from reportgen.pipeline import Claim, Delivery, DeliveryState, RunState

ATTEMPTS = 8
"""After so many, a run that keeps failing needs a person."""
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
_GROWTH = 3
"""Eight attempts then span about half a day, longer than most outages."""
_FOR_PEOPLE = (RunState.FAILED, RunState.HELD, RunState.SKIPPED)


def take(
    writer: Writer, key: RunKey, customer: str, period: Period, *, manual: bool
) -> Claim | None:
    """The claim, or None: done, resting, in other hands, or waiting for a person."""
    row = find(writer.connection, key)
    if row is None:
        return insert(writer, key, customer, period)
    if not _free(row, writer, manual=manual):
        return None
    if RunState(row.state) in OPEN and row.attempts >= ATTEMPTS and not manual:
        _give_up(writer, key, row)
        return None
    return _take_over(writer, key, row, manual=manual)


def insert(writer: Writer, key: RunKey, customer: str, period: Period) -> Claim:
    """The first claim of a run; the unique key lets only one worker through."""
    writer.introduce()
    inserted = writer.connection.execute(
        tables.run.insert().values(
            report=key.report,
            company_id=key.company_id,
            period=key.period,
            edition=key.edition,
            customer=customer,
            data_from=period.start.isoformat(),
            data_to=period.last_day.isoformat(),
            state=RunState.WORKING,
            fence=1,
            attempts=1,
            reason="",
            created_at=writer.now,
            **writer.lease(),
        )
    )
    run_id = int((inserted.inserted_primary_key or (0,))[0])
    claim = Claim(run_id, key, fence=1, attempt=1)
    writer.note(claim, RunState.WORKING)
    return claim


def _free(row: Row[Any], writer: Writer, *, manual: bool) -> bool:
    state = RunState(row.state)
    if state in OPEN:
        return not in_other_hands(row, writer.worker, writer.now)
    if state is RunState.WAITING:
        return manual or row.next_try_at is None or row.next_try_at <= writer.now
    return manual and state in _FOR_PEOPLE


def _take_over(writer: Writer, key: RunKey, row: Row[Any], *, manual: bool) -> Claim | None:
    writer.introduce()
    claim = fenced(
        writer,
        key,
        row,
        state=RunState.WORKING,
        attempts=row.attempts + 1,
        next_try_at=None,
        finished_at=None,
        **writer.lease(),
    )
    if claim is None:
        return None
    writer.note(claim, RunState.WORKING, "by hand" if manual else "")
    deliveries.doubt(writer, claim)
    if manual:
        deliveries.permit(writer, claim)
    return claim


def _give_up(writer: Writer, key: RunKey, row: Row[Any]) -> None:
    """A run that ends the program each time must not do so for ever, and must be seen."""
    reason = f"the program stopped in each of {row.attempts} attempts; see its log"
    changes = {"state": RunState.FAILED, "lease_until": None, "finished_at": writer.now}
    claim = fenced(writer, key, row, reason=reason, **changes)
    if claim is not None:
        writer.note(claim, RunState.FAILED, reason)
        deliveries.doubt(writer, claim)


def fenced(writer: Writer, key: RunKey, row: Row[Any], **values: Any) -> Claim | None:
    """Change the run under a new fence. None: somebody else was faster."""
    changed = writer.connection.execute(
        tables.run.update()
        .where(tables.run.c.run_id == row.run_id, tables.run.c.fence == row.fence)
        .values(fence=row.fence + 1, **values)
    )
    if changed.rowcount != 1:
        return None
    attempt = values.get("attempts", row.attempts)
    document = _document(writer.connection, row.run_id)
    return Claim(row.run_id, key, row.fence + 1, attempt, document)


def produced(
    writer: Writer,
    claim: Claim,
    document: Document,
    place: str,
    handing_over: tuple[Delivery, ...] = (),
) -> None:
    """Record where the finished document lies, and every handing-over that is to follow."""
    held = document.state is not DocumentState.READY
    writer.step(claim, RunState.WORKING if held else RunState.DELIVERING)
    values = {
        "place": place,
        "state": document.state.value,
        "name": document.file_name,
        "size": len(document.pdf),
        "sha256": document.sha256,
        "stored_at": writer.now,
    }
    table = tables.artifact
    known = and_(table.c.run_id == claim.run_id, table.c.kind == tables.DOCUMENT)
    if writer.connection.execute(table.update().where(known).values(values)).rowcount == 0:
        row = {"run_id": claim.run_id, "kind": tables.DOCUMENT, "company_id": claim.key.company_id}
        writer.connection.execute(table.insert().values({**row, **values}))
    deliveries.expect(writer, claim, handing_over)


def finish(writer: Writer, claim: Claim, state: RunState, reasons: tuple[str, ...]) -> RunState:
    """Close the attempt; a run that failed too often needs a person."""
    left = deliveries.count_unlike(writer, claim, DeliveryState.SENT)
    if state is RunState.SUCCEEDED and left:
        state = RunState.FAILED
        reasons = (*reasons, f"{left} of its deliveries have no way out any more; see `delivery`")
    if state is RunState.WAITING and claim.attempt >= ATTEMPTS:
        state = RunState.FAILED
        reasons = (*reasons, f"given up after {claim.attempt} attempts")
    resting = state is RunState.WAITING
    writer.step(
        claim,
        state,
        reason=clean("; ".join(reasons)),
        lease_until=None,
        next_try_at=writer.now + pause(claim.attempt) if resting else None,
        finished_at=None if resting else writer.now,
    )
    return state


def pause(attempt: int) -> timedelta:
    """From a minute to six hours, spread by chance, so that runs do not return in step."""
    base = _FIRST_PAUSE * float(_GROWTH ** min(attempt - 1, ATTEMPTS))
    spread = min(base, _LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load only
    return min(max(spread, _FIRST_PAUSE), _LONGEST_PAUSE)


def find(connection: Connection, key: RunKey) -> Row[Any] | None:
    """The run of this key."""
    table = tables.run
    return connection.execute(
        select(table).where(
            table.c.report == key.report,
            table.c.company_id == key.company_id,
            table.c.period == key.period,
            table.c.edition == key.edition,
        )
    ).one_or_none()


def _document(connection: Connection, run_id: int) -> str | None:
    """Where an earlier attempt left a document that may go out."""
    table = tables.artifact
    return connection.execute(
        select(table.c.place).where(
            table.c.run_id == run_id,
            table.c.kind == tables.DOCUMENT,
            table.c.state == DocumentState.READY.value,
        )
    ).scalar_one_or_none()

"""Who may work on a run, and how an attempt ends."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, select, tuple_

from reportgen.ledger import deliveries, fingerprints, tables
from reportgen.ledger.chunks import chunks
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
_FOR_PEOPLE = (RunState.FAILED, RunState.HELD)


RESERVE = timedelta(minutes=2)
"""A document that was made in a round is left to that round for so long."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run is taken up for."""

    manual: bool = False
    """A person asked: one that failed, is held or rests is taken up again."""
    revive: bool = False
    """And for exactly this period: what somebody has held or called off is made anew as well."""
    kept_only: bool = False
    """It is for the archive; no schedule may send it."""
    letting_go: bool = False
    """Its round goes on with what it has made: ready, and nothing else."""


def take(writer: Writer, key: RunKey, customer: str, period: Period, wish: Wish) -> Claim | None:
    """The claim, or None: done, resting, in other hands, or waiting for a person."""
    row = find(writer.connection, key)
    manual = wish.manual
    if row is None:
        return insert(writer, key, customer, period, kept_only=wish.kept_only)
    if not _free(row, writer, wish):
        return None
    if RunState(row.state) in OPEN and row.attempts >= ATTEMPTS and not manual:
        _give_up(writer, key, row)
        return None
    return _take_over(writer, key, row, wish)


def insert(
    writer: Writer, key: RunKey, customer: str, period: Period, *, kept_only: bool = False
) -> Claim:
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
            kept_only=int(kept_only),
            created_at=writer.now,
            **writer.lease(),
        )
    )
    run_id = int((inserted.inserted_primary_key or (0,))[0])
    claim = Claim(run_id, key, fence=1, attempt=1)
    writer.note(claim, RunState.WORKING)
    return claim


def _free(row: Row[Any], writer: Writer, wish: Wish) -> bool:
    state = RunState(row.state)
    if wish.letting_go:
        return state is RunState.READY
    if wish.kept_only and not row.kept_only:
        return False
    if row.kept_only and not (wish.kept_only or wish.manual):
        return False
    if state in OPEN:
        return not in_other_hands(row, writer.worker, writer.now)
    if state in (RunState.WAITING, RunState.READY):
        return wish.manual or row.next_try_at is None or row.next_try_at <= writer.now
    if state is RunState.SKIPPED or _is_stopped(writer.connection, row.run_id):
        return wish.revive
    return wish.manual and state in _FOR_PEOPLE


def _take_over(writer: Writer, key: RunKey, row: Row[Any], wish: Wish) -> Claim | None:
    writer.introduce()
    manual = wish.manual
    claim = fenced(
        writer,
        key,
        row,
        state=RunState.WORKING,
        attempts=row.attempts + (RunState(row.state) is not RunState.READY),
        next_try_at=None,
        finished_at=None,
        kept_only=int(wish.kept_only),
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
    kept = _document(writer.connection, row.run_id)
    if kept is None:
        return Claim(row.run_id, key, row.fence + 1, attempt)
    approved = kept.state == tables.APPROVED
    return Claim(row.run_id, key, row.fence + 1, attempt, kept.place, kept.sha256, approved)


def produced(
    writer: Writer,
    claim: Claim,
    document: Document,
    place: str,
    handing_over: tuple[Delivery, ...] = (),
    prints: frozenset[str] = frozenset(),
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
    fingerprints.replace(writer, claim, prints)


def reserve(writer: Writer, keys: Iterable[RunKey]) -> None:
    """Leave what these runs have made to their round for a while longer."""
    table = tables.run
    name = tuple_(table.c.report, table.c.company_id, table.c.period, table.c.edition)
    until = {"next_try_at": writer.now + RESERVE}
    for some in chunks(keys):
        mine = name.in_([(key.report, key.company_id, key.period, key.edition) for key in some])
        writer.connection.execute(
            table.update().where(mine, table.c.state == RunState.READY).values(until)
        )


def block(writer: Writer, claim: Claim) -> None:
    """What was made must never go out; another attempt makes it anew."""
    writer.step(claim, RunState.WORKING)
    table = tables.artifact
    known = and_(table.c.run_id == claim.run_id, table.c.kind == tables.DOCUMENT)
    blocked = {"state": DocumentState.BLOCKED.value}
    writer.connection.execute(table.update().where(known).values(blocked))


def finish(
    writer: Writer,
    claim: Claim,
    state: RunState,
    reasons: tuple[str, ...],
    until: datetime | None = None,
) -> RunState:
    """Close the attempt; a run that failed too often needs a person, a ready one goes on."""
    left = deliveries.count_unlike(writer, claim, DeliveryState.SENT)
    if state is RunState.SUCCEEDED and left:
        state = RunState.FAILED
        reasons = (*reasons, f"{left} of its deliveries have no way out any more; see `delivery`")
    if state is RunState.WAITING and claim.attempt >= ATTEMPTS:
        state = RunState.FAILED
        reasons = (*reasons, f"given up after {claim.attempt} attempts")
    resting = state in (RunState.WAITING, RunState.READY)
    moment = writer.now + pause(claim.attempt)
    if state is RunState.READY:
        moment = until or writer.now + RESERVE
    writer.step(
        claim,
        state,
        reason=clean("; ".join(reasons)),
        lease_until=None,
        next_try_at=moment if resting else None,
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


def _is_stopped(connection: Connection, run_id: int) -> bool:
    """True for a document that a person holds."""
    table = tables.artifact
    stopped = select(table.c.run_id).where(
        table.c.run_id == run_id, table.c.state == tables.STOPPED
    )
    return connection.execute(stopped).first() is not None


def _document(connection: Connection, run_id: int) -> Any:
    """What an earlier attempt left that may go out: place, sha256, state."""
    table = tables.artifact
    return connection.execute(
        select(table.c.place, table.c.sha256, table.c.state).where(
            table.c.run_id == run_id,
            table.c.kind == tables.DOCUMENT,
            table.c.state.in_((DocumentState.READY.value, tables.APPROVED)),
        )
    ).one_or_none()

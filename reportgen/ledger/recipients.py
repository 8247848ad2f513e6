"""Which addresses a customer's mail has reached before, and those that a person allowed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from reportgen.ledger import claims, tables
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import Writer
from reportgen.model import RunKey
from reportgen.pipeline import DeliveryState, RunState


@dataclass(frozen=True, slots=True)
class Known:
    """Why an address may get a customer's reports."""

    since: datetime
    said_by: str = ""
    """Who allowed it; empty where a message was accepted before."""
    reason: str = ""

    def __str__(self) -> str:
        if self.said_by:
            return f"approved {self.since:%Y-%m-%d} by {self.said_by}: {self.reason}"
        return f"known since {self.since:%Y-%m-%d}"


def unknown(connection: Connection, company_id: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """Those that never accepted a message of this customer and that nobody has approved."""
    familiar = known(connection, company_id)
    return tuple(each for each in addresses if each.casefold() not in familiar)


def known(connection: Connection, company_id: str) -> Mapping[str, Known]:
    """Every address that is known, in small letters, with the older of its two reasons."""
    found: dict[str, Known] = dict(_reached(connection, company_id))
    for address, approval in _approved(connection, company_id):
        if address not in found or approval.since < found[address].since:
            found[address] = approval
    return found


def _reached(connection: Connection, company_id: str) -> Iterator[tuple[str, Known]]:
    """Files are targets as well; no address is written like one."""
    c = tables.delivery.c
    query = (
        select(func.lower(c.target).label("address"), func.min(c.settled_at).label("since"))
        .where(c.company_id == company_id, c.state == DeliveryState.SENT.value)
        .group_by(func.lower(c.target))
    )
    for row in connection.execute(query):
        yield row.address, Known(row.since)


def _approved(connection: Connection, company_id: str) -> Iterator[tuple[str, Known]]:
    table = tables.recipient
    for row in connection.execute(select(table).where(table.c.company_id == company_id)):
        yield row.address, Known(row.approved_at, row.said_by, row.reason)


# ---- a person's word -----------------------------------------------------------------------


def approve(writer: Writer, company_id: str, address: str, *, by: str, reason: str) -> bool:
    """
    Allow this address; what waits for that goes out in the next round.

    False: it was known before. A second word changes nothing on record.
    """
    fresh = bool(unknown(writer.connection, company_id, (address,)))
    if fresh:
        row = {
            "company_id": company_id,
            "address": address.casefold(),
            "approved_at": writer.now,
            "said_by": clean(by, 120),
            "reason": clean(reason),
        }
        writer.connection.execute(tables.recipient.insert().values(row))
    for run in _waiting(writer.connection, company_id, address):
        _wake(writer, run, clean(f"{address} approved by {by}: {reason}"))
    return fresh


def _waiting(connection: Connection, company_id: str, address: str) -> list[Row[Any]]:
    """Runs that ended while the message to this address was not begun."""
    run, delivery = tables.run, tables.delivery
    ready = select(delivery.c.run_id).where(
        delivery.c.company_id == company_id,
        delivery.c.state == DeliveryState.READY.value,
        func.lower(delivery.c.target) == address.casefold(),
    )
    failed = select(run).where(run.c.state == RunState.FAILED.value, run.c.run_id.in_(ready))
    return list(connection.execute(failed))


def _wake(writer: Writer, row: Row[Any], said: str) -> None:
    """Another attempt is due at once; the schedule looks at that period again."""
    key = RunKey(row.report, row.company_id, row.period, row.edition)
    claim = claims.fenced(writer, key, row, lease_until=None)
    if claim is None:
        return
    writer.step(
        claim,
        RunState.WAITING,
        reason=said,
        lease_until=None,
        next_try_at=writer.now,
        finished_at=None,
    )
    table = tables.schedule
    writer.connection.execute(
        table.update()
        .where(table.c.report == key.report, table.c.company_id == key.company_id)
        .values(settled_until=None)
    )

"""What the ledger keeps by name: the last tick, and the companies the platform listed last."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from reportgen.ledger import tables
from reportgen.ledger.writing import Writer
from reportgen.model import Company

LAST_TICK = "last_tick"
COMPANIES = "companies"
_TABLE = tables.meta


def recall(connection: Connection, name: str) -> str:
    """What is kept under this name; empty when nothing is."""
    found = connection.execute(select(_TABLE.c.value).where(_TABLE.c.name == name)).scalar()
    return found or ""


def keep(writer: Writer, name: str, value: str) -> None:
    """Keep it, instead of what was kept under this name."""
    named = _TABLE.c.name == name
    changed = writer.connection.execute(_TABLE.update().where(named).values(value=value))
    if changed.rowcount == 0:
        writer.connection.execute(_TABLE.insert().values(name=name, value=value))


def moment(text: str) -> datetime | None:
    """A moment as it was kept."""
    return datetime.fromisoformat(text) if text else None


def as_text(companies: Iterable[Company]) -> str:
    """Of each company what tells whether it is a customer; figures about it are not kept."""
    rows = [[each.company_id, each.name, each.reseller, list(each.tags)] for each in companies]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def companies(text: str) -> tuple[Company, ...]:
    """The companies as they were kept."""
    return tuple(
        Company(company_id, name, reseller=reseller, tags=tuple(tags))
        for company_id, name, reseller, tags in json.loads(text or "[]")
    )

"""The door that is stopped for all, when figures of customers were mixed up."""

import json

from sqlalchemy import Connection, select

from reportgen.ledger import fingerprints, tables
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import Writer

_HALT = "halt"


def halt(writer: Writer, reason: str) -> bool:
    """Stop everything from going out until a person resumes. False: it was stopped before."""
    if halted(writer.connection):
        return False
    value = json.dumps({"at": f"{writer.now:%Y-%m-%d %H:%M} UTC", "reason": clean(reason)})
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
    """
    Open the door again; who did and why stays on record. False: it was not stopped.

    What was mixed up is compared with no longer, so that it can be made anew one by one.
    """
    why = halted(writer.connection)
    if not why:
        return False
    fingerprints.forget_blocked(writer)
    table = tables.meta
    writer.connection.execute(table.delete().where(table.c.name == _HALT))
    moment = writer.now.isoformat(timespec="microseconds")
    value = clean(f"{why}; resumed by {by}: {reason}")
    writer.connection.execute(table.insert().values(name=f"{_HALT} {moment}", value=value))
    return True

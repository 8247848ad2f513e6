"""What the operator was told: of many processes one tells it, and once."""

from reportgen.ledger import tables
from reportgen.ledger.writing import Writer

_TABLE = tables.notice


def take(writer: Writer, name: str, content: str) -> bool:
    """True when it is news and this worker is to tell it."""
    named = _TABLE.c.name == name
    changed = writer.connection.execute(
        _TABLE.update()
        .where(named, _TABLE.c.content != content)
        .values(content=content, told_at=writer.now)
    )
    if changed.rowcount == 1:
        return True
    if writer.connection.execute(_TABLE.select().where(named)).first():
        return False
    row = {"name": name, "content": content, "told_at": writer.now}
    writer.connection.execute(_TABLE.insert().values(row))
    return True


def forget(writer: Writer, name: str) -> None:
    """As if it had never been told."""
    writer.connection.execute(_TABLE.delete().where(_TABLE.c.name == name))

"""The numbered steps from an old ledger to today's."""

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select

from reportgen.errors import StorageError
from reportgen.ledger import tables

_VERSION = "schema_version"


def _first_tables(connection: Connection) -> None:
    """All tables of the first ledger."""
    tables.metadata.create_all(connection)


STEPS: tuple[Callable[[Connection], None], ...] = (_first_tables,)
"""Step n leads from version n to version n + 1. A step once published is never changed."""


def migrate(connection: Connection) -> None:
    """
    Bring the ledger to today's version, inside the caller's transaction; harmless to repeat.

    Raises StorageError for a ledger that a newer program has written.
    """
    version = _version(connection)
    if version > len(STEPS):
        raise StorageError(
            f"the ledger has version {version}, this program knows {len(STEPS)}; "
            "install the newer reportgen"
        )
    for step in STEPS[version:]:
        step(connection)
    _remember(connection, version, len(STEPS))


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(tables.meta.name):
        return 0
    query = select(tables.meta.c.value).where(tables.meta.c.name == _VERSION)
    return int(connection.execute(query).scalar() or 0)


def _remember(connection: Connection, before: int, now: int) -> None:
    if before == now:
        return
    row = {"name": _VERSION, "value": str(now)}
    if before == 0:
        connection.execute(tables.meta.insert().values(row))
    else:
        change = tables.meta.update().where(tables.meta.c.name == _VERSION)
        connection.execute(change.values(row))

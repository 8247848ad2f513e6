"""The numbered steps from an old ledger to today's."""

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select, text

from reportgen.errors import StorageError
from reportgen.ledger import tables

_VERSION = "schema_version"


def _first_tables(connection: Connection) -> None:
    """All tables of the first ledger, written out: `tables` moves on, this step does not."""
    words = _WORDS[connection.dialect.name]
    for line in _FIRST_TABLES:
        connection.execute(text(line.format(**words)))


_WORDS = {
    "sqlite": {"id": "INTEGER NOT NULL PRIMARY KEY", "bytes": "BLOB"},
    "postgresql": {"id": "SERIAL NOT NULL PRIMARY KEY", "bytes": "BYTEA"},
}
_RUN = "FOREIGN KEY (run_id, company_id) REFERENCES run (run_id, company_id)"
_FIRST_TABLES = (
    "CREATE TABLE meta (name VARCHAR(40) NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE schedule (
        report VARCHAR(64) NOT NULL, company_id VARCHAR(64) NOT NULL,
        first_seen VARCHAR(32) NOT NULL, PRIMARY KEY (report, company_id))""",
    """CREATE TABLE run (
        run_id {id}, report VARCHAR(64) NOT NULL, company_id VARCHAR(64) NOT NULL,
        period VARCHAR(40) NOT NULL, edition INTEGER NOT NULL, customer TEXT NOT NULL,
        data_from VARCHAR(10) NOT NULL, data_to VARCHAR(10) NOT NULL, state VARCHAR(16) NOT NULL,
        fence INTEGER NOT NULL, lease_owner VARCHAR(120) NOT NULL, lease_until VARCHAR(32),
        attempts INTEGER NOT NULL, next_try_at VARCHAR(32), reason TEXT NOT NULL,
        created_at VARCHAR(32) NOT NULL, finished_at VARCHAR(32),
        UNIQUE (report, company_id, period, edition), UNIQUE (run_id, company_id))""",
    "CREATE INDEX run_by_state ON run (state, next_try_at)",
    f"""CREATE TABLE artifact (
        run_id INTEGER NOT NULL, kind VARCHAR(16) NOT NULL, company_id VARCHAR(64) NOT NULL,
        place TEXT NOT NULL, state VARCHAR(16) NOT NULL, name TEXT NOT NULL,
        size INTEGER NOT NULL, sha256 VARCHAR(64) NOT NULL, stored_at VARCHAR(32) NOT NULL,
        PRIMARY KEY (run_id, kind), {_RUN})""",
    "CREATE TABLE message (sha256 VARCHAR(64) NOT NULL PRIMARY KEY, content {bytes} NOT NULL)",
    f"""CREATE TABLE delivery (
        delivery_id {{id}}, run_id INTEGER NOT NULL, company_id VARCHAR(64) NOT NULL,
        channel VARCHAR(64) NOT NULL, target TEXT NOT NULL, reference TEXT NOT NULL,
        sha256 VARCHAR(64) NOT NULL, state VARCHAR(16) NOT NULL, fence INTEGER NOT NULL,
        attempts INTEGER NOT NULL, proof TEXT NOT NULL, committed_at VARCHAR(32),
        settled_at VARCHAR(32), {_RUN}, UNIQUE (run_id, channel, target))""",
    "CREATE INDEX delivery_by_state ON delivery (state)",
    """CREATE TABLE event (
        event_id {id}, run_id INTEGER NOT NULL REFERENCES run (run_id), delivery_id INTEGER,
        at VARCHAR(32) NOT NULL, worker VARCHAR(120) NOT NULL, fence INTEGER NOT NULL,
        state VARCHAR(16) NOT NULL, text TEXT NOT NULL)""",
    "CREATE INDEX event_by_run ON event (run_id)",
)


def _people_and_clocks(connection: Connection) -> None:
    """Leases that no clock can break, workers by name, pauses and notices."""
    for line in _PEOPLE_AND_CLOCKS:
        connection.execute(text(line))


_PEOPLE_AND_CLOCKS = (
    "ALTER TABLE run ADD COLUMN lease_beat FLOAT",
    "ALTER TABLE schedule ADD COLUMN settled_until VARCHAR(32)",
    "CREATE INDEX run_by_time ON run (created_at)",
    "DROP TABLE message",
    """CREATE TABLE worker (
        name VARCHAR(120) NOT NULL PRIMARY KEY, program VARCHAR(40) NOT NULL,
        seen_at VARCHAR(32) NOT NULL)""",
    """CREATE TABLE pause (
        report VARCHAR(64) NOT NULL, company_id VARCHAR(64) NOT NULL,
        paused_at VARCHAR(32) NOT NULL, said_by VARCHAR(120) NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (report, company_id))""",
    """CREATE TABLE notice (
        name VARCHAR(120) NOT NULL PRIMARY KEY, content VARCHAR(64) NOT NULL,
        told_at VARCHAR(32) NOT NULL)""",
)


def _approvals_and_fingerprints(connection: Connection) -> None:
    """Who approved which file, and what figures are compared by between companies."""
    for line in _APPROVALS_AND_FINGERPRINTS:
        connection.execute(text(line))


_APPROVALS_AND_FINGERPRINTS = (
    """CREATE TABLE approval (
        run_id INTEGER NOT NULL REFERENCES run (run_id), sha256 VARCHAR(64) NOT NULL,
        said_by VARCHAR(120) NOT NULL, said_at VARCHAR(32) NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (run_id, sha256, said_by))""",
    """CREATE TABLE fingerprint (
        run_id INTEGER NOT NULL REFERENCES run (run_id), digest VARCHAR(32) NOT NULL,
        company_id VARCHAR(64) NOT NULL, noted_at VARCHAR(32) NOT NULL,
        PRIMARY KEY (run_id, digest))""",
    "ALTER TABLE run ADD COLUMN kept_only INTEGER",
    "CREATE INDEX fingerprint_by_digest ON fingerprint (digest)",
    "CREATE INDEX fingerprint_by_company ON fingerprint (company_id, noted_at)",
)


def _approved_recipients(connection: Connection) -> None:
    """Addresses that a person allowed, and a quick way to those that had a message before."""
    for line in _APPROVED_RECIPIENTS:
        connection.execute(text(line))


_APPROVED_RECIPIENTS = (
    """CREATE TABLE recipient (
        company_id VARCHAR(64) NOT NULL, address VARCHAR(254) NOT NULL,
        approved_at VARCHAR(32) NOT NULL, said_by VARCHAR(120) NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (company_id, address))""",
    "CREATE INDEX delivery_by_company ON delivery (company_id, state)",
)

STEPS: tuple[Callable[[Connection], None], ...] = (
    _first_tables,
    _people_and_clocks,
    _approvals_and_fingerprints,
    _approved_recipients,
)
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

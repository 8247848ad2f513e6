"""Opening a ledger: the engine with durable settings, and the tables brought up to date."""

import random
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy import text as statement
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError

from reportgen.errors import ConfigError, StorageError, StorageUnavailable
from reportgen.ledger.migrations import migrate
from reportgen.ledger.sql import SqlLedger
from reportgen.ledger.workers import Worker

_BUSY = 30_000
"""Milliseconds a writer waits for another."""
_LOCK = 7_264_501
"""Any number: the advisory lock under which PostgreSQL ledgers are brought up to date."""


def open_ledger(
    url: str,
    base: Path = Path(),
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    worker: str | None = None,
) -> SqlLedger:
    """
    The ledger at this URL; a relative SQLite file is taken from `base`.

    Raises ConfigError for a URL that cannot be used, StorageError for a ledger that cannot be.
    """
    place = _place(url, base)
    engine = _engine(place)
    try:
        _bring_up_to_date(engine, place)
    except BaseException:
        engine.dispose()
        raise
    return SqlLedger(engine, Worker(worker[:120]) if worker else Worker.here(), clock)


def file_of(url: str, base: Path) -> Path | None:
    """The file a SQLite ledger lies in; None for any other. Raises ConfigError."""
    place = _url(url)
    if place.get_backend_name() != "sqlite" or place.database in (None, "", ":memory:"):
        return None
    return (base / str(place.database)).resolve()


def _bring_up_to_date(engine: Engine, place: URL) -> None:
    try:
        with engine.begin() as connection:
            _alone(connection)
            migrate(connection)
    except SQLAlchemyError as error:
        # a file that cannot be opened stays so; a busy one or a server away may come back
        busy = isinstance(error, OperationalError) and "unable to open" not in str(error)
        kind = StorageUnavailable if busy else StorageError
        raise kind(f"the ledger {_shown(place)} cannot be opened: {_cause(error)}") from None


def _place(url: str, base: Path) -> URL:
    place, file = _url(url), file_of(url, base)
    if file is None:
        return place
    _make_private(file)
    return place.set(database=str(file))


def _url(url: str) -> URL:
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError(
            "`ledger` is not a database URL; write such as sqlite:///file.db"
        ) from None  # the cause, and what stands there, may hold a password
    if place.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigError(
            f"`ledger`: {place.drivername} is not supported; write sqlite:///file.db or "
            "postgresql+psycopg://user@host/name"
        )
    return place


def _make_private(file: Path) -> None:
    """Nobody but the owner reads who gets which report."""
    try:
        file.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        file.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the ledger {file} cannot be made: {error.strerror}; mend the folder or its rights"
        ) from error


def _engine(place: URL) -> Engine:
    try:
        if place.get_backend_name() == "sqlite":
            return _sqlite(place)
        return create_engine(place, pool_pre_ping=True, hide_parameters=True)
    except NoSuchModuleError as error:
        raise ConfigError(f"`ledger`: there is no driver {place.drivername}") from error
    except ImportError as error:
        raise ConfigError(
            f"`ledger`: the driver for {place.drivername} is missing ({error.name}); install it"
        ) from error


def _sqlite(place: URL) -> Engine:
    engine = create_engine(place, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """Durable against power loss: write-ahead log, synced at each commit."""
    connection.isolation_level = None  # transactions are opened by `_begin`, not by the driver
    connection.execute(f"PRAGMA busy_timeout={_BUSY}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: Any) -> None:
    """Others who open a new ledger at the same moment are waited for: here SQLite does not."""
    end = time.monotonic() + _BUSY / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 - spreads load only
        else:
            return


def _begin(connection: Connection) -> None:
    """Writers take the lock first: read-then-write would fail under load, whatever the timeout."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _alone(connection: Connection) -> None:
    """Two processes that start together bring the tables up to date one after the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(statement("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _shown(place: URL) -> str:
    return place.render_as_string(hide_password=True)


def _cause(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).splitlines()[0][:160] if str(cause) else type(error).__name__

"""A SQLite ledger looked at without the SQL engine, which takes long to load."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

VERSION = 4
"""That of today's tables: how many steps `migrations` has."""
_PLAIN = re.compile(r"sqlite:///([^?:]+)")
_PATIENCE = 30.0
"""Seconds that another writer is waited for."""


def plain_file(url: str, base: Path) -> Path | None:
    """The file of an address that says no more than that; None where `file_of` has to be asked."""
    found = _PLAIN.fullmatch(url)
    return (base / found[1]).resolve() if found else None


def glance(url: str, base: Path) -> str | None:
    """
    What `SqlLedger.check` says of a ledger that is as it should be.

    None where there is anything else to say or do: then it has to be opened.
    """
    file = plain_file(url, base)
    if file is None or not file.is_file():
        return None
    try:
        with closing(sqlite3.connect(file, _PATIENCE, isolation_level=None)) as connection:
            return _said(connection)
    except sqlite3.Error:
        return None


def _said(connection: sqlite3.Connection) -> str | None:
    connection.execute("BEGIN IMMEDIATE")  # as whoever opens it: it must be writable
    connection.execute("ROLLBACK")  # and nobody has to wait for what is only looked at
    (version,) = connection.execute(
        "SELECT value FROM meta WHERE name = 'schema_version'"
    ).fetchone() or ("",)
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    (runs,) = connection.execute("SELECT count(*) FROM run").fetchone()
    return f"{runs} runs on record" if (version, found) == (str(VERSION), "ok") else None

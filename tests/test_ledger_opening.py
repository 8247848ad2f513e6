"""Opening a ledger: made from nothing, made anew after a crash, never spoiled by an old program."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect

from reportgen.errors import ConfigError, StorageError
from reportgen.ledger import open_ledger, tables
from reportgen.ledger.migrations import STEPS, migrate
from reportgen.model import RunKey
from tests.papers import KEY, OCTOBER
from tests.postgres import private_server


def schema(engine: Engine) -> dict[str, Any]:
    """What the database itself says of its tables."""
    found = inspect(engine)
    return {
        table: (
            _columns(found, table),
            found.get_pk_constraint(table)["constrained_columns"],
            sorted(sorted(each["column_names"]) for each in found.get_unique_constraints(table)),
            sorted(str(each["column_names"]) for each in found.get_indexes(table)),
            sorted(str(each["referred_table"]) for each in found.get_foreign_keys(table)),
        )
        for table in found.get_table_names()
    }


def _columns(found: Any, table: str) -> list[tuple[str, str, bool]]:
    columns = found.get_columns(table)
    return sorted((each["name"], str(each["type"]), each["nullable"]) for each in columns)


def test_the_steps_lead_to_the_tables_that_the_program_knows(tmp_path: Path) -> None:
    stepped = create_engine(f"sqlite:///{tmp_path}/stepped.db")
    known = create_engine(f"sqlite:///{tmp_path}/known.db")
    with stepped.begin() as connection:
        migrate(connection)
    tables.metadata.create_all(known)
    assert schema(stepped) == schema(known)
    stepped.dispose()
    known.dispose()


def test_the_steps_lead_there_on_postgresql_as_well() -> None:
    with private_server() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            migrate(connection)
        stepped = schema(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        tables.metadata.create_all(engine)
        known = schema(engine)
        engine.dispose()
    assert stepped == known


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    with open_ledger(url) as ledger:
        ledger.claim(KEY, "Şirket", OCTOBER)
        before = ledger.past()
    with open_ledger(url) as ledger:
        assert ledger.past() == before


def test_a_crash_while_the_tables_are_made_leaves_nothing_half_made(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE meta (name VARCHAR(40), value TEXT)")
        # closed without a commit, as a killed process does
    with open_ledger(f"sqlite:///{file}") as ledger:
        assert ledger.claim(KEY, "Şirket", OCTOBER)


def test_twelve_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    def look(_: int) -> str:
        with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as ledger:
            return ledger.check()

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(look, range(12))) == {"0 runs on record"}


def test_a_newer_ledger_is_left_alone(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/ledger.db", tmp_path / "ledger.db"
    with open_ledger(url):
        pass
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(StorageError, match=r"version 99.*install the newer reportgen"):
        open_ledger(url)


def test_only_the_owner_reads_the_ledger(tmp_path: Path) -> None:
    with open_ledger("sqlite:///new/ledger.db", tmp_path) as ledger:
        ledger.claim(KEY, "Şirket", OCTOBER)
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()}
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert set(modes.values()) == {0o600}, modes


def test_the_ledger_is_on_disk_before_a_step_counts(tmp_path: Path) -> None:
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as ledger, ledger._writing() as writer:
        settings = {
            name: writer.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


@pytest.mark.parametrize("url", ["", "ledger.db", "nonsense://x", "mysql+nothing://ann:s3cret@h/x"])
def test_a_url_that_cannot_be_used_is_a_matter_of_configuration(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        open_ledger(url)
    assert "s3cret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_place_that_cannot_be_written_is_refused_for_good(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="cannot be made") as refused:
        open_ledger("sqlite:///file/ledger.db", tmp_path)
    assert not refused.value.retry


def test_a_file_that_is_no_ledger_is_said(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"this is no database" * 1000)
    with pytest.raises(StorageError, match="cannot be opened"):
        open_ledger("sqlite:///ledger.db", tmp_path)


def test_a_server_that_is_not_there_tells_no_password() -> None:
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    with pytest.raises(StorageError) as failed:
        open_ledger("postgresql+psycopg://ann:s3cret@127.0.0.1:1/reports")
    assert "s3cret" not in str(failed.value)
    assert failed.value.retry


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with open_ledger(f"sqlite:///{file}") as ledger:
        ledger.noticed([("monthly", f"{number:064}") for number in range(2000)], ledger._clock())
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = b"\xa5" * 2000
    file.write_bytes(content)
    with open_ledger(f"sqlite:///{file}") as ledger, pytest.raises(StorageError) as found:
        ledger.check()
    assert "restore a backup" in str(found.value)


# ---- ledgers of earlier programs -----------------------------------------------------------

_OLD_ROWS = (
    """INSERT INTO schedule (report, company_id, first_seen)
        VALUES ('monthly', 'c1', '2026-01-01T00:00:00.000000Z')""",
    """INSERT INTO run (report, company_id, period, edition, customer, data_from, data_to, state,
        fence, lease_owner, lease_until, attempts, reason, created_at)
        VALUES ('monthly', 'c1', '2026-09', 1, 'Sirket', '2026-09-01', '2026-09-30', 'delivering',
        1, 'host/7/abc', '2026-10-01T06:30:00.000000Z', 1, '', '2026-10-01T06:00:00.000000Z')""",
    """INSERT INTO artifact VALUES (1, 'document', 'c1', 'archive/1', 'ready', 'r.pdf', 4, 'ab',
        '2026-10-01T06:00:00.000000Z')""",
    """INSERT INTO delivery (run_id, company_id, channel, target, reference, sha256, state, fence,
        attempts, proof) VALUES
        (1, 'c1', 'email', 'a@sirket.example', '<1@x>', 'ab', 'sent', 1, 1, '250'),
        (1, 'c1', 'email', 'b@sirket.example', '<2@x>', 'ab', 'committing', 1, 1, '')""",
)


def _old_ledger(url: str, version: int) -> None:
    """A ledger as the program of that schema version left it when it was killed."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for step in STEPS[:version]:
            step(connection)
        row = {"name": "schema_version", "value": str(version)}
        connection.execute(tables.meta.insert().values(row))
        for row in _OLD_ROWS:
            connection.exec_driver_sql(row)
    engine.dispose()


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_ledger_of_every_earlier_program_goes_on(
    kind: str, version: int, tmp_path: Path
) -> None:
    with ExitStack() as open_ones:
        url = f"sqlite:///{tmp_path}/ledger.db"
        if kind == "postgresql":
            url = open_ones.enter_context(private_server())
        _old_ledger(url, version)
        ledger = open_ones.enter_context(open_ledger(url))
        key = RunKey("monthly", "c1", "2026-09")
        claim = ledger.claim(key, "Sirket", OCTOBER)
        assert claim is not None
        assert (claim.document, claim.attempt) == ("archive/1", 2)
        (run,) = ledger.past()
        assert [row.state.value for row in run.deliveries] == ["sent", "unknown"]
        assert ledger.noticed([("monthly", "c1")], datetime.now(UTC)) == {
            ("monthly", "c1"): datetime(2026, 1, 1, tzinfo=UTC)
        }

"""A full disk, a disk that cannot be written, a ledger that others hold: clear, and made good."""

import os
import re
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from reportgen.ledger import open_ledger
from reportgen.pipeline import RunState
from tests.test_watch import HARBOURLINE, NORDHAFEN, Place, place

LOCKED = 3.0
"""Seconds that somebody else holds the ledger; ours waits for thirty."""


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of that size."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs"]
    if os.geteuid() != 0 or subprocess.run(["mount", *options, folder], check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


def due(folder: Path, ledger: str = "ledger.db") -> None:
    """As after a stop: last month's reports have been due for a while."""
    with open_ledger(f"sqlite:///{folder}/{ledger}") as opened:
        pairs = [("monthly", HARBOURLINE), ("monthly", NORDHAFEN)]
        opened.noticed(pairs, datetime.now(UTC) - timedelta(days=32))


def write_to(here: Place, old: str, new: str) -> None:
    file = here.folder / "config.yaml"
    file.write_text(file.read_text().replace(old, new))


def states(here: Place, ledger: str = "ledger.db") -> list[RunState]:
    with open_ledger(f"sqlite:///{here.folder}/{ledger}") as opened:
        return [run.state for run in opened.past()]


def test_a_full_archive_is_told_and_the_next_round_makes_it_good(tmp_path: Path) -> None:
    with place(tmp_path) as here, small_disk(tmp_path / "disk", "8k") as disk:
        write_to(here, "archive: archive", "archive: disk/archive")
        due(tmp_path)
        failed = here.run("run", "--due")
        assert failed.status == 1
        assert failed.err.count("No space left on device") == 2, failed.err
        assert states(here) == [RunState.WAITING] * 2
        assert not list(disk.rglob("document.pdf")), "half a bundle"
        remount(disk, "size=20m")
        mended = here.run("run")
        assert mended.status == 0, mended.err
        assert here.mailed() == [1, 1]
        assert states(here) == [RunState.SUCCEEDED] * 2


def test_an_archive_that_cannot_be_written_is_told_and_made_good(tmp_path: Path) -> None:
    with place(tmp_path) as here, small_disk(tmp_path / "disk", "20m") as disk:
        write_to(here, "archive: archive", "archive: disk/archive")
        due(tmp_path)
        remount(disk, "ro")
        failed = here.run("run", "--due")
        checked = here.run("check", "--offline")
        assert failed.status == 1
        assert failed.err.count("Read-only file system") == 2, failed.err
        assert checked.status == 1
        assert here.mailed() == []
        remount(disk, "rw")
        assert here.run("run").status == 0
        assert here.mailed() == [1, 1]


def test_a_full_ledger_stops_all_and_sends_nothing_twice(tmp_path: Path) -> None:
    with place(tmp_path) as here, small_disk(tmp_path / "disk", "4m") as disk:
        write_to(here, "sqlite:///ledger.db", "sqlite:///disk/ledger.db")
        due(disk)
        filler = disk / "filler"
        with filler.open("wb") as file:
            while _write(file.fileno(), bytes(4096)):
                pass
        failed = here.run("run", "--due")
        assert failed.status == 1
        assert re.search("the ledger .*cannot be (used|opened)", failed.err), failed.err
        assert here.mailed() == []
        filler.unlink()
        assert here.run("run", "--due").status == 0
        assert here.mailed() == [1, 1]
        assert states(here, "disk/ledger.db") == [RunState.SUCCEEDED] * 2


def _write(file: int, data: bytes) -> bool:
    try:
        return os.write(file, data) == len(data)
    except OSError:
        return False


@contextmanager
def held(folder: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else holds the ledger, and lets go of it with a rollback."""
    with closing(sqlite3.connect(folder / "ledger.db", check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_ledger_that_somebody_holds_is_waited_for(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        due(tmp_path)
        with held(tmp_path) as other:
            release = threading.Timer(LOCKED, other.rollback)
            release.start()
            ended = here.run("run", "--due")
            release.join()
        assert ended.status == 0, ended.err
        assert here.mailed() == [1, 1]


@pytest.mark.skipif("REPORTGEN_SLOW" not in os.environ, reason="takes a minute: REPORTGEN_SLOW=1")
def test_a_ledger_that_is_held_too_long_is_told_and_made_good(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        due(tmp_path)
        began = monotonic()
        with held(tmp_path):
            given_up = here.run("run", "--due")
        assert monotonic() - began > 30, "it was not waited for"
        assert given_up.status == 1
        assert re.search("the ledger .*cannot be (used|opened): database is locked", given_up.err)
        assert here.mailed() == []
        ended = here.run("run", "--due")
        assert ended.status == 0, ended.err
        assert here.mailed() == [1, 1]

"""Who holds a run: living and dead processes, clocks that are set, signs of life."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen.ledger import SqlLedger, open_ledger, writing
from reportgen.ledger.workers import Worker
from reportgen.ledger.writing import LEASE
from reportgen.model import RunKey
from reportgen.pipeline import RunState
from reportgen.uptime import since_boot
from tests.papers import KEY, OCTOBER

START = datetime(2026, 11, 1, 6, tzinfo=UTC)
TAKE = """
import sys, time
from reportgen.ledger import open_ledger
from tests.papers import KEY, OCTOBER
with open_ledger(sys.argv[1]) as ledger:
    print(ledger.claim(KEY, "Sirket", OCTOBER) is not None, flush=True)
    sys.stdin.read()
"""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


@contextmanager
def holder(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has claimed the run and lives until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def free(ledger: SqlLedger) -> bool:
    return ledger.claim(KEY, "Sirket", OCTOBER) is not None


@linux_only
def test_a_killed_workers_run_is_free_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    with holder(url) as process, open_ledger(url) as ledger:
        assert not free(ledger)
        assert ledger.standing([KEY])[KEY].free_at > datetime.now(UTC)  # type: ignore[operator]
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        assert ledger.standing([KEY])[KEY].free_at <= datetime.now(UTC)  # type: ignore[operator]
        assert free(ledger)


@linux_only
@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_set_takes_no_run_from_a_living_worker(hours: int, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    moved = timedelta(hours=hours)
    with holder(url), open_ledger(url, clock=lambda: datetime.now(UTC) + moved) as ledger:
        assert not free(ledger)


@linux_only
def test_a_living_worker_without_signs_of_life_loses_its_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    with holder(url), open_ledger(url) as ledger:
        later = since_boot() + LEASE.total_seconds() + 60
        monkeypatch.setattr(writing, "since_boot", lambda: later)
        assert free(ledger)


def test_a_worker_out_of_sight_has_its_lease_by_the_wall_clock(tmp_path: Path) -> None:
    now = [START]
    url = f"sqlite:///{tmp_path}/ledger.db"
    with (
        open_ledger(url, clock=lambda: now[0], worker="elsewhere/x/1/2/3/4") as there,
        open_ledger(url, clock=lambda: now[0]) as here,
    ):
        assert free(there)
        now[0] += LEASE - timedelta(microseconds=1)
        assert not free(here)
        now[0] += timedelta(microseconds=1)
        assert free(here)


def test_signs_of_life_keep_a_run_however_long_a_step_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.ledger.sql.BEAT", timedelta(milliseconds=5))
    now = [START]
    with open_ledger(f"sqlite:///{tmp_path}/l.db", clock=lambda: now[0], worker="a") as ledger:
        claim = ledger.claim(KEY, "Sirket", OCTOBER)
        assert claim is not None
        with ledger.keeping(claim):
            for _ in range(3):
                now[0] += LEASE * 0.9
                awaited = now[0] + LEASE
                while lease(ledger) != awaited:  # the keeper's next beat
                    pass
        assert not free(ledger)
        now[0] += LEASE
        assert free(ledger)


def test_a_lost_claim_gives_no_signs_of_life(tmp_path: Path) -> None:
    now = [START]
    with open_ledger(f"sqlite:///{tmp_path}/l.db", clock=lambda: now[0], worker="a") as ledger:
        old = ledger.claim(KEY, "Sirket", OCTOBER)
        now[0] += LEASE
        new = ledger.claim(KEY, "Sirket", OCTOBER)
        assert old is not None
        assert new is not None
        with ledger._writing() as writer:
            assert not writer.renew(old)
            assert writer.renew(new)
        ledger.finish(new, RunState.SUCCEEDED)
        with ledger._writing() as writer:
            assert not writer.renew(new)


def lease(ledger: SqlLedger) -> datetime | None:
    run = ledger.run(KEY)
    assert run is not None
    return run.lease_until


def test_another_process_of_the_same_number_is_another_worker() -> None:
    here = Worker.here()
    assert Worker.here() != here
    assert not Worker("x").gone(here.name)
    if sys.platform == "linux":
        parts = here.name.split("/")
        assert parts[3] == str(os.getpid())
        reused = "/".join([*parts[:4], "1", *parts[5:]])
        assert here.gone(reused)
        assert not here.gone(here.name)
        assert not here.gone("/".join([parts[0], "other-boot", *parts[2:]]))
        assert not here.gone("/".join([*parts[:2], "other-container", "999999999", *parts[4:]]))
        assert here.shares_clock(reused)


def test_the_ledger_says_which_program_worked_where(tmp_path: Path) -> None:
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        ledger.claim(KEY, "Sirket", OCTOBER)
        ledger.claim(RunKey("monthly", "other", "2026-10"), "Other", OCTOBER)
        with ledger._reading() as connection:
            rows = connection.exec_driver_sql("SELECT name, program FROM worker").all()
    assert len(rows) == 1
    assert rows[0].program[0].isdecimal()

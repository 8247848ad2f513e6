"""A round that is interrupted: what is under way is given back, and nothing is lost or doubled."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from reportgen.sandbox.mailbox import Mailbox
from tests.program import CONFIG, reportgen, sandbox_process

PATIENCE = 120.0
"""Seconds until the test gives up waiting for what must come."""


def until(found: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def states(folder: Path) -> list[str]:
    """Of all runs on record."""
    if not (folder / "ledger.db").is_file():
        return []
    with closing(sqlite3.connect(f"file:{folder / 'ledger.db'}?mode=ro", uri=True)) as ledger:
        try:
            return [state for (state,) in ledger.execute("SELECT state FROM run ORDER BY run_id")]
        except sqlite3.OperationalError:
            return []  # it is being made


def children(of: int) -> list[int]:
    """Processes below this one."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    parents = dict(map(int, line.split()) for line in listed.stdout.splitlines())
    found = [of]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_an_interrupted_round_gives_back_what_it_has_begun(
    tmp_path: Path, number: int, status: int
) -> None:
    with Mailbox(tmp_path / "outbox") as mailbox:
        with sandbox_process("slow=1") as api:
            (tmp_path / "config.yaml").write_text(CONFIG.format(api=api, smtp=mailbox.port))
            with subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "reportgen", "run"],
                cwd=tmp_path,
                env={**os.environ, "API_SECRET": "demo-secret-of-nobody"},
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                until(lambda: states(tmp_path).count("working") == 3, "three runs at once")
                below = children(process.pid)
                process.send_signal(number)
                _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == status
        assert "reportgen: stopped; what was under way is given back" in err
        assert states(tmp_path) == ["waiting"] * 3
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in below), "all to be gone")
        assert not mailbox.messages()
        with sandbox_process() as api:
            (tmp_path / "config.yaml").write_text(CONFIG.format(api=api, smtp=mailbox.port))
            assert reportgen("run", cwd=tmp_path).status == 0
        assert states(tmp_path) == ["succeeded"] * 3
        assert len(mailbox.messages()) == 4

"""A PostgreSQL server of the tests' own, in a folder that is thrown away."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


@contextmanager
def private_server() -> Iterator[str]:
    """Start it; answers its URL. Skips the test with a reason where that cannot be done."""
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    programs, user = _programs(), _user()
    folder = Path(tempfile.mkdtemp(prefix="reportgen-pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        _call(user, programs / "initdb", "-D", data, "-A", "trust", "-U", "reportgen", "-N")
        options = f"-k {folder} -c listen_addresses='' {_QUICK}"
        log = folder / "log"
        _call(user, programs / "pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            yield f"postgresql+psycopg://reportgen@/postgres?host={folder}"
        finally:
            _call(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("initdb")
    if not found and not known:
        pytest.skip("no PostgreSQL server is installed")
    return Path(found).parent if found else known[-1]


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    if subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode:
        pytest.skip("running as root, and there is no user `postgres`")
    return "postgres"


def _call(user: str | None, *command: object) -> None:
    words = [str(word) for word in command]
    subprocess.run(words, user=user, cwd="/", stdout=subprocess.DEVNULL, check=True)

"""Many at once on one ledger: four services and a cron job over one moment, fifty customers."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from reportgen.ledger import SqlLedger, open_ledger
from reportgen.pipeline import RunState
from reportgen.sandbox import Sandbox, SandboxSettings
from reportgen.sandbox.mailbox import Mailbox
from tests.crash.reckoning import received
from tests.postgres import private_server

ROOT = Path(__file__).parent.parent
CUSTOMERS = 50
SERVICES = 4
STEP = 0.5
"""Seconds between two settings of the clock."""
PATIENCE = 240.0
"""Seconds; the work takes some twenty."""
CONFIG = """
source: {{kind: keepnet, base_url: "{api}", client_id: demo-client,
         client_secret: demo-secret-of-nobody, requests_per_second: 1000}}
brands: {{halvorn: {{name: Halvorn Cyber}}}}
templates: looks
customers:
{customers}
reports:
  daily: {{title: Report, period: last-month, widgets: [repeat_offenders_rate],
          schedule: {{cron: "{moment:%M} {moment:%H} * * *"}}}}
delivery:
  - {{channel: email, server: 127.0.0.1, port: {smtp}, sender: r@halvorn.example, security: plain}}
ledger: {ledger}
archive: archive
"""
CUSTOMER = "  - {{company_id: Cr0wd{place:07}, recipients: [ceo@crowd{place}.example]}}"
LOOK = """<!doctype html><html lang="en"><head><title>{{ page.title }}</title></head>
<body><h1>{{ page.customer }}</h1></body></html>"""
STEPPED = """
import sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
from reportgen.app.house import House
from reportgen.app.ticking import tick
from reportgen.cli.surroundings import settings_from
from reportgen.daemon import Daemon
def clock():
    return datetime.now(UTC) + timedelta(hours=float(Path("offset").read_text() or 0))
with House(settings_from(Path("config.yaml")), clock) as house:
    daemon = Daemon(lambda: tick(house, lambda: daemon.stopping), seconds=0.2)
    daemon.serve()
"""
"""`serve`, with a wall clock that the test sets."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with ExitStack() as server:
        if request.param == "sqlite":
            yield f"sqlite:///{tmp_path}/ledger.db"
        else:
            yield server.enter_context(private_server())


@pytest.fixture
def outbox(url: str, tmp_path: Path) -> Iterator[Path]:
    """A configuration whose reports have been due for half an hour, and the servers it names."""
    now = datetime.now(UTC)
    offset = tmp_path / "offset"

    def clock() -> datetime:
        """The platform's clock goes wrong together with ours: none contradicts the other."""
        hours = float(offset.read_text()) if offset.exists() else 0.0
        return datetime.now(UTC) + timedelta(hours=hours)

    with (
        Sandbox(SandboxSettings(crowd=CUSTOMERS), clock) as sandbox,
        Mailbox(tmp_path / "outbox") as mailbox,
    ):
        places = range(1, CUSTOMERS + 1)
        (tmp_path / "config.yaml").write_text(
            CONFIG.format(
                api=sandbox.url,
                smtp=mailbox.port,
                ledger=url,
                moment=now - timedelta(minutes=30),
                customers="\n".join(CUSTOMER.format(place=place) for place in places),
            )
        )
        (tmp_path / "looks").mkdir()
        (tmp_path / "looks/report.html").write_text(LOOK)
        with open_ledger(url) as ledger:
            pairs = [("daily", f"Cr0wd{place:07}") for place in places]
            ledger.noticed(pairs, now - timedelta(hours=4))
        yield tmp_path / "outbox"


@contextmanager
def running(folder: Path, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is asked to end, and must end well."""
    with (folder / "output.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", *command],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def all_done(ledger: SqlLedger) -> bool:
    return ledger.counts() == {RunState.SUCCEEDED: CUSTOMERS}


def until(done: Callable[[], bool], act: Callable[[], object]) -> None:
    """Act again and again until it is done."""
    end = monotonic() + PATIENCE
    while not done():
        assert monotonic() < end, "not done in time"
        act()


def reckon(ledger: SqlLedger, outbox: Path) -> None:
    """Each customer has one run, made in one attempt, and one message."""
    runs = ledger.past()
    assert Counter(run.state for run in runs) == {RunState.SUCCEEDED: CUSTOMERS}
    assert len({run.key.company_id for run in runs}) == CUSTOMERS
    assert {run.attempts for run in runs} == {1}
    assert sorted(received(outbox).values()) == [1] * CUSTOMERS


def test_four_services_and_a_cron_job_make_each_report_once(
    url: str, outbox: Path, tmp_path: Path
) -> None:
    def cron_job() -> None:
        with running(tmp_path, "-m", "reportgen", "run", "--due") as job:
            job.wait(PATIENCE)

    with open_ledger(url) as ledger, ExitStack() as services:
        for _ in range(SERVICES):
            service = running(tmp_path, "-m", "reportgen", "serve", "--every", "0.2")
            services.enter_context(service)
        until(lambda: all_done(ledger), cron_job)
        cron_job()
        services.close()
        reckon(ledger, outbox)
        workers = {run.worker for run in ledger.past()}
    assert len(workers) > 1, "one process did it all"


def test_clocks_that_are_set_back_and_forth_change_nothing(
    url: str, outbox: Path, tmp_path: Path
) -> None:
    steps = cycle(("2", "0", "-2"))
    offset = tmp_path / "offset"
    offset.write_text("0")

    def step_the_clock() -> None:
        fresh = tmp_path / "offset.new"
        fresh.write_text(next(steps))
        fresh.replace(offset)
        Event().wait(STEP)

    with open_ledger(url) as ledger, ExitStack() as services:
        for _ in range(SERVICES):
            services.enter_context(running(tmp_path, "-c", STEPPED))
        until(lambda: all_done(ledger), step_the_clock)
        for _ in range(6):
            step_the_clock()
        services.close()
        reckon(ledger, outbox)

"""Lives of the program that end by SIGKILL, with a platform and a mail server that outlive them."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from reportgen.sandbox import COMPANIES, Sandbox, SandboxSettings
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings

REPORTS = ("monthly", "board", "audit")
OPEN = frozenset(company.company_id for company in COMPANIES if company.privacy)
"""Companies that let the reseller in."""
RECIPIENTS = ("ceo", "ciso", "board")
CONFIG = """
source: {{kind: keepnet, base_url: "{api}", client_id: demo-client,
         client_secret: demo-secret-of-nobody, requests_per_second: 1000}}
brands: {{halvorn: {{name: Halvorn Cyber}}}}
discover: [{{all: true, exclude: [{closed}], recipients: [{recipients}]}}]
shared_recipients: [{recipients}]
defaults: {{gate: {{empty: note}}}}
reports:
{reports}
delivery:
  - {{channel: folder, url: reports}}
  - {{channel: email, server: 127.0.0.1, port: {smtp}, sender: reports@halvorn.example,
     security: plain}}
ledger: {ledger}
archive: archive
"""
REPORT = "  {name}: {{title: Human risk report, widgets: [repeat_offenders_rate]}}"
_START = 4.0
"""Seconds that the start of the program may take on a busy machine."""
_SOON = 3.0
"""Seconds after the first claim within which half of the kills fall."""
_AT_ONCE = 0.3
"""Seconds after the first handing-over, within which the other half falls."""
_LONGEST = 600.0


@dataclass
class Tally:
    """What the kills met."""

    kills: int = 0
    survived: int = 0
    """Lives that ended by themselves before their moment came."""
    met: Counter[str] = field(default_factory=Counter)
    """What was under way at the kill: the state of the open run and of its delivery."""


class Harness:
    """One folder with a configuration, one platform, one mail server; a context manager."""

    def __init__(self, folder: Path, chance: random.Random, ledger: str = "") -> None:
        self.folder = folder
        self.outbox = folder / "outbox"
        self.tally = Tally()
        self._chance = chance
        self.ledger = ledger or f"sqlite:///{folder}/ledger.db"
        self._open = ExitStack()

    def __enter__(self) -> Self:
        sandbox = self._open.enter_context(Sandbox(SandboxSettings()))
        mailbox = self._open.enter_context(
            Mailbox(self.outbox, settings=MailboxSettings(delay=0.02))
        )
        text = CONFIG.format(
            api=sandbox.url,
            smtp=mailbox.port,
            closed=", ".join(each.company_id for each in COMPANIES if each.company_id not in OPEN),
            recipients=", ".join(f"{name}@customer.example" for name in RECIPIENTS),
            reports="\n".join(REPORT.format(name=name) for name in REPORTS),
            ledger=self.ledger,
        )
        (self.folder / "config.yaml").write_text(text, "utf-8")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    # ---- lives -----------------------------------------------------------------------------

    def killed_life(self, period: str) -> bool:
        """Start the program and kill it at a random moment. False: it was done before."""
        before = (self._events(), self._sent())
        process = self._start("run", "--period", period)
        try:
            ended = self._wait(process, before)
        finally:
            _kill(process, whole=self._chance.random() < 0.5)
        if ended:
            self.tally.survived += 1
            return False
        self.tally.kills += 1
        self.tally.met[self._under_way()] += 1
        return True

    def _wait(self, process: "subprocess.Popen[bytes]", before: tuple[int, int]) -> bool:
        """Wait for the moment of the kill. True: the program ended before."""
        if self._chance.random() < 0.1:
            return _ended(process, self._chance.uniform(0, _START))
        sending = self._chance.random() < 0.5
        while (self._sent() if sending else self._events()) == before[sending]:
            if _ended(process, 0.01):
                return True
        return _ended(process, self._chance.uniform(0, _AT_ONCE if sending else _SOON))

    def whole_life(self, *arguments: str) -> int:
        """Start the program and let it finish; answers its exit status."""
        process = self._start(*arguments)
        return process.wait(_LONGEST)

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "output.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "reportgen", *arguments],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            )

    # ---- what the ledger shows from outside ------------------------------------------------

    def _events(self) -> int:
        return next(iter(self._ask("SELECT count(*) FROM event")), (0,))[0]

    def _sent(self) -> int:
        query = "SELECT count(*) FROM event WHERE state IN ('sending', 'committing')"
        return next(iter(self._ask(query)), (0,))[0]

    def _under_way(self) -> str:
        rows = self._ask(
            "SELECT run.state, delivery.state FROM run LEFT JOIN delivery ON "
            "delivery.run_id = run.run_id AND delivery.state IN ('sending', 'committing') "
            "WHERE run.state IN ('working', 'delivering') AND lease_until IS NOT NULL "
            "ORDER BY delivery.state DESC LIMIT 1"
        )
        found = [" ".join(filter(None, row)) for row in rows]
        return found[0] if found else "nothing"

    def _ask(self, query: str) -> list[tuple[int, ...]]:
        file = self.folder / "ledger.db"
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as ledger:
                return ledger.execute(query).fetchall()
        except sqlite3.OperationalError:  # not there yet
            return []


def _ended(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: "subprocess.Popen[bytes]", *, whole: bool) -> None:
    """The program alone, as one kills a process, or with its children, as a machine stops."""
    if not whole:
        process.kill()
        process.wait()
        time.sleep(0.05)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def periods() -> Iterator[str]:
    """Closed months, newest first: enough work for any number of kills."""
    year, month = 2026, 10
    while True:
        yield f"{year}-{month:02}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)

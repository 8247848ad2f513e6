"""What the platform left empty never leaves the house, and the operator hears of it once."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen.ledger import open_ledger
from reportgen.sandbox.mailbox import Mailbox
from tests.program import Ended, reportgen, sandbox_process
from tests.test_notices import Hook, serving

CONFIG = """
source: {{kind: keepnet, base_url: "{api}", client_id: demo-client,
         client_secret: demo-secret-of-nobody, requests_per_second: 1000}}
brands: {{halvorn: {{name: Halvorn Cyber}}}}
customers:
  - {{company: Harbourline Logistics, recipients: [ceo@harbourline.example], gate: {gate}}}
reports:
  monthly:
    title: Report
    widgets: [risk_score_trend, simulation_coverage, training_completion]
    schedule: {{every: month, on: 1}}
delivery:
  - {{channel: email, server: 127.0.0.1, port: {smtp}, sender: r@halvorn.example, security: plain}}
operator: {{notify: ["json://{hook}/"], at: "23:00", time_zone: {zone}}}
ledger: sqlite:///ledger.db
archive: archive
"""
HARBOURLINE = "xC5kfGz7w2Nz"


class Ear:
    """A mail server's door: counts who comes to it, and lets nobody in."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.came = 0
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        while True:
            caller, _ = self._door.accept()
            with caller:
                if caller.recv(4) == b"end\n":
                    return
                self.came += 1

    def close(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.sendall(b"end\n")
        self._listening.join()
        self._door.close()


@contextmanager
def ear() -> Iterator[Ear]:
    opened = Ear()
    try:
        yield opened
    finally:
        opened.close()


def calm() -> str:
    """A zone in which the hour of the daily message is far away."""
    return "UTC" if datetime.now(UTC).hour < 12 else "Etc/GMT+12"


def prepared(folder: Path, **parts: object) -> None:
    """A configuration whose customer has been known for a month."""
    (folder / "config.yaml").write_text(CONFIG.format(zone=calm(), **parts))
    with open_ledger(f"sqlite:///{folder}/ledger.db") as ledger:
        ledger.noticed([("monthly", HARBOURLINE)], datetime.now(UTC) - timedelta(days=32))


def state(folder: Path) -> tuple[str, str]:
    (run,) = reportgen("history", "--json", cwd=folder).json
    return run["state"], run["run"]


@pytest.mark.parametrize("form", ["nodatas", "zeros"])
def test_a_report_of_nothing_is_held_nobody_is_mailed_and_the_operator_is_told_once(
    form: str, tmp_path: Path
) -> None:
    with (
        sandbox_process(f"empty={form}") as api,
        ear() as mail,
        serving(Hook(200, "", None)) as hook,
    ):
        prepared(tmp_path, api=api, smtp=mail.port, hook=hook.place, gate="{}")
        first = reportgen("run", "--due", cwd=tmp_path)
        second = reportgen("run", "--due", cwd=tmp_path)
        told = hook.messages()
        standing, run = state(tmp_path)
    assert (first.status, second.status) == (1, 0), first.err + second.err
    assert standing == "held"
    assert mail.came == 0
    assert len(told) == 1
    period = run.split("/")[2]
    assert f"Harbourline Logistics, monthly/{HARBOURLINE}/{period}: held" in told[0]["message"]
    assert "The platform has no data for any measure of this report" in told[0]["message"]


def test_a_customer_that_is_known_to_rest_gets_its_report_with_a_note(tmp_path: Path) -> None:
    with (
        sandbox_process("empty=nodatas") as api,
        Mailbox(tmp_path / "outbox") as mailbox,
        serving(Hook(200, "", None)) as hook,
    ):
        prepared(tmp_path, api=api, smtp=mailbox.port, hook=hook.place, gate="{empty: note}")
        ended: Ended = reportgen("run", "--due", cwd=tmp_path)
        assert (ended.status, state(tmp_path)[0]) == (0, "succeeded"), ended.err
        assert len(list(mailbox.messages())) == 1

"""The program as a user starts it, and the servers beside it, each a process of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECRET = "a-secret-that-must-not-show-7f3a"
CONFIG = """
source:
  kind: keepnet
  base_url: {api}
  client_id: demo-client
  client_secret: ${{API_SECRET}}
  attempts: 2
  requests_per_second: 1000
brands:
  halvorn: {{name: Halvorn Cyber, logo: brands/halvorn.svg}}
defaults: {{time_zone: Europe/Berlin, targets: {{training_completion: 80}}}}
customers:
  - company: Harbourline Logistics
    recipients: [ceo@harbourline.example, it@harbourline.example]
  - {{company: Nordhafen Klinikum GmbH, language: de, recipients: [leitung@nordhafen.example]}}
  - {{company_id: Pc3wT9vRm4Ja, page_size: Letter, recipients: [board@pinecrest.example]}}
reports:
  monthly:
    title: Human risk report
    widgets:
      - risk_score_trend
      - report_rates
      - repeat_offenders_rate
      - training_completion
      - riskiest_departments
    schedule: {{every: month, on: 1}}
delivery:
  - {{channel: folder, url: reports}}
  - channel: email
    server: 127.0.0.1
    port: {smtp}
    sender: reports@halvorn.example
    security: plain
ledger: sqlite:///ledger.db
archive: archive
"""


@dataclass(frozen=True)
class Ended:
    """A run of the program that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def reportgen(*arguments: str, cwd: Path, environ: Mapping[str, str] | None = None) -> Ended:
    """Start the program, wait for its end."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "reportgen", *arguments],
        cwd=cwd,
        env={**os.environ, "API_SECRET": "demo-secret-of-nobody", **(environ or {})},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@contextmanager
def sandbox_process(*faults: str) -> Iterator[str]:
    """The sandbox as a process; answers its address."""
    arguments = [part for fault in faults for part in ("--fault", fault)]
    process = subprocess.Popen(
        [sys.executable, "-m", "reportgen", "sandbox", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"http://\S+", first)
        assert found, f"the sandbox said {first!r}"
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout:
            process.stdout.close()

"""How long `history` and `status` take with many runs: python benchmarks/ledger.py [RUNS]."""

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert

from reportgen.ledger import open_ledger, tables
from reportgen.model import Period
from reportgen.periods import key, months_before
from reportgen.sandbox import Sandbox, SandboxSettings

CUSTOMERS = 500
REPORTS = ("monthly", "board")
ROUNDS = 5
CONFIG = """
source: {{kind: keepnet, base_url: "{api}", client_id: demo-client,
         client_secret: demo-secret-of-nobody, requests_per_second: 1000}}
brands: {{halvorn: {{name: Halvorn Cyber}}}}
discover: [{{all: true, recipients: [ceo@customer.example]}}]
shared_recipients: [ceo@customer.example]
reports:
  monthly: {{title: Report, widgets: [repeat_offenders_rate], schedule: {{every: month, on: 1}}}}
  board: {{title: Report, widgets: [repeat_offenders_rate], schedule: {{every: month, on: 2}}}}
ledger: sqlite:///ledger.db
archive: archive
"""


def fill(url: str, companies: list[str], runs: int) -> None:
    """A ledger of many years in which everything was sent, but for one run in a thousand."""
    months = -(-runs // (len(companies) * len(REPORTS)))
    first = months_before(datetime.now(UTC).date(), months)
    with open_ledger(url) as ledger:
        pairs = [(report, company) for report in REPORTS for company in companies]
        begin = datetime(first.year, first.month, 15, tzinfo=UTC)
        ledger.noticed(pairs, begin)
        rows = [
            _run(report, company, months_before(first, -month), report_id)
            for month in range(months)
            for report_id, (report, company) in enumerate(pairs, month * len(pairs) + 1)
        ]
        with ledger._writing() as writer:
            writer.connection.execute(insert(tables.run), rows)
            writer.connection.execute(insert(tables.delivery), [_delivery(row) for row in rows])


def _run(report: str, company: str, start: date, run_id: int) -> dict[str, object]:
    period = Period(start, months_before(start, -1))
    made = datetime(period.end.year, period.end.month, 2, 6, tzinfo=UTC)
    return {
        "run_id": run_id, "report": report, "company_id": company, "period": key(period),
        "edition": 1, "customer": company, "data_from": str(period.start),
        "data_to": str(period.last_day), "state": "failed" if run_id % 1000 == 0 else "succeeded",
        "fence": 1, "lease_owner": "bench", "attempts": 1, "reason": "", "created_at": made,
        "finished_at": made, "lease_until": None, "lease_beat": None, "next_try_at": None,
    }  # fmt: skip


def _delivery(run: dict[str, object]) -> dict[str, object]:
    return {
        "run_id": run["run_id"], "company_id": run["company_id"], "channel": "email",
        "target": "ceo@customer.example", "reference": f"<{run['run_id']}@bench>", "sha256": "0",
        "state": "sent", "fence": 1, "attempts": 1, "proof": "250 ok",
        "committed_at": run["created_at"], "settled_at": run["created_at"],
    }  # fmt: skip


def measure(folder: Path, *command: str) -> list[float]:
    """Seconds of the whole command, as a user waits for it."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-m", "reportgen", *command],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        took.append(time.perf_counter() - start)
    return took


def main() -> None:
    """Fill a ledger, then look at it as a user does; the program's bare start for comparison."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with (
        tempfile.TemporaryDirectory() as name,
        Sandbox(SandboxSettings(crowd=CUSTOMERS - 15)) as api,
    ):
        companies = [company.company_id for company in api.companies]
        for size in (0, runs):
            folder = Path(name) / str(size)
            folder.mkdir()
            (folder / "config.yaml").write_text(CONFIG.format(api=api.url))
            if size:
                fill(f"sqlite:///{folder}/ledger.db", companies, size)
            for command in (("history",), ("status",), ("due",)):
                took = measure(folder, *command)
                sys.stdout.write(
                    f"{size:>7} runs, {command[0]:<8} first {took[0]:.2f} s, then "
                    f"{statistics.median(took[1:]):.2f} s\n"
                )


if __name__ == "__main__":
    main()

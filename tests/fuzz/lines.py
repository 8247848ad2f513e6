"""Texts of one line that people write: periods, schedules and names of runs."""

import itertools
import random
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from reportgen import periods
from reportgen.app.decisions import run_key
from reportgen.app.house import House
from reportgen.config import loading
from reportgen.errors import ReportgenError
from reportgen.schedules import Schedule
from tests.fuzz.mutating import Mutator
from tests.hostile.strings import ALL
from tests.sample_pages import DATA

_ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia")
_PERIODS = (
    "2026-10", "2026-Q3", "2026", "2026-W05", "2026-01..2026-06", "2026-10-01..2026-10-31",
    "last-month", "last-6-months", "last-quarter", "month-to-date", "9999-12", "0001-01", "9999",
)  # fmt: skip
_SCHEDULES = (
    "0 6 1 * *", "30 7 * * 1-5", "0 6 L * *", "0 6 * * 2#2", "0 6 29 2 *", "0 6 * * 5L",
    "1st tuesday", "last friday", "5 days after month end", "31", "last", "06:00", "23:59",
)  # fmt: skip
_RUNS = (
    "monthly/widgets/2026-10", "monthly/widgets/2026-10/2", "board/edges/2026-Q3", "a/b/c/2026",
    "monthly/Harbourline/2026-01..2026-06/99999999999999999999",
)  # fmt: skip


@dataclass(frozen=True)
class Lines:
    """What one function reads."""

    samples: tuple[str, ...]
    reader: Callable[[str], object]

    def seeds(self) -> tuple[bytes, ...]:
        return tuple(sample.encode() for sample in self.samples)

    def mutated(self, seed: bytes, rng: random.Random) -> bytes:
        if rng.random() < 0.1:
            return rng.choice(ALL).encode("utf-8", "surrogatepass")
        return Mutator(rng, (*self.seeds(), b"9" * 5000, "٣²".encode())).torn(seed)

    def read(self, data: bytes) -> None:
        with suppress(ReportgenError):
            self.reader(data.decode("utf-8", "surrogateescape"))


def _period(text: str) -> None:
    with suppress(ReportgenError):
        found = periods.parse(text)
        if periods.parse(periods.key(found)) != found:
            raise AssertionError(f"{text!r} reads back otherwise")
        periods.history(found, 24)
        periods.following(found)
    periods.resolve(periods.validate_rule(text), date(2026, 3, 1))


_SCHEDULE: TypeAdapter[Any] = TypeAdapter(Schedule)


def _schedule(text: str) -> None:
    """As a cron line, as a day of a month, and as an hour."""
    forms = ({"cron": text}, {"every": "month", "on": text}, {"every": "week", "at": text})
    for form, zone in itertools.product(forms, _ZONES):
        try:
            rule = _SCHEDULE.validate_python(form)
        except ValueError:  # pydantic's, which the configuration turns into a line
            continue
        rule.following(datetime(2026, 3, 1, tzinfo=UTC), ZoneInfo(zone))


def _run(text: str) -> None:
    house = _house()
    house.ledger.run(run_key(house, text))


@cache
def _house() -> House:
    folder = Path(tempfile.mkdtemp(prefix="reportgen-fuzz-"))
    file = folder / "config.yaml"
    file.write_text(
        f"source: {{kind: recorded, folder: {DATA}}}\n"
        "brands: {a: {name: A}}\ncustomers: [{company_id: widgets}]\n"
        "reports: {monthly: {title: T, widgets: [report_rates]}}\n"
        "ledger: sqlite:///ledger.db\n",
        "utf-8",
    )
    return House(loading.load(file, {}))


PERIODS = Lines(_PERIODS, _period)
SCHEDULES = Lines(_SCHEDULES, _schedule)
RUNS = Lines(_RUNS, _run)

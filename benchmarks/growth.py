"""What one more customer costs, and one more row: time, processor time and memory by size."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import inputs
from benchmarks.cold import memory
from benchmarks.processes import Family
from benchmarks.results import Part, Table, Value
from benchmarks.rounds import Setup, run_round
from reportgen.rendering.press import Press
from reportgen.views import Page

_METHOD = """
Rounds as in `batch`, each with a ledger and an archive of its own. Documents with one table of so
many rows: the page goes straight to the press, since the configuration ends tables at 200 rows;
medians of {turns} prints, memory of a new process that prints two. What a document costs besides
its rows is that of one with a single row, and left out of the cost of a row.
"""
_TURNS = 5
Row = tuple[Value, ...]


def growth(rounds: tuple[int, ...], rows: tuple[int, ...], setup: Setup) -> Part:
    """Measure it."""
    of_rounds = Table(
        ("customers of a round", "wall, s", "for each, s", "processor time, s", "for each, s",
         "memory, peak, MB"),
        tuple(_round(count, setup) for count in rounds),
    )  # fmt: skip
    of_rows = Table(
        ("rows of a table", "wall, s", "processor time, s", "for a row, ms", "memory, peak, MB"),
        tuple(_documents(rows)),
    )
    return Part("growth", _METHOD.format(turns=_TURNS), (of_rounds, of_rows))


def _round(count: int, setup: Setup) -> Row:
    done = run_round(count, setup)
    cpu = done.main_cpu + done.worker_cpu
    return (count, done.wall, done.wall / count, cpu, cpu / count, done.watch.peak / 2**20)


def _documents(rows: tuple[int, ...]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name, Press() as press:
        folder = Path(name)
        page = inputs.page_of(inputs.table(), inputs.DEMO_CUSTOMER, folder)
        press.pdf(page)
        _, bare = _printed(press, inputs.with_rows(page, 1))
        for count in rows:
            longer = inputs.with_rows(page, count)
            wall, cpu = _printed(press, longer)
            pss = memory(longer, folder, 2)
            yield count, wall, cpu, 1000 * (cpu - bare) / count, pss / 2**20


def _printed(press: Press, page: Page) -> tuple[float, float]:
    """Wall and processor seconds."""
    family = Family(os.getpid())
    walls, before = [], family.cpu()
    for _ in range(_TURNS):
        start = time.perf_counter()
        press.pdf(page)
        walls.append(time.perf_counter() - start)
    return statistics.median(walls), (family.cpu() - before) / _TURNS

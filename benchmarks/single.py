"""One full report: ours against warm headless Chromium, with the very same HTML."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import inputs
from benchmarks.browser_page import ways
from benchmarks.chromium import SETTLED, TABS, Chromium, Speed, speed
from benchmarks.cold import memory, seconds
from benchmarks.phases import phases
from benchmarks.processes import Family
from benchmarks.results import Part, Table
from reportgen.rendering.press import Press
from reportgen.views import Page

_METHOD = """
{pairs} pairs in turns: medians, and the median of the pairs' ratios. The page is the demo
customer's report with all widgets ({kb} KB of HTML). reportgen writes it from the templates and
prints it through its press, caged worker included. Chromium prints the HTML that `preview --html`
gives, in a new tab each time, tagged and with outline; its fonts and logos {best.name},
which was the quicker way ({best.seconds:.3f} s against {other.seconds:.3f} s). Processor time is
that of all processes of a side, in the mean. Cold start: median of {colds} new processes. Memory:
proportional set size of the whole tree of processes at its peak, looked at every 50 ms. The stages
are medians of processor time in one process; what comes inside of a stage and has a line of its
own is counted there alone.
"""
_COLDS = 5


@dataclass(frozen=True, slots=True)
class Print:
    """What one document took."""

    wall: float
    cpu: float
    size: int


def single(pairs: int) -> Part:
    """Measure it."""
    with tempfile.TemporaryDirectory() as name, Press() as press, Chromium() as peer:
        folder = Path(name)
        page = inputs.page_of(inputs.demo(), inputs.DEMO_CUSTOMER, folder)
        html = press.html(page)
        best, other = ways(peer, html, folder)
        turns = tuple(_turns(press, page, peer, best.address, pairs))
        speeds = {tabs: speed(peer, best.address, tabs=tabs) for tabs in TABS}
        cold = _median(lambda: seconds(page, folder)), _median(lambda: _cold_peer(best.address))
        pss = memory(page, folder, 10)
    method = _METHOD.format(pairs=pairs, kb=len(html) // 1024, best=best, other=other, colds=_COLDS)
    stages = Table(
        ("stage, processor time", "ms"),
        tuple((stage, 1000 * took) for stage, took in phases(page).items()),
    )
    return Part("single", method, (_compared(turns, cold, pss, speeds), of_peer(speeds), stages))


def _turns(
    press: Press, page: Page, peer: Chromium, place: str, pairs: int
) -> Iterator[tuple[Print, Print]]:
    ours, theirs = Family(os.getpid(), (peer.pid,)), Family(peer.pid)
    press.pdf(page)
    for _ in range(pairs):
        yield (
            _printed(lambda: press.pdf(page).pdf, ours),
            _printed(lambda: peer.pdf(place), theirs),
        )


def _printed(work: Callable[[], bytes], family: Family) -> Print:
    before, start = family.cpu(), time.perf_counter()
    made = work()
    wall = time.perf_counter() - start
    time.sleep(SETTLED)
    return Print(wall, family.cpu() - before, len(made))


def _compared(
    turns: tuple[tuple[Print, Print], ...],
    cold: tuple[float, float],
    pss: int,
    speeds: dict[int, Speed],
) -> Table:
    ours, theirs = zip(*turns, strict=True)
    wall = [statistics.median(each.wall for each in side) for side in (ours, theirs)]
    cpu = [statistics.fmean(each.cpu for each in side) for side in (ours, theirs)]
    size = [side[0].size // 1024 for side in (ours, theirs)]
    held = [pss / 2**20, speeds[1].memory / 2**20]
    return Table(
        ("one report", "reportgen", "Chromium", "ratio"),
        (
            ("wall, s", *wall, statistics.median(a.wall / b.wall for a, b in turns)),
            ("processor time, s", *cpu, statistics.median(a.cpu / b.cpu for a, b in turns)),
            ("size of the PDF, KB", *size, size[0] / size[1]),
            ("cold start to the first PDF, s", *cold, cold[0] / cold[1]),
            ("memory, peak, MB", *held, held[0] / held[1]),
        ),
    )


def of_peer(speeds: dict[int, Speed]) -> Table:
    """What the browser gives."""
    return Table(
        ("Chromium, pages at a time", *map(str, speeds)),
        (
            ("documents a second", *(each.per_second for each in speeds.values())),
            ("processor time for a document, s", *(each.cpu for each in speeds.values())),
            ("memory, peak, MB", *(each.memory / 2**20 for each in speeds.values())),
        ),
    )


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(_COLDS))


def _cold_peer(place: str) -> float:
    start = time.perf_counter()
    with Chromium() as fresh:
        fresh.pdf(place)
        return time.perf_counter() - start

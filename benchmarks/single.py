"""One full report: ours against warm headless Chromium, with the very same HTML."""

import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import inputs
from benchmarks.chromium import SETTLED, Chromium, Speed, address, speed
from benchmarks.phases import phases
from benchmarks.processes import Family, watched
from benchmarks.results import Part, Table
from reportgen.rendering.press import Press
from reportgen.views import Page

_METHOD = """
{pairs} pairs in turns: medians, and the median of the pairs' ratios. The page is the demo
customer's report with all widgets ({kb} KB of HTML). reportgen writes it from the templates and
prints it through its press, caged worker included. Chromium prints the HTML that `preview --html`
gives, in a new tab each time, tagged and with outline; its fonts and logos {form}, which was the
quicker way ({quicker:.3f} s against {slower:.3f} s). Processor time is that of all processes of a
side, in the mean. Cold start: median of {colds} new processes. Memory: proportional set size of
the whole tree of processes at its peak, looked at every 50 ms. The stages are medians of processor
time in one process; what comes inside of a stage and has a line of its own is counted there alone.
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
        forms = {
            "stand inside of it": inputs.as_one_file(html, folder),
            "lie beside it": inputs.as_files(html, folder),
        }
        ways = _ways(peer, {form: address(file) for form, file in forms.items()})
        (quicker, form), (slower, _) = sorted((wall, form) for form, wall in ways.items())
        place = address(forms[form])
        turns = tuple(_turns(press, page, peer, place, pairs))
        speeds = {tabs: speed(peer, place, tabs=tabs) for tabs in (1, 2)}
        cold = _cold(page, folder), statistics.median(_cold_peer(place) for _ in range(_COLDS))
        memory = _memory(page, folder)
    method = _METHOD.format(pairs=pairs, kb=len(html) // 1024, form=form, quicker=quicker,
                            slower=slower, colds=_COLDS)  # fmt: skip
    stages = Table(
        ("stage, processor time", "ms"),
        tuple((stage, 1000 * seconds) for stage, seconds in phases(page).items()),
    )
    return Part("single", method, (_compared(turns, cold, memory, speeds), _peer(speeds), stages))


def _ways(peer: Chromium, places: dict[str, str]) -> dict[str, float]:
    """Median seconds of each way to give the browser the page, in turns."""
    walls: dict[str, list[float]] = {form: [] for form in places}
    for _ in range(6):
        for form, place in places.items():
            start = time.perf_counter()
            peer.pdf(place)
            walls[form].append(time.perf_counter() - start)
            time.sleep(SETTLED)
    return {form: statistics.median(found[1:]) for form, found in walls.items()}


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
    memory: int,
    speeds: dict[int, Speed],
) -> Table:
    ours, theirs = zip(*turns, strict=True)
    wall = [statistics.median(each.wall for each in side) for side in (ours, theirs)]
    cpu = [statistics.fmean(each.cpu for each in side) for side in (ours, theirs)]
    size = [side[0].size // 1024 for side in (ours, theirs)]
    pss = [memory / 2**20, speeds[1].memory / 2**20]
    return Table(
        ("one report", "reportgen", "Chromium", "ratio"),
        (
            ("wall, s", *wall, statistics.median(a.wall / b.wall for a, b in turns)),
            ("processor time, s", *cpu, statistics.median(a.cpu / b.cpu for a, b in turns)),
            ("size of the PDF, KB", *size, size[0] / size[1]),
            ("cold start to the first PDF, s", *cold, cold[0] / cold[1]),
            ("memory, peak, MB", *pss, pss[0] / pss[1]),
        ),
    )


def _peer(speeds: dict[int, Speed]) -> Table:
    return Table(
        ("Chromium, pages at a time", *map(str, speeds)),
        (
            ("documents a second", *(each.per_second for each in speeds.values())),
            ("processor time for a document, s", *(each.cpu for each in speeds.values())),
            ("memory, peak, MB", *(each.memory / 2**20 for each in speeds.values())),
        ),
    )


# ---- in a process of its own ---------------------------------------------------------------


def _started(page: Page, folder: Path, count: int) -> "subprocess.Popen[bytes]":
    file = folder / "page.pickle"
    file.write_bytes(pickle.dumps(page))
    words = [sys.executable, "-m", "benchmarks.cold", str(file), str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE)  # noqa: S603 - our own words


def _cold(page: Page, folder: Path) -> float:
    """Seconds from a new process to its first PDF."""
    walls = []
    for _ in range(_COLDS):
        start = time.perf_counter()
        with _started(page, folder, 1) as process:
            _first_word(process)
            walls.append(time.perf_counter() - start)
    return statistics.median(walls)


def _memory(page: Page, folder: Path) -> int:
    """Bytes of a process that prints a few, with its workers, at the peak."""
    with _started(page, folder, 10) as process, watched(Family(process.pid)) as watch:
        process.wait()
    return watch.peak


def _first_word(process: "subprocess.Popen[bytes]") -> None:
    if process.stdout is None or not process.stdout.readline():
        raise SystemExit("benchmarks: the program that prints one page gave nothing; see above")


def _cold_peer(place: str) -> float:
    start = time.perf_counter()
    with Chromium() as fresh:
        fresh.pdf(place)
        return time.perf_counter() - start

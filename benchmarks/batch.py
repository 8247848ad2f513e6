"""A round for many customers, run as a user does, beside the best that Chromium gives."""

import os
import tempfile
from pathlib import Path

from benchmarks import inputs
from benchmarks.browser_page import ways
from benchmarks.chromium import TABS, Chromium, Speed, speed
from benchmarks.results import Part, Table
from benchmarks.rounds import Round, Setup, median_memory, run_round
from benchmarks.single import of_peer
from reportgen.rendering.press import Press
from reportgen.sandbox import Sandbox, SandboxSettings
from reportgen.views import Page

_METHOD = """
`reportgen run` in a process of its own for the customers of the stand-in, the full report with all
widgets each, into a folder. The stand-in answers every call {pause:g} s after it came, from memory,
and takes up to 8 calls at once without a limit of calls in a second (the usual limits are lower);
it and the harness take processor time of the same machine. Processor time of reportgen is the sum
over its processes, each looked at every 250 ms, also of those that end on the way; the main process
asks the platform, proves, files and hands over. Ideal: the processor time of the render workers
divided by the {cores} cores. Efficiency: ideal divided by wall; corrected: divided by that part of
wall which stand-in and harness left. Chromium prints the page of such a company, right after.
Customers in an hour are reckoned from this round, in proportion to the cores, up to what the main
process can ask, prove and file alone.
"""
_CORES = (1, 2, 4, 8, 16)


def batch(count: int, setup: Setup) -> Part:
    """Measure it."""
    done = run_round(count, setup)
    speeds = _peer(_page(setup))
    best = max(speeds.values(), key=lambda found: found.per_second)
    cores = len(os.sched_getaffinity(0))
    method = _METHOD.format(pause=setup.pause, cores=cores)
    return Part("batch", method, (_table(done, cores, best), of_peer(speeds), _hours(done, cores)))


def _table(done: Round, cores: int, best: Speed) -> Table:
    ideal = done.watch.rest_cpu / cores
    others = (done.stand_in + done.harness) / (done.wall * cores)
    early = median_memory(done, done.count // 10, done.count // 5)
    late = median_memory(done, done.count * 9 // 10, done.count)
    return Table(
        ("one round", "reportgen"),
        (
            ("customers", done.count),
            ("wall, s", done.wall),
            ("documents a second", done.count / done.wall),
            ("Chromium's best, documents a second", best.per_second),
            ("ratio to Chromium's best", done.count / done.wall / best.per_second),
            ("processor time of the main process for a document, s", done.main_cpu / done.count),
            ("of the render workers for a document, s", done.worker_cpu / done.count),
            ("of Chromium at its best for a document, s", best.cpu),
            ("of the stand-in, whole round, s", done.stand_in),
            ("of the harness, whole round, s", done.harness),
            ("ideal, s", ideal),
            ("efficiency", ideal / done.wall),
            ("efficiency, corrected", ideal / (done.wall * (1 - others))),
            ("calls to the platform for a customer", done.calls / done.count),
            ("memory of all its processes, peak, MB", done.watch.peak / 2**20),
            ("of the main process alone, MB", max(e.first for e in done.watch.samples) / 2**20),
            ("growth of memory, second to last tenth, %", 100 * (late / early - 1)),
        ),
    )


def _hours(done: Round, cores: int) -> Table:
    """What other machines would do, as long as the main process keeps up."""
    each_core = done.count / (done.wall * cores)
    most = done.count / done.main_cpu
    return Table(
        ("cores", "customers in an hour"),
        tuple((count, round(3600 * min(count * each_core, most))) for count in _CORES),
    )


def _page(setup: Setup) -> Page:
    with (
        tempfile.TemporaryDirectory() as name,
        Sandbox(SandboxSettings(companies=(), crowd=2)) as sandbox,
    ):
        config = inputs.crowd(sandbox.url, setup.settings, setup.source)
        return inputs.page_of(config, sandbox.companies[0].name, Path(name))


def _peer(page: Page) -> dict[int, Speed]:
    with tempfile.TemporaryDirectory() as name, Press() as press, Chromium() as peer:
        best, _ = ways(peer, press.html(page), Path(name))
        return {tabs: speed(peer, best.address, tabs=tabs) for tabs in TABS}

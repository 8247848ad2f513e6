"""A round as a user starts it: `reportgen run` for many customers of the stand-in."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks import inputs, replay
from benchmarks.processes import Family, Watch, watched
from reportgen.sandbox.companies import crowd


@dataclass(frozen=True, slots=True)
class Setup:
    """How rounds are run."""

    pause: float
    """Seconds after which the platform answers."""
    settings: inputs.Config
    source: inputs.Config
    """Further keys of the configuration, and of its part `source`."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took."""

    count: int
    wall: float
    watch: Watch
    every: float
    """Seconds between two looks at the memory."""
    calls: int
    """To the platform."""
    stand_in: float
    """Processor seconds of the stand-in."""
    harness: float
    """Processor seconds of this process, which looked on."""

    @property
    def main_cpu(self) -> float:
        """Processor seconds of the process that the user starts."""
        return self.watch.first_cpu

    @property
    def worker_cpu(self) -> float:
        """Processor seconds of all that it started, the render workers."""
        return self.watch.rest_cpu


def median_memory(done: Round, first: int, last: int) -> float:
    """Bytes of all processes while so many documents were in the archive, or closest to it."""
    found = [each.pss for each in done.watch.samples if first <= each.count <= last]
    latest_first = reversed(done.watch.samples)
    closest = min(latest_first, key=lambda each: abs(2 * each.count - first - last))
    return statistics.median(found or [closest.pss])


def run_round(count: int, setup: Setup) -> Round:
    """Run it for so many customers. Ends the program where the round fails."""
    every = max(0.5, count / 2500)
    with tempfile.TemporaryDirectory() as name, _stand_in(count, setup, Path(name)) as server:
        folder = Path(name) / "round"
        inputs.written(inputs.crowd(server.url, setup.settings, setup.source), folder)
        before, own, start = server.family.cpu(), time.process_time(), time.perf_counter()
        watch = _run(folder, every)
        wall = time.perf_counter() - start
        taken = server.family.cpu() - before, time.process_time() - own
        return Round(count, wall, watch, every, server.calls(), *taken)


@dataclass(frozen=True, slots=True)
class _Server:
    """The stand-in, ready."""

    url: str
    family: Family

    def learn(self) -> None:
        """Make it ask for all companies what was asked for one."""
        with urlopen(f"{self.url}{replay.LEARN}", b"") as answer:  # noqa: S310 - our own
            known = json.load(answer)
        sys.stderr.write(f"the stand-in knows {known['answers']:,} answers\n")

    def calls(self) -> int:
        """How many there were; ends the program when some had to be passed on to the sandbox."""
        with urlopen(f"{self.url}{replay.LEARN}") as answer:  # noqa: S310 - our own
            known = json.load(answer)
        if known["late"]:
            raise SystemExit(
                f"benchmarks: {known['late']} calls were not foreseen; mend benchmarks/replay.py"
            )
        return int(known["asked"])


@contextmanager
def _stand_in(companies: int, setup: Setup, folder: Path) -> Iterator[_Server]:
    """A process that has learnt every answer by a round of its first company."""
    words = [sys.executable, "-m", "benchmarks.replay", str(companies), str(setup.pause)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            server = _Server(url, Family(process.pid))
            learning = folder / "learning"
            inputs.written(inputs.crowd(url, setup.settings, setup.source), learning)
            _run(learning, 1.0, "--customer", crowd(1)[0].name)
            server.learn()
            yield server
        finally:
            process.terminate()


def _run(folder: Path, every: float, *options: str) -> Watch:
    """`reportgen run` in this folder, watched. Ends the program where a report failed."""
    words = [sys.executable, "-m", "reportgen", "run", "--json", *options]
    log = folder / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(words, cwd=folder, stdout=said, stderr=said)  # noqa: S603 - our own program
        try:
            with watched(
                Family(process.pid), every=every, times=0.25, count=lambda: _made(folder)
            ) as watch:
                status = process.wait()
        finally:
            process.terminate()
    if status:
        last = "\n".join(log.read_text().splitlines()[-10:])
        raise SystemExit(f"benchmarks: the round ended with {status}:\n{last}")
    return watch


def _made(folder: Path) -> int:
    """How many documents are in the archive by now."""
    return sum(1 for _ in (folder / "archive").rglob("*.pdf"))

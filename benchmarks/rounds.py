"""A round as a user starts it: `reportgen run` for many customers of the stand-in."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks import inputs, replay
from benchmarks.processes import Family, Watch, watched
from reportgen.sandbox import SandboxSettings
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
    stand_in: float
    """Processor seconds of the stand-in."""
    harness: float
    """Processor seconds of this process, which looked on."""


@contextmanager
def stand_in(companies: int, setup: Setup, folder: Path) -> Iterator[tuple[str, Family]]:
    """The stand-in as a process that has learnt every answer: its address, its processes."""
    words = [sys.executable, "-m", "benchmarks.replay", str(companies), str(setup.pause)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            name = crowd(1)[0].name
            _run(_prepared(url, setup, folder / "learning"), "--customer", name)
            known = _asked(url, "POST")
            sys.stderr.write(f"the stand-in knows {known['answers']:,} answers\n")
            yield url, Family(process.pid)
        finally:
            process.terminate()


def run_round(count: int, setup: Setup, url: str, server: Family, every: float) -> Round:
    """Run it, look at its memory `every` so many seconds. Ends the program where it fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = _prepared(url, setup, Path(name))
        chosen = () if count == _listed(url) else _customers(count)
        before, own = server.cpu(), time.process_time()
        start = time.perf_counter()
        watch = _run(folder, *chosen, every=every)
        wall = time.perf_counter() - start
        late = _asked(url, "GET")["late"]
        if late:
            raise SystemExit(f"benchmarks: {late} calls were not foreseen; mend benchmarks/replay")
        return Round(
            count, wall, watch, server.cpu() - before, time.process_time() - own
        )

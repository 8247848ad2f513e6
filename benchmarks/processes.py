"""What processes take, as the Linux kernel counts it: processor time and memory."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_GONE = (FileNotFoundError, ProcessLookupError)


@dataclass(frozen=True, slots=True)
class Family:
    """A process and all below it, but for those `without` and what is below them."""

    pid: int
    without: tuple[int, ...] = ()

    def pids(self) -> Iterator[int]:
        """Those that live now, the first one first."""
        if self.pid in self.without:
            return
        yield self.pid
        for child in _children(self.pid):
            yield from Family(child, self.without).pids()

    def cpu(self) -> float:
        """Seconds so far, with the children that have ended. To a hundredth for each process."""
        return sum(sum(_times(pid)) for pid in self.pids())

    def pss(self) -> tuple[int, ...]:
        """Bytes of each; what processes share counts once, in parts (proc_pid_smaps(5))."""
        return tuple(map(_pss, self.pids()))


def _children(pid: int) -> tuple[int, ...]:
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, _text(thread / "children").split())
    except _GONE:
        pass
    return tuple(found)


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except _GONE:
        return ""


def _times(pid: int) -> tuple[float, float]:
    """Seconds of the process itself, and of its children that have ended (proc_pid_stat(5))."""
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    if not fields:
        return 0.0, 0.0
    own, ended = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
    return own * _TICK, ended * _TICK


def _pss(pid: int) -> int:
    lines = _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory at one moment."""

    count: int
    """What the watch was told to count."""
    first: int
    """Bytes of the first process."""
    rest: int
    """Bytes of all the others."""

    @property
    def pss(self) -> int:
        """Bytes of all."""
        return self.first + self.rest


@dataclass(slots=True)
class Watch:
    """What was seen of a family while it worked."""

    family: Family
    samples: list[Sample] = field(default_factory=list)
    _own: dict[int, float] = field(default_factory=dict)

    @property
    def peak(self) -> int:
        """The most memory seen, in bytes."""
        return max((sample.pss for sample in self.samples), default=0)

    @property
    def first_cpu(self) -> float:
        """Seconds of the first process alone."""
        return self._own.get(self.family.pid, 0.0)

    @property
    def rest_cpu(self) -> float:
        """Seconds of all the others, also of those that have ended."""
        return sum(self._own.values()) - self.first_cpu

    def look_at_times(self) -> None:
        """Keep the last value of each process: it may have ended by the next look."""
        for pid in self.family.pids():
            self._own[pid] = max(_times(pid)[0], self._own.get(pid, 0.0))

    def look_at_memory(self, count: int) -> None:
        """Add a sample."""
        first, *rest = self.family.pss()
        self.samples.append(Sample(count, first, sum(rest)))


@contextmanager
def watched(
    family: Family,
    *,
    every: float = 0.05,
    times: float = 0.05,
    count: Callable[[], int] = lambda: 0,
) -> Iterator[Watch]:
    """Look at times and at memory every so many seconds, until the end."""
    watch, ended = Watch(family), threading.Event()

    def look() -> None:
        due = time.monotonic()
        while not ended.wait(times):
            watch.look_at_times()
            if time.monotonic() >= due:
                watch.look_at_memory(count())
                due = time.monotonic() + every

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watch
    finally:
        ended.set()
        thread.join()

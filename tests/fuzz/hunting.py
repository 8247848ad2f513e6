"""The hunt itself: many inputs, each within its limits, and what broke them."""

import contextlib
import logging
import random
import resource
import signal
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import FrameType

from tests.fuzz.reading import Target

log = logging.getLogger(__name__)

SECONDS = 2.0
"""Of processor time that one input may take."""
MEGABYTES = 300
"""By which one input may let the process grow."""
_CEILING = 3 * 1024**3


class TooSlow(BaseException):
    """The input took more than its time; no handler of the program's own may catch this."""


class TooLarge(Exception):
    """The input took more than its memory."""


@dataclass
class Finding:
    """The smallest input that broke one place, and how many did."""

    said: str
    data: bytes
    times: int = 1


@dataclass
class Hunt:
    """What was done and found."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_input: bytes = b""
    found: dict[str, "Finding"] = field(default_factory=dict)
    """By the place that broke."""

    @property
    def rate(self) -> float:
        """Inputs a second."""
        return self.inputs / self.seconds if self.seconds else 0.0


def hunt(target: Target, runs: int, seed: int, tell_every: int = 2000) -> Hunt:
    """Read so many inputs, or as many as an interrupt leaves; the same ones for the same seed."""
    done, started = Hunt(), time.monotonic()
    with bounded(), contextlib.suppress(KeyboardInterrupt):
        for data in inputs(target, runs, seed):
            _note(done, target, data)
            done.seconds = time.monotonic() - started
            if done.inputs % tell_every == 0:
                log.info("%d inputs, %d findings", done.inputs, len(done.found))
    return done


def inputs(target: Target, runs: int, seed: int) -> Iterator[bytes]:
    """The samples themselves first, then what is made of them; each by a seed of its own."""
    samples = target.seeds()
    yield from samples[:runs]
    for number in range(runs - len(samples)):
        rng = random.Random(f"{seed}/{number}")
        yield target.mutated(rng.choice(samples), rng)


def _note(done: Hunt, target: Target, data: bytes) -> None:
    began = time.process_time()
    try:
        within_limits(target, data)
    except (Exception, TooSlow) as error:  # noqa: BLE001 - whatever breaks is a finding
        _add(done, error, data)
    took = time.process_time() - began
    done.inputs += 1
    if took > done.slowest:
        done.slowest, done.slowest_input = took, data


def _add(done: Hunt, error: BaseException, data: bytes) -> None:
    place = _place(error)
    known = done.found.setdefault(place, Finding(_said(error), data, 0))
    known.times += 1
    if len(data) < len(known.data):
        known.said, known.data = _said(error), data


def within_limits(target: Target, data: bytes) -> None:
    """Read one input. Raises what broke it, TooSlow or TooLarge."""
    before = _peak()
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        target.read(data)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    grown = _peak() - before
    if grown > MEGABYTES:
        raise TooLarge(f"{grown} MB more")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def _peak() -> int:
    """Megabytes, the most this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """No input may take the machine down."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_CEILING, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _place(error: BaseException) -> str:
    """What broke, and the innermost line of the program that was at it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/reportgen/" in frame.filename]
    last = (own or list(frames))[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())[:160]


def kept(folder: Path, name: str, done: Hunt) -> list[Path]:
    """Each found input as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for finding in done.found.values():
        file = folder / f"{name}-{sha256(finding.data).hexdigest()[:8]}"
        file.write_bytes(finding.data)
        files.append(file)
    return files

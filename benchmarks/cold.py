"""A page printed by a program of its own: python -m benchmarks.cold PAGE COUNT.

It says a word after each document.
"""

import pickle
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.processes import Family, watched
from reportgen.views import Page


def seconds(page: Page, folder: Path) -> float:
    """From a new process to its first PDF."""
    start = time.perf_counter()
    with _started(page, folder, 1) as process:
        if process.stdout is None or not process.stdout.readline():
            raise SystemExit("benchmarks: the program that prints one page failed; see above")
        return time.perf_counter() - start


def memory(page: Page, folder: Path, count: int) -> int:
    """Bytes of a process that prints it so many times, with its workers, at the peak."""
    with _started(page, folder, count) as process, watched(Family(process.pid)) as watch:
        process.wait()
    return watch.peak


def _started(page: Page, folder: Path, count: int) -> "subprocess.Popen[bytes]":
    file = folder / "page.pickle"
    file.write_bytes(pickle.dumps(page))
    words = [sys.executable, "-m", "benchmarks.cold", str(file), str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE)  # noqa: S603 - our own words


def main() -> None:
    """Print it so many times."""
    from reportgen.rendering.press import Press  # as the product does: when it is needed

    page = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 - of our own making
    with Press() as press:
        for _ in range(int(sys.argv[2])):
            press.pdf(page)
            sys.stdout.write("printed\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

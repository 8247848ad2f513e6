"""What the program costs before it does anything: `python -m benchmarks.startup`.

CPU is that of all processes of a command, user and system together; wall is what a user waits.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 9
COMMANDS = (("--help",), ("check", "--offline"), ("due",), ("history",))


def measure(folder: Path, *command: str) -> tuple[float, float]:
    """Seconds of CPU and of wall of the whole command."""
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "reportgen", *command],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"reportgen {' '.join(command)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - start


def main() -> None:
    """The shipped example, asked again and again; what only a first start does is left out."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure(folder, "init")
        for command in COMMANDS:
            measure(folder, *command)
            taken = [measure(folder, *command) for _ in range(ROUNDS)]
            processor, wall = (statistics.median(each) for each in zip(*taken, strict=True))
            sys.stdout.write(f"{' '.join(command):<16} {processor:.2f} s CPU, {wall:.2f} s wall\n")


if __name__ == "__main__":
    main()

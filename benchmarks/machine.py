"""Where it was measured."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import chromium
from benchmarks.results import Part, Table


def described() -> dict[str, str]:
    """Versions, and the machine in a few words."""
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "reportgen": version("reportgen"),
        "Python": platform.python_version(),
        "WeasyPrint": version("weasyprint"),
        "pydyf": version("pydyf"),
        "Chromium": chromium.version(),
        "kernel": platform.release(),
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "load at the start": f"{os.getloadavg()[0]:.1f} (0 is an idle machine)",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') >> 30} GB",
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def part(found: dict[str, str]) -> Part:
    """The same as a table."""
    return Part("machine", "", (Table(("machine", ""), tuple(found.items())),))

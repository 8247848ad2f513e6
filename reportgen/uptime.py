"""A clock that nobody can set."""

import time


def since_boot() -> float:
    """Seconds since this machine's start, sleep included where the system counts it."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()

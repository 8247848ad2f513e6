"""Whether memory stays flat over a long round."""

from benchmarks.results import Part, Table
from benchmarks.rounds import Setup, median_memory, run_round

_METHOD = """
One round as in `batch`. Proportional set size of the whole tree of processes, looked at every
{every:g} s, beside the number of documents in the archive at that moment; medians over {width}
documents each.
"""
_EARLY, _WIDTH = 500, 100
"""The report at which memory should have settled, and how many around it are looked at."""


def memory(count: int, setup: Setup) -> Part:
    """Measure it."""
    done = run_round(count, setup)
    width = min(_WIDTH, max(2, count // 5))
    early = min(_EARLY, count // 4)
    before = median_memory(done, early - width // 2, early + width // 2)
    after = median_memory(done, count - width, count - 1)
    leaving = median_memory(done, count, count)
    table = Table(
        ("memory over one round", ""),
        (
            ("customers", count),
            ("wall, s", done.wall),
            (f"memory around report {early:,}, MB", before / 2**20),
            ("memory at the last reports, MB", after / 2**20),
            ("growth, %", 100 * (after / before - 1)),
            ("memory while all are handed over, MB", leaving / 2**20),
            ("peak, MB", done.watch.peak / 2**20),
        ),
    )
    return Part("memory", _METHOD.format(every=done.every, width=width), (table,))

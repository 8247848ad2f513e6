"""How fast, and at what cost: python -m benchmarks PART, or `all`."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machine, results
from benchmarks.results import Part
from benchmarks.single import single


def main() -> None:
    """Measure what was asked for; print Markdown."""
    wanted = _parser().parse_args()
    described = machine.described()
    parts = [machine.part(described)]
    for part in _measured(wanted):
        parts.append(part)
        sys.stdout.write(f"{results.markdown(part)}\n\n")
        sys.stdout.flush()


def _measured(wanted: argparse.Namespace) -> Iterator[Part]:
    yield single(wanted.pairs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--pairs", type=int, default=15)
    return parser


if __name__ == "__main__":
    main()

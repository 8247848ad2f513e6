"""How fast reportgen is, and at what cost."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import machine, results
from benchmarks.batch import batch
from benchmarks.growth import growth
from benchmarks.memory import memory
from benchmarks.results import Part
from benchmarks.rounds import Setup
from benchmarks.single import single

Options = argparse.Namespace
_ABOUT = """
Measures this checkout and prints tables. Not part of the tests; takes Chromium (its own package of
the system: script/bootstrap --bench) and, for figures that mean something, an idle machine.
"""
_PARTS: dict[str, tuple[str, Callable[[Options, Setup], Part]]] = {
    "single": (
        "one full report against warm headless Chromium, with the very same HTML",
        lambda wanted, _setup: single(wanted.pairs),
    ),
    "batch": (
        "a round for many customers with `reportgen run`, against Chromium's best",
        lambda wanted, setup: batch(wanted.customers, setup),
    ),
    "memory": (
        "whether memory stays flat over a long round",
        lambda wanted, setup: memory(wanted.long_round, setup),
    ),
    "growth": (
        "rounds and tables of growing size",
        lambda wanted, setup: growth(wanted.rounds, wanted.rows, setup),
    ),
}


def main() -> None:
    """Measure what was asked for; print it, and write it where it was asked for."""
    wanted = _parser().parse_args()
    described = machine.described()
    parts = [machine.part(described)]
    sys.stdout.write(f"{results.markdown(parts[0])}\n\n")
    for part in _measured(wanted):
        sys.stdout.write(f"{results.markdown(part)}\n\n")
        sys.stdout.flush()
        parts.append(part)
        if wanted.json:
            wanted.json.write_text(results.as_json(parts[1:], described))
        if wanted.write:
            results.put_into(wanted.write, parts)


def _measured(wanted: Options) -> Iterator[Part]:
    setup = Setup(wanted.latency, dict(wanted.set), dict(wanted.source))
    for name, (_, measure) in _PARTS.items():
        if wanted.part in (name, "all"):
            sys.stderr.write(f"{name}: measuring\n")
            yield measure(wanted, setup)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=_ABOUT)
    commands = parser.add_subparsers(dest="part", required=True, metavar="PART")
    for name, (about, _) in _PARTS.items():
        _options(commands.add_parser(name, help=about, description=about), name)
    _options(commands.add_parser("all", help="all of them, one after the other"), *_PARTS)
    return parser


def _options(parser: argparse.ArgumentParser, *parts: str) -> None:
    """Those of these parts."""
    add = parser.add_argument
    if "single" in parts:
        add("--pairs", type=int, default=15, help="prints of each side (15)")
    if "batch" in parts:
        name = "customers" if len(parts) == 1 else "--customers"
        add(name, type=int, **_maybe(parts, 500), help="customers of the round (500)")
    if "memory" in parts:
        name = "long_round" if len(parts) == 1 else "--long-round"
        add(name, type=int, **_maybe(parts, 5000), help="customers of the long round (5000)")
    if "growth" in parts:
        add("--rounds", type=_sizes, default=(1, 10, 100, 1000), help="sizes (1,10,100,1000)")
        add("--rows", type=_sizes, default=(10, 100, 1000), help="lengths (10,100,1000)")
    add("--latency", type=float, default=0.1, help="seconds until the platform answers (0.1)")
    add("--set", type=_key, action="append", default=[], metavar="KEY=VALUE",
        help="a further key of the configuration, such as workers=4")  # fmt: skip
    add("--source", type=_key, action="append", default=[], metavar="KEY=VALUE",
        help="a further key of its part `source`")  # fmt: skip
    add("--json", type=Path, metavar="FILE", help="write the figures for programs, too")
    add("--write", type=Path, metavar="FILE",
        help="put the tables into this document, such as docs/performance.md")  # fmt: skip


def _maybe(parts: tuple[str, ...], usual: int) -> dict[str, Any]:
    """A lone number may be left out."""
    return {"default": usual} | ({"nargs": "?"} if len(parts) == 1 else {})


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _key(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"write KEY=VALUE instead of {text!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


if __name__ == "__main__":
    main()

"""The hunt from the command line."""

import argparse
import logging
import signal
import sys
from pathlib import Path

from tests.fuzz.hunting import hunt, kept
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Hunt one target; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", choices=sorted(TARGETS), required=True)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, default=Path("out/fuzz"), help="folder for findings")
    chosen = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell has its background jobs ignore the one
        signal.signal(number, signal.default_int_handler)
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(message)s")
    logging.getLogger("tests.fuzz").setLevel(logging.INFO)
    done = hunt(TARGETS[chosen.target], chosen.runs, chosen.seed)
    say = sys.stdout.write
    say(
        f"{chosen.target}: {done.inputs} inputs in {done.seconds:.0f} s, {done.rate:.0f} a second\n"
    )
    say(f"slowest: {done.slowest:.2f} s, {done.slowest_input[:100]!r}\n")
    say(f"findings: {len(done.found)}\n")
    for place, finding in sorted(done.found.items()):
        say(f"  {place}, {finding.times} times: {finding.said}\n")
    for file in kept(chosen.save, chosen.target, done) if done.found else ():
        say(f"kept: {file}\n")
    return 1 if done.found else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The long version: python -m tests.crash --kills 1000 --folder FOLDER [--seed N]."""

import argparse
import random
import sys
from pathlib import Path

from tests.crash.harness import Harness
from tests.crash.story import tell_story


def main() -> int:
    """Kill, reckon, print the figures. Exit status 1 when a promise is broken."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--kills", type=int, default=1000)
    wishes.add_argument("--folder", type=Path, required=True)
    wishes.add_argument("--seed", type=int, default=1)
    given = wishes.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with Harness(given.folder, random.Random(given.seed)) as harness:
        story = tell_story(harness, given.kills, _say)
    for line in story.lines():
        _say(line)
    return 1 if story.faults else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

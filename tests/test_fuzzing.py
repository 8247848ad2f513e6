"""A short hunt through every reader of outside data, and all that longer hunts have found.

`python -m tests.fuzz` hunts for as long as one likes.
"""

from pathlib import Path

import pytest

from tests.fuzz.hunting import bounded, hunt, within_limits
from tests.fuzz.reading import Target
from tests.fuzz.targets import TARGETS

FOUND = sorted((Path(__file__).parent / "fuzz" / "found").iterdir())
RUNS = {"widgets": 250, "envelope": 250, "config": 120}
"""Where they are not the usual many."""


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_a_reader(name: str) -> None:
    target = TARGETS[name]
    runs = len(target.seeds()) + RUNS.get(name, 300)
    done = hunt(target, runs, seed=2026)
    assert {place: finding.said for place, finding in done.found.items()} == {}
    assert done.inputs == runs


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.name)
def test_what_was_found_stays_mended(file: Path) -> None:
    with bounded():
        within_limits(TARGETS[file.name.partition("-")[0]], file.read_bytes())


class Fragile:
    """A reader with every fault that the hunt looks for."""

    def seeds(self) -> tuple[bytes, ...]:
        return (b"good", b"raises", b"hangs", b"raises as well, and longer")

    def mutated(self, seed: bytes, rng: object) -> bytes:
        return seed

    def read(self, data: bytes) -> None:
        if data.startswith(b"raises"):
            raise KeyError(data)
        while data == b"hangs":
            pass


def test_the_hunt_finds_what_raises_and_what_hangs() -> None:
    fragile: Target = Fragile()
    done = hunt(fragile, 4, seed=1)
    assert [place.partition(" ")[0] for place in sorted(done.found)] == ["KeyError", "TooSlow"]
    raised = next(found for place, found in done.found.items() if place.startswith("Key"))
    assert (raised.data, raised.times) == (b"raises", 2)
    assert done.slowest_input == b"hangs"

"""What a target of the hunt is."""

import json
import random
from collections.abc import Callable
from typing import Protocol

from reportgen.errors import ReportgenError
from tests.fuzz.mutating import Mutator


class Target(Protocol):
    """One reader of outside data. An input is a file."""

    def seeds(self) -> tuple[bytes, ...]:
        """Real samples."""

    def mutated(self, seed: bytes, rng: random.Random) -> bytes:
        """An input made of one of them."""

    def read(self, data: bytes) -> None:
        """Read it. Whatever it raises breaks the law."""


class Broken(Exception):
    """The reader said something that it must never say."""


def tried(act: Callable[[], object]) -> None:
    """Do it; an error of the program's own that fits one line is an answer."""
    try:
        act()
    except ReportgenError as error:
        if "\n" in str(error):
            raise Broken(f"more than one line: {error!r}") from error


def headed(data: bytes) -> tuple[str, bytes]:
    """The first line, which says what the rest is, and the rest."""
    head, _, body = data.partition(b"\n")
    return head.decode("latin-1"), body


def json_mutated(body: bytes, rng: random.Random) -> bytes:
    """Bent in its structure, torn in its bytes, or both."""
    mutator = Mutator(rng)
    how = rng.random()
    if how < 0.85:
        body = mutator.spelt(mutator.bent(json.loads(body)))
    return mutator.torn(body) if how > 0.7 else body

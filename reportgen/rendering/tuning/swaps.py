"""Putting one function in another's place, and back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Swap:
    """A replacement for the attribute `name` of every one of these modules or classes.

    `make` gets the original, so that a replacement can fall back on it.
    """

    owners: tuple[Any, ...]
    name: str
    make: Callable[[Any], Any]
    _originals: list[Any] = field(default_factory=list)

    def put_in(self) -> None:
        """Does nothing where it is in already."""
        if self._originals:
            return
        self._originals = [vars(owner)[self.name] for owner in self.owners]
        for owner, original in zip(self.owners, self._originals, strict=True):
            setattr(owner, self.name, self.make(original))

    def take_out(self) -> None:
        """Does nothing where it is not in."""
        for owner, original in zip(self.owners, self._originals, strict=bool(self._originals)):
            setattr(owner, self.name, original)
        self._originals = []

"""Which domains a reader takes for one another, by the confusable letters of Unicode (UTS 39)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast
from unicodedata import normalize

from reportgen.channels.domains import shown


def skeleton(domain: str) -> str:
    """The same for domains that look alike, such as `acrne` and `acme`, `paypa1` and `paypal`."""
    decomposed = normalize("NFD", shown(domain).lower())
    return "".join(_prototype(letter) for letter in decomposed).lower()


@cache
def _alike() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """For each letter all that look like it; many, so that few commands load them."""
    from confusable_homoglyphs.confusables import confusables_data

    return cast("Mapping[str, Sequence[Mapping[str, str]]]", confusables_data)


def _prototype(letter: str) -> str:
    """
    The one form that all letters like this one are given.

    The library lists for each letter all that look like it, without saying which of them Unicode
    takes as the form: that is the one with more than one look-alike, else the first by code.
    """
    alike = [each["c"] for each in _alike().get(letter, ())]
    if len(alike) != 1:
        return letter
    if len(_alike().get(alike[0], ())) > 1:
        return alike[0]
    return min(letter, alike[0])

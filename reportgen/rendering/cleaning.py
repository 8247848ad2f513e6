"""Text from outside, made fit to print."""

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any

from reportgen.views import Page

_LONGEST = 4000
_MARKS_IN_A_ROW = 2
_STACKED = ("Mn", "Me")
"""Marks that take no room of their own: beside, above and around a letter."""
_BREAKS = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " ")
"""What begins a new line: a name that did so could pass for a paragraph of a letter."""
_JOINERS = "\u200c\u200d"
"""Invisible, but words are misspelt without them in Persian and most scripts of India."""

_ORDINARY = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]*")
"""Letters and punctuation of European languages, of which there is nothing to clean."""


def clean(text: str) -> str:
    """
    The text in one line, without controls, surrogates, private or unassigned letters, without
    marks that reorder the line, towers of accents or an endless tail.
    """
    if _ORDINARY.fullmatch(text):
        return text[:_LONGEST]
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text[:_LONGEST].translate(_BREAKS)):
        category = unicodedata.category(letter)
        marks = marks + 1 if category in _STACKED else 0
        printable = letter in _JOINERS or category[0] != "C"
        if printable and marks <= _MARKS_IN_A_ROW:
            kept.append(letter)
    return "".join(kept)


def cleaned(page: Page) -> Page:
    """The page with every text in it cleaned, so that no way of printing one can forget to."""
    found: Page = _cleaned(page)
    return found


def _cleaned(value: Any) -> Any:
    """The very same one where there is nothing to clean, as nearly always."""
    if type(value) is str:  # not an enumeration, whose members are texts as well
        return clean(value)
    if isinstance(value, tuple):
        parts = tuple(map(_cleaned, value))
        return value if all(map(is_, parts, value)) else parts
    changed = {}
    for name in _fields(value.__class__):
        before = getattr(value, name)
        after = _cleaned(before)
        if after is not before:
            changed[name] = after
    return replace(value, **changed) if changed else value


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """Of a dataclass; anything else has none."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()

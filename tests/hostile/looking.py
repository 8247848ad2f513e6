"""What a reader sees of a page, and what of a text can be seen at all."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

import tinyhtml5

from reportgen.rendering.cleaning import clean

BREAK = "\x1e"
"""Stands between the texts of two elements."""
_SAID = ("alt", "title", "aria-label", "data-running")
"""Attributes that a reader meets as text."""
_LEADING = ("href", "src", "data", "action", "srcset", "poster", "background", "cite", "xlink:href")


def visible(text: str) -> str:
    """
    What can be seen of a text: what cleaning leaves of it, white space as a browser shows it.

    Not seen are controls, halves of characters, letters without a meaning, marks that reorder the
    line, more than two accents in a row, and what comes after 4000 letters.
    """
    return " ".join(clean(text).split())


@dataclass(frozen=True)
class Seen:
    """A page as an HTML parser, not we, understands it."""

    text: str
    """All texts, those of two elements apart by a break."""
    elements: frozenset[str]
    """`tag` and `tag attribute`, as far as they stand in the page."""
    addresses: frozenset[str]
    """Where it leads."""


def seen(html: str) -> Seen:
    """The page as a browser reads it."""
    tree = tinyhtml5.parse(html, namespace_html_elements=False)
    elements, addresses = set(), set()
    for element in tree.iter():
        if isinstance(element.tag, str):
            tag = element.tag.rpartition("}")[2]
            elements |= {tag, *(f"{tag} {name}" for name in element.attrib)}
            addresses |= {element.attrib[name] for name in _LEADING if name in element.attrib}
    pieces = (" ".join(piece.split()) for piece in _pieces(tree))
    return Seen(BREAK.join(pieces), frozenset(elements), frozenset(addresses))


def _pieces(element: ET.Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in ("style", "script"):
        yield element.tail or ""
        return
    yield from (element.attrib[name] for name in _SAID if name in element.attrib)
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
    yield element.tail or ""


def unlike(text: str, said: dict[str, str]) -> Iterator[str]:
    """
    The marks that are followed by something else than what was said after them.

    Where a name is cut, its beginning and an ellipsis stand for it; in a drawing, its first line.
    """
    for found in re.finditer(r"Q[a-z]{3}Z", text):
        whole = visible(said[found[0]])
        if not _is_beginning(text[found.start() : found.start() + len(whole) + 2], whole):
            yield f"{found[0]}: {text[found.start() : found.end() + 60]!r} is not {whole[:60]!r}"


def _is_beginning(shown: str, whole: str) -> bool:
    if shown.startswith(whole):
        return True
    head = re.split(f"…|{BREAK}", shown)[0].rstrip()
    return whole.startswith(head) and head != shown.rstrip()


def whole(text: str, said: dict[str, str]) -> set[str]:
    """The marks whose text stands there to its end."""
    return {mark for mark, one in said.items() if visible(one) in text}

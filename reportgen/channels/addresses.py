"""Mail addresses and header text from outside, made safe to stand in a message."""

import re
from email.headerregistry import Address

from reportgen.errors import DeliveryRefused

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+{_LABEL})")
_LONGEST, _LONGEST_USER = 254, 64  # letters, as mail servers count


def address(text: str, name: str = "") -> Address:
    """The one plain ASCII address that the text is, with a name to show.

    Raises DeliveryRefused for anything else. International domains are written as `xn--…`.
    """
    found = _PLAIN.fullmatch(text)
    if not found or len(text) > _LONGEST or len(found[1]) > _LONGEST_USER:
        raise DeliveryRefused(
            f"{text[:80]!r} is not a mail address; write one such as name@example.com"
        )
    return Address(one_line(name), found[1], found[2])


_JOINERS = "\u200c\u200d"
"""Invisible, but part of words in Persian and of most scripts of India."""


def one_line(text: str) -> str:
    """One printable line: nothing that could start another header."""
    kept = (c if c.isprintable() or c in _JOINERS else " " for c in text)
    return " ".join("".join(kept).split())


def body(text: str) -> str:
    """A letter's text without half characters, which nothing can encode."""
    return text.encode("utf-8", "replace").decode("utf-8")

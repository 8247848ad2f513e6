"""Mail addresses and header text from outside, made safe to stand in a message."""

import re
from typing import TYPE_CHECKING

from reportgen.errors import DeliveryRefused

if TYPE_CHECKING:
    from email.headerregistry import Address

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+{_LABEL})")
_LONGEST, _LONGEST_USER = 254, 64  # letters, as mail servers count
_LINE = 78  # letters, RFC 5322


def checked(text: str) -> str:
    """The text, which is one plain ASCII address.

    Raises DeliveryRefused for anything else. International domains are written as `xn--…`.
    """
    found = _PLAIN.fullmatch(text)
    if not found or len(text) > _LONGEST or len(found[1]) > _LONGEST_USER:
        raise DeliveryRefused(f"{text[:80]!r} is not a mail address; {_cure(text)}")
    return text


def address(text: str) -> "Address":
    """The address as headers want it. Raises as `checked`."""
    return _named("", text)


def _named(name: str, text: str) -> "Address":
    from email.headerregistry import Address  # whoever only looks at addresses does without

    user, _, domain = checked(text).rpartition("@")
    return Address(name, user, domain)


def _cure(text: str) -> str:
    """What to write instead. Domains that look alike differ once they are spelt in ASCII."""
    user, _, domain = text.rpartition("@")
    if user.isascii() and not domain.isascii():
        try:
            plain = f"{user}@{domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            plain = ""
        if _PLAIN.fullmatch(plain):
            return f"write its domain in ASCII, if it is the one you mean: {plain}"
    return "write one such as name@example.com"


def sender(text: str, name: str) -> str:
    """The value of a From line: the address with a name to show. Raises as `checked`."""
    named = _named(one_line(name), text)
    if _fits("From", str(named)):
        return str(named)
    return f"{_in_words('From', named.display_name)}\n <{named.addr_spec}>"


def subject(text: str) -> str:
    """The value of a Subject line."""
    line = one_line(text)
    return line if _fits("Subject", line) else _in_words("Subject", line)


def _fits(header: str, value: str) -> bool:
    """
    True for what may travel as it is, in one line.

    Longer lines are never left to the library to fold: it takes the quotes off long names, and what
    stands between them becomes addresses. And what looks like an encoded word would be decoded.
    """
    return value.isascii() and "=?" not in value and len(f"{header}: {value}") <= _LINE


def _in_words(header: str, text: str) -> str:
    """As encoded words (RFC 2047), a few to a line."""
    from email.header import Header

    return Header(text, "utf-8", header_name=header).encode()


_JOINERS = "\u200c\u200d"
"""Invisible, but part of words in Persian and of most scripts of India."""


def one_line(text: str) -> str:
    """One printable line: nothing that could start another header."""
    kept = (c if c.isprintable() or c in _JOINERS else " " for c in text)
    return " ".join("".join(kept).split())


def body(text: str) -> str:
    """A letter's text without half characters, which nothing can encode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def is_address(text: str) -> bool:
    """True for what `checked` takes."""
    try:
        checked(text)
    except DeliveryRefused:
        return False
    return True

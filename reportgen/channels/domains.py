"""Mail domains: one way to write each, which ones cover which, and names in mixed alphabets."""

from collections.abc import Iterable, Iterator

import idna

from reportgen.channels.addresses import checked
from reportgen.errors import DeliveryRefused

_ANY_BELOW = "*."
_COMMON = frozenset({"Zyyy", "Zinh"})
"""Digits, hyphens and marks, which stand in every alphabet."""
_TOGETHER = {
    "Jpan": ("Hani", "Hira", "Kana"),
    "Kore": ("Hani", "Hang"),
    "Hanb": ("Hani", "Bopo"),
}
"""Scripts that one language writes together (UTS 39, 5.1)."""


def domain_of(mailbox: str) -> str:
    """The domain of an address, as `normal` writes it."""
    return normal(mailbox.rpartition("@")[2])


def normal(domain: str) -> str:
    """Small letters, no dot at the end, international names as `xn--…`."""
    text = domain.strip().removesuffix(".")
    if text.isascii():
        return text.lower()
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError:
        return text.lower()  # equals no domain of an address, which is plain ASCII


def allowed(text: str) -> str:
    """
    A domain that mail may go to, or `*.` and one, as it is compared.

    Raises ValueError for anything else and for a name that hides what it is.
    """
    bare = normal(text.strip().removeprefix(_ANY_BELOW))
    try:
        checked(f"postmaster@{bare}")
    except DeliveryRefused:
        raise ValueError(
            f"{text[:80]!r} is not a mail domain; write one such as acme.example, "
            'or "*.acme.example" for the domains below it'
        ) from None
    refuse_disguise(bare)
    return f"{_ANY_BELOW}{bare}" if text.strip().startswith(_ANY_BELOW) else bare


def bare(pattern: str) -> str:
    """The domain that an allowed one is about, with or without those below it."""
    return normal(pattern.removeprefix(_ANY_BELOW))


def covers(pattern: str, domain: str) -> bool:
    """True for the domain itself; with `*.`, for those below it and not for itself."""
    name = bare(pattern)
    if pattern.startswith(_ANY_BELOW):
        return normal(domain).endswith(f".{name}")
    return normal(domain) == name


def is_allowed(mailbox: str, patterns: Iterable[str]) -> bool:
    """True when the address lies in one of these domains."""
    return any(covers(pattern, domain_of(mailbox)) for pattern in patterns)


# ---- disguises -----------------------------------------------------------------------------


def shown(domain: str) -> str:
    """The domain as a mail program shows it: `xn--…` read back."""
    return ".".join(_read(label) for label in normal(domain).split("."))


def _read(label: str) -> str:
    try:
        return idna.decode(label)
    except UnicodeError:
        return label


def refuse_disguise(domain: str) -> None:
    """Raises ValueError for an `xn--` name that cannot be read, or mixes alphabets in a part."""
    for label in normal(domain).split("."):
        if not label.startswith("xn--"):
            continue
        try:
            text = idna.decode(label)
        except UnicodeError:
            raise ValueError(f"{label!r} stands for no international name; mend it") from None
        if is_mixed(text):
            raise ValueError(
                f"{label!r} reads {text!r} and mixes alphabets ({', '.join(_names(text))}), "
                "as names made to deceive do; write the real domain"
            )


def is_mixed(label: str) -> bool:
    """
    True when no one language writes these letters together (UTS 39, 5.1 and 5.2).

    Latin may stand beside Chinese, Japanese and Korean, whose letters look like no Latin ones.
    """
    found = [_scripts(letter) for letter in label if not _scripts(letter) & _COMMON]
    if not found or frozenset.intersection(*found):
        return False
    others = [scripts for scripts in found if "Latn" not in scripts]
    return not frozenset.intersection(*others) & _TOGETHER.keys()


def _scripts(letter: str) -> frozenset[str]:
    from fontTools import unicodedata  # few files name such domains

    own = unicodedata.script_extension(letter)
    languages = [name for name, scripts in _TOGETHER.items() if own.intersection(scripts)]
    return frozenset((*own, *languages))


def _names(label: str) -> Iterator[str]:
    from fontTools import unicodedata

    codes = {unicodedata.script(letter) for letter in label}
    yield from sorted(unicodedata.script_name(code) for code in codes - _COMMON)

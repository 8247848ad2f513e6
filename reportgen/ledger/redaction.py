"""What the ledger may remember of an error: one short line without secrets."""

import re

_LONGEST = 500  # letters
_SECRETS = (
    (re.compile(r"(?<=://)[^\s/@]+@"), "***@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 ***"),
    (
        re.compile(
            r"(?i)\b([\w-]*(?:password|passwd|secret|token|api[_-]?key|authorization))"
            r"""(["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)"""
        ),
        r"\1\2***",
    ),
)


def clean(text: str, longest: int = _LONGEST) -> str:
    """The text on one line, without what looks like a secret, and not endless."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    for pattern, replacement in _SECRETS:
        line = pattern.sub(replacement, line)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"

"""Names that come from outside, made safe for files on every platform."""

import re
import unicodedata

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_LONGEST = 80
"""Characters of one part; four bytes each still fit a file system's 255."""
_LONGEST_BYTES = 180


def file_part(text: str) -> str:
    """
    One safe component of a path: no separators, controls, marks of direction, dots at the ends or
    reserved names; never empty, never longer than file systems take.

    >>> file_part("../etc/pass wd")
    'etc-pass-wd'
    """
    folded = unicodedata.normalize("NFKC", text)
    plain = "".join(letter if _kept(letter) else " " for letter in folded)
    name = re.sub(r"[\s-]+", "-", _FORBIDDEN.sub(" ", plain))
    name = _cut(re.sub(r"\.{2,}", ".", name).strip("-. ")).strip("-. ")
    return f"{name}-" if _RESERVED.fullmatch(name) else name or "unnamed"


def _kept(letter: str) -> bool:
    """Letters, marks, digits, punctuation and spaces; nothing that hides or reorders."""
    return unicodedata.category(letter)[0] not in "CZS" or letter == " "


def _cut(name: str) -> str:
    name = name[:_LONGEST]
    while len(name.encode()) > _LONGEST_BYTES:
        name = name[:-1]
    return name

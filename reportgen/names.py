"""Names that come from outside: safe for files on every platform; of this machine itself."""

import ipaddress
import re
import unicodedata
from hashlib import sha256

_FORBIDDEN = re.compile(r'[<>:"/\\|?*#%\[\]\x00-\x1f]')
"""What separates paths, or means something in patterns of files, in URLs and to Windows."""
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|clock\$)((?:\..*)?)", re.IGNORECASE
)
_LONGEST = 120
"""Bytes of one part: with others around it, it still fits a file system's 255."""


def file_part(text: str, longest: int = _LONGEST) -> str:
    """
    One safe component of a path: no separators, controls, marks of direction, dots at the ends or
    reserved names; never empty, never more than `longest` bytes, and then still unlike others.

    >>> file_part("../etc/pass wd")
    'etc-pass-wd'
    """
    folded = unicodedata.normalize("NFKC", text)
    plain = "".join(letter if _kept(letter) else " " for letter in folded)
    name = re.sub(r"[\s-]+", "-", _FORBIDDEN.sub(" ", plain))
    name = re.sub(r"\.{2,}", ".", name).strip("-. ")
    return _cut(_RESERVED.sub(r"\1-\2", name) if _RESERVED.fullmatch(name) else name, longest)


def _kept(letter: str) -> bool:
    """Letters, marks, digits, punctuation and spaces; nothing that hides or reorders."""
    return unicodedata.category(letter)[0] not in "CZS" or letter == " "


def _cut(name: str, longest: int) -> str:
    """What is cut off lives on as a digest: two customers never share a name by its beginning."""
    if len(name.encode()) <= longest:
        return name or "unnamed"
    mark = sha256(name.encode()).hexdigest()[:8]
    start = name.encode()[: longest - len(mark) - 1].decode(errors="ignore")
    return f"{start.strip('-. ')}-{mark}"


def loopback(host: str) -> bool:
    """True for this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

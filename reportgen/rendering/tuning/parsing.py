"""Of reading HTML."""

import re
from functools import cache
from typing import Any

from weasyprint import tinyhtml5

from reportgen.rendering.tuning.swaps import Swap

_SPACE = " \t\n\f"
_ATTRIBUTE = rf"""[{_SPACE}]+([a-z][a-z-]*)(?:="([^"&\0]*)"|=([^{_SPACE}\r"'=<>`&\0]+))?"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_UNGROUPED = _ATTRIBUTE.replace("([", "(?:[")
_TAG = re.compile(rf"<(?:/([a-z][a-z0-9]*)|([a-z][a-z0-9]*)((?:{_UNGROUPED})*)[{_SPACE}]*)>")
"""What needs no second thought: lower case, well quoted, without entities."""
_TYPE = tinyhtml5.constants.Token


def _data(original: Any) -> Any:
    def data_state(self: Any) -> Any:
        stream = self.stream
        tag = _TAG.match(stream.chunk, stream.chunk_offset)
        token = _token(tag) if tag else None
        if tag is None or token is None:
            return original(self)
        stream.chunk_offset = tag.end()
        self.current_token = token
        self.token_queue.append(token)
        return True

    return data_state


def _token(tag: re.Match[str]) -> dict[str, Any] | None:
    """None for one that says something twice."""
    end, start, attributes = tag.groups()
    if end:
        return {"type": _TYPE.END_TAG, "name": end, "data": [], "selfClosing": False}
    said = _ATTRIBUTES.findall(attributes)
    data = {name: quoted or bare for name, quoted, bare in said}
    if len(data) < len(said):
        return None
    return {
        "type": _TYPE.START_TAG,
        "name": start,
        "data": data,
        "selfClosing": False,
        "selfClosingAcknowledged": False,
    }


def _chars_until(original: Any) -> Any:
    """The engine means to remember its patterns, but never finds them again."""

    @cache
    def pattern(characters: Any, opposite: bool) -> re.Pattern[str]:
        listed = "".join(map(re.escape, characters))
        return re.compile(f"[{'' if opposite else '^'}{listed}]+")

    def chars_until(self: Any, characters: Any, opposite: bool = False) -> Any:
        found = pattern(characters, opposite).match(self.chunk, self.chunk_offset)
        if found is None or found.end() == self.chunk_size:
            return original(self, characters, opposite)
        self.chunk_offset = found.end()
        return found.group()

    return chars_until


SWAPS: tuple[Swap, ...] = (
    Swap((tinyhtml5.tokenizer.HTMLTokenizer,), "data_state", _data),
    Swap((tinyhtml5.inputstream.HTMLUnicodeInputStream,), "chars_until", _chars_until),
)

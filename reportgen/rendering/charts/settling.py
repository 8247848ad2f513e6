"""The last word on labels: none leaves its drawing, no two touch; what has no room is left out.

Forms place their labels so that they fit for ordinary figures. For all others this decides: values
(bold, large) stay, names and axis numbers give way. The alternative tells all figures anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec, TypeVar

from reportgen.rendering.charts.marks import ground, reach
from reportgen.rendering.drawing import Box, Drawing, Mark, Text

P = ParamSpec("P")
D = TypeVar("D", Drawing, Drawing | None)
_GAP = 0.6
_CAPITALS = 0.72
"""Height of a capital letter, in ems."""


def settled(form: Callable[P, D]) -> Callable[P, D]:
    """A form whose labels keep the law."""

    @wraps(form)
    def lawful(*args: P.args, **options: P.kwargs) -> D:
        drawing = form(*args, **options)
        return drawing if drawing is None else _settle(drawing)

    return lawful


def _settle(drawing: Drawing) -> Drawing:
    inside = {
        place: _Placed(moved, *reach(moved))
        for place, mark in enumerate(drawing.marks)
        if isinstance(mark, Text) and (moved := _inside(mark, drawing)) is not None
    }
    kept: dict[int, _Placed] = {}
    for place in sorted(inside, key=lambda one: _weight(inside[one].text, one), reverse=True):
        if not any(_touch(inside[place], other) for other in kept.values()):
            kept[place] = inside[place]
    marks = (_settled(drawing.marks, place, kept) for place in range(len(drawing.marks)))
    return replace(drawing, marks=tuple(mark for mark in marks if mark is not None))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A text and from where to where it runs."""

    text: Text
    left: float
    right: float


def _weight(text: Text, place: int) -> tuple[bool, float, int]:
    """Values before names before axis numbers; of equals the first."""
    return text.bold, text.size, -place


def _settled(marks: tuple[Mark, ...], place: int, kept: dict[int, _Placed]) -> Mark | None:
    """The mark, moved if it was; None for a text without room and for the ground behind it."""
    mark = marks[place]
    if isinstance(mark, Text):
        return kept[place].text if place in kept else None
    if not _is_ground(marks, place):
        return mark
    return ground(kept[place + 1].text) if place + 1 in kept else None


def _is_ground(marks: tuple[Mark, ...], place: int) -> bool:
    """True for the white box that lies behind the text after it."""
    mark = marks[place]
    following = marks[place + 1] if place + 1 < len(marks) else None
    return isinstance(mark, Box) and isinstance(following, Text) and mark == ground(following)


def _inside(text: Text, drawing: Drawing) -> Text | None:
    """The text moved sideways into its drawing; None where it does not fit at all."""
    left, right = reach(text)
    fits = right - left <= drawing.width and text.size * _CAPITALS <= text.y + 1
    if not fits or text.y > drawing.height + 1:
        return None
    if left < 0:
        return replace(text, x=text.x - left)
    if right > drawing.width:
        return replace(text, x=text.x - (right - drawing.width))
    return text


def _touch(one: _Placed, other: _Placed) -> bool:
    if one.right <= other.left - _GAP or other.right <= one.left - _GAP:
        return False
    upper, lower = sorted((one.text, other.text), key=lambda text: text.y)
    return upper.y > lower.y - lower.size * _CAPITALS

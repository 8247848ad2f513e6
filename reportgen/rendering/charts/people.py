"""People as dots: small numbers stay people."""

import math
from collections.abc import Iterator

from reportgen.rendering.charts.marks import hollow
from reportgen.rendering.charts.scales import Style
from reportgen.rendering.charts.shares import HALF
from reportgen.rendering.charts.told import crowd_told
from reportgen.rendering.drawing import Dot, Drawing, Mark
from reportgen.views import Crowd

_MOST = 600
"""Dots in one drawing."""
_HIGHEST = 96.0
"""Points the drawing may be high."""


def dot_stands_for(total: int) -> int:
    """How many people one dot is: 1 up to 600 people, then 5, 10, 50, 100 and so on."""
    size, factors = 1, (5, 2)
    step = 0
    while math.ceil(total / size) > _MOST:
        size *= factors[step % 2]
        step += 1
    return size


def people_dots(crowd: Crowd, style: Style, width: float = HALF) -> Drawing:
    """
    One dot a person, or a few people.

    The bad ones stand first and filled, columns from the start; the missing ones last and hollow.
    """
    size = dot_stands_for(crowd.total)
    total = math.ceil(crowd.total / size)
    marked = min(math.ceil(crowd.marked / size), total)
    if not total:
        return Drawing(width, 1, (), crowd_told(crowd, style))
    columns = _columns(total, width)
    rows = math.ceil(total / columns)
    pitch = width / columns
    marks = tuple(_dots(crowd, total, marked, columns, rows, pitch, style))
    return Drawing(width, rows * pitch, marks, crowd_told(crowd, style))


def _columns(total: int, width: float) -> int:
    """So many that the dots are neither tiny nor larger than need be."""
    columns = max(12, math.ceil(math.sqrt(total * width / _HIGHEST)))
    while math.ceil(total / columns) * width / columns > _HIGHEST:
        columns += 1
    return columns


def _dots(
    crowd: Crowd, total: int, marked: int, columns: int, rows: int, pitch: float, style: Style
) -> Iterator[Mark]:
    palette = style.palette
    bad = crowd.marked_is == "bad"
    first = marked if bad else total - marked
    radius = pitch * 0.37
    for place in range(total):
        across, down = (divmod(place, rows)) if bad else reversed(divmod(place, columns))
        x, y = (across + 0.5) * pitch, (down + 0.5) * pitch
        if place < first:
            yield Dot(x, y, radius, palette.bad if bad else palette.data)
        elif bad:
            yield hollow(x, y, radius - 0.7, palette.bench, 0.5)
        else:
            yield hollow(x, y, radius - 0.5, palette.bad, 1)

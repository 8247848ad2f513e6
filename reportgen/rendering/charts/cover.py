"""The large line on the cover."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from reportgen.rendering.charts.scales import (
    Scale,
    Style,
    latest,
    month_labels,
    stretches,
)
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.charts.told import trend_told
from reportgen.rendering.drawing import Dot, Drawing, Line, Mark, Path, Text
from reportgen.rendering.lettering import text_width
from reportgen.rendering.palette import mix
from reportgen.views import Series, Trend

_LARGE, _SMALL = 19.0, 8.6
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the marks of one cover stand on."""

    trend: Trend
    scale: Scale
    points: Points
    """The company's values, oldest first."""
    style: Style


@settled
def cover_line(trend: Trend, style: Style, width: float, height: float = 300) -> Drawing | None:
    """The company's line over its months, large, in the brand's colours; None below two points."""
    series = next((one for one in trend.series if one.role == "company"), None)
    if series is None or sum(value is not None for value in series.values) < 2:
        return None
    scale = Scale(40, height - 26, _highest(trend, series), 6, width - 76, len(series.values))
    points = tuple(point for run in _runs(series, scale) for point in run)
    ground = _Ground(trend, scale, points, style)
    first = _first_label(series, ground)
    marks = (
        *_line(series, ground),
        *_benchmark(first, ground),
        *first,
        *_last_label(series, ground),
        *_months(height - 8, ground),
    )
    return Drawing(width, height, marks, trend_told(trend, style), "cover-chart")


def _highest(trend: Trend, series: Series) -> float:
    known = [value for value in series.values if value is not None]
    return max(*known, _industry(trend) or 0, 1)


def _industry(trend: Trend) -> float | None:
    found = (latest(series) for series in trend.series if series.role == "industry")
    return next((newest[1] for newest in found if newest), None)


def _runs(series: Series, scale: Scale) -> list[Points]:
    return [
        tuple((scale.x(place), scale.y(value)) for place, value in run)
        for run in stretches(series.values)
    ]


def _line(series: Series, ground: _Ground) -> Iterator[Mark]:
    """The line over its own shade; neither bridges what was not measured."""
    palette, scale = ground.style.palette, ground.scale
    colour = palette.accent_on_primary
    shade = mix(palette.on_primary, palette.primary, 0.93)
    runs = _runs(series, scale)
    for run in runs:
        yield Path((*run, (run[-1][0], scale.bottom), (run[0][0], scale.bottom)), fill=shade)
    yield Line(0, scale.bottom, scale.right, scale.bottom, palette.on_primary, 1.1)
    for run in runs:
        yield Path(run, colour, 2.6)
    yield from (Dot(x, y, 2, colour) for x, y in ground.points)
    for x, y in (ground.points[0], ground.points[-1]):
        yield Dot(x, y, 4.4, colour, palette.primary, 2)


def _first_label(series: Series, ground: _Ground) -> tuple[Text, Text]:
    """The first value and its month, on the side that the line leaves free."""
    words, colour = ground.style.words, ground.style.palette.on_primary
    place, value = next(
        (at, number) for at, number in enumerate(series.values) if number is not None
    )
    x = ground.points[0][0] + 9
    figure = words.percent(value)
    month = words.month(ground.trend.days[place])
    beside = x + text_width(figure, _LARGE, bold=True) + 5
    y = _beside_line(ground.points, beside + text_width(month, _SMALL) + 4)
    return (
        Text(x, y, figure, _LARGE, colour, bold=True),
        Text(beside, y, month, _SMALL, colour),
    )


def _beside_line(points: Points, right: float) -> float:
    """The base line of a label that reaches from the first point to `right`, off the line."""
    y = points[0][1]
    near = [height for place, height in points[1:] if place <= right] or [y]
    if min(near) >= y - 3:
        return y - 8
    return y + 24 if max(near) <= y + 1 else min(near) - 10


def _last_label(series: Series, ground: _Ground) -> Iterator[Text]:
    newest = latest(series)
    if newest is None:
        return
    words, colour = ground.style.words, ground.style.palette.on_primary
    x, y = ground.points[-1]
    month = words.month(ground.trend.days[newest[0]], short=True)
    yield Text(x + 10, y + 2, words.percent(newest[1]), _LARGE, colour, bold=True)
    yield Text(x + 10, y + 13, month, _SMALL, colour)


def _benchmark(taken: tuple[Text, ...], ground: _Ground) -> Iterator[Mark]:
    """A line at the industry's average, named in the first free place along it."""
    value = _industry(ground.trend)
    if value is None:
        return
    words, colour = ground.style.words, ground.style.palette.on_primary
    y = ground.scale.y(value)
    yield Line(0, y, ground.scale.right, y, colour, 1, "4 3")
    text = words.text("Industry average {value}", value=words.percent(value))
    label = Text(6, y - 4, text, 7.8, colour)
    free = (
        one for one in _places(label, y, ground.scale) if not _covered(one, taken, ground.points)
    )
    yield next(free, label)


def _places(label: Text, y: float, scale: Scale) -> Iterator[Text]:
    """Above and beneath the line, from its start to its end."""
    wide = text_width(label.text, label.size)
    steps = max(int((scale.right - wide - 12) / 20), 1)
    for step in range(steps + 1):
        x = 6 + (scale.right - wide - 12) * step / steps
        for base in (y - 4, y + 10):
            if base < scale.bottom - 2:
                yield replace(label, x=x, y=base)


def _covered(label: Text, taken: tuple[Text, ...], points: Points) -> bool:
    """True where the label would touch other words or the company's line."""
    left, right = label.x - 4, label.x + text_width(label.text, label.size) + 4
    top, bottom = label.y - label.size - 1, label.y + 4
    for other in taken:
        end = other.x + text_width(other.text, other.size, bold=other.bold)
        if left < end and right > other.x and top < other.y + 4 and bottom > other.y - other.size:
            return True
    heights = [_height_at(points, left + (right - left) * part / 12) for part in range(13)]
    return min(heights) < bottom + 2 and max(heights) > top - 2


def _height_at(points: Points, x: float) -> float:
    """Where the line runs at `x`; beyond its ends, as at the nearer end."""
    for (x1, y1), (x2, y2) in pairwise(points):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return points[0][1] if x < points[0][0] else points[-1][1]


def _months(y: float, ground: _Ground) -> Iterator[Mark]:
    colour = ground.style.palette.on_primary
    for mark in month_labels(ground.trend, ground.scale, y, ground.style):
        yield replace(mark, colour=colour)

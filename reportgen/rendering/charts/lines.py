"""Company against benchmarks over months."""

from collections.abc import Iterator, Sequence

from reportgen.rendering.charts.scales import (
    VALUE,
    WIDE,
    Scale,
    Style,
    grid,
    latest,
    month_labels,
    shown,
    steps,
    stretches,
)
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.charts.told import trend_told, worth_a_label
from reportgen.rendering.drawing import Dot, Drawing, Mark, Path, Text
from reportgen.rendering.lettering import fitted, spread, text_width
from reportgen.views import Series, Trend


@settled
def trend_lines(trend: Trend, style: Style, width: float = 316, height: float = 168) -> Drawing:
    """Company against benchmarks over months, with direct labels at the line ends."""
    label_width = 84.0 if width < WIDE else 96.0
    known = [value for series in trend.series for value in series.values if value is not None]
    levels = steps(max(known, default=0))
    scale = Scale(14, height - 18, levels[-1], 24, width - label_width - 8, len(trend.days))
    marks = [
        *grid(levels, scale, width - label_width, trend.unit, style),
        *month_labels(trend, scale, height - 5, style),
        *(mark for series in reversed(trend.series) for mark in _one_line(series, scale, style)),
        *_point_labels(trend, scale, style),
        *_end_labels(trend, scale, width - label_width + 2, label_width - 2, style),
    ]
    return Drawing(width, height, tuple(marks), trend_told(trend, style))


def _one_line(series: Series, scale: Scale, style: Style) -> Iterator[Mark]:
    company = series.role == "company"
    colour = style.palette.data if company else style.palette.bench
    width = 2.4 if company else 1.2
    dash = "3 2.4" if series.role == "all_industries" else ""
    for stretch in stretches(series.values):
        points = tuple((scale.x(place), scale.y(value)) for place, value in stretch)
        if len(points) > 1:
            yield Path(points, colour, width, dash)
        if company or len(points) == 1:
            yield from (Dot(x, y, 2.6 if company else 1.6, colour) for x, y in points)
    newest = latest(series)
    if company and newest:
        x, y = scale.x(newest[0]), scale.y(newest[1])
        yield Dot(x, y, 4, style.palette.mark, style.palette.data, 1.6)


def _point_labels(trend: Trend, scale: Scale, style: Style) -> Iterator[Mark]:
    """On the company line: every value of a few points; of many the first, lowest and highest."""
    series = next((one for one in trend.series if one.role == "company"), None)
    if series is None:
        return
    values = [(place, value) for place, value in enumerate(series.values) if value is not None]
    for place, value in worth_a_label(values)[:-1] if len(values) > 1 else []:
        y = scale.y(value)
        crossed = _crossed(trend, place, y - 7 - VALUE / 3, scale)
        below = (crossed or _dips(series.values, place)) and y + 16 < scale.bottom
        below = below and not _crossed(trend, place, y + 10, scale)
        y += 13 if below else -7
        text = shown(value, trend.unit, style)
        x = max(scale.x(place), text_width(text, VALUE, bold=True) / 2)
        yield Text(x, y, text, VALUE, style.palette.data, "middle", bold=True)


def _crossed(trend: Trend, place: int, y: float, scale: Scale) -> bool:
    """True where a benchmark runs through a label whose middle stands at `y`."""
    peers = (series.values[place] for series in trend.series if series.role != "company")
    return any(value is not None and abs(scale.y(value) - y) < VALUE * 0.7 for value in peers)


def _dips(values: Sequence[float | None], place: int) -> bool:
    """True where both neighbours lie higher, so that the label belongs below."""
    here = values[place] or 0.0
    around = [values[near] for near in (place - 1, place + 1) if 0 <= near < len(values)]
    return all(value is not None and value > here for value in around)


def _end_labels(trend: Trend, scale: Scale, x: float, room: float, style: Style) -> Iterator[Mark]:
    """Value and name of each series at its end, pushed apart."""
    ends = [(series, newest[1]) for series in trend.series if (newest := latest(series))]
    places = spread((scale.y(value) for _, value in ends), 25, scale.top + 8, scale.bottom - 8)
    for (series, value), y in zip(ends, places, strict=True):
        company = series.role == "company"
        colour = style.palette.data if company else style.palette.bench
        size = 13.0 if company else 9.5
        yield Text(x, y + 1, shown(value, trend.unit, style), size, colour, bold=True)
        yield Text(x, y + 10.5, fitted(series.label, room, 7.8), 7.8, colour, bold=company)

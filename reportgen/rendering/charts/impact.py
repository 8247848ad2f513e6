"""A year in columns: dark once below the industry, with means of three months."""

from collections.abc import Iterator, Sequence

from reportgen.rendering.charts.marks import WHITE
from reportgen.rendering.charts.scales import (
    AXIS,
    LABEL,
    WIDE,
    Scale,
    Style,
    latest,
    roomy,
    shown,
    steps,
)
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.charts.told import trend_told
from reportgen.rendering.drawing import Box, Drawing, Line, Mark, Path, Text
from reportgen.rendering.lettering import fitted, text_width
from reportgen.views import Trend

_NAMES = 84.0
_AXIS = 22.0
_GROUP = 3


@settled
def impact_columns(trend: Trend, style: Style, width: float = WIDE, height: float = 190) -> Drawing:
    """One column a month with its value; the industry as a dashed line across."""
    values = trend.series[0].values if trend.series else ()
    industry = _industry(trend)
    known = [value for value in values if value is not None]
    levels = steps(max([*known, industry or 0], default=0) * 1.08)
    right = width - _NAMES
    scale = Scale(24, height - 20, levels[-1], _AXIS, right, max(len(values), 1))
    slot = (right - _AXIS) / max(len(values), 1)
    marks: list[Mark] = list(_grid(levels, scale, right, style))
    for place, value in enumerate(values):
        if value is not None:
            marks += _column(value, place, slot, scale, industry, style)
    if industry is not None:
        marks += _line(industry, scale, right, width, style)
    marks += _figures(values, slot, scale, industry, style)
    marks += _means(values, slot, scale, style)
    marks += _months(trend, slot, height - 6, style)
    return Drawing(width, height, tuple(marks), trend_told(trend, style))


def _industry(trend: Trend) -> float | None:
    """The newest month's, where it differs by month."""
    found = (latest(series) for series in trend.series if series.role == "industry")
    return next((newest[1] for newest in found if newest), None)


def _grid(levels: Sequence[float], scale: Scale, right: float, style: Style) -> Iterator[Mark]:
    palette = style.palette
    for level in levels:
        y, base = scale.y(level), level == 0
        yield Line(0, y, right, y, palette.ink if base else palette.rule, 0.8 if base else 0.5)
        if not base:
            last = level == levels[-1]
            text = shown(level, "percent", style) if last else style.words.number(level)
            yield Text(0, y - 2.4, text, AXIS, palette.muted)


def _middle(place: int, slot: float) -> float:
    return _AXIS + slot * (place + 0.5)


def _column(
    value: float, place: int, slot: float, scale: Scale, industry: float | None, style: Style
) -> Iterator[Mark]:
    below = industry is None or value < industry
    fill = style.palette.data if below else style.palette.data_mid
    x, wide = _middle(place, slot), slot * 0.56
    yield Box(x - wide / 2, scale.y(value), wide, scale.bottom - scale.y(value), fill)


def _figures(
    values: Sequence[float | None], slot: float, scale: Scale, industry: float | None, style: Style
) -> Iterator[Mark]:
    """Inside the columns; above them where they are too low; bare where the first has the unit."""
    known = [place for place, value in enumerate(values) if value is not None]
    for place in known:
        value = values[place] or 0.0
        ends = place in (known[0], known[-1])
        text = shown(value, "percent", style) if ends else style.words.number(round(value))
        y = scale.y(value)
        below = industry is None or value < industry
        inside = scale.bottom - y > 16 and not ends
        size = 9.4 if ends else 8.2
        if text_width(text, size, bold=True) > slot - 1:
            continue
        crossed = industry is not None and abs(scale.y(industry) - (y - 7)) < 8 and not inside
        colour = (WHITE if below else style.palette.ink) if inside else style.palette.ink
        base = y + 10.5 if inside else y - 4
        if crossed and scale.bottom - y > 16:
            base, colour = y + 10.5, WHITE if below else style.palette.ink
            size = min(size, 8.2)
        yield Text(_middle(place, slot), base, text, size, colour, "middle", bold=True)


def _line(value: float, scale: Scale, right: float, width: float, style: Style) -> Iterator[Mark]:
    palette, y = style.palette, scale.y(value)
    yield Line(0, y, right, y, palette.ink, 1.2, "4 2.6")
    yield Text(right + 6, y - 1, shown(value, "percent", style), 10, palette.ink, bold=True)
    name = fitted(style.words.text("Industry average"), width - right - 7, 7.8)
    yield Text(right + 6, y + 8.6, name, 7.8, palette.text)


def _means(
    values: Sequence[float | None], slot: float, scale: Scale, style: Style
) -> Iterator[Mark]:
    """A bracket over each whole group of three months, counted back from the newest."""
    first = len(values) % _GROUP
    for start in range(first, len(values), _GROUP):
        group = [value for value in values[start : start + _GROUP] if value is not None]
        if len(group) < _GROUP:
            continue
        label = style.words.text(
            "Mean {value}", value=shown(round(sum(group) / _GROUP), "percent", style)
        )
        left, right = _middle(start, slot) - slot * 0.28, _middle(start + 2, slot) + slot * 0.28
        clear = 17 if start == first == 0 or start + _GROUP == len(values) else 7
        y = max(scale.y(max(group)) - clear, 13)
        points = ((left, y + 4), (left, y), (right, y), (right, y + 4))
        yield Path(points, style.palette.bench, 0.7)
        if text_width(label, LABEL) < right - left + 8:
            yield Text((left + right) / 2, y - 3, label, LABEL, style.palette.text, "middle")


def _months(trend: Trend, slot: float, y: float, style: Style) -> Iterator[Mark]:
    names = [style.words.month(day, short=True) for day in trend.days]
    for place in roomy(names, slot):
        yield Text(_middle(place, slot), y, names[place], LABEL, style.palette.text, "middle")

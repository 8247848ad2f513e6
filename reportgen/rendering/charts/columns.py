"""Counts and parts of a whole over months."""

import math
from collections.abc import Iterator

from reportgen.rendering.charts.scales import (
    AXIS,
    LABEL,
    WIDE,
    Scale,
    Style,
    part_style,
    roomy,
    shown,
    slot_labels,
)
from reportgen.rendering.charts.told import trend_told
from reportgen.rendering.drawing import Box, Drawing, Line, Mark, Text
from reportgen.rendering.lettering import fitted, spread, text_width
from reportgen.views import Series, Trend, Unit


def stacked_columns(
    trend: Trend, style: Style, width: float = WIDE, height: float = 216
) -> Drawing:
    """Parts of a whole per month; the first two are the wanted ones and stand at the base line."""
    label_width = 108.0
    right = width - label_width
    scale = Scale(16, height - 18, 100, 0, right, len(trend.days))
    slot = right / max(len(trend.days), 1)
    marks: list[Mark] = []
    for place in range(len(trend.days)):
        marks += _column(trend, place, slot, scale, style)
    marks += _totals(trend, slot, scale, style)
    marks.append(Line(0, scale.bottom, right, scale.bottom, style.palette.ink, 0.8))
    marks += slot_labels(trend, slot, height - 5, style)
    marks += _part_names(trend, scale, right + 6, label_width - 6, style)
    return Drawing(width, height, tuple(marks), trend_told(trend, style))


def _column(trend: Trend, place: int, slot: float, scale: Scale, style: Style) -> Iterator[Mark]:
    """Drawn to exactly 100: parts the platform rounded up are scaled, their figures are not."""
    wide = min(slot * 0.74, 46)
    bottom = scale.bottom
    for number, share in enumerate(_shares(trend, place)):
        top = bottom - (scale.bottom - scale.top) * share
        fill, outline, hatch = part_style(number, style)
        x = slot * (place + 0.5) - wide / 2
        yield Box(x, top, wide, bottom - top, fill, outline, hatch)
        bottom = top


def _shares(trend: Trend, place: int) -> tuple[float, ...]:
    """The parts of one month, each as a share of their sum; none where nothing was measured."""
    values = [series.values[place] or 0.0 for series in trend.series]
    total = sum(values)
    return tuple(value / total for value in values) if total else ()


def _totals(trend: Trend, slot: float, scale: Scale, style: Style) -> Iterator[Mark]:
    """The sum of the wanted parts above them, where it has room."""
    wanted = trend.series[: 2 if len(trend.series) > 2 else 1]
    sums = [sum(series.values[place] or 0.0 for series in wanted) for place in range(scale.count)]
    labels = [shown(total, trend.unit, style) for total in sums]
    for place in roomy(labels, slot, bold=True):
        shares = _shares(trend, place)
        if shares:
            y = scale.y(100 * sum(shares[: len(wanted)])) - 3.5
            x = slot * (place + 0.5)
            yield Text(x, y, labels[place], LABEL, style.palette.ink, "middle", bold=True)


def _part_names(trend: Trend, scale: Scale, x: float, room: float, style: Style) -> Iterator[Mark]:
    """Name and latest value of each part beside the last column, with its pattern."""
    newest = next((place for place in reversed(range(scale.count)) if _shares(trend, place)), None)
    if newest is None:
        return
    middles, bottom = [], 0.0
    for share in _shares(trend, newest):
        middles.append(scale.y(100 * (bottom + share / 2)))
        bottom += share
    places = spread(middles, 25, scale.top + 8, scale.bottom - 12)
    for number, (series, y) in enumerate(zip(trend.series, places, strict=True)):
        value = series.values[newest] or 0.0
        fill, outline, hatch = part_style(number, style)
        yield Box(x, y - 7, 7, 7, fill, outline, hatch)
        amount = shown(value, trend.unit, style)
        yield Text(x + 11, y, amount, 9.5, style.palette.ink, bold=True)
        label = fitted(series.label, room - 2, 7.8)
        yield Text(x, y + 10, label, 7.8, style.palette.text)


def small_multiples(trend: Trend, style: Style, width: float = WIDE) -> Drawing:
    """One panel of columns for each series, all on one scale, four in a row."""
    per_row = min(4, len(trend.series))
    gap, panel_height = 22.0, 108.0
    panel = (width - gap * (per_row - 1)) / per_row
    known = [value for series in trend.series for value in series.values if value is not None]
    maximum = max(known, default=0) or 1
    marks: list[Mark] = []
    for number, series in enumerate(trend.series):
        left, top = (number % per_row) * (panel + gap), (number // per_row) * panel_height
        marks += _panel(trend, series, left, top, panel, maximum, style)
    rows = math.ceil(len(trend.series) / per_row)
    return Drawing(width, rows * panel_height - 6, tuple(marks), trend_told(trend, style))


def _panel(
    trend: Trend,
    series: Series,
    left: float,
    top: float,
    width: float,
    maximum: float,
    style: Style,
) -> Iterator[Mark]:
    name = fitted(series.label, width, 8.4, bold=True)
    yield Text(left, top + 9, name, 8.4, style.palette.ink, bold=True)
    scale = Scale(top + 28, top + 84, maximum, left, left + width, len(series.values))
    slot = width / max(len(series.values), 1)
    labelled = _labelled_columns(series, slot, trend.unit, style)
    for place, value in enumerate(series.values):
        x = left + slot * (place + 0.5)
        if value is not None:
            y = scale.y(max(value, 0))
            yield Box(x - slot * 0.36, y, slot * 0.72, scale.bottom - y, style.palette.data_mid)
            if place in labelled:
                text = shown(value, trend.unit, style)
                half = text_width(text, LABEL, bold=True) / 2
                middle = min(max(x, left + half), left + width - half)
                yield Text(middle, y - 3, text, LABEL, style.palette.ink, "middle", bold=True)
    yield Line(left, scale.bottom, left + width, scale.bottom, style.palette.ink, 0.8)
    yield from _panel_months(trend, left, slot, scale.bottom + 11, style)


def _labelled_columns(series: Series, slot: float, unit: Unit, style: Style) -> set[int]:
    """All columns where their figures have room; else the highest and the newest."""
    known = {place: value for place, value in enumerate(series.values) if value is not None}
    if not known:
        return set()
    widest = max(
        text_width(shown(value, unit, style), LABEL, bold=True) for value in known.values()
    )
    if widest + 2 <= slot:
        return set(known)
    high = max(known, key=lambda place: known[place])
    apart = abs(high - max(known)) * slot >= widest + 4
    return {high, max(known)} if apart else {max(known)}


def _panel_months(trend: Trend, left: float, slot: float, y: float, style: Style) -> Iterator[Mark]:
    """First and last month where not all have room."""
    names = [style.words.month(day, short=True) for day in trend.days]
    widest = max((text_width(name, AXIS) for name in names), default=0) + 3
    places = range(len(names)) if widest <= slot else sorted({0, len(names) - 1})
    for place in places:
        x = left + slot * (place + 0.5)
        half = text_width(names[place], AXIS) / 2
        middle = min(max(x, left + half), left + slot * len(names) - half)
        yield Text(middle, y, names[place], AXIS, style.palette.text, "middle")

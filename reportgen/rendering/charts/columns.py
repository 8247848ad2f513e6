"""Any series by month: small multiples on one scale."""

import math
from collections.abc import Iterator

from reportgen.rendering.charts.scales import AXIS, LABEL, WIDE, Scale, Style, shown
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.charts.told import trend_told
from reportgen.rendering.drawing import Box, Drawing, Line, Mark, Text
from reportgen.rendering.lettering import fitted, text_width
from reportgen.views import Series, Trend, Unit


@settled
def small_multiples(trend: Trend, style: Style, width: float = WIDE) -> Drawing:
    """One panel of columns for each series, all on one scale, four in a row."""
    per_row = min(4, len(trend.series))
    gap, panel_height = 22.0, 98.0
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
    scale = Scale(top + 26, top + 76, maximum, left, left + width, len(series.values))
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

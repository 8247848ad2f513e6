"""The forms of the report's charts: numbers in, drawings out.

Bars begin at nought. Labels stand at their marks; there is no legend to look up. Every drawing
carries its figures in words.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.rendering.drawing import (
    Box,
    Dot,
    Drawing,
    Line,
    Mark,
    Path,
    Text,
    fitted,
    spread,
    text_width,
)
from reportgen.rendering.palette import Palette, mix
from reportgen.views import Figure, Level, Parts, Ranking, Series, Trend, Unit, Words

WIDE, MIDDLE, HALF = 481.0, 316.0, 233.0
"""Widths in points of 12, 8 and 6 columns."""
_AXIS, _LABEL, _VALUE = 7.4, 8.0, 9.0
_FEW = 6
"""Up to so many points each carries its value."""


@dataclass(frozen=True, slots=True)
class Style:
    """What every chart needs besides its numbers."""

    palette: Palette
    words: Words


# ---- scale ---------------------------------------------------------------------------------


def steps(maximum: float) -> tuple[float, ...]:
    """Round steps from nought to at least `maximum`, five at most."""
    if maximum <= 0:
        return (0.0, 1.0)
    rough = maximum / 5
    magnitude = math.pow(10, math.floor(math.log10(rough)))
    step = next(
        factor * magnitude
        for factor in (1, 2, 2.5, 5, 10)
        if factor * magnitude * 5 >= maximum * (1 - 1e-9)
    )
    count = max(1, math.ceil(maximum / step - 1e-9))
    return tuple(step * place for place in range(count + 1))


def _shown(value: float, unit: Unit, style: Style) -> str:
    return style.words.amount(value, unit)


def _grid(
    levels: Sequence[float], place: "_Scale", right: float, unit: Unit, style: Style
) -> Iterator[Mark]:
    """Grid lines with their numbers above, at the left; the unit on the top one only."""
    for level in levels:
        y = place.y(level)
        base = level == 0
        colour = style.palette.ink if base else style.palette.rule
        yield Line(0, y, right, y, colour, 0.8 if base else 0.5)
        label = _shown(level, unit, style) if level == levels[-1] else style.words.number(level)
        yield Text(0, y - 2.6, label, _AXIS, style.palette.muted)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where values and places stand."""

    top: float
    bottom: float
    maximum: float
    left: float
    right: float
    count: int

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.maximum

    def x(self, place: int) -> float:
        if self.count == 1:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * place / (self.count - 1)


# ---- lines ---------------------------------------------------------------------------------


def trend_lines(trend: Trend, style: Style, width: float = WIDE, height: float = 176) -> Drawing:
    """Company against benchmarks over months, with direct labels at the line ends."""
    label_width = 96.0
    known = [value for series in trend.series for value in series.values if value is not None]
    levels = steps(max(known, default=0))
    scale = _Scale(14, height - 18, levels[-1], 24, width - label_width - 8, len(trend.days))
    marks = [
        *_grid(levels, scale, width - label_width, trend.unit, style),
        *_month_labels(trend, scale, height - 5, style),
        *(mark for series in reversed(trend.series) for mark in _one_line(series, scale, style)),
        *_point_labels(trend, scale, style),
        *_end_labels(trend, scale, width - label_width + 2, label_width - 2, style),
    ]
    return Drawing(width, height, tuple(marks), _told(trend, style))


def _month_labels(trend: Trend, scale: _Scale, y: float, style: Style) -> Iterator[Mark]:
    """Every month, or every second or third where they would touch."""
    names = [style.words.month(day, short=True) for day in trend.days]
    widest = max((text_width(name, _LABEL) for name in names), default=0) + 4
    room = (scale.right - scale.left) / max(len(names) - 1, 1)
    every = max(1, math.ceil(widest / room)) if len(names) > 1 else 1
    last = len(names) - 1
    for place, name in enumerate(names):
        if (last - place) % every == 0:
            yield Text(scale.x(place), y, name, _LABEL, style.palette.text, "middle")


def _one_line(series: Series, scale: _Scale, style: Style) -> Iterator[Mark]:
    company = series.role == "company"
    colour = style.palette.data if company else style.palette.bench
    width = 2.4 if company else 1.2
    dash = "3 2.4" if series.role == "all_industries" else ""
    for stretch in _stretches(series.values):
        points = tuple((scale.x(place), scale.y(value)) for place, value in stretch)
        if len(points) > 1:
            yield Path(points, colour, width, dash)
        if company or len(points) == 1:
            yield from (Dot(x, y, 2.6 if company else 1.6, colour) for x, y in points)
    newest = _newest(series)
    if company and newest:
        x, y = scale.x(newest[0]), scale.y(newest[1])
        yield Dot(x, y, 4, style.palette.mark, style.palette.data, 1.6)


def _stretches(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Runs of values without a gap: a line never bridges what was not measured."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def _newest(series: Series) -> tuple[int, float] | None:
    known = [(place, value) for place, value in enumerate(series.values) if value is not None]
    return known[-1] if known else None


def _point_labels(trend: Trend, scale: _Scale, style: Style) -> Iterator[Mark]:
    """On the company line: every value of a few points; of many the first, lowest and highest."""
    series = next((one for one in trend.series if one.role == "company"), None)
    if series is None:
        return
    values = [(place, value) for place, value in enumerate(series.values) if value is not None]
    for place, value in _worth_a_label(values)[:-1] if len(values) > 1 else []:
        below = _dips(series.values, place)
        y = scale.y(value) + (13 if below else -7)
        text = _shown(value, trend.unit, style)
        x = max(scale.x(place), text_width(text, _VALUE, bold=True) / 2)
        yield Text(x, y, text, _VALUE, style.palette.data, "middle", bold=True)


def _worth_a_label(values: list[tuple[int, float]]) -> list[tuple[int, float]]:
    if len(values) <= _FEW:
        return values
    low = min(values, key=lambda pair: pair[1])
    high = max(values, key=lambda pair: pair[1])
    return sorted({values[0], low, high, values[-1]})


def _dips(values: Sequence[float | None], place: int) -> bool:
    """True where both neighbours lie higher, so that the label belongs below."""
    here = values[place] or 0.0
    around = [values[near] for near in (place - 1, place + 1) if 0 <= near < len(values)]
    return all(value is not None and value > here for value in around)


def _end_labels(trend: Trend, scale: _Scale, x: float, room: float, style: Style) -> Iterator[Mark]:
    """Value and name of each series at its end, pushed apart."""
    ends = [(series, newest[1]) for series in trend.series if (newest := _newest(series))]
    places = spread((scale.y(value) for _, value in ends), 25, scale.top + 8, scale.bottom - 8)
    for (series, value), y in zip(ends, places, strict=True):
        company = series.role == "company"
        colour = style.palette.data if company else style.palette.bench
        size = 13.0 if company else 9.5
        yield Text(x, y + 1, _shown(value, trend.unit, style), size, colour, bold=True)
        yield Text(x, y + 10.5, fitted(series.label, room, 7.8), 7.8, colour, bold=company)


# ---- stacked columns -----------------------------------------------------------------------


def stacked_columns(
    trend: Trend, style: Style, width: float = WIDE, height: float = 190
) -> Drawing:
    """Parts of a whole per month; the first two are the wanted ones and stand at the base line."""
    label_width = 108.0
    scale = _Scale(16, height - 18, 100, 0, width - label_width, len(trend.days))
    slot = (width - label_width) / max(len(trend.days), 1)
    bar = min(slot * 0.74, 46)
    marks: list[Mark] = []
    for place in range(len(trend.days)):
        marks += _column(trend, place, slot * (place + 0.5) - bar / 2, bar, scale, style)
    marks.append(Line(0, scale.bottom, width - label_width, scale.bottom, style.palette.ink, 0.8))
    marks += _slot_labels(trend, slot, height - 5, style)
    marks += _part_names(trend, scale, width - label_width + 6, label_width - 6, style)
    return Drawing(width, height, tuple(marks), _told(trend, style))


def _column(
    trend: Trend, place: int, x: float, width: float, scale: _Scale, style: Style
) -> Iterator[Mark]:
    """Drawn to exactly 100: parts the platform rounded up are scaled, their figures are not."""
    values = [series.values[place] or 0.0 for series in trend.series]
    total = sum(values)
    if not total:
        return
    bottom = 0.0
    for number, value in enumerate(values):
        share = 100 * value / total
        top = scale.y(bottom + share)
        fill, outline, hatch = _part_style(number, style)
        height = scale.y(bottom) - top
        yield Box(x, top, width, height, fill, outline, hatch)
        bottom += share
    wanted = sum(values[:2]) if len(values) > 2 else values[0]
    y = scale.y(100 * wanted / total) - 3.5
    label = _shown(wanted, trend.unit, style)
    if text_width(label, _LABEL, bold=True) <= width + 6:
        yield Text(x + width / 2, y, label, _LABEL, style.palette.ink, "middle", bold=True)


def _part_style(number: int, style: Style) -> tuple[str, str, str]:
    """Fill, outline and hatch: a second category is hatched, so that colour is not needed."""
    palette = style.palette
    return (
        (palette.data, "", ""),
        (palette.data_soft, palette.data, palette.data),
        (palette.rest, "", ""),
        (palette.data_mid, "", ""),
    )[min(number, 3)]


def _slot_labels(trend: Trend, slot: float, y: float, style: Style) -> Iterator[Mark]:
    names = [style.words.month(day, short=True) for day in trend.days]
    widest = max((text_width(name, _LABEL) for name in names), default=0) + 3
    every = max(1, math.ceil(widest / slot))
    last = len(names) - 1
    for place, name in enumerate(names):
        if (last - place) % every == 0:
            yield Text(slot * (place + 0.5), y, name, _LABEL, style.palette.text, "middle")


def _part_names(trend: Trend, scale: _Scale, x: float, room: float, style: Style) -> Iterator[Mark]:
    """Name and latest value of each part beside the last column, with its pattern."""
    latest = [series.values[-1] or 0.0 for series in trend.series]
    total = sum(latest) or 1.0
    middles, bottom = [], 0.0
    for value in latest:
        middles.append(scale.y(100 * (bottom + value / 2) / total))
        bottom += value
    places = spread(middles, 25, scale.top + 8, scale.bottom - 6)
    for number, (series, value, y) in enumerate(zip(trend.series, latest, places, strict=True)):
        fill, outline, hatch = _part_style(number, style)
        yield Box(x, y - 7, 7, 7, fill, outline, hatch)
        amount = _shown(value, trend.unit, style)
        yield Text(x + 11, y, amount, 9.5, style.palette.ink, bold=True)
        label = fitted(series.label, room - 2, 7.8)
        yield Text(x, y + 10, label, 7.8, style.palette.text)


# ---- small multiples -----------------------------------------------------------------------


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
    return Drawing(width, rows * panel_height - 6, tuple(marks), _told(trend, style))


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
    scale = _Scale(top + 28, top + 84, maximum, left, left + width, len(series.values))
    slot = width / max(len(series.values), 1)
    labelled = _labelled_columns(series, slot, trend.unit, style)
    for place, value in enumerate(series.values):
        x = left + slot * (place + 0.5)
        if value is not None:
            y = scale.y(max(value, 0))
            yield Box(x - slot * 0.36, y, slot * 0.72, scale.bottom - y, style.palette.data_mid)
            if place in labelled:
                text = _shown(value, trend.unit, style)
                half = text_width(text, _LABEL, bold=True) / 2
                middle = min(max(x, left + half), left + width - half)
                yield Text(middle, y - 3, text, _LABEL, style.palette.ink, "middle", bold=True)
    yield Line(left, scale.bottom, left + width, scale.bottom, style.palette.ink, 0.8)
    yield from _panel_months(trend, left, slot, scale.bottom + 11, style)


def _labelled_columns(series: Series, slot: float, unit: Unit, style: Style) -> set[int]:
    """All columns where their figures have room; else the highest and the newest."""
    known = {place: value for place, value in enumerate(series.values) if value is not None}
    if not known:
        return set()
    widest = max(
        text_width(_shown(value, unit, style), _LABEL, bold=True) for value in known.values()
    )
    if widest + 2 <= slot:
        return set(known)
    high = max(known, key=lambda place: known[place])
    apart = abs(high - max(known)) * slot >= widest + 4
    return {high, max(known)} if apart else {max(known)}


def _panel_months(trend: Trend, left: float, slot: float, y: float, style: Style) -> Iterator[Mark]:
    """First and last month where not all have room."""
    names = [style.words.month(day, short=True) for day in trend.days]
    widest = max((text_width(name, _AXIS) for name in names), default=0) + 3
    places = range(len(names)) if widest <= slot else sorted({0, len(names) - 1})
    for place in places:
        x = left + slot * (place + 0.5)
        half = text_width(names[place], _AXIS) / 2
        middle = min(max(x, left + half), left + slot * len(names) - half)
        yield Text(middle, y, names[place], _AXIS, style.palette.text, "middle")


# ---- bars ----------------------------------------------------------------------------------


def bullet(level: Level, style: Style, width: float = WIDE, height: float = 62) -> Drawing:
    """One bar against its goal; beyond a ceiling the ground is hatched."""
    palette = style.palette
    maximum = steps(max(level.value, level.goal or 0, 10) * 1.15)[-1]

    def x(value: float) -> float:
        return width * value / maximum

    top, tall = 22.0, 16.0
    marks: list[Mark] = [Box(0, top, width, tall, palette.rest)]
    if level.goal is not None and level.goal_kind == "ceiling":
        marks.append(
            Box(x(level.goal), top, width - x(level.goal), tall, "#FFFFFF", "", palette.rule)
        )
    marks.append(Box(0, top + 3, x(level.value), tall - 6, palette.data))
    text = _shown(level.value, level.unit, style)
    marks.append(
        Text(min(x(level.value) + 5, width - 30), top - 6, text, 13, palette.data, bold=True)
    )
    if level.goal is not None:
        marks += _goal_tick(x(level.goal), top, tall, level, style, width)
    marks.append(Line(0.4, top - 2, 0.4, top + tall + 2, palette.ink, 0.8))
    return Drawing(width, height, tuple(marks), _level_told(level, style))


def _goal_tick(
    x: float, top: float, tall: float, level: Level, style: Style, width: float
) -> Iterator[Mark]:
    palette, words = style.palette, style.words
    yield Line(x, top - 3, x, top + tall + 3, "#FFFFFF", 3.2)
    yield Line(x, top - 3, x, top + tall + 3, palette.ink, 1.4)
    value = _shown(level.goal or 0, level.unit, style)
    message = "Ceiling {value}" if level.goal_kind == "ceiling" else "Target {value}"
    text = words.text(message, value=value)
    half = text_width(text, _LABEL) / 2
    middle = min(max(x, half), width - half)
    yield Text(middle, top + tall + 14, text, _LABEL, palette.text, "middle")


def stacked_bar(parts: Parts, style: Style, width: float = WIDE, height: float = 70) -> Drawing:
    """One bar of parts with their names beneath, and a tick at the target."""
    palette = style.palette
    total = sum(part.share for part in parts.parts) or 1.0
    top, tall, x = 20.0, 20.0, 0.0
    marks: list[Mark] = []
    for number, part in enumerate(parts.parts):
        wide = width * part.share / total
        fill, outline, hatch = _part_style(number, style)
        marks.append(Box(x, top, wide, tall, fill, outline, hatch))
        x += wide
    marks += _names_beneath(parts, width, top + tall + 13, style)
    if parts.target is not None:
        place = width * min(parts.target, 100) / 100
        text = style.words.text("Target {value}", value=_shown(parts.target, "percent", style))
        half = text_width(text, _LABEL, bold=True) / 2
        middle = min(max(place, half), width - half)
        marks.append(Line(place, top - 4, place, top + tall + 4, "#FFFFFF", 3.4))
        marks.append(Line(place, top - 4, place, top + tall + 4, palette.ink, 1.4))
        marks.append(Text(middle, top - 7, text, _LABEL, palette.ink, "middle", bold=True))
    return Drawing(width, height, tuple(marks), _parts_told(parts, style))


def _names_beneath(parts: Parts, width: float, y: float, style: Style) -> Iterator[Mark]:
    """Each part in a column of its own: pattern, share, count, name."""
    column = width / max(len(parts.parts), 1)
    for number, part in enumerate(parts.parts):
        x = column * number
        fill, outline, hatch = _part_style(number, style)
        yield Box(x, y - 6.5, 7, 7, fill, outline, hatch)
        share = _shown(part.share, "percent", style)
        yield Text(x + 11, y, share, 10.5, style.palette.ink, bold=True)
        count = "" if part.count is None else f" ({style.words.number(part.count)})"
        name = fitted(f"{part.name}{count}", column - 16, 8.2)
        yield Text(x + 11, y + 11, name, 8.2, style.palette.text)


def rank_bar(
    value: float, ranking: Ranking, style: Style, width: float = 236, height: float = 20
) -> Drawing:
    """The bar of one row; the average runs as a line through all rows."""
    palette = style.palette
    top_value = max((row.value for row in ranking.rows), default=0)
    maximum = max(top_value, ranking.average or 0, 1)
    room = width - 40

    def x(number: float) -> float:
        return room * number / maximum

    tall = 11.0
    y = (height - tall) / 2
    marks: list[Mark] = [
        Line(0.4, -0.5, 0.4, height + 0.5, palette.ink, 0.8),
        Box(0.8, y, max(x(value) - 0.8, 0), tall, palette.data),
    ]
    text = _shown(value, ranking.unit, style)
    label_x = x(value) + 4
    if ranking.average is not None:
        line = x(ranking.average)
        if value > ranking.average:
            marks.append(Line(line, y, line, y + tall, "#FFFFFF", 3.2))
        marks.append(Line(line, -0.5, line, height + 0.5, palette.ink, 1.1))
        wide = text_width(text, 8.6, bold=True)
        if label_x - 3 < line < label_x + wide + 4:
            label_x = line + 4
    marks.append(Text(label_x, height / 2 + 3, text, 8.6, palette.ink, bold=True))
    return Drawing(width, height, tuple(marks), text, "cell")


# ---- the summary and the cover -------------------------------------------------------------


def spark(figure: Figure, style: Style, width: float = 66, height: float = 24) -> Drawing | None:
    """A line of earlier values, or a bar against the goal; nothing where there is neither."""
    if len(figure.spark) > 1:
        return _spark_line(figure, style, width, height)
    if figure.goal is not None and figure.unit == "percent":
        return _spark_bar(figure, figure.goal.value, style, width, height)
    return None


def _spark_line(figure: Figure, style: Style, width: float, height: float) -> Drawing:
    values = figure.spark
    goal = figure.goal.value if figure.goal else None
    around = [*values, *([goal] if goal is not None else [])]
    low, high = min(around), max(around)
    span = (high - low) or 1.0
    scale = _Scale(4, height - 4, span, 3, width - 5, len(values))
    points = tuple((scale.x(place), scale.y(value - low)) for place, value in enumerate(values))
    marks: list[Mark] = []
    if goal is not None:
        y = scale.y(goal - low)
        marks.append(Line(0, y, width, y, style.palette.bench, 0.8, "2 1.6"))
    marks.append(Path(points, style.palette.data, 1.4))
    marks.append(Dot(*points[-1], 2.6, style.palette.mark, style.palette.data, 1.3))
    shown = ", ".join(_shown(value, figure.unit, style) for value in values)
    return Drawing(width, height, tuple(marks), f"{figure.label}: {shown}", "spark")


def _spark_bar(figure: Figure, goal: float, style: Style, width: float, height: float) -> Drawing:
    palette = style.palette
    maximum = 100 if max(figure.value, goal) > 33 else max(figure.value, goal) * 1.5 or 1
    y = height / 2 - 3.2
    end, tick = width * min(figure.value / maximum, 1), width * min(goal / maximum, 1)
    marks: tuple[Mark, ...] = (
        Box(0, y, width, 6.4, palette.rest),
        Box(0, y, end, 6.4, palette.data),
        Line(tick, y - 4, tick, y + 10.4, "#FFFFFF", 3),
        Line(tick, y - 4, tick, y + 10.4, palette.ink, 1.6),
    )
    shown = _shown(figure.value, figure.unit, style)
    against = _shown(goal, figure.unit, style)
    return Drawing(width, height, marks, f"{figure.label}: {shown} / {against}", "spark")


def cover_line(trend: Trend, style: Style, width: float, height: float = 300) -> Drawing | None:
    """The company's line over its months, large, in the brand's colours; None below two points."""
    series = next((one for one in trend.series if one.role == "company"), None)
    if series is None or sum(value is not None for value in series.values) < 2:
        return None
    palette = style.palette
    known = [(place, value) for place, value in enumerate(series.values) if value is not None]
    bench = _benchmark(trend)
    maximum = max(max(value for _, value in known), bench or 0, 1)
    scale = _Scale(40, height - 26, maximum, 0, width - 76, len(series.values))
    points = tuple((scale.x(place), scale.y(value)) for place, value in known)
    colour = palette.accent_on_primary
    ground = ((points[-1][0], scale.bottom), (points[0][0], scale.bottom))
    marks: list[Mark] = [
        Path((*points, *ground), fill=mix(palette.on_primary, palette.primary, 0.93)),
        Line(0, scale.bottom, scale.right, scale.bottom, palette.on_primary, 1.1),
    ]
    marks += _cover_benchmark(bench, points, scale, style)
    marks.append(Path(points, colour, 2.6))
    marks += [Dot(x, y, 2, colour) for x, y in points]
    marks += _cover_ends(known, points, trend, style)
    marks += [
        Text(mark.x, mark.y, mark.text, _LABEL, palette.on_primary, mark.anchor)
        for mark in _month_labels(trend, scale, height - 8, style)
        if isinstance(mark, Text)
    ]
    return Drawing(width, height, tuple(marks), _told(trend, style), "cover-chart")


def _benchmark(trend: Trend) -> float | None:
    for series in trend.series:
        newest = _newest(series)
        if series.role == "industry" and newest:
            return newest[1]
    return None


def _cover_benchmark(
    bench: float | None, points: tuple[tuple[float, float], ...], scale: _Scale, style: Style
) -> Iterator[Mark]:
    """Named where the company's line leaves most room: at the start or at the end."""
    if bench is None:
        return
    y = scale.y(bench)
    colour = style.palette.on_primary
    yield Line(0, y, scale.right, y, colour, 1, "4 3")
    value = style.words.percent(bench)
    text = style.words.text("Industry average {value}", value=value)
    at_start = abs(points[0][1] - y) >= abs(points[-1][1] - y)
    x = 6.0 if at_start else scale.right - 6
    yield Text(x, y - 4, text, 7.8, colour, "start" if at_start else "end")


def _cover_ends(
    known: list[tuple[int, float]],
    points: tuple[tuple[float, float], ...],
    trend: Trend,
    style: Style,
) -> Iterator[Mark]:
    palette, words = style.palette, style.words
    colour = palette.on_primary
    for place in (0, -1):
        x, y = points[place]
        yield Dot(x, y, 4.4, palette.accent_on_primary, palette.primary, 2)
    first, last = words.percent(known[0][1]), words.percent(known[-1][1])
    x, y = points[0]
    y = _clear_of_line(points)
    yield Text(x + 9, y, first, 19, colour, bold=True)
    said = text_width(first, 19, bold=True)
    yield Text(x + 14 + said, y, words.month(trend.days[known[0][0]]), 8.6, colour)
    x, y = points[-1]
    yield Text(x + 10, y + 2, last, 19, colour, bold=True)
    yield Text(x + 10, y + 13, words.month(trend.days[known[-1][0]], short=True), 8.6, colour)


def _clear_of_line(points: tuple[tuple[float, float], ...]) -> float:
    """The base line of the first point's label, which is about 130 points wide, off the line."""
    x, y = points[0]
    beside = [near for place, near in points[1:] if place <= x + 130] or [y]
    if min(beside) >= y - 3:
        return y - 8
    return y + 24 if max(beside) <= y + 1 else min(beside) - 10


# ---- words for those who cannot see --------------------------------------------------------


def _told(trend: Trend, style: Style) -> str:
    """First and last value of each series, and the extremes of the first one."""
    return "; ".join(_series_told(series, trend, style) for series in trend.series)


def _series_told(series: Series, trend: Trend, style: Style) -> str:
    known = [(place, value) for place, value in enumerate(series.values) if value is not None]
    if not known:
        return series.label
    chosen = dict(_worth_a_label(known))
    said = ", ".join(
        f"{style.words.month(trend.days[place])} {_shown(value, trend.unit, style)}"
        for place, value in sorted(chosen.items())
    )
    return f"{series.label}: {said}"


def _level_told(level: Level, style: Style) -> str:
    value = _shown(level.value, level.unit, style)
    if level.goal is None:
        return value
    message = "Ceiling {value}" if level.goal_kind == "ceiling" else "Target {value}"
    goal = style.words.text(message, value=_shown(level.goal, level.unit, style))
    return f"{value}; {goal}"


def _parts_told(parts: Parts, style: Style) -> str:
    said = "; ".join(f"{part.name} {_shown(part.share, 'percent', style)}" for part in parts.parts)
    if parts.target is None:
        return said
    target = style.words.text("Target {value}", value=_shown(parts.target, "percent", style))
    return f"{said}; {target}"

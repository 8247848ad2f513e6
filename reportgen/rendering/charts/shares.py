"""Parts of a whole: reporting by month, training by progress, mails by outcome, one value."""

from collections.abc import Iterator, Sequence

from reportgen.rendering.charts.marks import (
    WHITE,
    Along,
    clamped,
    on_white,
    reach,
    triangle,
)
from reportgen.rendering.charts.scales import LABEL, Style, part_style, shown, steps
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.charts.told import level_told, outcomes_told, parts_told, trend_told
from reportgen.rendering.drawing import Box, Drawing, Line, Mark, Path, Text
from reportgen.rendering.lettering import fitted, text_width
from reportgen.views import Level, Outcome, Outcomes, Parts, Trend

EIGHT, HALF = 316.0, 233.0
"""Widths in points of eight and of six columns."""


# ---- reporting by month --------------------------------------------------------------------


@settled
def share_bars(trend: Trend, style: Style, width: float = EIGHT) -> Drawing:
    """One bar a month: the reporting parts begin at the base line, and their sum is in words."""
    count = len(trend.days)
    tall = 19.0 if count <= 4 else 13.0 if count <= 8 else 11.0
    row = tall + (13 if count <= 4 else 6 if count <= 8 else 4)
    top = 34.0
    names = [style.words.month(day, short=True) for day in trend.days]
    left = max((text_width(name, 8.6, bold=True) for name in names), default=0) + 8
    marks: list[Mark] = list(_part_names(trend, left, top, tall, width, style))
    for place, name in enumerate(names):
        y = top + row * place
        marks.append(Text(0, y + tall / 2 + 3, name, 8.6, style.palette.ink, bold=True))
        marks += _month(trend, place, left, y, tall, width, style)
    return Drawing(width, top + row * count - (row - tall), tuple(marks), trend_told(trend, style))


def _scaled(trend: Trend, place: int) -> tuple[float, ...]:
    """The parts as shares of their sum: what the platform rounded up still fits the bar."""
    values = [series.values[place] or 0.0 for series in trend.series]
    total = sum(values)
    return tuple(value / total for value in values) if total > 0 else ()


def _month(
    trend: Trend, place: int, left: float, y: float, tall: float, width: float, style: Style
) -> Iterator[Mark]:
    shares = _scaled(trend, place)
    if not shares:
        text = style.words.text("no data")
        yield Text(left + 4, y + tall / 2 + 3, text, LABEL, style.palette.muted)
        return
    x, room = left, width - left
    for number, share in enumerate(shares):
        fill, outline, hatch = part_style(number, style)
        yield Box(x, y, max(room * share - 0.6, 0), tall, fill, outline, hatch)
        x += room * share
    yield from _figures(trend, place, shares, left, y + tall / 2 + 3, width, style)


def _figures(
    trend: Trend, place: int, shares: Sequence[float], left: float, y: float, width: float,
    style: Style,
) -> Iterator[Mark]:  # fmt: skip
    """The first part inside it, the sum behind the reporting parts, the rest at the end."""
    palette, room = style.palette, width - left
    values = [series.values[place] or 0.0 for series in trend.series]
    first = shown(values[0], trend.unit, style)
    if text_width(first, 8.6, bold=True) + 8 < room * shares[0]:
        yield Text(left + room * shares[0] - 4, y, first, 8.6, WHITE, "end", bold=True)
    reported = sum(values[:2]) if len(values) > 2 else values[0]
    ends = left + room * (sum(shares[:2]) if len(values) > 2 else shares[0])
    text = style.words.text("= {value} reported", value=shown(reported, trend.unit, style))
    total = Text(ends + 5, y, text, 9, palette.ink, bold=True)
    fits = reach(total)[1] < width - 4
    if fits:
        yield total
    last = shown(values[-1], trend.unit, style)
    rest = Text(width - 5, y, last, 8.6, palette.text, "end")
    if len(values) > 1 and reach(rest)[0] > (reach(total)[1] + 8 if fits else ends + 4):
        yield rest


def _part_names(
    trend: Trend, left: float, top: float, tall: float, width: float, style: Style
) -> Iterator[Mark]:
    """The parts are named once, above the first bar, with lines that lead to them."""
    place = next((one for one in range(len(trend.days)) if _scaled(trend, one)), None)
    if place != 0 or not trend.series:
        return
    shares, room = _scaled(trend, 0), width - left
    names = [series.label for series in trend.series]
    colour, bench = style.palette.data, style.palette.bench
    middle = left + room * shares[0] / 2
    yield Text(left, top - 20, fitted(names[0], room, LABEL, bold=True), LABEL, colour, bold=True)
    yield Line(middle, top - 17, middle, top - 1.5, colour, 0.6)
    if len(names) < 3:
        return
    last = Text(width - 5, top - 6, names[-1], LABEL, bench, "end")
    yield last
    start = left + room * sum(shares[:2]) + 8
    if start + 20 > reach(last)[0]:
        return
    second = fitted(names[1], reach(last)[0] - start - 8, LABEL, bold=True)
    yield Text(start, top - 6, second, LABEL, colour, bold=True)
    at = left + room * (shares[0] + shares[1] / 2)
    yield Path(((start - 2, top - 8.6), (at, top - 8.6), (at, top - 1.5)), colour, 0.6)


# ---- training by progress ------------------------------------------------------------------


@settled
def stacked_bar(parts: Parts, style: Style, width: float = HALF) -> Drawing:
    """One bar of three parts with their names beneath, and a tick at the target."""
    total = sum(part.share for part in parts.parts) or 1.0
    top, tall, x = 26.0, 20.0, 0.0
    marks: list[Mark] = []
    starts = []
    for number, part in enumerate(parts.parts):
        wide = width * part.share / total
        fill, outline, hatch = _progress(number, style)
        marks.append(Box(x + 0.4, top, max(wide - 0.8, 0), tall, fill, outline, hatch))
        text = shown(part.share, "percent", style)
        start = _beside_target(x + 5, text_width(text, 9.4, bold=True), parts, width)
        if start + text_width(text, 9.4, bold=True) + 5 < x + wide:
            colour = WHITE if number == 0 else style.palette.ink
            figure = Text(start, top + tall / 2 + 3.4, text, 9.4, colour, bold=True)
            marks += on_white(figure) if hatch else (figure,)
        starts.append(x)
        x += wide
    marks += _names_beneath(parts, width, top + tall, style)
    if parts.target is not None:
        marks += _target(parts.target, top, tall, width, style)
    return Drawing(width, 78, tuple(marks), parts_told(parts, style))


def _beside_target(start: float, wide: float, parts: Parts, width: float) -> float:
    """Where a figure begins, so that the tick of the target does not strike it through."""
    if parts.target is None:
        return start
    tick = width * min(parts.target, 100) / 100
    return tick + 4 if start - 4 < tick < start + wide + 4 else start


def _progress(number: int, style: Style) -> tuple[str, str, str]:
    """Done is dark, under way hatched, not begun empty."""
    palette = style.palette
    return (
        (palette.data, "", ""),
        (palette.data_soft, palette.data, palette.data),
        (WHITE, palette.bench, ""),
    )[min(number, 2)]


def _names_beneath(parts: Parts, width: float, y: float, style: Style) -> Iterator[Mark]:
    """Each part in a column of its own, so that narrow parts keep their names."""
    column = width / max(len(parts.parts), 1)
    for number, part in enumerate(parts.parts):
        x = column * number
        fill, outline, hatch = _progress(number, style)
        yield Box(x + 0.4, y + 7.5, 7, 7, fill, outline or style.palette.data, hatch)
        name = fitted(part.name, column - 16, 8.2, bold=True)
        yield Text(x + 12, y + 14, name, 8.2, style.palette.ink, bold=True)
        share = shown(part.share, "percent", style)
        count = "" if part.count is None else f" ({style.words.number(part.count)})"
        yield Text(x + 12, y + 24, share + count, 7.8, style.palette.muted)


def _target(target: float, top: float, tall: float, width: float, style: Style) -> Iterator[Mark]:
    at = width * min(target, 100) / 100
    ink = style.palette.ink
    yield Line(at, top - 6, at, top + tall + 3, WHITE, 3.4)
    yield Line(at, top - 6, at, top + tall + 3, ink, 1.6)
    yield triangle(at, top - 6, 3, ink)
    text = style.words.text("Target {value}", value=shown(target, "percent", style))
    yield clamped(at, top - 12, text, 8.2, ink, (0, width), bold=True)


# ---- one value against its goal ------------------------------------------------------------


@settled
def bullet(level: Level, style: Style, width: float = HALF) -> Drawing:
    """A bar against its goal; the ground beyond a ceiling is hatched, the value before dotted."""
    palette = style.palette
    marks_at = [level.value, level.goal or 0, level.previous or 0]
    levels = steps(max(*marks_at, 10) * 1.12)
    x = Along(0, width, levels[-1])
    top, tall = 24.0, 18.0
    over = level.goal is not None and level.goal_kind == "ceiling" and level.value > level.goal
    colour = palette.bad if over else palette.data
    marks: list[Mark] = [Box(0, top, width, tall, palette.hair)]
    if level.goal is not None and level.goal_kind == "ceiling":
        at = x.at(level.goal)
        marks.append(Box(at, top, width - at, tall, WHITE, "", palette.rule))
    marks.append(Box(0, top + 4.5, x.at(level.value), tall - 9, colour))
    if level.previous is not None:
        at = x.at(level.previous)
        marks.append(Line(at, top, at, top + tall, palette.bench, 1.2, "2 1.5"))
    if level.goal is not None:
        at = x.at(level.goal)
        marks.append(Line(at, top - 5, at, top + tall + 4, WHITE, 3.2))
        marks.append(Line(at, top - 5, at, top + tall + 4, palette.ink, 1.6))
    marks += _bullet_words(level, x, top, tall, width, colour, style)
    marks += _bullet_axis(levels, level, x, top + tall, width, style)
    return Drawing(width, 62, tuple(marks), level_told(level, style))


def _bullet_words(
    level: Level, x: Along, top: float, tall: float, width: float, colour: str, style: Style
) -> Iterator[Mark]:
    """The value behind its bar, or inside it; goal and earlier value above, apart."""
    value = shown(level.value, level.unit, style)
    end, wide = x.at(level.value), text_width(value, 12, bold=True)
    blocked = [x.at(one) for one in (level.goal, level.previous) if one is not None]
    start = max([end, *(at for at in blocked if end - 1 <= at < end + wide + 10)]) + 6
    y = top + tall / 2 + 4.2
    if start + wide < width:
        yield from on_white(Text(start, y, value, 12, colour, bold=True))
    else:
        yield Text(end - 5, y - 1, value, 8.6, WHITE, "end", bold=True)
    goal = None
    if level.goal is not None:
        message = "Ceiling {value}" if level.goal_kind == "ceiling" else "Target {value}"
        text = style.words.text(message, value=shown(level.goal, level.unit, style))
        goal = clamped(x.at(level.goal), top - 8.5, text, 8.4, style.palette.ink, (0, width),
                       bold=True)  # fmt: skip
        yield goal
    if level.previous is not None:
        text = f"{level.previous_label} {shown(level.previous, level.unit, style)}".strip()
        before = clamped(x.at(level.previous), top - 8.5, text, 8, style.palette.bench, (0, width))
        if goal is None or _apart(before, goal):
            yield before


def _apart(one: Text, other: Text) -> bool:
    (a, b), (c, d) = reach(one), reach(other)
    return b + 6 < c or d + 6 < a


def _bullet_axis(
    levels: tuple[float, ...], level: Level, x: Along, y: float, width: float, style: Style
) -> Iterator[Mark]:
    for value in levels:
        at = min(x.at(value), width - 0.3)
        yield Line(at, y + 4, at, y + 7, style.palette.muted, 0.5)
        last = value == levels[-1]
        text = shown(value, level.unit, style) if last else style.words.number(value)
        yield clamped(at, y + 15.5, text, LABEL, style.palette.muted, (0, width))


# ---- mails by outcome ----------------------------------------------------------------------


@settled
def outcome_bars(outcomes: Outcomes, style: Style, width: float = EIGHT) -> Drawing:
    """Ordered bars; confirmed threats are dark."""
    rows, row = outcomes.rows, 25.0
    if not rows:
        return Drawing(width, 1, (), "")
    names = [text_width(each.name, 8.8, bold=True) for each in rows]
    left = min(max(names, default=0) + 10, 110)
    figures = [text_width(_figure(each, style), 8.8) for each in rows]
    room = width - left - max(figures, default=0) - 8
    highest = max((each.count for each in rows), default=0) or 1
    marks: list[Mark] = []
    for place, each in enumerate(rows):
        y, wide = place * row, room * each.count / highest
        fill = style.palette.data if each.threat else style.palette.data_mid
        name = fitted(each.name, left - 8, 8.8, bold=True)
        marks.append(Text(0, y + row / 2 + 3, name, 8.8, style.palette.ink, bold=True))
        marks.append(Box(left, y + 5, wide, row - 10, fill))
        text = _figure(each, style)
        marks.append(Text(left + wide + 5, y + row / 2 + 3, text, 8.8, style.palette.ink))
    bottom = row * len(rows)
    marks.append(Line(left, 1, left, bottom - 1, style.palette.ink, 0.8))
    return Drawing(width, max(bottom, 1), tuple(marks), outcomes_told(outcomes, style))


def _figure(row: Outcome, style: Style) -> str:
    count, share = style.words.number(row.count), shown(row.share, "percent", style)
    return style.words.text("{count}, {share}", count=count, share=share)

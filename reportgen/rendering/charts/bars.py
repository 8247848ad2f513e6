"""One value against its goal, one whole in its parts, one row of a ranking."""

from collections.abc import Iterator

from reportgen.rendering.charts.scales import LABEL, WIDE, Style, part_style, shown, steps
from reportgen.rendering.charts.told import level_told, parts_told
from reportgen.rendering.drawing import Box, Drawing, Line, Mark, Text
from reportgen.rendering.lettering import fitted, text_width
from reportgen.views import Level, Parts, Ranking


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
    text = shown(level.value, level.unit, style)
    marks.append(
        Text(min(x(level.value) + 5, width - 30), top - 6, text, 13, palette.data, bold=True)
    )
    if level.goal is not None:
        marks += _goal_tick(x(level.goal), top, tall, level, style, width)
    marks.append(Line(0.4, top - 2, 0.4, top + tall + 2, palette.ink, 0.8))
    return Drawing(width, height, tuple(marks), level_told(level, style))


def _goal_tick(
    x: float, top: float, tall: float, level: Level, style: Style, width: float
) -> Iterator[Mark]:
    palette, words = style.palette, style.words
    yield Line(x, top - 3, x, top + tall + 3, "#FFFFFF", 3.2)
    yield Line(x, top - 3, x, top + tall + 3, palette.ink, 1.4)
    value = shown(level.goal or 0, level.unit, style)
    message = "Ceiling {value}" if level.goal_kind == "ceiling" else "Target {value}"
    text = words.text(message, value=value)
    half = text_width(text, LABEL) / 2
    middle = min(max(x, half), width - half)
    yield Text(middle, top + tall + 14, text, LABEL, palette.text, "middle")


def stacked_bar(parts: Parts, style: Style, width: float = WIDE, height: float = 70) -> Drawing:
    """One bar of parts with their names beneath, and a tick at the target."""
    palette = style.palette
    total = sum(part.share for part in parts.parts) or 1.0
    top, tall, x = 20.0, 20.0, 0.0
    marks: list[Mark] = []
    for number, part in enumerate(parts.parts):
        wide = width * part.share / total
        fill, outline, hatch = part_style(number, style)
        marks.append(Box(x, top, wide, tall, fill, outline, hatch))
        x += wide
    marks += _names_beneath(parts, width, top + tall + 13, style)
    if parts.target is not None:
        place = width * min(parts.target, 100) / 100
        text = style.words.text("Target {value}", value=shown(parts.target, "percent", style))
        half = text_width(text, LABEL, bold=True) / 2
        middle = min(max(place, half), width - half)
        marks.append(Line(place, top - 4, place, top + tall + 4, "#FFFFFF", 3.4))
        marks.append(Line(place, top - 4, place, top + tall + 4, palette.ink, 1.4))
        marks.append(Text(middle, top - 7, text, LABEL, palette.ink, "middle", bold=True))
    return Drawing(width, height, tuple(marks), parts_told(parts, style))


def _names_beneath(parts: Parts, width: float, y: float, style: Style) -> Iterator[Mark]:
    """Each part in a column of its own: pattern, share, count, name."""
    column = width / max(len(parts.parts), 1)
    for number, part in enumerate(parts.parts):
        x = column * number
        fill, outline, hatch = part_style(number, style)
        yield Box(x, y - 6.5, 7, 7, fill, outline, hatch)
        share = shown(part.share, "percent", style)
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
    text = shown(value, ranking.unit, style)
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

"""The small line or bar beside a key figure."""

from reportgen.rendering.charts.scales import Scale, Style, shown
from reportgen.rendering.drawing import Box, Dot, Drawing, Line, Mark, Path
from reportgen.views import Figure


def spark(figure: Figure, style: Style, width: float = 66, height: float = 24) -> Drawing | None:
    """A line of earlier values, or a bar against the goal; nothing where there is neither."""
    if len(figure.spark) > 1:
        return _spark_line(figure, style, width, height)
    if figure.goal is not None:
        return _spark_bar(figure, figure.goal.value, style, width, height)
    return None


def _spark_line(figure: Figure, style: Style, width: float, height: float) -> Drawing:
    values = figure.spark
    goal = figure.goal.value if figure.goal else None
    around = [*values, *([goal] if goal is not None else [])]
    low, high = min(around), max(around)
    span = (high - low) or 1.0
    scale = Scale(4, height - 4, span, 3, width - 5, len(values))
    points = tuple((scale.x(place), scale.y(value - low)) for place, value in enumerate(values))
    marks: list[Mark] = []
    if goal is not None:
        y = scale.y(goal - low)
        marks.append(Line(0, y, width, y, style.palette.bench, 0.8, "2 1.6"))
    marks.append(Path(points, style.palette.data, 1.4))
    marks.append(Dot(*points[-1], 2.6, style.palette.mark, style.palette.data, 1.3))
    told = ", ".join(shown(value, figure.unit, style) for value in values)
    return Drawing(width, height, tuple(marks), f"{figure.label}: {told}", "spark")


def _whole(figure: Figure, goal: float) -> float:
    """What the bar is a part of: the scale where there is one, else half as much again."""
    highest = max(figure.value, goal)
    if figure.unit == "score":
        return max(5.0, highest)
    if figure.unit == "percent" and highest > 33:
        return max(100.0, highest)
    return highest * 1.5 or 1.0


def _spark_bar(figure: Figure, goal: float, style: Style, width: float, height: float) -> Drawing:
    palette = style.palette
    maximum = _whole(figure, goal)
    y = height / 2 - 3.2
    end, tick = width * min(figure.value / maximum, 1), width * min(goal / maximum, 1)
    marks: tuple[Mark, ...] = (
        Box(0, y, width, 6.4, palette.rest),
        Box(0, y, end, 6.4, palette.data),
        Line(tick, y - 4, tick, y + 10.4, "#FFFFFF", 3),
        Line(tick, y - 4, tick, y + 10.4, palette.ink, 1.6),
    )
    value, against = (shown(number, figure.unit, style) for number in (figure.value, goal))
    return Drawing(width, height, marks, f"{figure.label}: {value} / {against}", "spark")

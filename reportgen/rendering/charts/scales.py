"""Where values and months stand: scales, round steps, grid lines and month names."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.rendering.drawing import Line, Mark, Text
from reportgen.rendering.lettering import text_width
from reportgen.rendering.palette import Palette
from reportgen.views import Series, Trend, Unit, Words

WIDE = 481.0
"""Width in points of all twelve columns."""
AXIS, LABEL, VALUE = 7.4, 8.0, 9.0
"""Type sizes in points."""


@dataclass(frozen=True, slots=True)
class Style:
    """What every chart needs besides its numbers."""

    palette: Palette
    words: Words


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
        and (factor != 2.5 or magnitude >= 10)  # no half steps on an axis of whole numbers
    )
    count = max(1, math.ceil(maximum / step - 1e-9))
    return tuple(step * place for place in range(count + 1))


def shown(value: float, unit: Unit, style: Style) -> str:
    return style.words.amount(value, unit)


@dataclass(frozen=True, slots=True)
class Scale:
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


def grid(
    levels: Sequence[float], place: "Scale", right: float, unit: Unit, style: Style
) -> Iterator[Mark]:
    """Grid lines with their numbers above, at the left; the unit on the top one only."""
    for level in levels:
        y = place.y(level)
        base = level == 0
        colour = style.palette.ink if base else style.palette.rule
        yield Line(0, y, right, y, colour, 0.8 if base else 0.5)
        label = shown(level, unit, style) if level == levels[-1] else style.words.number(level)
        yield Text(0, y - 2.6, label, AXIS, style.palette.muted)


def month_labels(trend: Trend, scale: Scale, y: float, style: Style) -> Iterator[Text]:
    """The months that have room, beneath their points."""
    names = [style.words.month(day, short=True) for day in trend.days]
    room = (scale.right - scale.left) / max(len(names) - 1, 1)
    for place in roomy(names, room):
        yield Text(scale.x(place), y, names[place], LABEL, style.palette.text, "middle")


def slot_labels(trend: Trend, slot: float, y: float, style: Style) -> Iterator[Mark]:
    """The months that have room, each in the middle of its slot."""
    names = [style.words.month(day, short=True) for day in trend.days]
    for place in roomy(names, slot):
        x = slot * (place + 0.5)
        yield Text(x, y, names[place], LABEL, style.palette.text, "middle")


def roomy(labels: Sequence[str], room: float, *, bold: bool = False) -> tuple[int, ...]:
    """Places of the labels to print: all, or every second or third up to the newest."""
    widest = max((text_width(label, LABEL, bold=bold) for label in labels), default=0) + 5
    every = max(1, math.ceil(widest / room)) if len(labels) > 1 else 1
    last = len(labels) - 1
    return tuple(place for place in range(len(labels)) if (last - place) % every == 0)


def latest(series: Series) -> tuple[int, float] | None:
    """Place and value of the newest month that has one."""
    known = [(place, value) for place, value in enumerate(series.values) if value is not None]
    return known[-1] if known else None


def stretches(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Runs of values without a gap: a line never bridges what was not measured."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def part_style(number: int, style: Style) -> tuple[str, str, str]:
    """Fill, outline and hatch: a second category is hatched, so that colour is not needed."""
    palette = style.palette
    return (
        (palette.data, "", ""),
        (palette.data_soft, palette.data, palette.data),
        (palette.rest, "", ""),
        (palette.data_mid, "", ""),
    )[min(number, 3)]

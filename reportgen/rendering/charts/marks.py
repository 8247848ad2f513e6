"""Small marks that several forms share: shapes, and words that stay where they can be read."""

from collections.abc import Iterator

from reportgen.rendering.charts.scales import LABEL, Style
from reportgen.rendering.drawing import Anchor, Box, Dot, Line, Mark, Path, Text
from reportgen.rendering.lettering import text_width

WHITE = "#FFFFFF"


def diamond(x: float, y: float, radius: float, fill: str) -> Path:
    """A filled diamond: the mark that asks for attention."""
    return Path(((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)), fill=fill)


def triangle(x: float, y: float, radius: float, fill: str, *, up: bool = False) -> Path:
    """A filled triangle that points down, or up."""
    way = -1 if up else 1
    top, tip = y - way * radius * 0.85, y + way * radius * 0.85
    return Path(((x - radius, top), (x + radius, top), (x, tip)), fill=fill)


def newest(x: float, y: float, radius: float, style: Style) -> Dot:
    """The dot of the latest value, in the brand's accent."""
    return Dot(x, y, radius, style.palette.mark, style.palette.data, 1.5)


def hollow(x: float, y: float, radius: float, colour: str, width: float = 1.4) -> Dot:
    """A hollow dot: benchmarks, and what is missing."""
    return Dot(x, y, radius, WHITE, colour, width)


def reach(text: Text) -> tuple[float, float]:
    """From where to where a text runs."""
    wide = text_width(text.text, text.size, bold=text.bold)
    start = {"start": text.x, "middle": text.x - wide / 2, "end": text.x - wide}[text.anchor]
    return start, start + wide


def clamped(
    x: float, y: float, text: str, size: float, colour: str, room: tuple[float, float],
    *, bold: bool = False,
) -> Text:  # fmt: skip
    """A text in the middle of `x`, moved so that it stays inside the room."""
    half = text_width(text, size, bold=bold) / 2
    middle = min(max(x, room[0] + half), max(room[1] - half, room[0] + half))
    return Text(middle, y, text, size, colour, "middle", bold)


def on_white(text: Text) -> Iterator[Mark]:
    """A text on a white ground, where it crosses lines or a hatch."""
    yield ground(text)
    yield text


def ground(text: Text) -> Box:
    """The white box a text stands on."""
    left, right = reach(text)
    return Box(left - 1.5, text.y - text.size * 0.82, right - left + 3, text.size * 1.1, WHITE)


def ticks(
    values: tuple[float, ...], labels: tuple[str, ...], x: "Along", y: float, style: Style,
    room: tuple[float, float],
) -> Iterator[Mark]:  # fmt: skip
    """Ticks under a horizontal axis with their numbers, as many as have room."""
    end = -1e9
    last = len(values) - 1
    final = clamped(x.at(values[last]), 0, labels[last], LABEL, "", room)
    final_start = reach(final)[0]
    for place, (value, label) in enumerate(zip(values, labels, strict=True)):
        yield Line(x.at(value), y, x.at(value), y + 3, style.palette.ink, 0.6)
        text = clamped(x.at(value), y + 11.5, label, LABEL, style.palette.text, room)
        left, right = reach(text)
        free = left > end + 4 and (place == last or right < final_start - 4)
        if free:
            end = right
            yield text


class Along:
    """Where a value stands on a horizontal axis that begins at nought."""

    def __init__(self, left: float, right: float, maximum: float) -> None:
        self._left = left
        self._scale = (right - left) / (maximum or 1)

    def at(self, value: float) -> float:
        return self._left + self._scale * value


def bar_label(
    x: float, y: float, text: str, size: float, style: Style, anchor: Anchor = "start"
) -> Text:
    """A bold value in ink."""
    return Text(x, y, text, size, style.palette.ink, anchor, bold=True)

"""A drawing: marks with places and colours, described once, and the painter that makes SVG of it.

One unit is one point. The origin is the top left corner.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Literal

from fontTools.ttLib import TTFont

from reportgen import bundled

Anchor = Literal["start", "middle", "end"]
FAMILY = "Report Sans"
_FALLBACKS = "'Report Sans','Report Arabic','Noto Sans CJK JP','Noto Sans',sans-serif"
_UNKNOWN_WIDTH = 0.62
"""Width in ems of a letter the bundled font does not have."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 0.5
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A broken line through points, or, when `fill` is set, the area within them."""

    points: tuple[tuple[float, float], ...]
    colour: str = "none"
    width: float = 1.5
    dash: str = ""
    fill: str = "none"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, perhaps with an outline or a hatch."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    outline: str = ""
    hatch: str = ""
    """Colour of diagonal lines over the fill."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle, perhaps with an outline."""

    x: float
    y: float
    radius: float
    fill: str
    outline: str = ""
    width: float = 1.2


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `y` is its base line."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: Anchor = "start"
    bold: bool = False


Mark = Line | Path | Box | Dot | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks in painting order, with the words that stand for them."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    alternative: str = ""
    """What the drawing says, for those who cannot see it."""
    kind: str = field(default="chart")
    """CSS class."""


# ---- text ----------------------------------------------------------------------------------


@cache
def _metrics(bold: bool) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    weight = "Semibold" if bold else "Regular"
    with TTFont(bundled.TEMPLATES / "fonts" / f"SourceSans3-{weight}.otf") as font:
        return font.getBestCmap(), dict(font["hmtx"].metrics), font["head"].unitsPerEm


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points, by the bundled font's own metrics."""
    names, widths, units = _metrics(bold)
    return sum(_advance(letter, names, widths, units) for letter in text) * size


def _advance(
    letter: str, names: dict[int, str], widths: dict[str, tuple[int, int]], units: int
) -> float:
    name = names.get(ord(letter))
    return widths[name][0] / units if name else _UNKNOWN_WIDTH


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, cut in the middle with an ellipsis where it is wider than `width` points."""
    if text_width(text, size, bold=bold) <= width:
        return text
    keep = len(text)
    while keep > 2:
        keep -= 1
        cut = f"{text[: (keep + 1) // 2].rstrip()}…{text[len(text) - keep // 2 :].lstrip()}"
        if text_width(cut, size, bold=bold) <= width:
            return cut
    return "…"


def spread(places: Iterable[float], gap: float, low: float, high: float) -> list[float]:
    """The places pushed apart to at least `gap`, order kept, inside `low` to `high`."""
    wanted = list(places)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    moved = [min(max(wanted[index], low), high) for index in order]
    for place in range(1, len(moved)):
        moved[place] = max(moved[place], moved[place - 1] + gap)
    for place in range(len(moved) - 1, -1, -1):
        ceiling = high if place == len(moved) - 1 else moved[place + 1] - gap
        moved[place] = min(moved[place], ceiling)
    result = [0.0] * len(wanted)
    for index, found in zip(order, moved, strict=True):
        result[index] = found
    return result


# ---- the SVG painter -----------------------------------------------------------------------


def svg(drawing: Drawing, name: str = "d") -> str:
    """The drawing as inline SVG; `name` keeps its inner names apart from other drawings'."""
    marks = "".join(_painted(mark, f"{name}-{place}") for place, mark in enumerate(drawing.marks))
    size = f'width="{_n(drawing.width)}pt" height="{_n(drawing.height)}pt"'
    box = f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{drawing.kind}" role="img" {size} {box}>'
        f"<title>{escape(drawing.alternative)}</title>{marks}</svg>"
    )


def _painted(mark: Mark, name: str) -> str:
    match mark:
        case Line():
            return _line(mark)
        case Path():
            return _path(mark)
        case Box():
            return _box(mark, name)
        case Dot():
            outline = _stroke(mark.outline, mark.width)
            place = f'cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}"'
            return f'<circle {place} fill="{mark.fill}"{outline}/>'
        case Text():
            return _text(mark)


def _line(mark: Line) -> str:
    ends = f'x1="{_n(mark.x1)}" y1="{_n(mark.y1)}" x2="{_n(mark.x2)}" y2="{_n(mark.y2)}"'
    return f"<line {ends}{_stroke(mark.colour, mark.width, mark.dash)}/>"


def _path(mark: Path) -> str:
    points = " L".join(f"{_n(x)} {_n(y)}" for x, y in mark.points)
    end = " Z" if mark.fill != "none" else ""
    stroke = _stroke(mark.colour, mark.width, mark.dash) if mark.colour != "none" else ""
    join = ' stroke-linejoin="round" stroke-linecap="round"' if stroke else ""
    return f'<path d="M{points}{end}" fill="{mark.fill}"{stroke}{join}/>'


def _box(mark: Box, name: str) -> str:
    place = (
        f'x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(max(mark.width, 0))}" '
        f'height="{_n(max(mark.height, 0))}"'
    )
    outline = _stroke(mark.outline, 0.75)
    if not mark.hatch:
        return f'<rect {place} fill="{mark.fill}"{outline}/>'
    pattern = (
        f'<defs><pattern id="{name}" width="3" height="3" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="3" height="3" fill="{mark.fill}"/>'
        f'<line x1="0" y1="0" x2="0" y2="3" stroke="{mark.hatch}" stroke-width="0.9"/>'
        f"</pattern></defs>"
    )
    return f'{pattern}<rect {place} fill="url(#{name})"{outline}/>'


def _text(mark: Text) -> str:
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    weight = ' font-weight="600"' if mark.bold else ""
    return (
        f'<text x="{_n(mark.x)}" y="{_n(mark.y)}" font-family="{_FALLBACKS}" '
        f'font-size="{_n(mark.size)}" fill="{mark.colour}"{anchor}{weight}>'
        f"{escape(mark.text)}</text>"
    )


def _stroke(colour: str, width: float, dash: str = "") -> str:
    if not colour:
        return ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{colour}" stroke-width="{_n(width)}"{dashes}'


def _n(number: float) -> str:
    """At most two decimals, no trailing noughts: short and the same on every machine."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

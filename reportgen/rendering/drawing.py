"""A drawing: marks with places and colours, described once for every painter.

One unit is one point. The origin is the top left corner.
"""

from dataclasses import dataclass, field
from typing import Literal

Anchor = Literal["start", "middle", "end"]


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

"""The painter that draws straight into a PDF page.

A document asks for `<img src="chart:1">`; WeasyPrint is handed a ready picture under that address,
which writes PDF operators and one run of text for each label: about ten times cheaper than an SVG,
whose letters the engine sets one by one. Labels are shaped by the engine's own text layout, with
the document's fonts, so that Arabic joins and other scripts fall back.

This leans on interfaces WeasyPrint does not document. They are all in this file; `available` is
False for any version it was not tested with, and the SVG painter takes over.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import weasyprint
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.draw import text as engine
from weasyprint.matrix import Matrix
from weasyprint.text.line_break import split_first_line

from reportgen.rendering.drawing import Box, Dot, Drawing, Line, Mark, Path, Text
from reportgen.rendering.lettering import right_to_left

TESTED = "70."
SCHEME = "chart:"
"""How the addresses of drawings begin."""
FAMILIES = ("Report Sans", "Report Arabic", "Noto Sans CJK JP", "Noto Sans", "sans-serif")
_CIRCLE = 0.5522847498
"""Length of the handles that make a quarter circle of a Bézier curve, for a radius of one."""
_HATCH = 4.2426
"""Points between the lines of a hatch, measured along an edge."""

Rgb = tuple[float, float, float]


def available() -> bool:
    """True where this painter was tested with the installed WeasyPrint."""
    return str(weasyprint.__version__).startswith(TESTED)


def pictures(drawings: Mapping[str, Drawing]) -> dict[str, "Picture"]:
    """The image cache of a render: address → picture."""
    return {address: Picture(drawing) for address, drawing in drawings.items()}


class Picture:
    """A drawing in the place of an image."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, ...]:
        """Width, height and ratio, in CSS pixels."""
        wide, high = self._drawing.width * 4 / 3, self._drawing.height * 4 / 3
        return wide, high, wide / high if high else 1.0

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Paint into a page's content stream, `width` by `height` CSS pixels large."""
        if not self._drawing.width or not self._drawing.height:
            return
        stream.transform(a=width / self._drawing.width, d=height / self._drawing.height)
        pen = _Pen(stream, style)
        for mark in self._drawing.marks:
            pen.paint(mark)


class _Style(dict[str, Any]):
    """What the engine's text layout asks of a style."""

    font_config: Any


class _Pen:
    """Writes marks as operators."""

    def __init__(self, stream: Any, style: Any) -> None:
        self._stream = stream
        self._fonts = style.font_config

    def paint(self, mark: Mark) -> None:
        """One mark, leaving no state behind."""
        with self._stream.stacked():
            match mark:
                case Line():
                    self._stroke(mark.colour, mark.width, mark.dash)
                    self._stream.move_to(mark.x1, mark.y1)
                    self._stream.line_to(mark.x2, mark.y2)
                    self._stream.stroke()
                case Path():
                    self._path(mark)
                case Box():
                    self._box(mark)
                case Dot():
                    self._dot(mark)
                case Text():
                    self._text(mark)

    def _fill(self, colour: str) -> None:
        self._stream.set_color_rgb(*_rgb(colour))

    def _stroke(self, colour: str, width: float, dash: str = "") -> None:
        self._stream.set_color_rgb(*_rgb(colour), True)
        self._stream.set_line_width(width)
        if dash:
            self._stream.set_dash([float(part) for part in dash.split()], 0)

    def _path(self, mark: Path) -> None:
        filled, stroked = mark.fill != "none", mark.colour != "none"
        if filled:
            self._fill(mark.fill)
        if stroked:
            self._stroke(mark.colour, mark.width, mark.dash)
            self._stream.set_line_cap(1)
            self._stream.set_line_join(1)
        for place, (x, y) in enumerate(mark.points):
            (self._stream.line_to if place else self._stream.move_to)(x, y)
        if filled:
            self._stream.close()
        self._finish(filled=filled, stroked=stroked)

    def _box(self, mark: Box) -> None:
        width, height = max(mark.width, 0), max(mark.height, 0)
        self._fill(mark.fill)
        self._stream.rectangle(mark.x, mark.y, width, height)
        self._stream.fill()
        if mark.hatch:
            self._hatch(mark, width, height)
        if mark.outline:
            self._stroke(mark.outline, 0.75)
            self._stream.rectangle(mark.x, mark.y, width, height)
            self._stream.stroke()

    def _hatch(self, mark: Box, width: float, height: float) -> None:
        with self._stream.stacked():
            self._stream.rectangle(mark.x, mark.y, width, height)
            self._stream.clip()
            self._stream.end()
            self._stroke(mark.hatch, 0.6)
            for x1, y1, x2, y2 in _diagonals(mark.x, mark.y, width, height):
                self._stream.move_to(x1, y1)
                self._stream.line_to(x2, y2)
            self._stream.stroke()

    def _dot(self, mark: Dot) -> None:
        self._fill(mark.fill)
        if mark.outline:
            self._stroke(mark.outline, mark.width)
        x, y, radius = mark.x, mark.y, mark.radius
        handle = radius * _CIRCLE
        self._stream.move_to(x + radius, y)
        for ax, ay, bx, by in ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)):
            self._stream.curve_to(
                x + ax * radius + bx * handle, y + ay * radius + by * handle,
                x + bx * radius + ax * handle, y + by * radius + ay * handle,
                x + bx * radius, y + by * radius,
            )  # fmt: skip
        self._stream.close()
        self._finish(filled=True, stroked=bool(mark.outline))

    def _finish(self, *, filled: bool, stroked: bool) -> None:
        if filled and stroked:
            self._stream.fill_and_stroke()
        elif filled:
            self._stream.fill()
        else:
            self._stream.stroke()

    def _text(self, mark: Text) -> None:
        if not mark.text.strip():
            return
        style = self._style(mark)
        layout, _, _, width, _, _ = split_first_line(mark.text, style, None, math.inf, 0)
        x = mark.x - {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
        self._fill(mark.colour)
        layout.reactivate(style)
        self._stream.begin_text()
        box = _Run(layout, style)
        engine.draw_first_line(self._stream, box, "none", "none", Matrix(d=-1, e=x, f=mark.y))
        self._stream.end_text()
        layout.deactivate()

    def _style(self, mark: Text) -> _Style:
        style = _Style(INITIAL_VALUES)
        style.font_config = self._fonts
        direction: Literal["ltr", "rtl"] = "rtl" if right_to_left(mark.text) else "ltr"
        style.update(
            font_family=list(FAMILIES),
            font_size=mark.size,
            font_weight=600 if mark.bold else 400,
            direction=direction,
        )
        return style


class _Run:
    """One line of text, as the engine's drawing takes it."""

    def __init__(self, layout: Any, style: _Style) -> None:
        self.pango_layout = layout
        self.style = style

    @property
    def text(self) -> str:
        return str(self.pango_layout.text)


def _diagonals(
    x: float, y: float, width: float, height: float
) -> Iterator[tuple[float, float, float, float]]:
    """Lines from the upper end to the lower start, over the whole rectangle."""
    offset = _HATCH / 2
    while offset < width + height:
        yield x + offset, y, x + offset - height, y + height
        offset += _HATCH


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue

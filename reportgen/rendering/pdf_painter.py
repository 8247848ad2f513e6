"""The painter that draws straight into a PDF page.

A document asks for `<img src="chart:1">`; WeasyPrint is handed a ready picture under that address,
which writes PDF operators and one run of text for each label: about ten times cheaper than an SVG,
whose letters the engine sets one by one. Labels are shaped by the engine's own text layout, with
the document's fonts, so that Arabic joins and other scripts fall back.

This leans on interfaces WeasyPrint does not document. They are all in this file; `available` is
False for any version it was not tested with, and the SVG painter takes over.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import pydyf
import weasyprint
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.draw import text as engine
from weasyprint.matrix import Matrix
from weasyprint.text.line_break import Layout, line_size

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

Words = tuple[str, float, bool]
"""Text, size, bold."""
Shown = tuple[float, bytes]
"""Width, and the operators that show it."""


def available() -> bool:
    """True where this painter was tested with the installed WeasyPrint."""
    return str(weasyprint.__version__).startswith(TESTED)


def pictures(drawings: Mapping[str, Drawing]) -> dict[str, "Picture"]:
    """The image cache of a render: address → picture. They share the words they have set."""
    setter = _Setter()
    return {address: Picture(drawing, setter) for address, drawing in drawings.items()}


class Picture:
    """A drawing in the place of an image."""

    def __init__(self, drawing: Drawing, setter: "_Setter") -> None:
        self._drawing = drawing
        self._setter = setter

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, ...]:
        """Width, height and ratio, in CSS pixels."""
        wide, high = self._drawing.width * 4 / 3, self._drawing.height * 4 / 3
        return wide, high, wide / high if high else 1.0

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Paint into a page's content stream, `width` by `height` CSS pixels large."""
        if not self._drawing.width or not self._drawing.height:
            return
        stream.transform(a=width / self._drawing.width, d=height / self._drawing.height)
        pen = _Pen(stream, style.font_config, self._setter)
        for mark in self._drawing.marks:
            pen.paint(mark)


class _Style(dict[str, Any]):
    """What the engine's text layout asks of a style."""

    font_config: Any


class _Pen:
    """Writes marks as operators, each mark leaving no state behind."""

    def __init__(self, stream: Any, fonts: Any, setter: "_Setter") -> None:
        self._stream = stream
        self._fonts = fonts
        self._setter = setter

    def paint(self, mark: Mark) -> None:
        """One mark."""
        match mark:
            case Line():
                self._put(_line(mark))
            case Path():
                self._put(_path(mark))
            case Box():
                self._put(_box(mark))
            case Dot():
                self._put(_dot(mark))
            case Text():
                if mark.text.strip():
                    self._put(self._text(mark))

    def _put(self, operators: bytes) -> None:
        self._stream.stream.append(b"q\n%b\nQ" % operators)

    def _text(self, mark: Text) -> bytes:
        words = mark.text, mark.size, mark.bold
        width, run = self._setter.set(words, self._stream, self._fonts)
        x = mark.x - {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
        place = b"1 0 0 -1 %b %b Tm" % _numbers(x, mark.y)
        return b"%b\nBT\n%b\n%b\nET" % (_fill(mark.colour), place, run)


class _Setter:
    """Sets words by the engine's text layout, the same ones of a document once."""

    def __init__(self) -> None:
        self._layouts: dict[tuple[float, bool, bool], Layout] = {}
        self._shown: dict[Words, Shown] = {}

    def set(self, words: Words, stream: Any, fonts: Any) -> Shown:
        """As they are shown in this stream."""
        if words not in self._shown:
            self._shown[words] = self._set(words, stream.clone(), fonts)
        return self._shown[words]

    def _set(self, words: Words, page: Any, fonts: Any) -> Shown:
        text, size, bold = words
        layout = self._layout(size, bold, right_to_left(text), fonts)
        layout.set_text(text)
        line, _ = layout.get_first_line()
        width, _ = line_size(line, layout.style)
        engine.draw_first_line(page, _Run(layout), "none", "none", Matrix())
        return width, b"\n".join(page.stream[1:])

    def _layout(self, size: float, bold: bool, leftwards: bool, fonts: Any) -> Layout:
        key = size, bold, leftwards
        if key not in self._layouts:
            style = _Style(INITIAL_VALUES)
            style.font_config = fonts
            style.update(
                font_family=list(FAMILIES),
                font_size=size,
                font_weight=600 if bold else 400,
                direction="rtl" if leftwards else "ltr",
            )
            self._layouts[key] = Layout(style)
        return self._layouts[key]


def _line(mark: Line) -> bytes:
    ends = b"%b %b m\n%b %b l\nS" % _numbers(mark.x1, mark.y1, mark.x2, mark.y2)
    return b"%b\n%b" % (_stroke(mark.colour, mark.width, mark.dash), ends)


def _path(mark: Path) -> bytes:
    filled, stroked = mark.fill != "none", mark.colour != "none"
    parts = [_fill(mark.fill)] if filled else []
    if stroked:
        parts += [_stroke(mark.colour, mark.width, mark.dash), b"1 J\n1 j"]
    for place, (x, y) in enumerate(mark.points):
        parts.append((b"%b %b l" if place else b"%b %b m") % _numbers(x, y))
    if filled:
        parts.append(b"h")
    return b"\n".join((*parts, _finish(filled=filled, stroked=stroked)))


def _box(mark: Box) -> bytes:
    width, height = max(mark.width, 0), max(mark.height, 0)
    area = b"%b %b %b %b re" % _numbers(mark.x, mark.y, width, height)
    parts = [_fill(mark.fill), area, b"f"]
    if mark.hatch:
        lines = _diagonals(mark.x, mark.y, width, height)
        parts += [b"q", area, b"W\nn", _stroke(mark.hatch, 0.6)]
        parts += [b"%b %b m\n%b %b l" % _numbers(*line) for line in lines]
        parts += [b"S\nQ"]
    if mark.outline:
        parts += [_stroke(mark.outline, 0.75), area, b"S"]
    return b"\n".join(parts)


def _dot(mark: Dot) -> bytes:
    x, y, radius = mark.x, mark.y, mark.radius
    handle = radius * _CIRCLE
    left, west, middle, east, right = _numbers(x - radius, x - handle, x, x + handle, x + radius)
    top, north, centre, south, bottom = _numbers(y - radius, y - handle, y, y + handle, y + radius)
    circle = b"%b %b m\n%b %b %b %b %b %b c\n%b %b %b %b %b %b c\n" % (
        *(right, centre),
        *(right, south, east, bottom, middle, bottom),
        *(west, bottom, left, south, left, centre),
    ) + b"%b %b %b %b %b %b c\n%b %b %b %b %b %b c\nh" % (
        *(left, north, west, top, middle, top),
        *(east, top, right, north, right, centre),
    )
    parts = [_fill(mark.fill), circle, _finish(filled=True, stroked=bool(mark.outline))]
    if mark.outline:
        parts.insert(1, _stroke(mark.outline, mark.width))
    return b"\n".join(parts)


def _fill(colour: str) -> bytes:
    return b"%b %b %b rg" % _rgb(colour)


def _stroke(colour: str, width: float, dash: str = "") -> bytes:
    line = b"%b RG\n%b w" % (b" ".join(_rgb(colour)), *_numbers(width))
    dashes = _numbers(*map(float, dash.split()))
    return line + b"\n[%b] 0 d" % b" ".join(dashes) if dash else line


def _finish(*, filled: bool, stroked: bool) -> bytes:
    if filled and stroked:
        return b"B"
    return b"f" if filled else b"S"


class _Run:
    """One line of text, as the engine's drawing takes it."""

    def __init__(self, layout: Layout) -> None:
        self.pango_layout = layout
        self.style = layout.style
        self.text = layout.text


def _diagonals(
    x: float, y: float, width: float, height: float
) -> Iterator[tuple[float, float, float, float]]:
    """Lines from the upper end to the lower start, over the whole rectangle."""
    offset = _HATCH / 2
    while offset < width + height:
        yield x + offset, y, x + offset - height, y + height
        offset += _HATCH


@lru_cache(256)
def _rgb(colour: str) -> tuple[bytes, ...]:
    return _numbers(*(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)))


def _numbers(*numbers: float) -> tuple[bytes, ...]:
    """As they stand in a PDF."""
    return tuple(map(pydyf._to_bytes, numbers))

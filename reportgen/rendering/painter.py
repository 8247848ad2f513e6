"""The painter that makes inline SVG of a drawing, for print and for a browser."""

from html import escape

from reportgen.rendering.drawing import Anchor, Box, Dot, Drawing, Line, Mark, Path, Text
from reportgen.rendering.lettering import joins

_FAMILY = "'Report Sans','Report Arabic','Noto Sans CJK JP','Noto Sans',sans-serif"
_BASE_LINE = 0.91
"""From the top of a word's box to its base line, in ems, where lines are 1.2 ems high."""


def painted(drawing: Drawing, name: str = "d") -> str:
    """
    The drawing as inline HTML; `name` keeps its inner names apart from other drawings'.

    The PDF engine sets the letters of an SVG one by one, which breaks Arabic and the like apart:
    such words are laid over the drawing as ordinary text.
    """
    words = [mark for mark in drawing.marks if isinstance(mark, Text) and joins(mark.text)]
    if not words:
        return svg(drawing, name)
    laid = "".join(_word(mark, drawing.width) for mark in words)
    rest = tuple(mark for mark in drawing.marks if mark not in words)
    drawn = svg(
        Drawing(drawing.width, drawing.height, rest, drawing.alternative, drawing.kind), name
    )
    size = f"width:{_n(drawing.width)}pt;height:{_n(drawing.height)}pt"
    return f'<div class="drawing" style="{size}">{drawn}{laid}</div>'


def _word(mark: Text, width: float) -> str:
    edges: dict[Anchor, str] = {
        "start": f"left:{_n(mark.x)}pt",
        "middle": f"left:{_n(mark.x - width / 2)}pt;width:{_n(width)}pt;text-align:center",
        "end": f"right:{_n(width - mark.x)}pt",
    }
    weight = ";font-weight:600" if mark.bold else ""
    top = mark.y - _BASE_LINE * mark.size
    look = f"{edges[mark.anchor]};top:{_n(top)}pt;font-size:{_n(mark.size)}pt;color:{mark.colour}"
    return f'<span class="word" dir="auto" style="{look}{weight}">{escape(mark.text)}</span>'


def svg(drawing: Drawing, name: str) -> str:
    """The drawing as one SVG element."""
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
        f'<line x1="1.5" y1="0" x2="1.5" y2="3" stroke="{mark.hatch}" stroke-width="0.6"/>'
        f"</pattern></defs>"
    )
    return f'{pattern}<rect {place} fill="url(#{name})"{outline}/>'


def _text(mark: Text) -> str:
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    weight = ' font-weight="600"' if mark.bold else ""
    return (
        f'<text x="{_n(mark.x)}" y="{_n(mark.y)}" font-family="{_FAMILY}" '
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

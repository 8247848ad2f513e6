"""Of pictures: the same sign or logo stands in a document many times."""

from collections.abc import Callable
from typing import Any

import pydyf
from weasyprint.svg import SVG

from reportgen.rendering.tuning.swaps import Swap

_SHAPES = frozenset(("circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect"))
_SILENT = frozenset(("defs", "desc", "metadata", "style", "title"))
_AWAY = frozenset(
    ("clip-path", "filter", "marker", "marker-end", "marker-mid", "marker-start", "mask", "opacity")
)
"""Attributes that lead to other parts of a drawing, or to a sheet beside the page."""
_STATE = (
    "_current_color",
    "_current_color_stroke",
    "_current_alpha",
    "_current_alpha_stroke",
)
"""What a page remembers so as not to say it twice."""


def _draw(original: Callable[..., None]) -> Callable[..., None]:
    """What shapes wrote once is written again, where the page is in the same state as then."""

    def draw(
        self: Any, stream: Any, width: float, height: float, base_url: Any, context: Any
    ) -> None:
        known = vars(self).setdefault("written", {})
        state = (width, height, *(getattr(stream, name) for name in _STATE))
        if state in known and _of_shapes(self):
            _write_again(stream, *known[state])
            return
        start = len(stream.stream)
        original(self, stream, width, height, base_url, context)
        written = stream.stream[start:]
        known[state] = written, _transparencies(stream, written)

    return draw


def _of_shapes(svg: Any) -> bool:
    """True where only shapes are drawn, with colours and nothing else."""
    if "of_shapes" not in vars(svg):
        svg.of_shapes = type(svg) is SVG and _plain(svg.tree) and all(map(_shape, svg.tree))
    found: bool = svg.of_shapes
    return found


def _shape(node: Any) -> bool:
    if node.tag in _SILENT:
        return True
    return node.tag in _SHAPES and _plain(node) and all(map(_shape, node))


def _plain(node: Any) -> bool:
    return _AWAY.isdisjoint(node.attrib) and not any(
        "url(" in text for text in node.attrib.values()
    )


def _transparencies(stream: Any, written: list[Any]) -> dict[str, Any]:
    """What was looked up among the resources of a page, in its order."""
    names = [item[1:-3].decode() for item in written if type(item) is bytes and item[-3:] == b" gs"]
    return {name: stream._resources["ExtGState"][name] for name in names}


def _write_again(stream: Any, written: list[Any], transparencies: dict[str, Any]) -> None:
    stream.stream += written
    for name, found in transparencies.items():
        stream._resources["ExtGState"].setdefault(name, pydyf.Dictionary(found))
    for name in (*_STATE, "_current_font"):
        setattr(stream, name, None)


SWAPS = (Swap((SVG,), "draw", _draw),)

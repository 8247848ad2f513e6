"""Of drawing: colours, outlines, the names of tags."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from weasyprint import draw
from weasyprint.draw import border
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags
from weasyprint.pdf.stream import Stream

from reportgen.rendering.tuning.swaps import Swap


def _set_color(original: Callable[..., None]) -> Callable[..., None]:
    """Colours of the screen as they are, without copies on the way."""

    def set_color(self: Any, color: Any, stroke: bool = False) -> None:
        coordinates = color.coordinates
        if color.space != "srgb" or len(coordinates) != 3:
            original(self, color, stroke)
            return
        self.set_alpha(color.alpha, stroke)
        key = ("srgb", *coordinates)
        name = "_current_color_stroke" if stroke else "_current_color"
        if getattr(self, name) != key:
            setattr(self, name, key)
            red, green, blue = coordinates
            self.set_color_rgb(red or 0.0, green or 0.0, blue or 0.0, stroke)

    return set_color


def _draw_outline(original: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Hardly any box has one: its colour is not looked up before that is known."""

    def draw_outline(stream: Any, box: Any) -> None:
        if box.style["outline_width"]:
            original(stream, box)
            return
        for child in box.children:
            if isinstance(child, boxes.Box):
                draw_outline(stream, child)

    return draw_outline


SWAPS = (
    Swap((Stream,), "set_color", _set_color),
    Swap((border, draw), "draw_outline", _draw_outline),
    Swap((tags,), "_get_pdf_tag", lru_cache(1024)),
)

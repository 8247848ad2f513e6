"""Of computed values: what nearly every box is asked for stands there from the beginning."""

from typing import Any

from weasyprint.css import AnonymousStyle, ComputedStyle, tinycss2
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_VALUES, Dimension
from weasyprint.css.tokens import Pending

from reportgen.rendering.tuning.swaps import Swap

_SIDES = ("top", "right", "bottom", "left")
_PLAIN_NAMES = (
    *(f"{box}{side}" for box in ("", "margin_", "padding_") for side in _SIDES),
    *(f"border_{side}_style" for side in _SIDES),
    *(f"border_{end}_{side}_radius" for end in ("top", "bottom") for side in ("left", "right")),
    *(f"{bound}{size}" for bound in ("", "min_", "max_") for size in ("width", "height")),
    *("anchor", "appearance", "background_color", "background_image", "bookmark_level"),
    *("bookmark_state", "border_image_source", "box_decoration_break", "box_shadow", "box_sizing"),
    *("break_after", "break_before", "clear", "column_count", "column_width", "continue"),
    *("counter_increment", "counter_reset", "counter_set", "image_orientation"),
    *("mask_border_source", "max_lines", "opacity", "outline_color", "outline_offset"),
    *("outline_style", "overflow", "string_set", "transform", "vertical_align"),
    "z_index",
)
_WIDTHS = {
    **{f"border_{side}_style": f"border_{side}_width" for side in _SIDES},
    "outline_style": "outline_width",
}
"""Nought as long as there is no line."""
_PLAIN = {name: INITIAL_VALUES[name] for name in _PLAIN_NAMES} | dict.fromkeys(_WIDTHS.values(), 0)
_IN_FLOW = {name: INITIAL_VALUES[name] for name in ("position", "float")}
_PLAIN_IN_FLOW = _PLAIN | _IN_FLOW
_LOGICAL = frozenset(
    twin(block="ttb", inline=inline)
    for twin in PHYSICAL_FUNCTIONS.values()
    for inline in ("ltr", "rtl")
)
_FROM_PARENT = frozenset(INHERITED) | {
    *("page", "text_decoration_line", "text_decoration_style", "text_decoration_thickness")
}
"""What is the parent's where nothing is declared."""
_ATOMS = frozenset((str, int, float, type(None), Dimension, tinycss2.color5.Color))


def fill(style: Any) -> None:
    """Put in what is as it was before any declaration."""
    cascaded = style.cascaded
    if not _LOGICAL.isdisjoint(cascaded) or _turned(cascaded):
        return
    style.update(_PLAIN)
    if "position" not in cascaded and "float" not in cascaded:
        style.update(_IN_FLOW)
        style.specified.update(_IN_FLOW)
    for name in cascaded:
        style.pop(name, None)
        if name in _WIDTHS:
            style.pop(_WIDTHS[name], None)


def _turned(cascaded: Any) -> bool:
    """Whether to resolve the direction may warn, so that it must be asked when the engine would."""
    return "direction" in cascaded and isinstance(cascaded["direction"][0], Pending)


def _computed_value(original: Any) -> Any:
    def missing(self: Any, key: str) -> Any:
        parent = self.parent_style
        if (
            parent is not None
            and (key in _FROM_PARENT or key[:2] == "__")
            and key not in self.cascaded
        ):
            value = parent[key]
            if type(value) in _ATOMS or not check_math(value):
                self[key] = value
                return value
        return original(self, key)

    return missing


def _anonymous(original: Any) -> Any:
    def init(self: Any, parent_style: Any) -> None:
        self.update(_PLAIN_IN_FLOW)
        original(self, parent_style)

    return init


SWAPS: tuple[Swap, ...] = (
    Swap((ComputedStyle,), "__missing__", _computed_value),
    Swap((AnonymousStyle,), "__init__", _anonymous),
)

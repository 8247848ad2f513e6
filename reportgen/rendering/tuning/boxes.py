"""Of the sizes and places of boxes.

Nearly every length of a report is plain pixels, nearly every box is in the flow and has no
background, and mostly no float is in the way; the engine asks each time as if it did not know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

from weasyprint.css import AnonymousStyle
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.layout import (
    absolute,
    background,
    block,
    column,
    grid,
    inline,
    page,
    percent,
    table,
)
from weasyprint.layout import float as floats

from reportgen.rendering.tuning.swaps import Swap

Box = Any
Style = Any
_SIDES = ("top", "right", "bottom", "left")
_ACROSS = (
    *(f"margin_{side}" for side in _SIDES),
    *(f"padding_{side}" for side in _SIDES),
    "width",
    "min_width",
    "max_width",
)
"""Lengths whose percentages are of the width of the box around."""
_DOWN = ("height", "min_height", "max_height")
_LEAST = ("min_width", "min_height")
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
_RADII = tuple(f"border_{corner}_radius" for corner in _CORNERS)
_SQUARE = dict.fromkeys(_RADII, (0, 0))
_NO_LENGTH = (0, "px")
_PAINTED = (
    *_RADII,
    "background_color",
    "background_image",
    "border_image_source",
    "box_shadow",
    "mask_border_source",
)
"""Properties that give a box something behind its content, or round corners; none is inherited."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """The lengths of a style."""

    fixed: dict[str, Any]
    across: tuple[tuple[str, Any], ...]
    """Percentages of a width."""
    down: tuple[tuple[str, Any], ...]
    """Percentages of a height."""
    collapses: bool
    """Borders may be settled with the neighbours'."""
    content_box: bool


def _lengths(style: Style) -> Lengths | None:
    """None where a length must be calculated."""
    known = style.__dict__
    if "lengths" not in known:
        known["lengths"] = _told(style)
    found: Lengths | None = known["lengths"]
    return found


def _told(style: Style) -> Lengths | None:
    fixed: dict[str, Any] = {}
    shares: dict[str, Any] = {}
    for name in (*_ACROSS, *_DOWN):
        value = style[name]
        if value is None or value == "auto":
            fixed[name] = 0 if value == "auto" and name in _LEAST else value
        elif (unit := getattr(value, "unit", None)) is None:
            return None
        elif unit == "%":
            shares[name] = value.value
        else:
            fixed[name] = value.value
    collapses = style["border_collapse"] == "collapse"
    if not collapses:
        fixed |= {name: style[name] for name in _BORDERS}
    return Lengths(
        fixed,
        tuple((name, share) for name, share in shares.items() if name in _ACROSS),
        tuple((name, share) for name, share in shares.items() if name in _DOWN),
        collapses,
        style["box_sizing"] == "content-box",
    )


def _resolve_percentages(original: Callable[[Box, Any], None]) -> Callable[[Box, Any], None]:
    def resolve_percentages(box: Box, containing_block: Any) -> None:
        is_simple = isinstance(box, boxes.Box) and not isinstance(box, boxes.PageBox)
        lengths = _lengths(box.style) if is_simple else None
        if lengths is None:
            original(box, containing_block)
            return
        box.__dict__.update(lengths.fixed)
        if lengths.across or lengths.down:
            _resolve_shares(box, lengths, containing_block)
        if lengths.collapses:
            _resolve_borders(box)
        if not lengths.content_box:
            percent.adjust_box_sizing(box, "width")
            percent.adjust_box_sizing(box, "height")

    return resolve_percentages


def _resolve_shares(box: Box, lengths: Lengths, around: Any) -> None:
    is_box = isinstance(around, boxes.Box)
    width, height = (around.width, around.height) if is_box else around
    for name, share in lengths.across:
        setattr(box, name, width * share / 100)
    for name, share in lengths.down:
        setattr(box, name, _of_height(name, share, height))


def _resolve_borders(box: Box) -> None:
    """Those that were settled with the neighbours stay."""
    for name in _BORDERS:
        if not hasattr(box, name):
            setattr(box, name, box.style[name])


def _of_height(name: str, share: Any, height: Any) -> Any:
    if height != "auto":
        return height * share / 100
    if name == "height":
        return "auto"
    return (0 if name == "min_height" else inf) * share / 100


def _is_in_normal_flow(original: Callable[[Box], bool]) -> Callable[[Box], bool]:
    def is_in_normal_flow(self: Box) -> bool:
        style = self.style
        if style["float"] == "none" and style["position"] in ("static", "relative"):
            return True
        return original(self)

    return is_in_normal_flow


def _avoid_collisions(original: Callable[..., Any]) -> Callable[..., Any]:
    def avoid_collisions(context: Any, box: Box, containing_block: Any, outer: bool = True) -> Any:
        is_simple = box.style["float"] == "none" and containing_block.style["direction"] == "ltr"
        if outer or context.excluded_shapes or not is_simple:
            return original(context, box, containing_block, outer)
        left, right = box.margin_left, box.margin_right
        start = containing_block.content_box_x() + left
        end = containing_block.content_box_x() + containing_block.width - right
        return start - left, box.border_box_y() - box.margin_top, end - start

    return avoid_collisions


def _get_clearance(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_clearance(context: Any, box: Box, direction: str, collapsed_margin: Any = 0) -> Any:
        if not (context.excluded_shapes or context.broken_out_of_flow):
            return None
        return original(context, box, direction, collapsed_margin)

    return get_clearance


def _layout_box_backgrounds(original: Callable[..., None]) -> Callable[..., None]:
    def layout_box_backgrounds(
        page: Box,
        box: Box,
        get_image_from_uri: Any,
        layout_children: bool = True,
        style: Style | None = None,
    ) -> None:
        is_simple = style is None and box is not page and isinstance(box, boxes.Box)
        if not (is_simple and layout_children and _is_bare(box.style)):
            original(page, box, get_image_from_uri, layout_children, style)
            return
        box.__dict__.update(_SQUARE)
        for child in box.all_children():
            layout_box_backgrounds(page, child, get_image_from_uri)
        box.background = None

    return layout_box_backgrounds


def _is_bare(style: Style) -> bool:
    """True if nothing is behind the content, and no corner is round."""
    known = style.__dict__
    if "bare" not in known:
        known["bare"] = _has_nothing_set(style) or _shows_nothing(style)
    return bool(known["bare"])


def _has_nothing_set(style: Style) -> bool:
    return type(style) is AnonymousStyle and not any(name in style for name in _PAINTED)


def _shows_nothing(style: Style) -> bool:
    if not all(_NO_LENGTH in style[name] for name in _RADII):
        return False
    if style["border_image_source"][0] != "none" or style["mask_border_source"][0] != "none":
        return False
    if style["visibility"] != "hidden" and (
        any(value is not None for _, value in style["background_image"])
        or get_color(style, "background_color").alpha
    ):
        return False
    return not style["box_shadow"]


SWAPS = (
    Swap(
        (absolute, block, column, floats, grid, inline, page, percent, table),
        "resolve_percentages",
        _resolve_percentages,
    ),
    Swap((boxes.Box,), "is_in_normal_flow", _is_in_normal_flow),
    Swap((block, floats, inline), "avoid_collisions", _avoid_collisions),
    Swap((block, floats), "get_clearance", _get_clearance),
    Swap((background,), "layout_box_backgrounds", _layout_box_backgrounds),
)

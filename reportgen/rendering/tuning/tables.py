"""Of the borders of tables that share them.

Every cell, row and column has a say in every border around it. The engine works out anew each time
what it says; here that is done once for all that have the same style.
"""

from collections.abc import Callable
from typing import Any

from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import build
from weasyprint.layout.table import TRANSPARENT

from reportgen.rendering.tuning.swaps import Swap

Border = tuple[tuple[int, Any, int], tuple[str, Any, Any]]
"""How strong it is, and its style, width and colour."""
Lines = list[list[Border]]
_SIDES = ("top", "right", "bottom", "left")
_WEAKEST_FIRST = (
    *("none", "inset", "groove", "outset", "ridge"),
    *("dotted", "dashed", "solid", "double", "hidden"),
)
_SCORES = {style: score for score, style in enumerate(_WEAKEST_FIRST)}
_DRAWN_AS = {"inset": "ridge", "outset": "groove"}
_NONE: Border = ((0, 0, _SCORES["none"]), ("none", 0, TRANSPARENT))
_HIDDEN: Border = ((1, 0, _SCORES["hidden"]), ("hidden", 0, TRANSPARENT))


class _Grid:
    """The lines between cells, left to right and top to bottom."""

    def __init__(self, width: int, height: int) -> None:
        self.upright: Lines = [[_NONE] * (width + 1) for _ in range(height)]
        self.level: Lines = [[_NONE] * width for _ in range(height + 1)]
        self._known: dict[int, tuple[Border, ...]] = {}

    def claim(self, box: Any, x: int, y: int, width: int, height: int) -> None:
        """Draw the box's borders where they are stronger than what is there."""
        if id(box.style) not in self._known:
            self._known[id(box.style)] = tuple(_border(box.style, side) for side in _SIDES)
        top, right, bottom, left = self._known[id(box.style)]
        for line in self.upright[y : y + height]:
            _claim(line, x, left)
            _claim(line, x + width, right)
        for column in range(x, x + width):
            _claim(self.level[y], column, top)
            _claim(self.level[y + height], column, bottom)

    def hide_inside(self, x: int, y: int, width: int, height: int) -> None:
        """No line runs through a cell."""
        for line in self.upright[y : y + height]:
            line[x + 1 : x + width] = [_HIDDEN] * (width - 1)
        for line in self.level[y + 1 : y + height]:
            line[x : x + width] = [_HIDDEN] * width

    def widths(self, x: int, y: int, width: int, height: int) -> tuple[Any, ...]:
        """Of the widest line on each side."""
        rows = self.upright[y : y + height]
        return (
            max(border[1][1] for border in self.level[y][x : x + width]),
            max(row[x + width][1][1] for row in rows),
            max(border[1][1] for border in self.level[y + height][x : x + width]),
            max(row[x][1][1] for row in rows),
        )


def _border(style: Any, side: str) -> Border:
    name, width = style[f"border_{side}_style"], style[f"border_{side}_width"]
    color = get_color(style, f"border_{side}_color")
    score = (1 if name == "hidden" else 0, width, _SCORES[name])
    return score, (_DRAWN_AS.get(name, name), width, color)


def _claim(line: list[Border], place: int, border: Border) -> None:
    if line[place][0] < border[0]:
        line[place] = border


def _collapse_table_borders(original: Callable[..., Any]) -> Callable[..., Any]:
    def collapse_table_borders(table: Any, grid_width: int, grid_height: int) -> Any:
        is_empty = not (grid_width and grid_height)
        if is_empty or table.style["direction"] != "ltr":
            return original(table, grid_width, grid_height)
        rows = [row for group in table.children for row in group.children]
        grid = _Grid(grid_width, grid_height)
        _claim_all(grid, table, rows, grid_width, grid_height)
        _settle(grid, table, rows, grid_width, grid_height)
        return grid.upright, grid.level

    return collapse_table_borders


def _claim_all(grid: _Grid, table: Any, rows: list[Any], width: int, height: int) -> None:
    """In the engine's order: of equally strong borders the first one wins."""
    for y, row in enumerate(rows):
        for cell in row.children:
            grid.hide_inside(cell.grid_x, y, cell.colspan, cell.rowspan)
            grid.claim(cell, cell.grid_x, y, cell.colspan, cell.rowspan)
    for y, row in enumerate(rows):
        grid.claim(row, 0, y, width, 1)
    y = 0
    for group in table.children:
        grid.claim(group, 0, y, width, len(group.children))
        y += len(group.children)
    for group in table.column_groups:
        for column in group.children:
            grid.claim(column, column.grid_x, 0, 1, height)
    for group in table.column_groups:
        grid.claim(group, group.grid_x, 0, group.span, height)
    grid.claim(table, 0, 0, width, height)


def _settle(grid: _Grid, table: Any, rows: list[Any], width: int, height: int) -> None:
    """Half of each line is the cell's; the table's own sides are those of its first row."""
    columns = [column for group in table.column_groups for column in group.children]
    for box in (*table.children, *rows, *table.column_groups, *columns):
        _set(box, (0, 0, 0, 0))
    for y, row in enumerate(rows):
        for cell in row.children:
            _set(cell, grid.widths(cell.grid_x, y, cell.colspan, cell.rowspan))
    top, _, bottom, _ = grid.widths(0, 0, width, height)
    _, right, _, left = grid.widths(0, 0, width, 1)
    _set(table, (top, right, bottom, left))


def _set(box: Any, widths: tuple[Any, ...]) -> None:
    for side, width in zip(_SIDES, widths, strict=True):
        setattr(box, f"border_{side}_width", width / 2)


SWAPS = (Swap((build,), "collapse_table_borders", _collapse_table_borders),)

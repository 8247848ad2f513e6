"""Of lines, blocks, tables and pages."""

from reportgen.rendering.tuning import boxes, pages, tables, text
from reportgen.rendering.tuning.swaps import Swap

SWAPS: tuple[Swap, ...] = (*text.SWAPS, *pages.SWAPS, *boxes.SWAPS, *tables.SWAPS)

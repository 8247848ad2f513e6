"""Of drawing: pages, borders, text and pictures."""

from reportgen.rendering.tuning.swaps import Swap

SWAPS: tuple[Swap, ...] = ()

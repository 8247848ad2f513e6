"""Of drawing, fonts and the writing of the file."""

from reportgen.rendering.tuning.swaps import Swap

SWAPS: tuple[Swap, ...] = ()

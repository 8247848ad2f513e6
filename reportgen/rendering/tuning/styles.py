"""Of the cascade and the boxes."""

from reportgen.rendering.tuning.swaps import Swap

SWAPS: tuple[Swap, ...] = ()

"""View model → HTML → PDF."""

from reportgen.rendering.palette import palette
from reportgen.rendering.press import Press

__all__ = ["Press", "palette"]

"""The forms of the report's charts: numbers in, drawings out.

Bars begin at nought. Labels stand at their marks; there is no legend to look up. Every drawing
carries its figures in words.
"""

from reportgen.rendering.charts.bars import bullet, rank_bar, stacked_bar
from reportgen.rendering.charts.columns import small_multiples, stacked_columns
from reportgen.rendering.charts.cover import cover_line
from reportgen.rendering.charts.lines import trend_lines
from reportgen.rendering.charts.scales import Style, steps
from reportgen.rendering.charts.sparks import spark

__all__ = [
    "Style",
    "bullet",
    "cover_line",
    "rank_bar",
    "small_multiples",
    "spark",
    "stacked_bar",
    "stacked_columns",
    "steps",
    "trend_lines",
]

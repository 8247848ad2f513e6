"""The forms of the report's charts: numbers in, drawings out.

Bars begin at nought. Labels stand at their marks; there is no legend to look up. Every drawing
carries its figures in words.
"""

from reportgen.rendering.charts.activity import activity_bars, enrolment_columns
from reportgen.rendering.charts.columns import small_multiples
from reportgen.rendering.charts.cover import cover_line
from reportgen.rendering.charts.culture import culture_scale
from reportgen.rendering.charts.impact import impact_columns
from reportgen.rendering.charts.lines import trend_lines
from reportgen.rendering.charts.people import dot_stands_for, people_dots
from reportgen.rendering.charts.rows import campaign_bar, rank_bar
from reportgen.rendering.charts.scales import Style, steps
from reportgen.rendering.charts.shares import bullet, outcome_bars, share_bars, stacked_bar
from reportgen.rendering.charts.sparks import spark
from reportgen.rendering.charts.times import dumbbells, failure_times, histogram

__all__ = [
    "Style",
    "activity_bars",
    "bullet",
    "campaign_bar",
    "cover_line",
    "culture_scale",
    "dot_stands_for",
    "dumbbells",
    "enrolment_columns",
    "failure_times",
    "histogram",
    "impact_columns",
    "outcome_bars",
    "people_dots",
    "rank_bar",
    "share_bars",
    "small_multiples",
    "spark",
    "stacked_bar",
    "steps",
    "trend_lines",
]

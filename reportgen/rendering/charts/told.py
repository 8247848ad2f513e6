"""What a drawing says, in words, for those who cannot see it."""

from reportgen.rendering.charts.scales import Style, shown
from reportgen.views import Level, Parts, Series, Trend

_FEW = 6
"""Up to so many points each carries its value."""


def worth_a_label(values: list[tuple[int, float]]) -> list[tuple[int, float]]:
    if len(values) <= _FEW:
        return values
    low = min(values, key=lambda pair: pair[1])
    high = max(values, key=lambda pair: pair[1])
    return sorted({values[0], low, high, values[-1]})


def trend_told(trend: Trend, style: Style) -> str:
    """First and last value of each series, and the extremes of the first one."""
    return "; ".join(_series_told(series, trend, style) for series in trend.series)


def _series_told(series: Series, trend: Trend, style: Style) -> str:
    known = [(place, value) for place, value in enumerate(series.values) if value is not None]
    if not known:
        return series.label
    chosen = dict(worth_a_label(known))
    said = ", ".join(
        f"{style.words.month(trend.days[place])} {shown(value, trend.unit, style)}"
        for place, value in sorted(chosen.items())
    )
    return f"{series.label}: {said}"


def level_told(level: Level, style: Style) -> str:
    value = shown(level.value, level.unit, style)
    if level.goal is None:
        return value
    message = "Ceiling {value}" if level.goal_kind == "ceiling" else "Target {value}"
    goal = style.words.text(message, value=shown(level.goal, level.unit, style))
    return f"{value}; {goal}"


def parts_told(parts: Parts, style: Style) -> str:
    said = "; ".join(f"{part.name} {shown(part.share, 'percent', style)}" for part in parts.parts)
    if parts.target is None:
        return said
    target = style.words.text("Target {value}", value=shown(parts.target, "percent", style))
    return f"{said}; {target}"

"""What a drawing says, in words, for those who cannot see it."""

from collections.abc import Iterable, Iterator

from reportgen.rendering.charts.scales import Style, shown
from reportgen.views import (
    Crowd,
    Culture,
    FailureTimes,
    Histogram,
    Level,
    Outcomes,
    Parts,
    Reactions,
    Series,
    Trend,
)

_FEW = 6
"""Up to so many points each carries its value."""
_MOST = 12
"""So many rows are told one by one."""


def worth_a_label(values: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Every value of a few points; of many the first, the last, the lowest and the highest."""
    if len(values) <= _FEW:
        return values
    low = min(values, key=lambda pair: pair[1])
    high = max(values, key=lambda pair: pair[1])
    return sorted({values[0], low, high, values[-1]})


def trend_told(trend: Trend, style: Style) -> str:
    """First, last and extreme values of each series."""
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
    """The value, what it is measured against, and the value before."""
    return "; ".join(_level_parts(level, style))


def _level_parts(level: Level, style: Style) -> Iterator[str]:
    yield shown(level.value, level.unit, style)
    if level.goal is not None:
        message = "Ceiling {value}" if level.goal_kind == "ceiling" else "Target {value}"
        yield style.words.text(message, value=shown(level.goal, level.unit, style))
    if level.previous is not None:
        yield f"{level.previous_label} {shown(level.previous, level.unit, style)}".strip()


def parts_told(parts: Parts, style: Style) -> str:
    """Each part and the target."""
    said = "; ".join(f"{part.name} {shown(part.share, 'percent', style)}" for part in parts.parts)
    if parts.target is None:
        return said
    target = style.words.text("Target {value}", value=shown(parts.target, "percent", style))
    return f"{said}; {target}"


def reactions_told(reactions: Reactions, style: Style) -> str:
    """The median of each campaign."""
    rows = reactions.rows[:_MOST]
    return _listed(f"{row.name}: {shown(row.median, 'minutes', style)}" for row in rows)


def histogram_told(spread: Histogram, style: Style) -> str:
    """The share of each stretch of minutes, and the median."""
    words = style.words
    said = _listed(
        f"{words.number(bucket.start)}–{words.number(bucket.end)}: "
        f"{shown(bucket.values[0], 'percent', style)}"
        if bucket.end is not None
        else f"{words.number(bucket.start)}+: {shown(bucket.values[0], 'percent', style)}"
        for bucket in spread.buckets
    )
    if spread.median is None:
        return said
    median = words.text("Median {value}", value=shown(spread.median, "minutes", style))
    return f"{median}; {said}"


def failures_told(data: FailureTimes, style: Style) -> str:
    """The averages beside the industry's, then the counts of each stretch of minutes."""
    words = style.words
    peers = [
        f"{peer.label}: {shown(peer.value, 'minutes', style)}"
        + (
            ", " + words.text("{value} industry", value=shown(peer.industry, "minutes", style))
            if peer.industry is not None
            else ""
        )
        for peer in data.peers
    ]
    counts = [
        f"{shown(bucket.end or 0, 'minutes', style)}: "
        f"{words.number(bucket.values[0])} + {words.number(bucket.values[1])}"
        for bucket in data.buckets
    ]
    return _listed([*peers, f"{data.names[0]} + {data.names[1]}", *counts])


def culture_told(culture: Culture, style: Style) -> str:
    """Score, benchmark and surveys."""
    number = style.words.number
    parts = [f"{culture.company} {number(culture.score, 2)}"]
    if culture.benchmark is not None:
        parts.append(f"{culture.benchmark_label} {number(culture.benchmark, 2)}")
    parts += [f"{each.name} {number(each.score, 1)}" for each in culture.surveys]
    return _listed(parts)


def outcomes_told(outcomes: Outcomes, style: Style) -> str:
    """Count and share of each outcome."""
    number = style.words.number
    return _listed(
        f"{row.name}: {number(row.count)}, {shown(row.share, 'percent', style)}"
        for row in outcomes.rows
    )


def crowd_told(crowd: Crowd, style: Style) -> str:
    """How many are marked, among how many."""
    number = style.words.number
    rest = crowd.total - crowd.marked
    return f"{crowd.marked_name}: {number(crowd.marked)}; {crowd.other_name}: {number(rest)}"


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts)

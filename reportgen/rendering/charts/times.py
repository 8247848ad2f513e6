"""Time charts: reactions by campaign, their spread, and how soon people fail."""

from collections.abc import Iterator

from reportgen.rendering.charts.marks import (
    WHITE,
    Along,
    clamped,
    diamond,
    hollow,
    newest,
    on_white,
    reach,
    ticks,
    triangle,
)
from reportgen.rendering.charts.scales import LABEL, WIDE, Style, shown, steps
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.charts.told import failures_told, histogram_told, reactions_told
from reportgen.rendering.drawing import Box, Dot, Drawing, Line, Mark, Text
from reportgen.rendering.lettering import fitted, text_width
from reportgen.views import Bucket, FailureTimes, Histogram, Peer, Reaction, Reactions

_NAMES = 150.0
"""Room for the names of campaigns."""
_ROW = 25.0
_OPEN_ENDED = 1.5
"""An open-ended bucket is drawn so many times as wide as the one before it."""


# ---- reactions by campaign -----------------------------------------------------------------


@settled
def dumbbells(reactions: Reactions, style: Style, width: float = WIDE) -> Drawing:
    """From the quickest reaction, hollow, to the median, filled; the slowest is a diamond."""
    rows = reactions.rows
    if not rows:
        return Drawing(width, 1, (), "")
    levels = steps(max((row.median for row in rows), default=1))
    x = Along(_NAMES, width - 52, levels[-1])
    bottom = 17 + _ROW * len(rows)
    marks: list[Mark] = list(_time_grid(levels, x, bottom, width, style))
    slowest = max(rows, key=lambda row: row.median, default=None)
    several = len({row.median for row in rows}) > 1
    for place, row in enumerate(rows):
        y = 17 + _ROW * place + _ROW / 2
        marks += _reaction(row, y, x, style, hot=several and row is slowest)
    marks += _column_heads(rows, x, style)
    return Drawing(width, bottom + 17, tuple(marks), reactions_told(reactions, style))


def _time_grid(
    levels: tuple[float, ...], x: Along, bottom: float, width: float, style: Style
) -> Iterator[Mark]:
    palette = style.palette
    for level in levels:
        base = level == 0
        at = x.at(level)
        colour = palette.ink if base else palette.rule
        yield Line(at, 15, at, bottom, colour, 0.8 if base else 0.5)
        last = level == levels[-1]
        label = shown(level, "minutes", style) if last else style.words.number(level)
        yield clamped(at, bottom + 11, label, LABEL, palette.muted, (0, width))


def _reaction(row: Reaction, y: float, x: Along, style: Style, *, hot: bool) -> Iterator[Mark]:
    palette = style.palette
    colour = palette.bad if hot else palette.data
    name = fitted(row.name, _NAMES - 10, 8.6, bold=True)
    yield Text(0, y - 0.6 if row.detail else y + 3, name, 8.6, palette.ink, bold=True)
    if row.detail:
        yield Text(0, y + 8.4, fitted(row.detail, _NAMES - 10, 7.6), 7.6, palette.muted)
    end = x.at(row.median)
    if row.quickest is not None:
        start = x.at(row.quickest)
        yield Line(start, y, end, y, palette.bad if hot else palette.data_mid, 2.4)
        yield hollow(start, y, 3, colour)
        label = style.words.number(row.quickest)
        if end - start > text_width(label, 7.8) + 14:
            yield Text(start + 5, y - 4.6, label, 7.8, palette.text)
    yield diamond(end, y, 5, colour) if hot else Dot(end, y, 4, colour)
    yield Text(end + 8, y + 3, shown(row.median, "minutes", style), 8.8, colour, bold=True)


def _column_heads(rows: tuple[Reaction, ...], x: Along, style: Style) -> Iterator[Mark]:
    """The two marks are named once, above the first row, where both names have room."""
    if not rows:
        return
    first = rows[0]
    median = clamped(
        x.at(first.median), 9, style.words.text("Median"), LABEL, style.palette.data,
        (_NAMES, x.at(first.median) + 60), bold=True,
    )  # fmt: skip
    yield median
    if first.quickest is not None:
        quickest = Text(
            x.at(first.quickest) - 2, 9, style.words.text("Quickest"), LABEL, style.palette.bench
        )
        if reach(quickest)[1] + 6 < reach(median)[0]:
            yield quickest


# ---- the spread of reactions ---------------------------------------------------------------


@settled
def histogram(spread: Histogram, style: Style, width: float = WIDE, height: float = 150) -> Drawing:
    """A true time axis; the area of a column is its share; the median as a line."""
    buckets = _closed(spread.buckets)
    if not buckets:
        return Drawing(width, 1, (), "")
    palette, bottom = style.palette, height - 20.0
    densities = [bucket.values[0] / _length(bucket) for bucket in buckets]
    highest = max(densities) or 1
    x = Along(6, width - 22, buckets[-1].end or 1)
    peak = densities.index(max(densities))
    marks: list[Mark] = []
    for place, bucket in enumerate(buckets):
        tall = (bottom - 30) * densities[place] / highest
        fill = palette.data if place <= peak else palette.data_mid
        left, right = x.at(bucket.start), x.at(bucket.end or 0)
        marks.append(Box(left + 0.5, bottom - tall, max(right - left - 1, 0.5), tall, fill))
        marks += _share(bucket, left, right, bottom - tall, tall, style, dark=place <= peak)
    marks.append(Line(0, bottom, width, bottom, palette.ink, 0.8))
    marks += _minutes(spread.buckets, buckets, x, bottom, width, style)
    if spread.median is not None and spread.median <= (buckets[-1].end or 0):
        marks += _median(spread.median, x, bottom, width, style)
    return Drawing(width, height, tuple(marks), histogram_told(spread, style))


def _closed(buckets: tuple[Bucket, ...]) -> tuple[Bucket, ...]:
    """An open-ended last bucket gets an end to be drawn to."""
    if not buckets or buckets[-1].end is not None:
        return buckets
    last = buckets[-1]
    before = _length(buckets[-2]) if len(buckets) > 1 else 60.0
    return (*buckets[:-1], Bucket(last.start, last.start + before * _OPEN_ENDED, last.values))


def _length(bucket: Bucket) -> float:
    return max((bucket.end or bucket.start + 1) - bucket.start, 0.001)


def _share(
    bucket: Bucket, left: float, right: float, top: float, tall: float, style: Style, *, dark: bool
) -> Iterator[Mark]:
    """In the column where it has room, else above it; away from the median's line."""
    text = shown(bucket.values[0], "percent", style)
    wide = text_width(text, 8.4, bold=True)
    if wide > right - left - 1:
        return
    middle = left + 3 + wide / 2 if right - left > 2 * wide + 8 else (left + right) / 2
    if tall > 18:
        colour = WHITE if dark else style.palette.ink
        yield Text(middle, top + 11, text, 8.4, colour, "middle", bold=True)
    else:
        yield Text(middle, top - 3.2, text, 8.4, style.palette.ink, "middle", bold=True)


def _minutes(
    sent: tuple[Bucket, ...], drawn: tuple[Bucket, ...], x: Along, bottom: float, width: float,
    style: Style,
) -> Iterator[Mark]:  # fmt: skip
    values = (drawn[0].start, *(bucket.end or 0 for bucket in drawn))
    labels = [style.words.number(value) for value in values]
    open_ended = sent[-1].end is None
    final = sent[-1].start if open_ended else values[-1]
    labels[-1] = shown(final, "minutes", style) + ("+" if open_ended else "")
    yield from ticks(values, tuple(labels), x, bottom, style, (0, width))


def _median(value: float, x: Along, bottom: float, width: float, style: Style) -> Iterator[Mark]:
    palette, at = style.palette, x.at(value)
    yield Line(at, 9, at, 30, palette.ink, 1.2)
    yield Line(at, 30, at, bottom, WHITE, 1.2, "2.5 2")
    yield triangle(at, bottom + 2.2, 2.6, palette.ink, up=True)
    text = style.words.text("Median {value}", value=shown(value, "minutes", style))
    right = at + 5 + text_width(text, 9, bold=True) < width
    yield Text(
        at + 5 if right else at - 5, 13, text, 9, palette.ink, "start" if right else "end", True
    )


# ---- how soon people fail ------------------------------------------------------------------


@settled
def failure_times(data: FailureTimes, style: Style, width: float = WIDE) -> Drawing:
    """Stacked columns on a time axis; above them, on the same one, the company beside its peers."""
    if not data.buckets:
        return Drawing(width, 1, (), "")
    peaks = [bucket.end or 0 for bucket in data.buckets]
    furthest = max([peaks[-1], *(max(peer.value, peer.industry or 0) for peer in data.peers)])
    left = _failure_names(data, style)
    x = Along(left, width - 10, furthest)
    above = 23.0 * len(data.peers) + (12 if data.peers else 0)
    bottom = above + 106.0
    marks: list[Mark] = []
    for place, peer in enumerate(data.peers):
        marks += _peer(peer, 12 + 23 * place, left, x, width, style)
    if data.peers:
        marks.append(Line(0, above - 4, width, above - 4, style.palette.rule, 0.5))
    marks += _failures(data, x, above + 14, bottom, style)
    marks.append(Line(left, bottom, width - 10, bottom, style.palette.ink, 0.8))
    labels = [style.words.number(value) for value in (0, *peaks)]
    labels[-1] = shown(peaks[-1], "minutes", style)
    marks += ticks((0, *peaks), tuple(labels), x, bottom, style, (0, width))
    return Drawing(width, bottom + 18, tuple(marks), failures_told(data, style))


def _failure_names(data: FailureTimes, style: Style) -> float:
    """Room for the names at the left."""
    names = [peer.label for peer in data.peers] + list(data.names)
    widest = max(text_width(name, 8.2, bold=True) for name in names)
    return min(max(widest + 12, 70), 140)


def _peer(
    peer: Peer, y: float, left: float, x: Along, width: float, style: Style
) -> Iterator[Mark]:
    palette = style.palette
    label = fitted(peer.label, left - 8, 8.2, bold=True)
    yield Text(0, y + 3, label, 8.2, palette.ink, bold=True)
    yield Line(left, y, width - 10, y, palette.hair, 0.6)
    at = x.at(peer.value)
    value = shown(peer.value, "minutes", style)
    if peer.industry is None:
        yield newest(at, y, 4, style)
        yield from on_white(Text(at + 8, y + 3, value, 8.6, palette.data, bold=True))
        return
    other = x.at(peer.industry)
    yield Line(at, y, other, y, palette.data, 2.2)
    yield hollow(other, y, 3.6, palette.bench, 1.5)
    yield newest(at, y, 4, style)
    yield from _beside(peer, value, at, other, y, left, width, style)


def _beside(
    peer: Peer, value: str, at: float, other: float, y: float, left: float, width: float,
    style: Style,
) -> Iterator[Mark]:  # fmt: skip
    """The company's value on the outer side of its mark, the industry's on the other."""
    palette = style.palette
    said = style.words.text("{value} industry", value=shown(peer.industry or 0, "minutes", style))
    first = at <= other
    own = Text(at - 8 if first else at + 8, y + 3, value, 8.6, palette.data,
               "end" if first else "start", bold=True)  # fmt: skip
    if reach(own)[0] < left:
        own = Text(max(at, other) + 8, y + 3, value, 8.6, palette.data, bold=True)
        theirs = Text(reach(own)[1] + 8, y + 3, said, 8.2, palette.bench)
    else:
        theirs = Text(other + 8 if first else other - 8, y + 3, said, 8.2, palette.bench,
                      "start" if first else "end")  # fmt: skip
    yield from on_white(own)
    if left <= reach(theirs)[0] and reach(theirs)[1] < width:
        yield from on_white(theirs)
    colour = {"worse": palette.bad, "better": palette.good}.get(peer.judgement, palette.flat)
    verdict = Text(width - 10, y + 3, peer.verdict, 8.2, colour, "end", bold=True)
    if reach(verdict)[0] > max(reach(theirs)[1], reach(own)[1]) + 8:
        yield from on_white(verdict)


def _failures(
    data: FailureTimes, x: Along, top: float, bottom: float, style: Style
) -> Iterator[Mark]:
    palette = style.palette
    highest = max(sum(bucket.values) for bucket in data.buckets) or 1
    scale = (bottom - top) / highest
    for place, bucket in enumerate(data.buckets):
        left, right = x.at(bucket.start) + 1.2, x.at(bucket.end or 0) - 1.2
        clicked, submitted = (scale * value for value in bucket.values)
        yield Box(left, bottom - clicked, right - left, clicked, palette.data)
        if submitted:
            y = bottom - clicked - submitted
            yield Box(left, y, right - left, submitted - 0.8, palette.data_soft, palette.data,
                      palette.data)  # fmt: skip
        yield from _counts(bucket, (left + right) / 2, right - left, clicked, submitted, bottom,
                           style)  # fmt: skip
        if place == 0:
            yield from _kinds(data, left, bottom, clicked, submitted, style)


def _counts(
    bucket: Bucket, x: float, room: float, clicked: float, submitted: float, bottom: float,
    style: Style,
) -> Iterator[Mark]:  # fmt: skip
    """Each count in its part; together above the column where a part is too low."""
    first, second = (style.words.number(value) for value in bucket.values)
    top = bottom - clicked - submitted
    ink = style.palette.ink
    if clicked > 13 and submitted > 13:
        yield Text(x, bottom - clicked / 2 + 3, first, 8.4, WHITE, "middle", bold=True)
        middle = bottom - clicked - submitted / 2 + 2.6
        yield from on_white(Text(x, middle, second, 8.4, ink, "middle", bold=True))
    elif clicked > 13:
        yield Text(x, bottom - clicked / 2 + 3, first, 8.4, WHITE, "middle", bold=True)
        if any(bucket.values[1:]):
            yield Text(x, top - 3, second, 8.4, ink, "middle", bold=True)
    else:
        both = f"{first} + {second}" if bucket.values[1] else first
        if text_width(both, 8.4, bold=True) < room + 2:
            yield Text(x, top - 3, both, 8.4, ink, "middle", bold=True)


def _kinds(
    data: FailureTimes, left: float, bottom: float, clicked: float, submitted: float, style: Style
) -> Iterator[Mark]:
    """The two parts are named once, beside the first column."""
    lower = bottom - max(clicked / 2, 4) + 3
    upper = min(bottom - clicked - submitted / 2 + 3, lower - 12)
    for name, y in zip(data.names, (lower, upper), strict=True):
        text = fitted(name, left - 8, 8.2, bold=True)
        yield Text(left - 7, y, text, 8.2, style.palette.data, "end", bold=True)

"""Counts by month for half a page: what was sent and came of it, what was begun and is open."""

from collections.abc import Iterator

from reportgen.rendering.charts.marks import WHITE, on_white, reach
from reportgen.rendering.charts.scales import LABEL, Style, roomy, slot_labels
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.charts.shares import HALF
from reportgen.rendering.charts.told import trend_told
from reportgen.rendering.drawing import Box, Drawing, Line, Mark, Text
from reportgen.rendering.lettering import fitted, shared_room, text_width
from reportgen.views import Role, Trend


def _values(trend: Trend, role: Role) -> tuple[float | None, ...]:
    found = (series.values for series in trend.series if series.role == role)
    return next(found, (None,) * len(trend.days))


def _name(trend: Trend, role: Role) -> str:
    return next((series.label for series in trend.series if series.role == role), "")


@settled
def activity_bars(trend: Trend, style: Style, width: float = HALF) -> Drawing:
    """Risky actions and reports as narrow bars inside the bar of what was sent; one scale."""
    palette = style.palette
    highest = max((value for value in _all(trend)), default=0) or 1
    top, bottom = 16.0, 108.0
    scale, slot = (bottom - top) / highest, width / max(len(trend.days), 1)
    marks: list[Mark] = []
    for place in range(len(trend.days)):
        marks += _activity(trend, place, slot, scale, bottom, style)
    marks.append(Line(0, bottom, width, bottom, palette.ink, 0.8))
    marks += slot_labels(trend, slot, bottom + 13, style)
    marks += _swatches(trend, bottom + 28, width, style)
    return Drawing(width, bottom + 31, tuple(marks), trend_told(trend, style))


def _all(trend: Trend) -> Iterator[float]:
    for series in trend.series:
        yield from (value for value in series.values if value is not None)


def _activity(
    trend: Trend, place: int, slot: float, scale: float, bottom: float, style: Style
) -> Iterator[Mark]:
    palette, number = style.palette, style.words.number
    wide, left = slot * 0.78, slot * (place + 0.11)
    sent = _values(trend, "sent")[place]
    narrow = wide * 0.34
    labels = [
        (left + wide * 0.12, _values(trend, "risky")[place], palette.bad),
        (left + wide * 0.54, _values(trend, "reported")[place], palette.data),
    ]
    inner = [bottom - scale * value - 11 for _x, value, _colour in labels if value is not None]
    if sent is not None:
        y = bottom - scale * sent
        yield Box(left, y, wide, bottom - y, palette.data_soft)
        text = Text(slot * (place + 0.5), min([y - 3.5, *inner]), number(sent), 8.6,
                    palette.text, "middle", bold=True)  # fmt: skip
        if text_width(text.text, 8.6, bold=True) < slot + 4:
            yield text
    for x, value, colour in labels:
        if value is not None:
            y = bottom - scale * value
            yield Box(x, y, narrow, bottom - y, colour)
            figure = number(value)
            if text_width(figure, LABEL, bold=True) < narrow * 1.24:
                yield Text(x + narrow / 2, y - 2.6, figure, LABEL, palette.ink, "middle", bold=True)


_SWATCH, _BETWEEN = 11.0, 13.0
"""Points from a swatch to its name, and from a name to the next swatch."""


def _swatches(trend: Trend, y: float, width: float, style: Style) -> Iterator[Mark]:
    """The one legend of the report: three swatches on a line."""
    palette = style.palette
    known: tuple[tuple[Role, str], ...] = (
        ("sent", palette.data_soft),
        ("risky", palette.bad),
        ("reported", palette.data),
    )
    x = 0.0
    names = [_name(trend, role) for role, _ in known]
    wide = [text_width(name, LABEL) for name in names]
    rooms = shared_room(wide, width - len(known) * _SWATCH - (len(known) - 1) * _BETWEEN)
    for (_, colour), whole, room in zip(known, names, rooms, strict=True):
        name = fitted(whole, room + 0.01, LABEL)
        yield Box(x, y - 7, 8, 8, colour)
        yield Text(x + _SWATCH, y, name, LABEL, palette.text)
        x += _SWATCH + text_width(name, LABEL) + _BETWEEN


@settled
def enrolment_columns(trend: Trend, style: Style, width: float = HALF) -> Drawing:
    """Completed below, open above and empty; the open share is printed in it."""
    palette = style.palette
    done, still_open = _values(trend, "completed"), _values(trend, "open")
    totals = tuple(
        None if a is None else a + (b or 0) for a, b in zip(done, still_open, strict=True)
    )
    names = (_name(trend, "completed"), _name(trend, "open"))
    left = min(max(text_width(name, LABEL, bold=True) for name in names) + 8, 76)
    top, bottom = 16.0, 108.0
    highest = max((total for total in totals if total is not None), default=0) or 1
    scale = (bottom - top) / highest
    slot = (width - left) / max(len(trend.days), 1)
    marks: list[Mark] = []
    for place, total in enumerate(totals):
        if total is not None:
            x = left + slot * (place + 0.5)
            marks += _enrolled(total, done[place] or 0, x, slot * 0.66, scale, bottom, style)
    marks.append(Line(left, bottom, width, bottom, palette.ink, 0.8))
    marks += _months(trend, left, slot, bottom + 13, style)
    marks += _kinds(names, totals, done, scale, bottom, left, style)
    return Drawing(width, bottom + 16, tuple(marks), trend_told(trend, style))


def _enrolled(
    total: float, done: float, x: float, wide: float, scale: float, bottom: float, style: Style
) -> Iterator[Mark]:
    palette, words = style.palette, style.words
    low, high = bottom - scale * done, bottom - scale * total
    yield Box(x - wide / 2, low, wide, bottom - low, palette.data)
    if low - high > 1:
        yield Box(x - wide / 2 + 0.4, high, wide - 0.8, low - high - 0.9, WHITE, palette.bad)
    figure = words.number(done)
    if bottom - low > 13 and text_width(figure, 8.6, bold=True) < wide - 2:
        yield Text(x, (low + bottom) / 2 + 3, figure, 8.6, WHITE, "middle", bold=True)
    share = words.percent(round(100 * (total - done) / total)) if total else ""
    if low - high > 13 and text_width(share, 8.8, bold=True) < wide - 2:
        yield Text(x, (low + high) / 2 + 3, share, 8.8, palette.bad, "middle", bold=True)
    whole = words.number(total)
    if text_width(whole, 8.2) < wide * 1.4:
        yield Text(x, high - 3.5, whole, 8.2, palette.text, "middle")


def _months(trend: Trend, left: float, slot: float, y: float, style: Style) -> Iterator[Mark]:
    names = [style.words.month(day, short=True) for day in trend.days]
    for place in roomy(names, slot):
        x = left + slot * (place + 0.5)
        yield Text(x, y, names[place], LABEL, style.palette.text, "middle")


def _kinds(
    names: tuple[str, str], totals: tuple[float | None, ...], done: tuple[float | None, ...],
    scale: float, bottom: float, left: float, style: Style,
) -> Iterator[Mark]:  # fmt: skip
    """The parts are named beside the first column."""
    total, first = totals[0] if totals else None, done[0] if done else None
    if total is None or first is None:
        return
    lower = bottom - max(scale * first / 2, 4) + 3
    upper = min(bottom - scale * (first + total) / 2 + 3, lower - 12)
    pairs = ((names[0], lower, style.palette.data), (names[1], upper, style.palette.bad))
    for name, y, colour in pairs:
        text = fitted(name, left - 6, LABEL, bold=True)
        mark = Text(left - 5, y, text, LABEL, colour, "end", bold=True)
        if reach(mark)[0] >= -1:
            yield from on_white(mark) if y < 8 else (mark,)

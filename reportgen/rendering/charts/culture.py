"""The culture score on its scale of bands, and the surveys it is the mean of."""

import math
from collections.abc import Iterator

from reportgen.rendering.charts.marks import Along, clamped, hollow, newest, on_white, reach
from reportgen.rendering.charts.scales import LABEL, WIDE, Style
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.charts.told import culture_told
from reportgen.rendering.drawing import Anchor, Box, Dot, Drawing, Line, Mark, Text
from reportgen.rendering.lettering import fitted, text_width
from reportgen.views import Band, Culture, Survey

_TOP, _TALL = 40.0, 15.0
_ROW = 28.0
_LARGEST = 8.0
"""Radius in points of the survey with the most answers."""


@settled
def culture_scale(culture: Culture, style: Style, width: float = WIDE) -> Drawing:
    """Bands from 0 to 5 with the score's mark; beneath, on the same axis, the surveys."""
    highest = max((band.end for band in culture.bands), default=5.0)
    x = Along(0, width - 2, highest)
    marks: list[Mark] = []
    for place, band in enumerate(culture.bands):
        marks += _band(band, x, style, here=place == culture.band)
    marks += _score(culture, x, width, style)
    top = _TOP + _TALL + 28
    most = max((survey.answers for survey in culture.surveys), default=0) or 1
    for place, survey in enumerate(culture.surveys):
        marks += _survey(survey, top + _ROW * place + 12, most, x, width, style)
    bottom = top + _ROW * len(culture.surveys) + 4
    marks += _axis(highest, bottom, x, width, style)
    return Drawing(width, bottom + 14, tuple(marks), culture_told(culture, style))


def _band(band: Band, x: Along, style: Style, *, here: bool) -> Iterator[Mark]:
    palette = style.palette
    left, right = x.at(band.start) + 0.6, x.at(band.end) - 0.6
    yield Box(left, _TOP, right - left, _TALL, palette.data_soft if here else palette.hair)
    if here:
        yield Box(left, _TOP + _TALL, right - left, 2, palette.data)
    name = fitted(band.label, right - left - 4, 8.2, bold=here)
    colour = palette.ink if here else palette.muted
    middle = (left + right) / 2
    yield Text(middle, _TOP + _TALL + 12.5, name, 8.2, colour, "middle", bold=here)


def _score(culture: Culture, x: Along, width: float, style: Style) -> Iterator[Mark]:
    """The score above its mark; the benchmark's name on the other side of its line."""
    palette, number = style.palette, style.words.number
    at = x.at(culture.score)
    behind = at + 90 > width
    anchor: Anchor = "end" if behind else "start"
    start = at - 2 if behind else at + 2
    yield Text(start, _TOP - 17, number(culture.score, 2), 17, palette.data, anchor, bold=True)
    room = (at - 4) if behind else width - start
    company = fitted(culture.company, min(room, 150), 8.2, bold=True)
    label = Text(start, _TOP - 6, company, 8.2, palette.data, anchor, bold=True)
    yield label
    if culture.benchmark is not None:
        yield from _benchmark(culture, label, x, width, style)
    if culture.previous is not None:
        yield hollow(x.at(culture.previous), _TOP + _TALL / 2, 2.6, palette.data, 1.1)
    yield newest(at, _TOP + _TALL / 2, 6.4, style)


def _benchmark(
    culture: Culture, label: Text, x: Along, width: float, style: Style
) -> Iterator[Mark]:
    palette = style.palette
    at = x.at(culture.benchmark or 0)
    yield Line(at, _TOP - 4, at, _TOP + _TALL, palette.ink, 1.4)
    text = f"{culture.benchmark_label} {style.words.number(culture.benchmark or 0, 2)}".strip()
    places: tuple[tuple[Anchor, float], ...] = (("end", at - 4), ("start", at + 4))
    for anchor, place in places:
        mark = Text(place, _TOP - 6, text, 8.2, palette.bench, anchor)
        left, right = reach(mark)
        start, end = reach(label)
        if left >= 0 and right <= width and (right + 5 < start or left > end + 5):
            yield mark
            return
    yield clamped(at, _TOP - 27, text, 8.2, palette.bench, (0, reach(label)[0] - 6))


def _survey(
    survey: Survey, y: float, most: int, x: Along, width: float, style: Style
) -> Iterator[Mark]:
    palette, words = style.palette, style.words
    yield Line(0, y, width, y, palette.hair, 0.6)
    radius = max(math.sqrt(survey.answers / most) * _LARGEST, 2.2)
    at = x.at(survey.score)
    yield Dot(at, y, radius, palette.data_mid, palette.data, 0.8)
    value = words.number(survey.score, 1)
    beside = at + radius + 5 + text_width(value, 9, bold=True) < width
    yield Text(at + radius + 5 if beside else at - radius - 5, y + 3, value, 9, palette.ink,
               "start" if beside else "end", bold=True)  # fmt: skip
    answers = words.plural("{count} answer", "{count} answers", survey.answers)
    room = at - radius - text_width(answers, 8) - 16
    name = fitted(survey.name, min(max(room, 30), 170), 8.6, bold=True)
    label = Text(0, y + 3, name, 8.6, palette.ink, bold=True)
    if reach(label)[1] < at - radius - 4:
        yield from on_white(label)
        count = Text(reach(label)[1] + 5, y + 3, answers, 8, palette.muted)
        if reach(count)[1] < at - radius - 4:
            yield from on_white(count)
    else:
        yield from on_white(Text(at + radius + 26, y + 3, name, 8.6, palette.ink, bold=True))


def _axis(highest: float, y: float, x: Along, width: float, style: Style) -> Iterator[Mark]:
    yield Line(0, y, width - 2, y, style.palette.rule, 0.5)
    for value in range(round(highest) + 1):
        yield Line(x.at(value), y, x.at(value), y + 3, style.palette.muted, 0.5)
        label = style.words.number(value)
        yield clamped(x.at(value), y + 12, label, LABEL, style.palette.muted, (0, width))

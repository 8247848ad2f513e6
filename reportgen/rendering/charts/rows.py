"""Bars inside the rows of a table: all on one scale, with one line through all of them."""

from collections.abc import Iterator

from reportgen.rendering.charts.marks import WHITE
from reportgen.rendering.charts.scales import Style, shown
from reportgen.rendering.charts.settling import settled
from reportgen.rendering.drawing import Box, Drawing, Line, Mark, Text
from reportgen.rendering.lettering import text_width
from reportgen.views import Campaign, Campaigns, Ranking, Unit

_HEIGHT, _BAR = 22.0, 11.0
_SIZE = 8.6
_LABEL_ROOM = 34.0
"""Beside the longest bar, for its figure."""


@settled
def rank_bar(value: float, ranking: Ranking, style: Style, width: float = 232) -> Drawing:
    """One row of a ranking. Above the average dark, above the critical level in its own colour."""
    line = ranking.average if ranking.average is not None else ranking.critical
    top = max((row.value for row in ranking.rows), default=0)
    palette = style.palette
    fill = palette.data
    if ranking.average is not None:
        fill = palette.data if value > ranking.average else palette.data_mid
    elif ranking.critical is not None and value > ranking.critical:
        fill = palette.bad
    return _row(value, max(top, line or 0, 1), line, fill, ranking.unit, style, width)


@settled
def campaign_bar(row: Campaign, campaigns: Campaigns, style: Style, width: float = 150) -> Drawing:
    """One campaign; those above the industry are lighter."""
    top = max((each.score for each in campaigns.rows), default=0)
    line, palette = campaigns.industry, style.palette
    above = line is not None and row.score > line
    fill = palette.data_mid if above else palette.data
    return _row(row.score, max(top, line or 0, 1), line, fill, "percent", style, width)


def _row(
    value: float,
    maximum: float,
    line: float | None,
    fill: str,
    unit: Unit,
    style: Style,
    width: float,
) -> Drawing:
    scale = (width - _LABEL_ROOM) / maximum
    end, at = scale * value, None if line is None else scale * line
    top = (_HEIGHT - _BAR) / 2
    marks: list[Mark] = [
        Line(0.4, 0, 0.4, _HEIGHT, style.palette.ink, 0.8),
        Box(0.8, top, max(end - 0.8, 0), _BAR, fill),
    ]
    if at is not None:
        if end > at:
            marks.append(Line(at, top, at, top + _BAR, WHITE, 3.2))
        marks.append(Line(at, 0, at, _HEIGHT, style.palette.ink, 1.1))
    text = shown(value, unit, style)
    marks += _label(text, end, at, fill, style)
    return Drawing(width, _HEIGHT, tuple(marks), _told(text, line, unit, style), "cell")


def _label(text: str, end: float, at: float | None, fill: str, style: Style) -> Iterator[Mark]:
    """Behind the bar; inside it where it would sit on the line; behind the line in a short bar."""
    wide = text_width(text, _SIZE, bold=True)
    y = _HEIGHT / 2 + 3
    if at is None or not end + 1 < at < end + wide + 8:
        yield Text(end + 4, y, text, _SIZE, style.palette.ink, bold=True)
    elif end > wide + 8:
        colour = style.palette.ink if fill == style.palette.data_mid else WHITE
        yield Text(end - 4, y, text, _SIZE, colour, "end", bold=True)
    else:
        yield Text(at + 4, y, text, _SIZE, style.palette.ink, bold=True)


def _told(text: str, line: float | None, unit: Unit, style: Style) -> str:
    if line is None:
        return text
    return style.words.text("{value}; line at {line}", value=text, line=shown(line, unit, style))

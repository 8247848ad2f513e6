"""What the table of all figures says of a section."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from reportgen.model import Period
from reportgen.views import Figure, Reader, Row, Series, Trend


def of_figure(figure: Figure, window: Period, reader: Reader) -> Row:
    """A figure of a whole window stands under the window's last month."""
    values = {}
    if figure.previous is not None and figure.previous_day is not None:
        values[figure.previous_day.replace(day=1)] = figure.previous
    values[window.last_day.replace(day=1)] = figure.value
    return Row(
        label=figure.label,
        unit=figure.unit,
        values=values,
        change=figure.delta.amount if figure.delta else None,
        benchmark=figure.goal.value if figure.goal else None,
        benchmark_kind=_kind(figure, reader),
        judgement=figure.delta.judgement if figure.delta else "neither",
    )


def of_figures(figures: tuple[Figure, ...], window: Period, reader: Reader) -> tuple[Row, ...]:
    """A row for each that is not only quoted."""
    return tuple(of_figure(figure, window, reader) for figure in figures if not figure.aside)


def of_trend(trend: Trend, reader: Reader, leading: Figure | None = None) -> tuple[Row, ...]:
    """A row for each series; the judgement on the company's own comes from its figure."""
    return tuple(_of_series(trend, reader, leading))


def _of_series(trend: Trend, reader: Reader, leading: Figure | None) -> Iterator[Row]:
    for series in trend.series:
        values = _values(trend, series)
        if series.role == "company" and leading is not None:
            newest = Period(trend.days[-1], trend.days[-1] + timedelta(days=1))
            yield replace(of_figure(leading, newest, reader), values=values)
        else:
            yield Row(series.label, trend.unit, values, _change(series))


def _values(trend: Trend, series: Series) -> dict[date, float]:
    pairs = zip(trend.days, series.values, strict=True)
    return {day.replace(day=1): value for day, value in pairs if value is not None}


def _change(series: Series) -> float | None:
    """Against the month before, where both are known."""
    if len(series.values) < 2:
        return None
    before, now = series.values[-2:]
    return None if before is None or now is None else now - before


def _kind(figure: Figure, reader: Reader) -> str:
    text = reader.words.text
    if figure.goal is None:
        return ""
    return {
        "target": text("target"),
        "ceiling": text("ceiling"),
        "average": text("average"),
    }.get(figure.goal.kind, "")

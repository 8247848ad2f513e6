"""Rules about figures that cannot be: out of their range, or parts that make no whole."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from reportgen.gate.case import Case
from reportgen.views import Figure, Histogram, Parts, SectionData, SectionView, Trend

_LOWEST_SUM, _HIGHEST_SUM = 90.0, 110.0
"""Parts of a whole are rounded up by the platform, so they may add up to a little over 100."""
_HIGHEST_SCORE = 5.0


def out_of_range(case: Case) -> Iterator[str]:
    """A number that nothing can measure."""
    for one in case.measured:
        wrong = next(_impossible(one.view), None)
        if wrong is not None:
            reason = case.words.text("The figure {value} cannot be right.", value=f"{wrong:g}")
            yield f"{one.view.name}: {reason}"


def parts(case: Case) -> Iterator[str]:
    """The parts of a whole do not add up to it."""
    for one in case.measured:
        total = _total(one.view.data)
        if total is not None and not _adds_up(total):
            reason = case.words.text(
                "The parts add up to {total}, not to {whole}.",
                total=case.words.percent(total),
                whole=case.words.percent(100),
            )
            yield f"{one.view.name}: {reason}"


def _impossible(view: SectionView) -> Iterator[float]:
    yield from (figure.value for figure in view.figures if not _possible(figure))
    yield from (number for number in _numbers(view.data) if not _countable(number))


def _countable(number: float) -> bool:
    return math.isfinite(number) and number >= 0


def _possible(figure: Figure) -> bool:
    share = figure.unit == "percent" and not figure.may_pass_100
    return (
        _countable(figure.value)
        and not (share and figure.value > _HIGHEST_SUM)
        and not (figure.unit == "score" and figure.value > _HIGHEST_SCORE)
    )


def _numbers(data: object) -> Iterator[float]:
    """Every number a section shows, however deep; the cells of a plain table are text."""
    if isinstance(data, int | float) and not isinstance(data, bool):
        yield data
    elif isinstance(data, tuple):
        for part in data:
            yield from _numbers(part)
    elif is_dataclass(data):
        for field in fields(data):
            yield from _numbers(getattr(data, field.name))


def _adds_up(total: float) -> bool:
    return _LOWEST_SUM <= total <= _HIGHEST_SUM


def _total(data: SectionData | None) -> float | None:
    """The sum of the parts that is farthest from 100; None where there is no whole to judge."""
    if isinstance(data, Parts):
        return sum(part.share for part in data.parts)
    if isinstance(data, Trend) and data.stacked:
        return max(_sums(data), key=lambda total: abs(total - 100), default=None)
    return _spread(data) if isinstance(data, Histogram) else None


def _spread(data: Histogram) -> float:
    """The whole of a histogram, less what rounding each of many shares up may have added."""
    total = sum(bucket.values[0] for bucket in data.buckets)
    return min(total, max(100.0, total - len(data.buckets)))


def _sums(trend: Trend) -> Iterator[float]:
    """Of each month with all three parts; of fewer parts only a sum that is too much."""
    for column in zip(*(series.values for series in trend.series), strict=True):
        known = [value for value in column if value is not None]
        total = sum(known)
        if (total and len(known) > 2) or total > _HIGHEST_SUM:
            yield total

"""What a report is compared with: the values of an earlier edition, where they still compare."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from reportgen.model import Availability, Period, Spans, Widget
from reportgen.views import Past, SectionView

_VARYING = re.compile(r"\([^)]*\)|[\d.,%]+")
"""Labels may carry a figure or the name of an industry."""


def pasts(view: SectionView, *, edition: bool) -> dict[str, Past]:
    """The figures of an earlier answer, by metric."""
    return {
        figure.metric: Past(figure.value, view.window.last_day, figure.people, edition)
        for figure in view.figures
    }


def matching(widget: Widget, earlier: Iterable[Widget]) -> Widget | None:
    """The earlier answer to the same question; None where there is none."""
    answered = (one for one in earlier if one.availability is Availability.ANSWERED)
    return same_question(widget, answered)


def same_question(widget: Widget, others: Iterable[Widget]) -> Widget | None:
    """The first of the others that was asked for the same, answered or not."""
    return next((one for one in others if _asked(one) == _asked(widget)), None)


def _asked(widget: Widget) -> tuple[str, str | None]:
    return widget.request.widget_type.casefold(), widget.request.resource_id


def drifted(now: Widget, then: Widget) -> bool:
    """True when description, labels or chart type differ: the measure may mean something else."""
    return _definition(now) != _definition(then)


def _definition(widget: Widget) -> tuple[str, str, frozenset[str]]:
    labels = {
        _VARYING.sub("", f"{value.name}/{value.label}").strip().casefold()
        for entry in widget.entries
        for value in entry.values
    }
    return widget.description.strip(), widget.chart_type.casefold(), frozenset(labels)


def before(spans: Spans) -> Spans:
    """The windows of the edition before: whole months by months, anything else by days."""
    return Spans(
        *(_earlier(one, spans.period) for one in (spans.period, spans.window, spans.history))
    )


def _earlier(window: Period, period: Period) -> Period:
    if period.start.day == period.end.day == 1:
        months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
        return Period(_months_back(window.start, months), _months_back(window.end, months))
    length = period.end - period.start
    return Period(window.start - length, window.end - length)


def _months_back(day: date, count: int) -> date:
    """The same day `count` months before; the last one of a shorter month."""
    number = day.year * 12 + day.month - 1 - count
    first = day.replace(year=number // 12, month=number % 12 + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))

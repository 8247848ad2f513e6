"""Who reported the simulated attacks, month by month: three parts of a whole."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Entry, Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.reading import by_label, months, reaches
from reportgen.views import Figure, Goal, Reader, SectionState, SectionView, Series, Trend

WIDGET_TYPE = "PhishingSimulationEngagementReportingTrendsWidget"
METRIC = "report_rate"
_ALERT = "Users Who Did Not Click And Reported"
_LATE = "Users Who Clicked And Reported"
_SILENT = "Users Who Did Not Report"
_ROUNDED_UP = 103
"""What three parts of a whole come to at the most when each is rounded up."""


class ReportRates(BaseModel):
    """Report rates over time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["report_rates"] = "report_rates"
    title: str | None = None
    resource_id: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The longer history: a trend needs its past."""
        return WidgetRequest(WIDGET_TYPE, history, "bar", self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """Stacked parts per month; the reporting parts stand at the base line."""
        title = self.title or reader.words.text("Report rate over time")
        if missing := nothing.unanswered(self.section, title, widget, reader):
            return missing
        entries = months(widget.entries, widget.request.window)
        if not entries:
            return nothing.no_months(self.section, title, widget, reader)
        if not any(entry.values for entry in entries):
            return nothing.no_data(self.section, title, widget, reader)
        trend = _trend(entries, reader)
        if not trend.series:
            return nothing.unreadable(self.section, title, widget, reader, _ALERT)
        rates = _rates(entries)
        return SectionView(
            kind=self.section,
            title=title,
            lead=_lead(trend, rates, widget, reader),
            definition=reader.words.text(
                "People who reported a simulated attack, whether they clicked first or not, as a "
                "share of everyone who received one. The platform rounds each part up, so parts "
                "may add up to more than 100. Higher is better."
            ),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=trend,
            figure=_figure(trend, rates, widget, reader),
        )


def _trend(entries: tuple[Entry, ...], reader: Reader) -> Trend:
    series = tuple(one for one in _series(entries, reader) if set(one.values) != {None})
    return Trend(
        tuple(entry.day for entry in entries if entry.day), series, "percent", stacked=True
    )


def _series(entries: tuple[Entry, ...], reader: Reader) -> Iterator[Series]:
    text = reader.words.text
    for label, start in (
        (text("Reported without clicking"), _ALERT),
        (text("Clicked, then reported"), _LATE),
        (text("Did not report"), _SILENT),
    ):
        yield Series(label, "part", tuple(by_label(entry, start) for entry in entries))


def _rates(entries: tuple[Entry, ...]) -> tuple[float | None, ...]:
    """The report rate of each month: both reporting parts together."""
    return tuple(_rate(entry) for entry in entries)


def _rate(entry: Entry) -> float | None:
    """None where nobody was tested, or where a part is missing that the others leave room for."""
    parts = [by_label(entry, start) for start in (_ALERT, _LATE)]
    reported = [part for part in parts if part is not None]
    silent = by_label(entry, _SILENT)
    total = sum(reported) + (silent or 0)
    if not reported or total == 0 or (len(reported) < len(parts) and not _whole(silent, total)):
        return None
    return sum(reported) if total > _ROUNDED_UP else min(sum(reported), 100)


def _whole(silent: float | None, total: float) -> bool:
    return silent is not None and total >= 100


def _figure(
    trend: Trend, rates: tuple[float | None, ...], widget: Widget, reader: Reader
) -> Figure | None:
    latest = rates[-1]
    if latest is None or not reaches(trend.days, widget.request.window):
        return None
    target = reader.targets.get(METRIC)
    return Figure(
        metric=METRIC,
        label=reader.words.text("Report rate"),
        value=latest,
        unit="percent",
        better="higher",
        previous=rates[-2] if len(rates) > 1 else None,
        previous_day=trend.days[-2] if len(rates) > 1 else None,
        goal=Goal("target", target, target - latest) if target is not None else None,
        spark=tuple(rate for rate in rates if rate is not None),
    )


def _lead(trend: Trend, rates: tuple[float | None, ...], widget: Widget, reader: Reader) -> str:
    words = reader.words
    if rates[-1] is None or not reaches(trend.days, widget.request.window):
        return words.text(
            "The platform supplied no report rate for {month}.",
            month=words.month(widget.request.window.last_day),
        )
    return words.text(
        "{value} of the people who received a simulated attack reported it in {month}.",
        value=words.percent(rates[-1]),
        month=words.month(trend.days[-1]),
    )

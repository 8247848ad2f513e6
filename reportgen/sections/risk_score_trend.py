"""The phishing risk score by month, beside the customer's industry and all industries."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Entry, Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.reading import by_label, has_label, months, reaches
from reportgen.views import Figure, Goal, Reader, SectionState, SectionView, Series, Trend

WIDGET_TYPE = "PhishingRiskScoreAcrossIndustriesWidget"
METRIC = "risk_score"
_COMPANY = "Company Phishing Risk Score"
_INDUSTRY = "Industry Avg"
_ALL = "All Industry Avg"


class RiskScoreTrend(BaseModel):
    """Risk score by month against the industry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["risk_score_trend"] = "risk_score_trend"
    title: str | None = None
    resource_id: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The longer history: a trend needs its past."""
        return WidgetRequest(WIDGET_TYPE, history, "line", self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """A line each for the company, its industry and all industries."""
        title = self.title or reader.words.text("Phishing risk score")
        if missing := nothing.unanswered(self.section, title, widget, reader):
            return missing
        entries = months(widget.entries, widget.request.window)
        if not entries:
            return nothing.no_months(self.section, title, widget, reader)
        trend = _trend(entries, reader)
        if not trend.series:
            return self._without_score(title, widget, entries, reader)
        return SectionView(
            kind=self.section,
            title=title,
            lead=_lead(trend, widget, reader),
            definition=reader.words.text(
                "Risky actions divided by simulated attacks delivered, in percent. One person may "
                "take several risky actions, so the score can pass 100. Lower is better."
            ),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=trend,
            figure=_figure(trend, widget, reader),
        )

    def _without_score(
        self, title: str, widget: Widget, entries: tuple[Entry, ...], reader: Reader
    ) -> SectionView:
        """A company without simulations still gets its industry's figures beside an empty score."""
        industry = any(_values(entries, label) != _nulls(entries) for label in (_INDUSTRY, _ALL))
        if industry and has_label(entries, _COMPANY):
            return nothing.no_data(self.section, title, widget, reader)
        return nothing.unreadable(self.section, title, widget, reader, _COMPANY)


def _nulls(entries: tuple[Entry, ...]) -> tuple[None, ...]:
    return (None,) * len(entries)


def _trend(entries: tuple[Entry, ...], reader: Reader) -> Trend:
    series = tuple(one for one in _series(entries, reader) if set(one.values) != {None})
    known = series if series and series[0].role == "company" else ()
    return Trend(tuple(entry.day for entry in entries if entry.day), known, "percent")


def _series(entries: tuple[Entry, ...], reader: Reader) -> Iterator[Series]:
    text = reader.words.text
    yield Series(text("Company"), "company", _values(entries, _COMPANY))
    yield Series(text("Industry average"), "industry", _values(entries, _INDUSTRY))
    yield Series(text("All industries"), "all_industries", _values(entries, _ALL))


def _values(entries: tuple[Entry, ...], label: str) -> tuple[float | None, ...]:
    return tuple(by_label(entry, label) for entry in entries)


def _figure(trend: Trend, widget: Widget, reader: Reader) -> Figure | None:
    values = trend.series[0].values
    latest = values[-1]
    if latest is None or not reaches(trend.days, widget.request.window):
        return None
    return Figure(
        metric=METRIC,
        label=reader.words.text("Phishing risk score"),
        value=latest,
        unit="percent",
        better="lower",
        previous=values[-2] if len(values) > 1 else None,
        previous_day=trend.days[-2] if len(values) > 1 else None,
        goal=_goal(trend, latest, reader),
        spark=tuple(value for value in values if value is not None),
    )


def _goal(trend: Trend, latest: float, reader: Reader) -> Goal | None:
    """The customer's own target first, then its industry, then all industries."""
    if METRIC in reader.targets:
        return Goal("target", reader.targets[METRIC], latest - reader.targets[METRIC])
    for series in trend.series[1:]:
        value = series.values[-1]
        if value is not None:
            own = series.role == "industry"
            return Goal("industry" if own else "all_industries", value, latest - value)
    return None


def _lead(trend: Trend, widget: Widget, reader: Reader) -> str:
    words = reader.words
    latest = trend.series[0].values[-1]
    if latest is None or not reaches(trend.days, widget.request.window):
        return words.text(
            "The platform supplied no score for {month}.",
            month=words.month(widget.request.window.last_day),
        )
    said = words.text(
        "{value} of simulated attacks led to a risky action in {month}.",
        value=words.percent(latest),
        month=words.month(trend.days[-1]),
    )
    return " ".join((said, *_benchmark(trend, reader)))


def _benchmark(trend: Trend, reader: Reader) -> Iterator[str]:
    for series in trend.series[1:]:
        value = series.values[-1]
        if value is not None and series.role == "industry":
            yield reader.words.text(
                "The average of the industry is {average}.", average=reader.words.percent(value)
            )

"""Any measure that comes by date, shown by its shape: one series for each label."""

from collections import Counter
from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Entry, Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.reading import by_place, caption, months
from reportgen.sections.refused import OwnWidget
from reportgen.views import Reader, SectionState, SectionView, Series, Trend


class GenericTrend(BaseModel):
    """A dated widget of any type."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["generic_trend"] = "generic_trend"
    widget: OwnWidget
    title: str | None = None
    resource_id: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The longer history: a trend needs its past."""
        return WidgetRequest(self.widget, history, None, self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """Counts as the platform supplies them, in its order and under its labels."""
        title = self.title or widget.title or self.widget
        if missing := nothing.unanswered(self.section, title, widget, reader):
            return missing
        entries = months(widget.entries, widget.request.window)
        if not entries:
            return nothing.no_months(self.section, title, widget, reader)
        labels = _labels(entries)
        trend = _trend(entries, labels)
        if all(number is None for series in trend.series for number in series.values):
            return nothing.no_data(self.section, title, widget, reader)
        return SectionView(
            kind=self.section,
            title=title,
            lead="",
            definition=widget.description
            or reader.words.text("Series as supplied by the platform, in its order."),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=trend,
        )


def _labels(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Each label once, in the order of first sight."""
    return tuple(dict.fromkeys(label for entry in entries for label in _labels_of(entry)))


def _labels_of(entry: Entry) -> tuple[str, ...]:
    """A label that two values share tells nothing apart: then the name does."""
    shared = Counter(value.label for value in entry.values)
    return tuple(
        value.label if value.label and shared[value.label] == 1 else caption(value, place)
        for place, value in enumerate(entry.values)
    )


def _trend(entries: tuple[Entry, ...], labels: tuple[str, ...]) -> Trend:
    days = tuple(entry.day for entry in entries if entry.day)
    series = tuple(
        Series(label, "part", tuple(_number(entry, label) for entry in entries)) for label in labels
    )
    percent = all(label.rstrip().endswith(("%", "(%)")) for label in labels)
    return Trend(days, series, "percent" if percent else "count")


def _number(entry: Entry, label: str) -> float | None:
    for place, known in enumerate(_labels_of(entry)):
        if known == label:
            return by_place(entry, place)
    return None

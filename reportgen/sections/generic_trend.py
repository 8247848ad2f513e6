"""Any measure that comes by date, shown by its shape: one series for each label."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from reportgen.model import Entry, Period, Value, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.reading import by_place, months
from reportgen.views import Reader, SectionState, SectionView, Series, Trend


class GenericTrend(BaseModel):
    """A dated widget of any type."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["generic_trend"] = "generic_trend"
    widget: str = Field(min_length=1, description="The platform's widget type.")
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
        if not labels:
            return nothing.no_data(self.section, title, widget, reader)
        return SectionView(
            kind=self.section,
            title=title,
            lead="",
            definition=widget.description
            or reader.words.text("Series as supplied by the platform, in its order."),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=_trend(entries, labels),
        )


def _labels(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Each label once, in the order of first sight."""
    seen = (_label(value, place) for entry in entries for place, value in enumerate(entry.values))
    return tuple(dict.fromkeys(seen))


def _label(value: Value, place: int) -> str:
    return value.label or value.name or f"#{place + 1}"


def _trend(entries: tuple[Entry, ...], labels: tuple[str, ...]) -> Trend:
    days = tuple(entry.day for entry in entries if entry.day)
    series = tuple(
        Series(label, "part", tuple(_number(entry, label) for entry in entries)) for label in labels
    )
    percent = all(label.rstrip().endswith(("%", "(%)")) for label in labels)
    return Trend(days, series, "percent" if percent else "count")


def _number(entry: Entry, label: str) -> float | None:
    for place, value in enumerate(entry.values):
        if _label(value, place) == label:
            return by_place(entry, place)
    return None

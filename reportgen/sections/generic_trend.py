"""Any measure that comes by date, shown by its shape: one series for each label."""

from collections import Counter
from typing import ClassVar, Literal

from pydantic import Field

from reportgen.model import Entry, Spans, Widget, WidgetRequest
from reportgen.sections import rows
from reportgen.sections.framing import LONGEST_TITLE, Frame, WidgetSection
from reportgen.sections.reading import by_place, caption, months
from reportgen.sections.refused import OwnWidget
from reportgen.telling import short
from reportgen.views import Chapter, Reader, SectionView, Sentence, Series, Trend, Width

_DRAWN = 12
"""Months a panel has room for."""


class GenericTrend(WidgetSection):
    """A dated widget of any type."""

    SPAN: ClassVar = "history"

    section: Literal["generic_trend"] = "generic_trend"
    widget: OwnWidget
    chapter: Chapter = Field(Chapter.OTHER, description="Where in the report it stands.")

    def request(self, spans: Spans) -> WidgetRequest:
        """The longer history: a trend needs its past."""
        return WidgetRequest(self.widget, spans.history, None, self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """Counts as the platform supplies them, in its order and under its labels."""
        name = short(self.title or widget.title or self.widget, LONGEST_TITLE)
        frame = Frame(self.section, name, self.chapter, Width.FULL, widget, reader)
        return frame.unanswered() or self.exhibit(frame)

    def exhibit(self, frame: Frame) -> SectionView:
        """Small multiples: a panel for each label."""
        entries = months(frame.widget.entries, frame.widget.request.window)[-_DRAWN:]
        if not entries:
            return frame.no_months()
        trend = _trend(entries, _labels(entries))
        if all(number is None for series in trend.series for number in series.values):
            return frame.no_data()
        text = frame.reader.words.text
        return frame.shown(
            title=Sentence(frame.name, names=(frame.name,)),
            subtitle=text(
                "{unit}, {span}",
                unit=text("% by month") if trend.unit == "percent" else text("counts by month"),
                span=frame.span(trend.days),
            ),
            definition=frame.widget.description
            or text("Series as supplied by the platform, in its order. Zero is a measured zero."),
            data=trend,
            rows=rows.of_trend(trend, frame.reader),
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

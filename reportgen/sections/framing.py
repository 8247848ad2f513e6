"""What all sections share: settings, the request, and the frame of an exhibit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Availability, Period, Spans, Widget, WidgetRequest
from reportgen.telling import short, tell
from reportgen.views import (
    Chapter,
    Note,
    Reader,
    SectionState,
    SectionView,
    Sentence,
    Width,
)

LONGEST_TITLE = 90
"""Letters of a customer's own title."""
_FEW = 30
"""Fewer people than these make chance show."""
_STATES = {
    Availability.NOT_LICENSED: SectionState.NOT_LICENSED,
    Availability.REFUSED: SectionState.REFUSED,
    Availability.FAILED: SectionState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Frame:
    """The fixed parts of a section's view, and the views of nothing."""

    kind: str
    name: str
    chapter: Chapter
    width: Width
    widget: Widget
    reader: Reader

    def shown(self, **parts: Any) -> SectionView:
        """The exhibit, with the remaining fields of `SectionView` in `parts`."""
        return self._view(SectionState.SHOWN, **parts)

    def subtitle(self, unit: str, days: Sequence[date] = ()) -> str:
        """Measure, unit and span; with the days of a series, the months they really cover."""
        return self.reader.words.text(
            "{measure}, {unit}, {span}",
            measure=self.name,
            unit=unit,
            span=self.span(days),
        )

    def span(self, days: Sequence[date] = ()) -> str:
        """The window in words, from the month of the first of these days."""
        window = self.widget.request.window
        start = max(min(days).replace(day=1), window.start) if days else window.start
        return self.reader.words.period(Period(start, window.end))

    @property
    def month(self) -> str:
        """The newest month of the window in words."""
        return self.reader.words.month(self.widget.request.window.last_day)

    def care(self, *said: Sentence) -> Note:
        """A caveat."""
        return Note(self.reader.words.text("Read with care"), said, care=True)

    def open_month(self) -> Iterator[Note]:
        """A caveat while the newest month is not over yet."""
        if self.reader.today < self._month_over:
            yield self.care(
                tell(self.reader.words, "The newest month is still open; its figures may change.")
            )

    @property
    def _month_over(self) -> date:
        """The day after the newest month."""
        first = self.widget.request.window.last_day.replace(day=1)
        return (first + timedelta(days=31)).replace(day=1)

    def few_people(self, tested: int) -> Iterator[Note]:
        """A caveat where a single person moves the figures."""
        if tested < _FEW:
            yield self.care(
                tell(self.reader.words, "With so few people, each of them moves the figures.")
            )

    def unanswered(self) -> SectionView | None:
        """The view of a widget that has no answer, or None when it has one."""
        state = _STATES.get(self.widget.availability)
        return None if state is None else self._nothing(state)

    def no_data(self) -> SectionView:
        """The view of an answer without figures in its window."""
        text = self.reader.words.text
        return self._view(
            SectionState.NO_DATA,
            reason=text(
                "The platform has no data for this measure in {period}.",
                period=self.reader.words.period(self.widget.request.window),
            ),
            cure=text("It returns by itself as soon as there is data."),
        )

    def no_months(self) -> SectionView:
        """The view of a series without a month in the window.

        Months outside the window mean that the platform answered another question: that holds the
        report, where an empty answer only says that there is no data.
        """
        if not any(entry.day for entry in self.widget.entries):
            return self.no_data()
        return self._failed(
            self.reader.words.text(
                "The platform answered with other months than {period}.",
                period=self.reader.words.period(self.widget.request.window),
            )
        )

    def unreadable(self, field: str) -> SectionView:
        """The view of an answer whose shape nobody knows: it holds the report."""
        return self._failed(
            self.reader.words.text(
                "The answer for {widget} could not be read: {field} is missing or impossible.",
                widget=self.widget.request.widget_type,
                field=field,
            )
        )

    def _failed(self, reason: str) -> SectionView:
        return self._view(SectionState.FAILED, reason=reason)

    def _nothing(self, state: SectionState) -> SectionView:
        text = self.reader.words.text
        if state is SectionState.NOT_LICENSED:
            return self._view(
                state,
                reason=text("This measure is not part of the current licence."),
                cure=text("Your service provider can tell what a licence with it would cost."),
            )
        if state is SectionState.REFUSED:
            return self._view(
                state,
                reason=text("Access to this measure was refused."),
                cure=text(
                    "An administrator of the company can grant access; the next report then "
                    "shows it."
                ),
            )
        return self._failed(
            text("This measure could not be fetched: {cause}", cause=self.widget.reason)
        )

    def _view(self, state: SectionState, **parts: Any) -> SectionView:
        return SectionView(
            kind=self.kind,
            name=self.name,
            window=self.widget.request.window,
            state=state,
            chapter=self.chapter,
            width=self.width,
            **parts,
        )


class WidgetSection(BaseModel):
    """
    A section that shows one widget type of the platform.

    A kind names its widget types and its place in the document, and turns an answer into a view in
    `exhibit`, which is only asked when there is an answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    WIDGETS: ClassVar[tuple[str, ...]] = ()
    """Widget types of the platform; the first one is asked for."""
    CHAPTER: ClassVar[Chapter] = Chapter.OTHER
    WIDTH: ClassVar[Width] = Width.FULL
    SPAN: ClassVar[Literal["period", "window", "history"]] = "window"
    """Which of the report's windows it looks back over."""
    TARGETS: ClassVar[Mapping[str, float]] = {}
    """Metrics a customer may have a target for, and the highest one, in the metric's unit."""
    ACTIONS: ClassVar[tuple[str, ...]] = ()
    """Metrics it proposes something to do about."""
    CHART: ClassVar[str | None] = None
    """Preferred drawing where the platform's catalogue has several."""

    section: str
    title: str | None = None
    """Printed instead of the section's own name."""
    resource_id: str | None = None

    def request(self, spans: Spans) -> WidgetRequest:
        """What to fetch."""
        window = getattr(spans, self.SPAN)
        return WidgetRequest(self.WIDGETS[0], window, self.CHART, self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """The exhibit, or the kind of nothing there is instead. Never raises for odd data."""
        name = short(self.title or self.name(reader), LONGEST_TITLE)
        frame = Frame(self.section, name, self.CHAPTER, self.WIDTH, widget, reader)
        return frame.unanswered() or self.exhibit(frame)

    def name(self, reader: Reader) -> str:
        """What is measured, in a few words."""
        raise NotImplementedError

    def exhibit(self, frame: Frame) -> SectionView:
        """The view of an answer."""
        raise NotImplementedError

"""A measure nobody has described yet: shown by the shape of its answer, never dropped."""

from typing import Literal

from pydantic import Field

from reportgen.model import Spans, Widget, WidgetRequest
from reportgen.sections.framing import LONGEST_TITLE, Frame, WidgetSection
from reportgen.sections.generic_table import GenericTable, as_supplied
from reportgen.sections.generic_trend import GenericTrend
from reportgen.sections.listing import listing
from reportgen.sections.refused import OwnWidget
from reportgen.telling import short
from reportgen.views import Chapter, Reader, SectionView, Width


class Generic(WidgetSection):
    """A widget of any type: a table where it sends rows, a trend where it sends dates."""

    section: Literal["generic"] = "generic"
    widget: OwnWidget
    chapter: Chapter = Field(Chapter.OTHER, description="Where in the report it stands.")

    def request(self, spans: Spans) -> WidgetRequest:
        """The longer history, in case it is a trend."""
        return WidgetRequest(self.widget, spans.history, None, self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """As a table, as a trend, as a list of values, or as the kind of nothing it is."""
        known = {
            "widget": self.widget,
            "title": self.title,
            "resource_id": self.resource_id,
            "chapter": self.chapter,
        }
        if any(entry.rows for entry in widget.entries):
            return GenericTable(**known).view(widget, reader)
        if _is_undated(widget):
            return self._listed(widget, reader)
        return GenericTrend(**known).view(widget, reader)

    def _listed(self, widget: Widget, reader: Reader) -> SectionView:
        name = short(self.title or widget.title or self.widget, LONGEST_TITLE)
        frame = Frame("generic_table", name, self.chapter, Width.FULL, widget, reader)
        if missing := frame.unanswered():
            return missing
        table = listing(widget.entries, reader.words)
        return frame.unreadable("value") if table is None else as_supplied(frame, table)


def _is_undated(widget: Widget) -> bool:
    """Values without a single date cannot be drawn as a trend."""
    filled = [entry for entry in widget.entries if entry.values]
    return bool(filled) and all(entry.day is None for entry in filled)

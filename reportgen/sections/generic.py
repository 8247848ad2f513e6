"""A measure nobody has described yet: shown by the shape of its answer, never dropped."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from reportgen.model import Availability, Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.generic_table import GenericTable
from reportgen.sections.generic_trend import GenericTrend
from reportgen.views import Reader, SectionView


class Generic(BaseModel):
    """A widget of any type: a table where it sends rows, a trend where it sends dates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["generic"] = "generic"
    widget: str = Field(min_length=1, description="The platform's widget type.")
    title: str | None = None
    resource_id: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The longer history, in case it is a trend."""
        return WidgetRequest(self.widget, history, None, self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """As a table, as a trend, or as the kind of nothing it is."""
        known = {"widget": self.widget, "title": self.title, "resource_id": self.resource_id}
        if any(entry.rows for entry in widget.entries):
            return GenericTable(**known).view(widget, reader)
        if self._is_unknown_shape(widget):
            title = self.title or widget.title or self.widget
            return nothing.unreadable("generic_trend", title, widget, reader, "date")
        return GenericTrend(**known).view(widget, reader)

    @staticmethod
    def _is_unknown_shape(widget: Widget) -> bool:
        """Values without a single date cannot be drawn as a trend."""
        filled = [entry for entry in widget.entries if entry.values]
        answered = widget.availability is Availability.ANSWERED
        return answered and bool(filled) and all(entry.day is None for entry in filled)

"""A measure nobody has described yet: shown by the shape of its answer, never dropped."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.generic_table import GenericTable
from reportgen.sections.generic_trend import GenericTrend
from reportgen.sections.listing import listing
from reportgen.sections.refused import OwnWidget
from reportgen.views import Reader, SectionState, SectionView

_SUMMED_UP = (
    "IndustryPhishingRiskScoreWidget",
    "PhishingDwellTimeAndQuickestResponseTimeWidget",
    "PhishingDwellTimeDistributionWidget",
    "HumanRiskScoreforHighestRiskUsersWidget",
    "ResponseTimesToPhishingActionsWidget",
    "SecurityCultureScoreGaugeWidget",
    "TotalReportedSuspiciousEmailsAndPercentageWidget",
    "RepeatOffendersUsersThresholdWidget",
    "SimulationCoverageWidget",
)
"""Widgets that answer with one sum over the days asked for, not with a series."""
_PERIOD_ONLY = frozenset(widget_type.casefold() for widget_type in _SUMMED_UP)


class Generic(BaseModel):
    """A widget of any type: a table where it sends rows, a trend where it sends dates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["generic"] = "generic"
    widget: OwnWidget
    title: str | None = None
    resource_id: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The longer history, in case it is a trend; the period where it is known to be a sum."""
        window = period if self.widget.casefold() in _PERIOD_ONLY else history
        return WidgetRequest(self.widget, window, None, self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """As a table, as a trend, as a list of values, or as the kind of nothing it is."""
        known = {"widget": self.widget, "title": self.title, "resource_id": self.resource_id}
        if any(entry.rows for entry in widget.entries):
            return GenericTable(**known).view(widget, reader)
        if _is_undated(widget):
            return self._listed(widget, reader)
        return GenericTrend(**known).view(widget, reader)

    def _listed(self, widget: Widget, reader: Reader) -> SectionView:
        title = self.title or widget.title or self.widget
        if missing := nothing.unanswered("generic_table", title, widget, reader):
            return missing
        table = listing(widget.entries, reader.words)
        if table is None:
            return nothing.unreadable("generic_table", title, widget, reader, "value")
        return SectionView(
            kind="generic_table",
            title=title,
            lead="",
            definition=widget.description
            or reader.words.text("Cells as supplied by the platform."),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=table,
        )


def _is_undated(widget: Widget) -> bool:
    """Values without a single date cannot be drawn as a trend."""
    filled = [entry for entry in widget.entries if entry.values]
    return bool(filled) and all(entry.day is None for entry in filled)

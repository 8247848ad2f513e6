"""The share of people who failed repeatedly, against the agreed ceiling."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.reading import named
from reportgen.views import Figure, Goal, Level, Reader, SectionState, SectionView

WIDGET_TYPE = "RepeatOffendersUsersRateWidget"
METRIC = "repeat_offenders"


class RepeatOffendersRate(BaseModel):
    """Repeat offenders against the protection level agreement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["repeat_offenders_rate"] = "repeat_offenders_rate"
    title: str | None = None
    resource_id: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The report's own period."""
        return WidgetRequest(WIDGET_TYPE, period, None, self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """One value against one ceiling; a measured zero is shown as zero."""
        words = reader.words
        title = self.title or words.text("Repeat offenders")
        if missing := nothing.unanswered(self.section, title, widget, reader):
            return missing
        if not any(entry.values for entry in widget.entries):
            return nothing.no_data(self.section, title, widget, reader)
        entry = widget.entries[0]
        value = named(entry, "RepeatOffenderPercentage", 0)
        if value is None:
            return nothing.unreadable(
                self.section, title, widget, reader, "RepeatOffenderPercentage"
            )
        ceiling = reader.targets.get(METRIC, named(entry, "PLA", 1))
        return SectionView(
            kind=self.section,
            title=title,
            lead=_lead(value, ceiling, reader),
            definition=words.text(
                "People who failed at least two simulated attacks in the period, as a share of "
                "everyone who received one. Lower is better."
            ),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=Level(value, "percent", ceiling, "ceiling"),
            figure=Figure(
                metric=METRIC,
                label=words.text("Repeat offenders"),
                value=value,
                unit="percent",
                better="lower",
                goal=Goal("ceiling", ceiling, value - ceiling) if ceiling is not None else None,
            ),
        )


def _lead(value: float, ceiling: float | None, reader: Reader) -> str:
    words = reader.words
    share = words.percent(value)
    if ceiling is None:
        return words.text("{value} of people failed at least twice.", value=share)
    if value > ceiling:
        return words.text(
            "{value} of people failed at least twice: over the ceiling of {ceiling}.",
            value=share,
            ceiling=words.percent(ceiling),
        )
    return words.text(
        "{value} of people failed at least twice: within the ceiling of {ceiling}.",
        value=share,
        ceiling=words.percent(ceiling),
    )

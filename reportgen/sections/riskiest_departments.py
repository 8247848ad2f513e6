"""Where people fail most: departments by their human risk score."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Entry, Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.reading import by_place, fact
from reportgen.views import Rank, Ranking, Reader, SectionState, SectionView

WIDGET_TYPE = "HumanRiskScoreforHighestRiskDepartmentsWidget"
_CRITICAL = 60.0
"""Scores above this count as critical in the platform's portal."""
_SHOWN = 10
_AT_MOST = 12
"""Up to this many rows are shown in full."""


class RiskiestDepartments(BaseModel):
    """Departments by falling risk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["riskiest_departments"] = "riskiest_departments"
    title: str | None = None
    resource_id: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The report's own period."""
        return WidgetRequest(WIDGET_TYPE, period, "bar", self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """One row a department, the riskiest first."""
        title = self.title or reader.words.text("Departments with the highest risk")
        if missing := nothing.unanswered(self.section, title, widget, reader):
            return missing
        if not widget.entries:
            return nothing.no_data(self.section, title, widget, reader)
        rows = _rows(widget.entries, reader)
        if not rows:
            return nothing.unreadable(self.section, title, widget, reader, "score")
        shown = rows if len(rows) <= _AT_MOST else rows[:_SHOWN]
        return SectionView(
            kind=self.section,
            title=title,
            lead=_lead(rows, reader),
            definition=reader.words.text(
                "Human risk score: simulated attacks with at least one risky action, as a share "
                "of those received, over the people of a department. Small departments swing "
                "widely from one period to the next."
            ),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=Ranking(shown, "percent", _average(rows), _CRITICAL, len(rows) - len(shown)),
        )


def _rows(entries: tuple[Entry, ...], reader: Reader) -> tuple[Rank, ...]:
    rows = [
        Rank(fact(entry, "department", "name") or _unnamed(reader), score, _people(entry))
        for entry in entries
        if (score := by_place(entry, 0)) is not None
    ]
    return tuple(sorted(rows, key=lambda row: (-row.value, row.name)))


def _unnamed(reader: Reader) -> str:
    return reader.words.text("No department on file")


def _people(entry: Entry) -> int | None:
    count = by_place(entry, 1)
    return None if count is None else round(count)


def _average(rows: tuple[Rank, ...]) -> float | None:
    """The mean weighted by head count; None when a head count is missing."""
    if len(rows) < 2 or any(row.people is None for row in rows):
        return None
    people = sum(row.people or 0 for row in rows)
    return sum(row.value * (row.people or 0) for row in rows) / people if people else None


def _lead(rows: tuple[Rank, ...], reader: Reader) -> str:
    words = reader.words
    first = rows[0]
    said = _highest(first, reader)
    average = _average(rows)
    if average is None or not first.people:
        return said
    return " ".join(
        (
            said,
            words.plural("It has {count} person.", "It has {count} people.", first.people),
            words.text(
                "The average of the departments shown is {average}.",
                average=words.percent(average),
            ),
        )
    )


def _highest(first: Rank, reader: Reader) -> str:
    words, value = reader.words, reader.words.percent(first.value)
    if first.name == _unnamed(reader):
        return words.text(
            "People without a department on file have the highest score: {value}.", value=value
        )
    return words.text(
        "{department} has the highest score: {value}.", department=first.name, value=value
    )

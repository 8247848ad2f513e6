"""Any measure that comes as a table: its first rows, cell by cell."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from reportgen.model import Entry, Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.refused import OwnWidget
from reportgen.views import Reader, SectionState, SectionView, Table

_ROWS = 5
_COLUMNS = 6
"""More do not fit a page side by side."""


class GenericTable(BaseModel):
    """A table widget of any type."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["generic_table"] = "generic_table"
    widget: OwnWidget
    title: str | None = None
    resource_id: str | None = None
    rows: int = Field(_ROWS, ge=1, le=200, description="How many rows are printed at the most.")

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The report's own period."""
        return WidgetRequest(self.widget, period, "table", self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """Cells as sent; a numeric column stands at the end edge."""
        title = self.title or widget.title or self.widget
        if missing := nothing.unanswered(self.section, title, widget, reader):
            return missing
        table = _table(widget.entries, self.rows)
        if table is None:
            return nothing.no_data(self.section, title, widget, reader)
        return SectionView(
            kind=self.section,
            title=title,
            lead="",
            definition=widget.description
            or reader.words.text("Cells as supplied by the platform."),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=table,
        )


def _table(entries: tuple[Entry, ...], most: int) -> Table | None:
    rows = [row for entry in entries for row in entry.rows]
    columns = _columns(entries, rows)[:_COLUMNS]
    if not rows or not columns:
        return None
    cells = tuple(tuple(_text(row.get(name)) for name, _label in columns) for row in rows[:most])
    numeric = tuple(all(_is_number(cell) for cell in column) for column in zip(*cells, strict=True))
    return Table(tuple(label for _name, label in columns), cells, numeric, max(len(rows) - most, 0))


def _columns(
    entries: tuple[Entry, ...], rows: list[Mapping[str, Any]]
) -> tuple[tuple[str, str], ...]:
    """As defined; without definitions, the keys of the rows in the order of first sight."""
    defined = dict(pair for entry in entries for pair in entry.columns)
    if not defined:
        defined = {key: key for row in rows for key in row}
    return tuple((name, label or name) for name, label in defined.items())


def _text(cell: Any) -> str:
    if cell is None or isinstance(cell, list | dict):
        return ""
    return str(cell)


def _is_number(cell: str) -> bool:
    digits = cell.strip().removesuffix("%").strip().replace(",", "").replace(".", "", 1)
    return not cell.strip() or digits.lstrip("-").isdecimal()

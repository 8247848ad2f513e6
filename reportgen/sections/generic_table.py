"""Any measure that comes as a table: its first rows, cell by cell."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from reportgen.model import Entry, Spans, Widget, WidgetRequest
from reportgen.sections.framing import LONGEST_TITLE, Frame, WidgetSection
from reportgen.sections.refused import OwnWidget
from reportgen.telling import short
from reportgen.views import Chapter, Reader, SectionView, Sentence, Table, Width

_ROWS = 5
_COLUMNS = 6
"""More do not fit a page side by side."""


class GenericTable(WidgetSection):
    """A table widget of any type."""

    section: Literal["generic_table"] = "generic_table"
    widget: OwnWidget
    chapter: Chapter = Field(Chapter.OTHER, description="Where in the report it stands.")
    rows: int = Field(_ROWS, ge=1, le=200, description="How many rows are printed at the most.")

    def request(self, spans: Spans) -> WidgetRequest:
        """The report's own window."""
        return WidgetRequest(self.widget, spans.window, "table", self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """Cells as sent; a numeric column stands at the end edge."""
        name = short(self.title or widget.title or self.widget, LONGEST_TITLE)
        frame = Frame(self.section, name, self.chapter, Width.FULL, widget, reader)
        return frame.unanswered() or self.exhibit(frame)

    def exhibit(self, frame: Frame) -> SectionView:
        """Rows and columns in the order of the platform."""
        table = _table(frame.widget.entries, self.rows)
        return frame.no_data() if table is None else as_supplied(frame, table)


def as_supplied(frame: Frame, table: Table) -> SectionView:
    """A table nobody has judged."""
    text = frame.reader.words.text
    return frame.shown(
        title=Sentence(frame.name, names=(frame.name,)),
        subtitle=text(
            "{unit}, {span}",
            unit=text("as supplied by the platform"),
            span=frame.reader.words.period(frame.widget.request.window),
        ),
        definition=frame.widget.description or text("Cells as supplied by the platform."),
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

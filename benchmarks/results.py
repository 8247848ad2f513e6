"""What came out: tables for people (Markdown) and the same for programs (JSON)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

Value = float | int | str | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures; the first value of each row says what they are, with the unit."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the suite."""

    name: str
    method: str
    tables: tuple[Table, ...]


def markdown(part: Part) -> str:
    """Its tables and how it was measured."""
    return "\n\n".join(filter(None, (*map(_table, part.tables), part.method.strip())))


def _table(table: Table) -> str:
    rules = ["---", *("--:" for _ in table.columns[1:])]
    lines = (table.columns, rules, *(tuple(map(printed, row)) for row in table.rows))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def printed(value: Value) -> str:
    """Three digits are what such a measurement can bear."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:#.3g}".rstrip(".")
    return f"{value:,}" if isinstance(value, int) else value or ""


def as_json(parts: Iterable[Part], machine: Mapping[str, str]) -> str:
    """Everything, with versions and method."""
    found = {part.name: asdict(part) for part in parts}
    return json.dumps({"machine": dict(machine), "parts": found}, indent=1) + "\n"


def put_into(document: Path, parts: Iterable[Part]) -> None:
    """Replace what stands between the marks of each part: `<!-- NAME -->`, `<!-- end of NAME -->`.

    Ends the program where a mark is missing.
    """
    text = document.read_text()
    for part in parts:
        begin, end = f"<!-- {part.name} -->", f"<!-- end of {part.name} -->"
        if begin not in text or end not in text:
            raise SystemExit(f"benchmarks: {document} has no marks {begin} and {end}")
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n\n{markdown(part)}\n\n{end}{rest.partition(end)[2]}"
    document.write_text(text)

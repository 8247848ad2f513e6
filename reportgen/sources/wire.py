"""How the platform's values are read: tolerant of every spelling seen, strict about nonsense.

The platform prints dates in the company's own format without a zone, sends whole numbers that have
also been seen as text, and spells keys in more than one case.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from reportgen.errors import UnexpectedPayload
from reportgen.model import Entry, Value
from reportgen.sources.envelope import lowered

_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*%?\s*")
_LARGEST = 1e300
"""What is larger is no number; a whole one may have more digits than a float has room for."""
_LONGEST_NOTE = 300
_DAY_FIRST, _MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
DATE_FORMATS = {
    "dd/mm/yyyy": _DAY_FIRST,
    "mm/dd/yyyy": _MONTH_FIRST,
    "yyyy/mm/dd": "%Y/%m/%d",
}
"""Date formats a company may choose, in .NET style and lower case, for `strftime`."""
_SLASHES = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")


# ---- numbers and texts ---------------------------------------------------------------------


def number(value: object) -> float | None:
    """A finite number from a number, numeric text or text with a percent sign; else None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        value = float(match[1]) if match else None
    if not isinstance(value, int | float) or not abs(value) < _LARGEST:
        return None
    return float(value)


def text(value: object) -> str:
    """Text as it is, anything else as nothing."""
    return value if isinstance(value, str) else ""


def first_text(fields: Mapping[str, Any], *names: str) -> str:
    """The first of these keys that holds text; keys are expected in lower case."""
    return next((found for name in names if (found := text(fields.get(name)).strip())), "")


def objects(value: object) -> tuple[Mapping[str, Any], ...]:
    """The objects of a list, with keys in lower case; anything else is left out."""
    if not isinstance(value, list):
        return ()
    return tuple(lowered(item) for item in value if isinstance(item, Mapping))


# ---- dates ---------------------------------------------------------------------------------


def days(texts: Sequence[str], company_format: str | None, where: str) -> tuple[date, ...]:
    """
    The days of a series, all read in one order.

    ISO 8601 and four digits first are plain. Otherwise the company's format decides; without one,
    the order in which all days are the first of a month and months ascend. Raises
    UnexpectedPayload when no order fits.
    """
    plain = [_plain(each) for each in texts]
    if all(plain):
        return tuple(day for day in plain if day)
    for pattern in _candidates(company_format):
        read = [_read(each, pattern) for each in texts]
        known = tuple(day for day in read if day)
        if len(known) == len(texts) and _fits(known, sure=pattern == _own(company_format)):
            return known
    shown = next((each for each, day in zip(texts, plain, strict=True) if not day), "")
    raise UnexpectedPayload(f"{where}: the date {shown[:40]!r} cannot be read")


def _own(company_format: str | None) -> str | None:
    return DATE_FORMATS.get((company_format or "").casefold())


def _candidates(company_format: str | None) -> tuple[str, ...]:
    own = _own(company_format)
    order = (own, _DAY_FIRST, _MONTH_FIRST)
    return tuple(dict.fromkeys(pattern for pattern in order if pattern))


def _fits(read: tuple[date, ...], *, sure: bool) -> bool:
    """Without a known format only a series of firsts of ascending months is beyond doubt."""
    months = all(day.day == 1 for day in read) and list(read) == sorted(set(read))
    return months or (sure and bool(read))


def _plain(value: str) -> date | None:
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        return _read(value, "%Y/%m/%d")


def _read(value: str, pattern: str) -> date | None:
    head = value.strip().split(" ")[0].split("T")[0]
    if pattern != "%Y/%m/%d" and not _SLASHES.fullmatch(head):
        return None
    try:
        return datetime.strptime(head, pattern).date()  # noqa: DTZ007 - a wall date without zone
    except ValueError:
        return None


# ---- widgets -------------------------------------------------------------------------------


def entries(widget_datas: object, company_format: str | None, where: str) -> tuple[Entry, ...]:
    """The elements of `widgetDatas`; null, missing or odd ones are left out."""
    raw = objects(widget_datas)
    printed = [text(item.get("date")).strip() for item in raw]
    dated = days([each for each in printed if each], company_format, where)
    remaining = iter(dated)
    return tuple(
        _entry(item, next(remaining) if each else None)
        for item, each in zip(raw, printed, strict=True)
    )


def _entry(item: Mapping[str, Any], day: date | None) -> Entry:
    return Entry(
        day=day,
        values=tuple(_value(value) for value in objects(item.get("values"))),
        facts=_facts(item),
        columns=tuple(_columns(objects(item.get("tabledefinitions")))),
        rows=tuple(row for row in _rows(item.get("tablevalues"))),
    )


def _facts(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """`dataObject`, and `sourceBreakdown` where the platform puts it beside instead."""
    data = item.get("dataobject")
    facts = data if isinstance(data, Mapping) else {}
    beside = item.get("sourcebreakdown")
    return {**facts, "sourceBreakdown": beside} if isinstance(beside, Mapping) else facts


def _value(item: Mapping[str, Any]) -> Value:
    return Value(
        number(item.get("value")),
        text(item.get("name")),
        text(item.get("label")),
        _note(item.get("annotations")),
    )


def _note(annotations: object) -> str:
    """Plain text, or an object with a definition."""
    if isinstance(annotations, Mapping):
        annotations = lowered(annotations).get("definition")
    return text(annotations)[:_LONGEST_NOTE]


def _columns(definitions: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for item in definitions:
        name = text(item.get("name"))
        if name:
            yield name, text(item.get("label"))


def _rows(values: object) -> Iterable[Mapping[str, Any]]:
    if isinstance(values, list):
        yield from (row for row in values if isinstance(row, Mapping))

"""The figures of a report for a customer's own tools: the JSON copy inside the PDF."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from reportgen.rendering.cleaning import cleaned
from reportgen.views import Correction, Figure, Page, SectionState, SectionView

FORMAT = "reportgen-figures/1"
"""Name and version of this shape; a change that breaks readers changes the number."""


def figures_json(page: Page) -> bytes:
    """
    Canonical JSON, UTF-8: `format`, `report`, `figures` (every key figure with what it is compared
    with) and `exhibits` (the data each chart is drawn from); in a corrected edition `correction`
    (what it replaces, and the changed figures as printed). Days are ISO 8601; percentages 0 to
    100; durations in minutes. `period.last_day` is included in the period.
    """
    text = json.dumps(_content(cleaned(page)), ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode()


def _content(page: Page) -> dict[str, Any]:
    shown = [view for view in page.sections if view.state is SectionState.SHOWN]
    return {
        "format": FORMAT,
        "report": {
            "title": page.title,
            "customer": page.customer,
            "language": page.language,
            "reference": page.reference,
            "edition": page.edition,
            "period": _span(page.period.start, page.period.last_day),
            "window": _span(page.window.start, page.window.last_day),
            "data_as_of": page.data_as_of.isoformat(timespec="seconds"),
            "data_sha256": page.fingerprint,
        },
        "figures": list(_figures(shown)),
        "exhibits": [_exhibit(view) for view in shown],
        "not_shown": [
            {"name": view.name, "state": view.state.value, "reason": view.reason}
            for view in page.missing
        ],
        **({"correction": _correction(page.correction)} if page.correction else {}),
    }


def _correction(correction: Correction) -> dict[str, Any]:
    return {
        "replaced_edition": correction.edition,
        "replaced_edition_made": _plain(correction.day),
        "on_file": correction.on_file,
        "exhibits": list(correction.exhibits),
        "changes": [
            {"chapter": chapter, **_plain(change)}
            for chapter, changes in correction.groups
            for change in changes
        ],
    }


def _span(first: date, last: date) -> dict[str, str]:
    return {"first_day": first.isoformat(), "last_day": last.isoformat()}


def _figures(shown: list[SectionView]) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for view in shown:
        for figure in view.figures:
            if figure.metric not in seen and not figure.aside:
                seen.add(figure.metric)
                yield _figure(figure)


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "metric": figure.metric,
        "label": figure.label,
        "value": figure.value,
        "unit": figure.unit,
        "better": figure.better,
        "status": figure.status.value,
        "previous": figure.previous,
        "previous_day": _plain(figure.previous_day),
        "change": figure.delta.amount if figure.delta else None,
        "judgement": figure.delta.judgement if figure.delta else None,
        "goal": _plain(figure.goal),
    }


def _exhibit(view: SectionView) -> dict[str, Any]:
    return {
        "section": view.kind,
        "name": view.name,
        "window": _span(view.window.start, view.window.last_day),
        "data": _plain(view.data),
    }


def _plain(value: Any) -> Any:
    """Dataclasses become mappings, days become text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value

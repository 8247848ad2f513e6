"""Short ways to write an answer of the platform and to read what a section makes of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from reportgen import gate
from reportgen.language import words
from reportgen.model import Availability, Customer, Entry, Value, Widget, WidgetRequest
from reportgen.sections import parse
from reportgen.views import Figure, Past, Reader, SectionView
from tests.sample_pages import spans

ENGLISH = words("en")
SPANS = spans("2026-11")
DECEMBER = date(2026, 12, 1)
"""The day of the report: November is over."""
OCTOBER_EDITION = date(2026, 10, 31)
COMPANY, INDUSTRY, ALL = "Company Phishing Risk Score", "Industry Avg (Retail)", "All Industry Avg"
ALERT = "Users Who Did Not Click And Reported (%)"
LATE = "Users Who Clicked And Reported (%)"
SILENT = "Users Who Did Not Reported (%)"


def reader(
    *,
    targets: Mapping[str, float] | None = None,
    earlier: Mapping[str, float | Past] | None = None,
    drifted: bool = False,
    today: date = DECEMBER,
) -> Reader:
    """An English reader; earlier values are those of the October edition."""
    pasts = {
        metric: past if isinstance(past, Past) else Past(past, OCTOBER_EDITION)
        for metric, past in (earlier or {}).items()
    }
    return Reader(ENGLISH, targets or {}, today, "Harbourline", pasts, drifted)


def widget(item: object, *entries: Entry) -> Widget:
    """An answer to what the section asks."""
    return Widget(parse(item).request(SPANS), Availability.ANSWERED, "id", "Name", entries=entries)


def view(item: object, *entries: Entry, **wishes: Any) -> SectionView:
    """What a section makes of these elements."""
    return parse(item).view(widget(item, *entries), reader(**wishes))


def held(*views: SectionView) -> tuple[str, ...]:
    """Why the gate holds a first report with these sections."""
    nothing = Widget(WidgetRequest("AnyWidget", SPANS.window), Availability.ANSWERED)
    found = tuple(gate.Measured(nothing, one) for one in views)
    rules = gate.settled()
    customer = Customer("c1", "Harbourline")
    case = gate.Case(customer, SPANS.period, DECEMBER, found, ENGLISH, rules=rules)
    return tuple(concern.text for concern in gate.concerns(case))


def month(number: int, values: Mapping[str, float | None], year: int = 2026) -> Entry:
    """One month of a series, addressed by label."""
    return Entry(
        date(year, number, 1), tuple(Value(one, label=label) for label, one in values.items())
    )


def named(facts: Mapping[str, Any] | None = None, /, **values: float | None) -> Entry:
    """One element, addressed by name."""
    return Entry(
        values=tuple(Value(number, name=name) for name, number in values.items()),
        facts=facts or {},
    )


def placed(facts: Mapping[str, Any], *numbers: float | None) -> Entry:
    """One element, addressed by place."""
    return Entry(values=tuple(Value(number) for number in numbers), facts=facts)


def figure(made: SectionView, metric: str) -> Figure | None:
    """One of the figures of a view."""
    return next((one for one in made.figures if one.metric == metric), None)


def texts(made: SectionView) -> Iterator[str]:
    """The words beside an exhibit."""
    yield from (one.text for note in made.notes for one in note.text)

"""Which kind of nothing a section shows, and the words for it."""

from reportgen.model import Availability, Widget
from reportgen.views import Reader, SectionState, SectionView

_STATES = {
    Availability.NOT_LICENSED: SectionState.NOT_LICENSED,
    Availability.REFUSED: SectionState.REFUSED,
    Availability.FAILED: SectionState.FAILED,
}


def unanswered(kind: str, title: str, widget: Widget, reader: Reader) -> SectionView | None:
    """The view of a widget that has no answer, or None when it has one."""
    state = _STATES.get(widget.availability)
    if state is None:
        return None
    return _empty(kind, title, widget, state, _reason(state, widget, reader))


def no_data(kind: str, title: str, widget: Widget, reader: Reader) -> SectionView:
    """The view of an answer without figures in the period."""
    reason = reader.words.text(
        "The platform has no data for this measure in {period}.",
        period=reader.words.period(widget.request.window),
    )
    return _empty(kind, title, widget, SectionState.NO_DATA, reason)


def no_months(kind: str, title: str, widget: Widget, reader: Reader) -> SectionView:
    """The view of a series without a month in the period.

    Months outside the period mean that the platform answered another question: that holds the
    report, where an empty answer only says that there is no data.
    """
    if not any(entry.day for entry in widget.entries):
        return no_data(kind, title, widget, reader)
    reason = reader.words.text(
        "The platform answered with other months than {period}.",
        period=reader.words.period(widget.request.window),
    )
    return _empty(kind, title, widget, SectionState.FAILED, reason)


def unreadable(kind: str, title: str, widget: Widget, reader: Reader, field: str) -> SectionView:
    """The view of an answer whose shape nobody knows: it holds the report."""
    reason = reader.words.text(
        "The answer for {widget} could not be read: {field} is missing.",
        widget=widget.request.widget_type,
        field=field,
    )
    return _empty(kind, title, widget, SectionState.FAILED, reason)


def _reason(state: SectionState, widget: Widget, reader: Reader) -> str:
    text = reader.words.text
    if state is SectionState.NOT_LICENSED:
        return text("This measure is not part of the current licence.")
    if state is SectionState.REFUSED:
        return text("Access to this measure was refused.")
    return text("This measure could not be fetched: {cause}", cause=widget.reason)


def _empty(kind: str, title: str, widget: Widget, state: SectionState, reason: str) -> SectionView:
    return SectionView(
        kind=kind,
        title=title,
        lead="",
        definition="",
        window=widget.request.window,
        state=state,
        reason=reason,
    )

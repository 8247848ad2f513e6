"""Rules about what the platform answered: nothing, failures, old data."""

from collections.abc import Iterator
from datetime import date

from reportgen.gate.case import Case, Measured
from reportgen.views import SectionState, SectionView, Trend

_ANSWERED = (SectionState.SHOWN, SectionState.NO_DATA)
_PEERS = ("industry", "all_industries")


def empty(case: Case) -> Iterator[str]:
    """There are answers, and none of them holds a figure other than nought."""
    answered = [one for one in case.measured if one.view.state in _ANSWERED]
    if answered and not any(_says_something(one) for one in answered):
        yield case.words.text("The platform has no data for any measure of this report.")


def _says_something(one: Measured) -> bool:
    """Of an answer without numbers, such as a table, the view alone tells."""
    values = [value.number for entry in one.widget.entries for value in entry.values]
    numbers = [number for number in values if number is not None]
    tabled = any(entry.rows for entry in one.widget.entries)
    return one.view.state is SectionState.SHOWN and (tabled or not numbers or any(numbers))


def widget_failed(case: Case) -> Iterator[str]:
    """A measure could not be fetched, or its answer could not be read."""
    for one in case.measured:
        if one.view.state is SectionState.FAILED:
            yield f"{one.view.name}: {one.view.reason}"


def nothing_shown(case: Case) -> Iterator[str]:
    """No measure was answered at all."""
    if not any(one.view.state in _ANSWERED for one in case.measured):
        yield case.words.text("No measure of this report could be shown.")


def stale(case: Case) -> Iterator[str]:
    """
    No series reaches the period's last month.

    One that does shows that the platform has worked the month out: a month that another lacks had
    nothing to count.
    """
    days = [day for one in case.measured if (day := _newest(one.view)) is not None]
    if days and max(days) < case.newest_month:
        yield case.words.text(
            "The newest figures are of {newest}; those of {month} are missing.",
            newest=case.words.month(max(days)),
            month=case.words.month(case.newest_month),
        )


def _newest(view: SectionView) -> date | None:
    """The newest day with a figure of the company's own."""
    if not isinstance(view.data, Trend):
        return None
    own = [series.values for series in view.data.series if series.role not in _PEERS]
    known = [
        day
        for day, values in zip(view.data.days, zip(*own, strict=True), strict=False)
        if any(value is not None for value in values)
    ]
    return max(known, default=None)


def licence_expired(case: Case) -> Iterator[str]:
    """The platform lists the company with an expired licence."""
    if case.customer.licence_expired:
        yield case.words.text("The licence has expired; figures may be missing or out of date.")

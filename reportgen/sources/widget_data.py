"""Widget data of one customer: small batches, one by one where a batch fails, matched by id."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from reportgen.errors import (
    AccessNotGranted,
    SourceBusy,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    UnexpectedPayload,
)
from reportgen.model import Availability, Customer, Entry, Period, Widget, WidgetRequest
from reportgen.sources.envelope import unwrap
from reportgen.sources.transport import Answer, data_or_raise
from reportgen.sources.wire import DATE_FORMATS, entries, first_text, objects


class Ask(Protocol):
    """Sends one call; `in_parts` where a failure is not the last word."""

    def __call__(
        self, customer: Customer, body: Mapping[str, Any], /, *, in_parts: bool
    ) -> Answer: ...


_NAMED, _NUMBERED = "Custom", 5
"""The custom period as documented, and as the platform's own pages send it."""


DateForm = Literal["documented", "plain", "own"]
"""RFC 3339 as the platform documents; the same without a zone; the company's own format."""


@dataclass(slots=True)
class Dialect:
    """Which of the ways to write a custom period this server takes; learnt from its refusals."""

    period: str | int = _NAMED
    dates: dict[str, DateForm] = field(default_factory=dict)
    """By company; the documented form where nothing else was learnt."""


class Fetch:
    """Everything one report asks of one customer.

    `scope` is the company that is asked where that is another one, empty for none: what its
    refusals teach is kept apart, its answers are read as the customer's.
    """

    def __init__(
        self,
        ask: Ask,
        dialect: Dialect,
        customer: Customer,
        date_format: Callable[[str], str | None],
        batch: int,
        scope: str | None = None,
    ) -> None:
        self._ask = ask
        self._dialect = dialect
        self._customer = customer
        self._scope = customer.company_id if scope is None else scope
        self._date_format = date_format
        self._batch = batch
        self._found: dict[tuple[Period, str], Mapping[str, Any]] = {}
        self._failed: dict[tuple[Period, str], SourceError] = {}
        self.raw: list[Mapping[str, Any]] = []
        """What was asked and answered, for the snapshot."""

    # ---- asking ----------------------------------------------------------------------------

    def window(self, window: Period, ids: tuple[str, ...]) -> None:
        """Ask for these widgets over these days. Raises what concerns the company as a whole."""
        for part in _parts(ids, self._batch):
            self._batch_of(window, part)
        for each in ids:
            if (window, each) not in self._found and (window, each) not in self._failed:
                self._single(window, each)

    def _batch_of(self, window: Period, ids: tuple[str, ...]) -> None:
        """A batch that fails leaves its widgets to be asked for one by one."""
        if len(ids) == 1:
            return
        try:
            self._take(window, ids, self._data(window, ids))
        except (AccessNotGranted, SourceBusy):
            raise
        except SourceError:
            return

    def _single(self, window: Period, resource_id: str) -> None:
        try:
            self._take(window, (resource_id,), self._data(window, (resource_id,)))
        except (AccessNotGranted, SourceBusy):
            raise
        except SourceError as error:
            self._failed[window, resource_id] = error

    def _take(self, window: Period, ids: tuple[str, ...], data: Any) -> None:
        for item in objects(data):
            resource_id = first_text(item, "resourceid")
            if resource_id in ids:
                self._found[window, resource_id] = item

    def _data(self, window: Period, ids: tuple[str, ...]) -> Any:
        answer = self._in_any_spelling(window, ids)
        what = f"reading widget data for {self._customer.name}"
        return unwrap(data_or_raise(answer, what), what)

    def refuse_nothing(self) -> None:
        """Raise what went wrong where not one answer came, and waiting may help."""
        errors = tuple(self._failed.values())
        if errors and not self._found and all(error.retry for error in errors):
            raise errors[0]

    # ---- spelling of the period ------------------------------------------------------------

    def _in_any_spelling(self, window: Period, ids: tuple[str, ...]) -> Answer:
        """The first answer that is not a refusal of the body's form, or the first refusal."""
        first: Answer | None = None
        for period, dates in self._spellings():
            answer = self._once(window, ids, period, dates)
            if answer.status != 400:
                self._dialect.period = period
                self._dialect.dates[self._scope] = dates
                return answer
            first = first or answer
        if first is None:
            raise UnexpectedPayload("no way to write the period is known")
        return first

    def _spellings(self) -> Iterator[tuple[str | int, DateForm]]:
        """Every way, what worked before first; own dates only where the format is known."""
        known = self._dialect.period
        learnt = self._dialect.dates.get(self._scope, "documented")
        forms: tuple[DateForm, ...] = (learnt, "documented", "plain", "own")
        for dates in dict.fromkeys(forms):
            for period in (known, _NUMBERED if known == _NAMED else _NAMED):
                yield period, dates

    def _once(
        self,
        window: Period,
        ids: tuple[str, ...],
        period: str | int,
        dates: DateForm,
    ) -> Answer:
        start, end = self._moments(window, dates)
        body = {"widgetIds": list(ids), "datePeriod": period, "startDate": start, "endDate": end}
        answer = self._ask(self._customer, body, in_parts=len(ids) > 1)
        self.raw.append({"asked": body, "status": answer.status, "answer": answer.body})
        return answer

    def _moments(self, window: Period, dates: DateForm) -> tuple[str, str]:
        """First and last moment of the window, on the wall clock, in this form."""
        if dates == "own":
            pattern = DATE_FORMATS.get((self._asked_format() or "").casefold(), "%Y-%m-%d")
            return window.start.strftime(pattern), window.last_day.strftime(pattern)
        zone = "Z" if dates == "documented" else ""
        return f"{window.start}T00:00:00{zone}", f"{window.last_day}T23:59:59{zone}"

    def _asked_format(self) -> str | None:
        """The format of the company that is asked."""
        if self._scope == self._customer.company_id:
            return self._company_format()
        return self._date_format(self._scope) if self._scope else None

    def _company_format(self) -> str | None:
        return self._customer.date_format or self._date_format(self._customer.company_id)

    # ---- reading ---------------------------------------------------------------------------

    def widget(self, request: WidgetRequest, resource_id: str) -> Widget:
        """What became of one request."""
        if not resource_id:
            return Widget(request, Availability.NOT_LICENSED)
        item = self._found.get((request.window, resource_id))
        if item is None:
            return self._missing(request, resource_id)
        try:
            found = self._entries(item, request)
        except UnexpectedPayload as error:
            return Widget(request, Availability.FAILED, resource_id, reason=str(error))
        return Widget(
            request,
            Availability.ANSWERED,
            resource_id,
            title=first_text(item, "name"),
            description=first_text(item, "description"),
            chart_type=first_text(item, "charttype"),
            entries=found,
        )

    def _missing(self, request: WidgetRequest, resource_id: str) -> Widget:
        """Refused, failed, or left out of a good answer (which counts as no data)."""
        error = self._failed.get((request.window, resource_id))
        if error is None:
            return Widget(request, Availability.ANSWERED, resource_id)
        refused = isinstance(error, SourceRefused) and not isinstance(error, SourceUnavailable)
        state = Availability.REFUSED if refused else Availability.FAILED
        return Widget(request, state, resource_id, reason=str(error))

    def _entries(self, item: Mapping[str, Any], request: WidgetRequest) -> tuple[Entry, ...]:
        """Dates that cannot be told without it are read in the company's own format."""
        datas, where = item.get("widgetdatas"), request.widget_type
        try:
            return entries(datas, self._customer.date_format, where)
        except UnexpectedPayload:
            return entries(datas, self._company_format(), where)


def _parts(ids: tuple[str, ...], most: int) -> Iterator[tuple[str, ...]]:
    """As few parts as may be, of about one size, so that one that fails is a small one."""
    count = -(-len(ids) // most)
    for place in range(count):
        yield ids[place * len(ids) // count : (place + 1) * len(ids) // count]

"""The Keepnet REST API: companies, catalogue, saved reports and widget data."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from reportgen.errors import (
    SourceBusy,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    UnexpectedPayload,
)
from reportgen.model import (
    Answers,
    Company,
    Customer,
    SavedReport,
    SavedWidget,
    Testimony,
    Widget,
    WidgetRequest,
)
from reportgen.sources import directory
from reportgen.sources.envelope import RENEWABLE, lowered, unwrap
from reportgen.sources.kinds import Keepnet
from reportgen.sources.lately import Lately
from reportgen.sources.oauth2 import Tokens
from reportgen.sources.pace import Pace
from reportgen.sources.parsing import parsed
from reportgen.sources.transport import Answer, Call, Limits, Transport, data_or_raise
from reportgen.sources.widget_data import Dialect, Fetch
from reportgen.sources.wire import first_text, number, objects
from reportgen.sources.witnesses import Witnesses

_SCOPE = ("X-KEEPNET-Company-Id", "X-IR-COMPANY-ID")
"""The documented header and the one the platform's own pages send: both go with every call."""
_MOST_PAGES = 1000
_NEEDED = (
    "companies/search|POST",
    "executive-report/search|POST",
    "executive-report/metrics|GET",
    "executive-report/get-widget-datas|POST",
)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One drawing of one widget that a company may see."""

    resource_id: str
    widget_type: str
    chart_type: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the credentials turned out to be good for."""

    missing: tuple[str, ...]
    """Permissions a report needs that the token does not name; empty where it names none."""


class KeepnetSource:
    """A live connection; use it as a context manager. Safe under threads."""

    def __init__(
        self,
        base_url: str,
        transport: Transport,
        tokens: Tokens,
        *,
        limits: Limits,
        widget_limits: Limits,
        batch: int,
        page_size: int,
        second_look: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.base_url = base_url
        self._transport = transport
        self._tokens = tokens
        self._limits = limits
        self._widget_limits = widget_limits
        self._batch = batch
        self._page_size = page_size
        self._now = now
        self._dialect = Dialect()
        self._catalogues: Lately[tuple[CatalogueEntry, ...]] = Lately()
        self._records: Lately[Mapping[str, Any]] = Lately()
        self._date_formats: Lately[str | None] = Lately()
        self._witnesses = Witnesses(self._look, self._dialect, self.date_format, batch, now)
        self._second_look = second_look
        self._listed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transport.close()

    @property
    def concurrency(self) -> int:
        """Calls that may be under way at once."""
        return self._transport.places

    def stop(self) -> None:
        """End every wait of every thread at once; whatever is asked from now on is SourceBusy."""
        self._transport.stop()

    # ---- calls -----------------------------------------------------------------------------

    def _send(self, call: Call, company_id: str | None = None) -> Answer:
        """Send with a living token; once more with a new one when it is refused."""
        scope = dict.fromkeys(_SCOPE, company_id) if company_id else {}
        call = replace(call, company_id=company_id or call.company_id)
        token = self._tokens.current()
        answer = self._transport.send(_signed(call, token, scope))
        if answer.status in RENEWABLE:
            answer = self._transport.send(_signed(call, self._tokens.current(token), scope))
        return answer

    def _data(self, call: Call, company_id: str | None = None) -> Any:
        return unwrap(data_or_raise(self._send(call, company_id), call.what), call.what)

    def _call(self, method: str, path: str, what: str, body: Any = None) -> Call:
        return Call(method, f"{self.base_url}{path}", what, {}, json=body, limits=self._limits)

    def platform_time(self) -> datetime | None:
        """The moment it is by the platform's last answer; None before the first."""
        return self._transport.platform_time()

    # ---- companies -------------------------------------------------------------------------

    def check(self) -> SignedIn:
        """Sign in and see what the token may do. Raises SourceError when it does not work."""
        self._tokens.current()
        named = self._tokens.permissions
        missing = [need for need in _NEEDED if need not in named] if named else []
        return SignedIn(tuple(missing))

    def companies(self) -> tuple[Company, ...]:
        """Every company these credentials may list, children after their parent, each once."""
        found: dict[str, Company] = {}
        for page in self._company_pages():
            for company in directory.companies(page):
                found.setdefault(company.company_id, company)
        self._listed = len(found)
        return tuple(found.values())

    def _company_pages(self) -> Iterator[object]:
        for page in range(1, _MOST_PAGES + 1):
            data = self._company_page(page)
            rows = directory.rows(data)
            yield rows
            if not rows or page >= directory.pages(data):
                return

    def _company_page(self, page: int) -> Any:
        """One page; a tenant that refuses the plain filter is asked with two empty groups."""
        what = "listing the companies"
        for grouped in (False, True):
            body = directory.search_body(page, self._page_size, grouped=grouped)
            answer = self._send(self._call("POST", "/api/companies/search", what, body))
            if answer.status != 400:
                break
        return unwrap(data_or_raise(answer, what), what)

    def date_format(self, company_id: str) -> str | None:
        """The company's own date format, in .NET style; None when it cannot be learnt."""
        return self._date_formats.get(company_id, lambda: self._read_date_format(company_id))

    def _read_date_format(self, company_id: str) -> str | None:
        try:
            return first_text(self._record(company_id), "dateformat") or None
        except SourceBusy:
            raise
        except SourceError:
            return None

    def _record(self, company_id: str) -> Mapping[str, Any]:
        """What the platform has on file about the company itself."""
        return self._records.get(company_id, lambda: self._read_record(company_id))

    def _read_record(self, company_id: str) -> Mapping[str, Any]:
        path = f"/api/companies/{quote(company_id, safe='')}"
        return lowered(
            self._data(self._call("GET", path, "reading the company's record"), company_id)
        )

    # ---- catalogue and saved reports -------------------------------------------------------

    def catalogue(self, customer: Customer) -> tuple[CatalogueEntry, ...]:
        """The widgets a company's licence includes. Raises SourceError."""
        company_id = customer.company_id
        return self._catalogues.get(company_id, lambda: self._read_catalogue(company_id))

    def _read_catalogue(self, company_id: str) -> tuple[CatalogueEntry, ...]:
        call = self._call("GET", "/api/executive-report/metrics", "reading the widget catalogue")
        data = lowered(self._data(call, company_id))
        return tuple(
            CatalogueEntry(
                first_text(widget, "resourceid"),
                first_text(widget, "widgettype"),
                first_text(widget, "charttype"),
                first_text(widget, "name"),
                first_text(metric, "name"),
            )
            for metric in objects(data.get("metrics"))
            for widget in objects(metric.get("widgets"))
        )

    def saved_reports(self, customer: Customer) -> tuple[tuple[str, str], ...]:
        """Id and name of every report a company saved in the portal."""
        body = {"name": ""}
        call = self._call(
            "POST", "/api/executive-report/search", "searching the saved reports", body
        )
        rows = objects(self._data(call, customer.company_id))
        return tuple(
            (first_text(row, "resourceid"), first_text(row, "name"))
            for row in rows
            if first_text(row, "resourceid")
        )

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        """The company's saved report of this name. Raises SourceRefused when there is none."""
        known = self.saved_reports(customer)
        found = [each for each in known if each[1].casefold() == name.casefold()]
        if not found:
            names = ", ".join(repr(each[1]) for each in known) or "none"
            raise SourceRefused(f"{customer.name} has no saved report {name!r}; it has: {names}")
        return self.saved_report_by_id(customer, found[0][0], name)

    def saved_report_by_id(self, customer: Customer, resource_id: str, name: str) -> SavedReport:
        """The saved report of this id; `name` stands in messages. Raises SourceError."""
        path = f"/api/executive-report/{quote(resource_id, safe='')}"
        call = self._call("GET", path, f"reading the saved report {name!r}")
        return _saved(lowered(self._data(call, customer.company_id)), resource_id, name)

    # ---- widget data -----------------------------------------------------------------------

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        """One widget for each request, in order.

        Raises SourceError when the company as a whole is refused or nothing can be reached.
        """
        started = self._now()
        catalogue = self.catalogue(customer)
        ids = {request: _resolve(request, catalogue) for request in requests}
        fetch = Fetch(self.ask, self._dialect, customer, self.date_format, self._batch)
        for window in dict.fromkeys(request.window for request in requests):
            wanted = (ids[each] for each in requests if each.window == window)
            fetch.window(window, tuple(dict.fromkeys(each for each in wanted if each)))
        widgets = tuple(fetch.widget(request, ids[request]) for request in requests)
        fetch.refuse_nothing()
        return Answers(customer.company_id, started, widgets, tuple(fetch.raw))

    def ask(self, customer: Customer, body: Mapping[str, Any], *, in_parts: bool) -> Answer:
        """One call for widget data; the answer, whatever its status."""
        what = f"reading widget data for {customer.name}"
        call = self._call("POST", "/api/executive-report/get-widget-datas", what, dict(body))
        wanted = replace(self._widget_limits, in_parts=in_parts)
        return self._send(replace(call, limits=wanted), customer.company_id)

    # ---- witnesses -------------------------------------------------------------------------

    def testimony(self, customer: Customer, answers: Answers) -> Testimony | None:
        """What independent witnesses say about whose these answers are. None: not to be asked."""
        if not self._second_look:
            return None
        return self._witnesses.testimony(
            customer,
            answers.widgets,
            self._named(customer),
            self.reseller,
            alone=self._listed == 1,
        )

    @property
    def reseller(self) -> str:
        """Whose credentials these are."""
        return self._tokens.company or "your own company"

    def owner(self, customer: Customer, widget: Widget) -> str:
        """The name of another company that has exactly these figures.

        Empty where none is found, or nobody can be asked now: a contradiction is one all the same.
        """
        try:
            return self._witnesses.owner(customer, widget, self.companies())
        except SourceBusy:
            return ""

    def _named(self, customer: Customer) -> tuple[str, str] | None:
        try:
            record = self._record(customer.company_id)
        except SourceUnavailable:
            raise
        except SourceError:
            return None
        return first_text(record, "resourceid", "companyresourceid"), first_text(record, "name")

    def _look(self, body: Mapping[str, Any], company_id: str, *, in_parts: bool) -> Answer:
        """Widget data with the scope in the address instead of the header, or with none."""
        query = f"?companyId={quote(company_id, safe='')}" if company_id else ""
        path = f"/api/executive-report/get-widget-datas{query}"
        call = self._call("POST", path, "reading widget data a second time", dict(body))
        wanted = replace(self._widget_limits, attempts=2, in_parts=in_parts)
        return self._send(replace(call, company_id=company_id, limits=wanted))


def _resolve(request: WidgetRequest, catalogue: Iterable[CatalogueEntry]) -> str:
    """The id to ask for; empty when the company's licence does not include the widget."""
    offered = [entry for entry in catalogue if entry.resource_id]
    if request.resource_id and any(e.resource_id == request.resource_id for e in offered):
        return request.resource_id
    names = _ALIASES.get(request.widget_type.casefold(), (request.widget_type.casefold(),))
    fitting = [entry for entry in offered if entry.widget_type.casefold() in names]
    wanted = (request.chart_type or "").casefold()
    drawn = [entry for entry in fitting if wanted in entry.chart_type.casefold()]
    return next((entry.resource_id for entry in (*drawn, *fitting)), "")


_ALIASES = dict.fromkeys(
    ("trainingenrollmentactivitywidget", "trainingactivitywidget"),
    ("trainingenrollmentactivitywidget", "trainingactivitywidget"),
)
"""Widget types that are met under two names."""


def _saved(data: Mapping[str, Any], resource_id: str, name: str) -> SavedReport:
    return SavedReport(
        resource_id=resource_id,
        name=first_text(data, "name") or name,
        company_name=first_text(data, "companyname"),
        widgets=_tiles(data.get("widgetlayout"), f"the saved report {name!r}"),
    )


def _tiles(layout: object, what: str) -> tuple[SavedWidget, ...]:
    """The tiles of a layout (JSON inside a text), in reading order."""
    try:
        value = layout
        if isinstance(layout, str):
            value = parsed(layout.encode(), what)
    except ValueError as error:
        raise UnexpectedPayload(f"{what}: its layout cannot be read") from error
    tiles = sorted(objects(value), key=lambda tile: (_place(tile, "y"), _place(tile, "x")))
    return tuple(
        SavedWidget(
            first_text(tile, "resourceid"),
            first_text(tile, "key"),
            first_text(tile, "title"),
            first_text(tile, "charttype"),
        )
        for tile in tiles
        if first_text(tile, "key")
    )


def _place(tile: Mapping[str, Any], axis: str) -> float:
    return number(tile.get(axis)) or 0.0


def _signed(call: Call, token: str, scope: Mapping[str, str]) -> Call:
    return replace(call, headers={**call.headers, **scope, "Authorization": f"Bearer {token}"})


def connect(
    kind: Keepnet,
    pause: Callable[[float], None] | None = None,
    now: Callable[[], float] = time.monotonic,
) -> KeepnetSource:
    """A live connection from its configuration; `pause` waits in place of the usual wait.

    `now` is the clock in seconds that pauses are reckoned by.
    """
    size = kind.max_answer_mb * 1024 * 1024
    limits = Limits(read=kind.timeout, attempts=kind.attempts, size=size)
    proxy = kind.proxy.get_secret_value() if kind.proxy else None
    pace = Pace(kind.requests_per_second, kind.concurrency)
    transport = Transport(pause, kind.ca_file, proxy, pace, now)
    url = f"{kind.base_url}/connect/token"
    return KeepnetSource(
        kind.base_url,
        transport,
        Tokens(transport, url, kind.client_id, kind.client_secret, limits),
        limits=limits,
        widget_limits=replace(limits, read=kind.widget_timeout),
        batch=kind.batch_size,
        page_size=kind.page_size,
        second_look=kind.second_look,
    )

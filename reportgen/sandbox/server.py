"""The stand-in as a real HTTP server on this machine."""

import json
import secrets
import socket
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from reportgen.sandbox.answers import BadRequest, Teller, company_detail, company_row
from reportgen.sandbox.companies import COMPANIES, RESELLER, STRANGER, SandboxCompany, crowd
from reportgen.sandbox.faults import Fault, Switchboard

Json = dict[str, Any]

_HEADERS = ("X-KEEPNET-Company-Id", "X-IR-COMPANY-ID")
_PERMISSIONS = (
    "companies/search|POST",
    "companies/my|GET",
    "executive-report/search|POST",
    "executive-report/metrics|GET",
    "executive-report/get-widget-datas|POST",
    "executive-report/{resourceId}|GET",
)
_ORDERS = ("companyname", "createtime", "licenseenddate", "targetusercount")


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """What the sandbox serves, and how badly."""

    seed: int = 2026
    today: date | None = None
    """The day its story ends; None means the real one."""
    faults: tuple[Fault, ...] = ()
    client_id: str = "demo-client"
    client_secret: str = "demo-secret-of-nobody"  # noqa: S105 - opens nothing but the sandbox
    port: int = 0
    token_lifetime: int = 3600
    """Seconds."""
    companies: tuple[SandboxCompany, ...] = COMPANIES
    crowd: int = 0
    """So many more companies, all alike, to try how it goes with many."""


def _url_safe(part: Json) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the sandbox saw it."""

    method: str
    path: str
    company_id: str | None
    status: int


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer before it travels."""

    status: int
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    """Sent instead of `body`."""
    kind: str = "application/json; charset=utf-8"


class Sandbox:
    """Serves the stand-in while its context is open."""

    def __init__(
        self,
        settings: SandboxSettings | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`clock` is what the `Date` of its answers says."""
        self.settings = settings or SandboxSettings()
        self.clock = clock
        self.switches = Switchboard(self.settings.faults)
        self.companies = (*self.settings.companies, *crowd(self.settings.crowd))
        self.by_id = {each.company_id: each for each in (RESELLER, *self.companies)}
        self._tokens: dict[str, float] = {}
        self._lock = threading.Lock()
        self._asked: list[Asked] = []
        self._server = _Server(("127.0.0.1", self.settings.port), self)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Base address, such as `http://127.0.0.1:8765`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def today(self) -> date:
        """The day the story ends."""
        return self.settings.today or datetime.now(UTC).date()

    @property
    def requests(self) -> tuple[Asked, ...]:
        """Everything asked so far, oldest first."""
        with self._lock:
            return tuple(self._asked)

    def note(self, asked: Asked) -> None:
        """Remember a request."""
        with self._lock:
            self._asked.append(asked)

    def grant(self) -> str:
        """A new token."""
        claims = {
            "user_company_name": RESELLER.name,
            "role": "Reseller",
            "jti": secrets.token_hex(),
        }
        token = ".".join(_url_safe(part) for part in ({"alg": "none"}, claims, {}))
        with self._lock:
            self._tokens[token] = time.monotonic() + self.settings.token_lifetime
        return token

    def accepts(self, token: str) -> bool:
        """True while a token lives."""
        with self._lock:
            return self._tokens.get(token, 0.0) > time.monotonic()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is its own business."""


class _Refused(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: the requests are kept in `Sandbox.requests`."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The `Date` of an answer."""
        return format_datetime(self.server.sandbox.clock().astimezone(UTC), usegmt=True)

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    # ---- the way through -------------------------------------------------------------------

    def _answer(self, method: str) -> None:
        self._body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._path = urlsplit(self.path).path
        self._company_id: str | None = None
        try:
            reply = self._route(method)
        except _Refused as refused:
            reply = refused.reply
        except BadRequest as error:
            reply = _error(400, "INPUT_ERROR", "Bad request", [str(error)])
        reply = self._shaped(reply)
        self.server.sandbox.note(Asked(method, self._path, self._company_id, reply.status))
        self._send(reply)

    def _route(self, method: str) -> Reply:
        if self._path == "/connect/token":
            return self._token()
        self._signed_in()
        self._company_id = self._scope()
        self._travel_faults()
        company = self._company()
        route = _ROUTES.get((method, self._path))
        if route is not None:
            return route(self, self._teller(company))
        return self._by_id(method, self._teller(company))

    def _strikes(self, name: str) -> Fault | None:
        return self.server.sandbox.switches.strikes(name, self._company_id)

    def _value(self, name: str) -> str | None:
        fault = self._strikes(name)
        return None if fault is None else fault.value

    def _teller(self, company: SandboxCompany) -> Teller:
        sandbox = self.server.sandbox
        return Teller(company, sandbox.settings.seed, sandbox.today, self._value)

    def _json(self) -> Json:
        try:
            body = json.loads(self._body or b"null")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise _Refused(_error(500, "INTERNAL_SERVER_ERROR", "Something went wrong"))
        return body

    # ---- who asks --------------------------------------------------------------------------

    def _token(self) -> Reply:
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("application/x-www-form-urlencoded"):
            return _error(500, "INTERNAL_SERVER_ERROR", "Something went wrong")
        form = {key: values[0] for key, values in parse_qs(self._body.decode()).items()}
        settings = self.server.sandbox.settings
        wanted = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "scope": "api1",
        }
        if form != wanted:
            return Reply(400, {"error": "invalid_client"})
        granted = {
            "access_token": self.server.sandbox.grant(),
            "expires_in": settings.token_lifetime,
            "token_type": "Bearer",
            "scope": "api1",
        }
        named = {} if self._strikes("no-permissions") else {"permissions": list(_PERMISSIONS)}
        return Reply(200, granted | named)

    def _signed_in(self) -> None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not self.server.sandbox.accepts(token):
            raise _Refused(Reply(401, raw=b""))

    def _scope(self) -> str | None:
        """The company a call is for, by header or query."""
        only = self.server.sandbox.switches.strikes("header-only", None)
        names = (only.value,) if only and only.value else _HEADERS
        for name in names:
            if (found := self.headers.get(name)) and not self._overlooked(found):
                swapped = self.server.sandbox.switches.strikes("header-swapped", found)
                return swapped.value if swapped else found
        query = parse_qs(urlsplit(self.path).query).get("companyId")
        if query and self.server.sandbox.switches.strikes("query-fails", query[0]):
            raise _Refused(_error(500, "INTERNAL_SERVER_ERROR", "Something went wrong"))
        return query[0] if query and not only else None

    def _overlooked(self, company_id: str) -> bool:
        return bool(self.server.sandbox.switches.strikes("header-ignored", company_id))

    def _company(self) -> SandboxCompany:
        """Without a scope, the reseller's own company: a leak shows."""
        if self._company_id == STRANGER.company_id:
            raise _Refused(_error(403, "FORBIDDEN", "You are not authorized for this company"))
        known = self.server.sandbox.by_id
        company = known.get(self._company_id) if self._company_id else RESELLER
        if company is None:
            raise _Refused(_error(404, "NOT_FOUND", "Company not found"))
        if company.privacy == 0 or self._strikes("privacy"):
            raise _Refused(_error(403, "PRIVACY_ERROR", "The company has not granted access"))
        swapped = self._strikes("swapped")
        return known[swapped.value] if swapped else company

    # ---- faults of the way -----------------------------------------------------------------

    def _travel_faults(self) -> None:
        if fault := self._strikes("slow"):
            time.sleep(float(fault.value or 1))
        for name, make in _TRAVEL.items():
            if fault := self._strikes(name):
                raise _Refused(make(fault.value))
        if self._strikes("cut"):
            self._hang_up()

    def _hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True
        raise ConnectionAbortedError

    def _shaped(self, reply: Reply) -> Reply:
        """The envelope as the switches want it."""
        if not isinstance(reply.body, dict) or "status" not in reply.body:
            return reply
        body = reply.body
        if reply.status >= 400:
            if self._strikes("pascal-errors"):
                body = {key[0].upper() + key[1:]: value for key, value in body.items()}
            elif self._strikes("problem-details"):
                body = {"type": "about:blank", "title": body["message"], "status": reply.status}
        elif self._strikes("is-success"):
            body = {"isSuccess": True, "data": body["data"], "messages": None}
        return Reply(reply.status, body, reply.headers)

    # ---- companies -------------------------------------------------------------------------

    def _companies(self, _teller: Teller) -> Reply:
        body = self._json()
        _check_search(body)
        if self._strikes("filter-groups") and len(body["filter"].get("FilterGroups") or ()) < 2:
            raise BadRequest("The filter needs two groups.")
        rows = self._company_rows(body)
        size, number = int(body["pageSize"]), int(body["pageNumber"])
        page = rows[(number - 1) * size : number * size]
        if number > 1 and self._strikes("duplicates"):
            page = [rows[0], *page]
        data = {
            "limitExceededCompanyCount": 0,
            "pageNumber": number,
            "pageSize": size,
            "totalNumberOfPages": -(-len(rows) // size),
            "totalNumberOfRecords": len(rows),
            "results": page,
        }
        if self._strikes("no-results"):
            del data["results"]
        return _fine(data)

    def _company_rows(self, body: Json) -> list[Json]:
        text = str(body["filter"].get("SearchInputTextValue") or "").casefold()
        nested = bool(body.get("isClustered", True))
        key = self._value("id-spelling") or "companyResourceId"
        return [
            company_row(company, self.server.sandbox.today, key, nested=nested)
            for company in self.server.sandbox.companies
            if text in company.name.casefold() and not (nested and company.parent)
        ]

    def _my_companies(self, _teller: Teller) -> Reply:
        fields = ("resourceId", "name", "privacyDurationId", "licenceExpired")
        rows = [
            dict(zip(fields, (c.company_id, c.name, c.privacy, c.expired), strict=True))
            for c in self.server.sandbox.companies
        ]
        return _fine(rows)

    # ---- reports ---------------------------------------------------------------------------

    def _metrics(self, teller: Teller) -> Reply:
        return _fine(teller.metrics(), 200 if self._strikes("metrics-200") else 201)

    def _search_reports(self, teller: Teller) -> Reply:
        return _fine(teller.report_rows(self._json().get("name")))

    def _widget_datas(self, teller: Teller) -> Reply:
        body = self._json()
        ids = body.get("widgetIds") or []
        if len(ids) > 1 and self._strikes("batch-fails"):
            return _error(500, "INTERNAL_SERVER_ERROR", "Something went wrong")
        types = {offer.widget_type for offer in teller.catalogue() if offer.resource_id in ids}
        for name, status in (("widget-fails", 500), ("widget-refused", 403)):
            fault = self._strikes(name)
            if fault and fault.value in types:
                return _error(status, "INTERNAL_SERVER_ERROR", "This widget is not to be had")
        stale = self._strikes("stale")
        if stale:
            teller = self._teller(self.server.sandbox.by_id.get(stale.value, RESELLER))
        return _fine(teller.widget_datas(body))

    def _mask(self, _teller: Teller) -> Reply:
        return _fine({"pentesterMasked": bool(self._strikes("masked"))})

    def _zones(self, _teller: Teller) -> Reply:
        zones = [{"id": "W. Europe Standard Time", "displayName": "(UTC+01:00) Berlin"}]
        formats = ["dd/MM/yyyy", "MM/dd/yyyy", "yyyy/MM/dd"]
        return _fine({"timeZoneList": zones, "dateFormatList": formats, "timeFormatList": ["24h"]})

    def _by_id(self, method: str, teller: Teller) -> Reply:
        parts = self._path.strip("/").split("/")
        if method == "GET" and parts[:2] == ["api", "executive-report"] and len(parts) == 3:
            report = teller.report(parts[2])
            return _fine(report) if report else _error(404, "NOT_FOUND", "Report not found")
        if method == "GET" and parts[:2] == ["api", "companies"] and len(parts) == 3:
            company = self.server.sandbox.by_id.get(parts[2])
            if company:
                detail = company_detail(company, self.server.sandbox.today)
                return _fine(detail | {"name": self._value("renamed") or detail["name"]})
        if parts[-1] == "logo":
            return _logo(self._value("logo"))
        return _error(404, "NOT_FOUND", "Not found")

    # ---- sending ---------------------------------------------------------------------------

    def _send(self, reply: Reply) -> None:
        body = reply.raw if reply.raw is not None else json.dumps(reply.body).encode()
        cut = self._path != "/connect/token" and self._strikes("cut-body")
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        if cut:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self._hang_up()
        self.wfile.write(body)


_ROUTES: dict[tuple[str, str], Callable[[_Handler, Teller], Reply]] = {
    ("POST", "/api/companies/search"): _Handler._companies,
    ("GET", "/api/companies/my"): _Handler._my_companies,
    ("GET", "/api/companies/privacymask"): _Handler._mask,
    ("GET", "/api/timezone/timezones"): _Handler._zones,
    ("GET", "/api/executive-report/metrics"): _Handler._metrics,
    ("POST", "/api/executive-report/search"): _Handler._search_reports,
    ("POST", "/api/executive-report/get-widget-datas"): _Handler._widget_datas,
}


def _fine(data: Any, status: int = 200) -> Reply:
    body = {"data": data, "status": "SUCCESS", "message": None, "validationMessages": None}
    return Reply(status, body)


def _error(status: int, name: str, message: str, validation: list[str] | None = None) -> Reply:
    body = {"data": None, "status": name, "message": message, "validationMessages": validation}
    return Reply(status, body)


def _check_search(body: Json) -> None:
    """The refusals of companies/search that the platform is known for."""
    if not body or body.get("filter", ...) is None or "filter" not in body:
        raise _Refused(_error(500, "INTERNAL_SERVER_ERROR", "Something went wrong"))
    if any(value is None for value in body["filter"].values()):
        raise BadRequest("The filter holds a null value.")
    if str(body.get("orderBy", "")).casefold() not in _ORDERS:
        raise BadRequest("The OrderBy field is required.")
    if int(body.get("pageNumber") or 0) < 1 or not 1 <= int(body.get("pageSize") or 0) <= 1000:
        raise BadRequest("pageNumber and pageSize must be positive.")


def _limited(value: str) -> Reply:
    after = {
        "date": format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True),
        "unreadable": "soon",
    }.get(value, value)
    headers = (("Retry-After", after),) if after else ()
    return Reply(429, {"message": "Too many requests"}, headers)


_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4"
    "2mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
_DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>"


def _logo(form: str | None) -> Reply:
    """A company's logo, in one of the forms the platform has been seen to use."""
    if form == "raw":
        return Reply(200, raw=b64decode(_PIXEL), kind="image/png")
    if form == "svg":
        return Reply(200, raw=_DRAWING, kind="image/svg+xml")
    if form == "base64":
        return _fine({"fileName": "logo.png", "fileContent": _PIXEL})
    return Reply(200 if form == "empty" else 404, raw=b"")


def _huge(value: str) -> Reply:
    filler = b" " * (int(value or 64) * 1024 * 1024)
    return Reply(200, raw=b'{"status":"SUCCESS","data":[]' + filler + b"}")


_HTML = b"<!doctype html><title>Bad gateway</title><h1>502</h1>"
_TRAVEL: dict[str, Callable[[str], Reply]] = {
    "rate-limited": _limited,
    "server-error": lambda _: _error(500, "INTERNAL_SERVER_ERROR", "Something went wrong"),
    "unavailable": lambda _: Reply(503, raw=b""),
    "broken-json": lambda _: Reply(200, raw=b'{"data": [}'),
    "html-error": lambda _: Reply(502, raw=_HTML, kind="text/html"),
    "html-ok": lambda _: Reply(200, raw=_HTML, kind="text/html"),
    "empty-body": lambda _: Reply(200, raw=b""),
    "huge": _huge,
    "expired-token": lambda _: Reply(401, raw=b""),
    "status-306": lambda _: Reply(306, raw=b""),
    "redirect": lambda _: Reply(302, raw=b"", headers=(("Location", "https://other.invalid/"),)),
    "ip-restricted": lambda _: Reply(403, {"status": "IP_RESTRICTED", "message": "Blocked"}),
    "forbidden": lambda _: _error(403, "FORBIDDEN", "You are not authorized"),
}

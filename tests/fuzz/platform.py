"""The far side of the connection: real answers to bend, and a way to give what was made of them."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import Any

import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from reportgen.errors import ReportgenError
from reportgen.sandbox import Sandbox, SandboxSettings, parse_fault
from reportgen.sections import for_saved_report
from reportgen.sources import Keepnet
from reportgen.sources.keepnet import KeepnetSource, connect
from tests.conftest import HARBOURLINE, TODAY, keepnet
from tests.sample_pages import spans

Answering = Callable[[str], tuple[int, bytes]]
"""From the path that is asked to status and body."""
TOKEN = b'{"access_token": "x", "expires_in": 3600}'
_FAULTS = (
    "dates=dd/MM/yyyy",
    "is-success",
    "pascal-errors",
    "id-spelling=id",
    "unknown-widget",
    "forbidden",
    "problem-details",
)


class _Canned(HTTPAdapter):
    """Answers without a network."""

    def __init__(self, answering: Answering) -> None:
        super().__init__()
        self._answering = answering

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        status, body = self._answering(request.path_url)
        headers = {"Content-Type": "application/json"}
        return self.build_response(
            request, HTTPResponse(BytesIO(body), headers, status, preload_content=False)
        )


class _Noting(HTTPAdapter):
    """Keeps a copy of each answer."""

    def __init__(self, noted: list[tuple[str, bytes]]) -> None:
        super().__init__()
        self._noted = noted

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        came = super().send(request, **options)
        self._noted.append((request.path_url, came.content))
        raw = HTTPResponse(
            BytesIO(came.content), came.headers, came.status_code, preload_content=False
        )
        return self.build_response(request, raw)


def source(answering: Answering) -> KeepnetSource:
    """The real source, with these answers at the other end of its connections."""
    kind = Keepnet(
        base_url="http://127.0.0.1:9",
        client_id="c",
        client_secret=SecretStr("s"),
        attempts=1,
        batch_size=50,
    )
    opened = connect(kind, pause=lambda _seconds: None)
    opened._transport._adapter = _Canned(answering)
    return opened


@cache
def exchanges() -> tuple[tuple[str, bytes], ...]:
    """What the sandbox answers to a whole report, with the path that was asked."""
    noted: list[tuple[str, bytes]] = []
    for faults in ((), *((parse_fault(text),) for text in _FAULTS)):
        with Sandbox(SandboxSettings(today=TODAY, faults=faults)) as sandbox:
            noted += _exchange(sandbox)
    return tuple(dict.fromkeys(noted))


def _exchange(sandbox: Sandbox) -> Iterator[tuple[str, bytes]]:
    noted: list[tuple[str, bytes]] = []
    opened = connect(keepnet(sandbox, attempts=1, batch_size=2), pause=lambda _seconds: None)
    opened._transport._adapter = _Noting(noted)
    with opened:
        try:
            opened.companies()
            opened.date_format(HARBOURLINE.company_id)
            sections = for_saved_report(opened.saved_report(HARBOURLINE, "Board pack"))
            opened.fetch(HARBOURLINE, tuple(one.request(spans("2026-10")) for one in sections))
        except ReportgenError:
            pass  # what was answered until then is a sample all the same
    yield from noted


def widgets() -> Iterator[tuple[str, bytes]]:
    """The widgets in those answers, by type."""
    for path, body in exchanges():
        if path.endswith("get-widget-datas"):
            for item in json.loads(body).get("data") or ():
                yield item["widgetType"], json.dumps(item).encode()

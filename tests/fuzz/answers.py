"""Answers of the platform: their envelopes, and widget data all the way to the written page."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from reportgen.archive import reading, writing
from reportgen.errors import SourceError, WrongCustomer
from reportgen.language import available
from reportgen.pipeline import Draft, composed, gather
from reportgen.rendering.html import Writer
from reportgen.rendering.machine import figures_json
from reportgen.sections import for_saved_report, for_widget_type
from reportgen.sections.refused import names_others
from tests.conftest import HARBOURLINE
from tests.fuzz import platform
from tests.fuzz.reading import Broken, headed, json_mutated, tried
from tests.sample_pages import DATA, SAMPLES, Fixed, job, spans

_SHAPES = ("generic_trend", "generic_table", "generic")
_WRITTEN = "0"
_EDITION = ("1", "2", "3", "4", "5", "6", "7")
_NUMBERS = 20
"""A page in twenty is written out, which costs ten times what all else does."""


class Envelopes:
    """Bodies of answers under a status, each read by everybody who might be given it."""

    _STATUSES = (200, 201, 204, 302, 306, 400, 401, 403, 404, 429, 500, 503)

    def seeds(self) -> tuple[bytes, ...]:
        bodies = (platform.TOKEN, *(body for _path, body in platform.exchanges() if body))
        return tuple(b"200\n" + body for body in bodies)

    def mutated(self, seed: bytes, rng: random.Random) -> bytes:
        status = rng.choice(self._STATUSES) if rng.random() < 0.15 else 200
        return f"{status}\n".encode() + json_mutated(headed(seed)[1], rng)

    def read(self, data: bytes) -> None:
        head, body = headed(data)
        status = int(head)
        tried(lambda: platform.source(lambda _path: (status, body)).check())
        customer = replace(HARBOURLINE, date_format=None)
        section = for_widget_type("PhishingCampaignTrendWidget")

        def answering(path: str) -> tuple[int, bytes]:
            return (200, platform.TOKEN) if path.endswith("token") else (status, body)

        with platform.source(answering) as opened:
            tried(opened.companies)
            tried(lambda: opened.date_format(customer.company_id))
            tried(lambda: opened.catalogue(customer))
            tried(lambda: opened.saved_report(customer, "Board pack"))
            tried(lambda: for_saved_report(opened.saved_report_by_id(customer, "x/..", "n")))
            tried(lambda: opened.fetch(customer, (section.request(spans("2026-10")),)))


class Widgets:
    """One widget's answer: read, through its section and the shapes, composed, kept, written."""

    def seeds(self) -> tuple[bytes, ...]:
        own = [
            (file.stem, json.dumps(json.loads(file.read_bytes())).encode())
            for company in ("widgets", "edges", "zeros")
            for file in sorted((DATA / company).glob("*Widget.json"))
        ]
        return tuple(f"{kind} en 0\n".encode() + body for kind, body in (*own, *platform.widgets()))

    def mutated(self, seed: bytes, rng: random.Random) -> bytes:
        head, body = headed(seed)
        head = f"{head.split()[0]} {rng.choice(available())} {rng.randrange(_NUMBERS)}"
        return head.encode() + b"\n" + json_mutated(body, rng)

    def read(self, data: bytes) -> None:
        head, body = headed(data)
        kind, language, number = head.split()
        draft = _drafted(kind, language, body, edition=number in _EDITION)
        if draft is not None:
            _whole(draft, written=number == _WRITTEN)


def _drafted(kind: str, language: str, body: bytes, *, edition: bool) -> Draft | None:
    """What the real path makes of it; None where the answer as a whole is refused."""
    answers = {
        "token": platform.TOKEN,
        "metrics": json.dumps({"data": {"metrics": [{"widgets": [_offer(kind, body)]}]}}).encode(),
        "get-widget-datas": b'{"data": [' + body + b'], "status": "SUCCESS"}',
    }

    def answering(path: str) -> tuple[int, bytes]:
        last = path.rpartition("/")[2]
        return (200, answers[last]) if last in answers else (404, b"{}")

    shapes = () if names_others(kind) else _SHAPES
    items = (kind, *({"section": shape, "widget": kind} for shape in shapes))
    ticket = job(replace(SAMPLES, language=language), items=items)
    try:
        with platform.source(answering) as opened:
            gathered = gather(ticket, Fixed(opened), None if edition else ())
    except (SourceError, WrongCustomer):
        return None
    if edition:
        gathered = replace(gathered, earlier=gathered.answers.widgets, edition=True)
    return composed(ticket, gathered)


def _offer(kind: str, body: bytes) -> Mapping[str, Any]:
    """What the catalogue says of a widget; its id is the one in the answer, if there is one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    resource_id = found.get("resourceId") if isinstance(found, dict) else None
    named = resource_id if isinstance(resource_id, str) else "id"
    return {"resourceId": named, "widgetType": kind, "chartType": "bar", "name": kind}


def _whole(draft: Draft, *, written: bool) -> None:
    """What becomes of a page after it is composed."""
    kept = json.loads(writing.canonical(draft.snapshot))
    reading.snapshot(kept)
    json.loads(figures_json(draft.page), parse_constant=_refused)
    if written:
        _writer().html(draft.page, "https://assets.invalid/")
        _writer().printable(draft.page, "https://assets.invalid/")
        _writer().letter(draft.page, "report.pdf", 1)


def _refused(constant: str) -> None:
    raise Broken(f"the figures for machines hold {constant}")


@cache
def _writer() -> Writer:
    return Writer()

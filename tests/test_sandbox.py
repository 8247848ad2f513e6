"""The stand-in: true to the vendor's description, the same from the same seed, consistent."""

from collections.abc import Iterator
from datetime import date

import jsonschema
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import ConfigError
from reportgen.sandbox import COMPANIES, FAULTS, Sandbox, SandboxSettings, parse_fault
from reportgen.sandbox.catalogue import OFFERS
from reportgen.sandbox.story import MONTHS, Window, history
from tests.conftest import TODAY, OpenSandbox
from tests.vendor import answer_schema

companies = st.sampled_from([each for each in COMPANIES if each.shape != "silent"])
seeds = st.integers(0, 10_000)
HARBOURLINE = "xC5kfGz7w2Nz"


class Api:
    """Asks a sandbox as any client would."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url = sandbox.url
        self._session = requests.Session()
        self._session.trust_env = False
        form = {
            "grant_type": "client_credentials",
            "client_id": sandbox.settings.client_id,
            "client_secret": sandbox.settings.client_secret,
            "scope": "api1",
        }
        token = self._session.post(f"{self.url}/connect/token", data=form).json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        self._session.close()

    def ask(
        self, path: str, body: object = None, company: str | None = HARBOURLINE
    ) -> requests.Response:
        headers = {"X-KEEPNET-Company-Id": company} if company else {}
        method = "GET" if body is None else "POST"
        return self._session.request(method, f"{self.url}{path}", json=body, headers=headers)


@pytest.fixture
def api(open_sandbox: OpenSandbox) -> Iterator[Api]:
    opened = Api(open_sandbox())
    yield opened
    opened.close()


SEARCH = {
    "pageNumber": 1,
    "pageSize": 50,
    "orderBy": "CompanyName",
    "ascending": True,
    "filter": {"Condition": "AND", "SearchInputTextValue": "", "FilterGroups": []},
}
WIDGETS = {
    "widgetIds": [offer.resource_id for offer in OFFERS],
    "datePeriod": "Custom",
    "startDate": "2025-11-01T00:00:00",
    "endDate": "2026-10-31T23:59:59",
}


@pytest.mark.parametrize(
    ("path", "body", "template"),
    [
        ("/api/companies/search", SEARCH, None),
        ("/api/companies/my", None, None),
        (f"/api/companies/{HARBOURLINE}", None, "/api/companies/{resourceId}"),
        ("/api/companies/privacymask", None, None),
        ("/api/timezone/timezones", None, None),
        ("/api/executive-report/metrics", None, None),
        ("/api/executive-report/search", {"name": ""}, None),
        (f"/api/executive-report/B{HARBOURLINE[1:]}", None, "/api/executive-report/{resourceId}"),
        ("/api/executive-report/get-widget-datas", WIDGETS, None),
    ],
)
def test_answers_fit_the_vendors_description(
    path: str, body: object, template: str | None, api: Api
) -> None:
    answer = api.ask(path, body)
    assert answer.status_code in (200, 201)
    jsonschema.validate(
        answer.json(), answer_schema(template or path, "get" if body is None else "post")
    )


def test_every_widget_of_the_vendor_is_told_for_every_company(api: Api) -> None:
    for company in COMPANIES:
        if company.privacy and company.shape != "silent":
            answer = api.ask("/api/executive-report/get-widget-datas", WIDGETS, company.company_id)
            told = {widget["widgetType"] for widget in answer.json()["data"]}
            assert len(told) == len({offer.widget_type for offer in OFFERS}) - len(
                company.unlicensed
            )


def test_the_same_seed_tells_the_same_story(open_sandbox: OpenSandbox) -> None:
    answers = []
    for seed in (7, 7, 8):
        api = Api(open_sandbox(seed=seed))
        answers.append(api.ask("/api/executive-report/get-widget-datas", WIDGETS).content)
        api.close()
    assert answers[0] == answers[1] != answers[2]


@given(companies, seeds)
def test_figures_agree_with_each_other(company: object, seed: int) -> None:
    months = history(company, seed, TODAY)  # type: ignore[arg-type]
    people = company.people  # type: ignore[attr-defined]
    assert len(months) == MONTHS
    assert months[-1].start == date(2026, 11, 1)
    for month in months:
        assert 0 < month.delivered <= people
        assert min(month.clicked, month.submitted, month.mfa, month.attachment) >= 0
        assert month.reported + month.reported_late <= month.delivered
        assert month.score <= 100
    window = Window(months[-4:-1], people)
    assert 0 <= window.offenders <= window.simulated <= people
    assert window.completed + window.in_progress <= window.enrolled
    assert sum(window.heads(5)) == people


def test_the_platforms_refusals(api: Api, open_sandbox: OpenSandbox) -> None:
    assert api.ask("/api/companies/search", {}).status_code == 500
    assert api.ask("/api/companies/search", SEARCH | {"filter": None}).status_code == 500
    nulls = {"filter": {"Condition": None}}
    assert api.ask("/api/companies/search", SEARCH | nulls).status_code == 400
    assert api.ask("/api/companies/search", SEARCH | {"orderBy": "X"}).status_code == 400
    undated = WIDGETS | {"startDate": None}
    assert api.ask("/api/executive-report/get-widget-datas", undated).status_code == 400
    assert api.ask("/api/executive-report/metrics", company="Nobody").status_code == 404
    assert api.ask("/api/executive-report/metrics", company="Zz0oTh3rR5lr").status_code == 403
    closed = api.ask("/api/executive-report/metrics", company="Vg9jC4nZk7Ts")
    assert (closed.status_code, closed.json()["status"]) == (403, "PRIVACY_ERROR")
    json_token = requests.post(f"{api.url}/connect/token", json={}, timeout=10)
    wrong_token = requests.post(f"{api.url}/connect/token", data={"client_id": "x"}, timeout=10)
    assert (json_token.status_code, wrong_token.json()) == (500, {"error": "invalid_client"})


def test_without_a_scope_the_resellers_own_company_answers(api: Api) -> None:
    path = "/api/executive-report/search"
    rows = api.ask(path, {"name": ""}, company=None).json()["data"]
    assert {row["companyId"] for row in rows} == {100}


def test_a_token_ends(open_sandbox: OpenSandbox) -> None:
    api = Api(open_sandbox(token_lifetime=0))
    assert api.ask("/api/executive-report/metrics").status_code == 401
    api.close()


def test_faults_are_read_and_unknown_ones_named() -> None:
    assert parse_fault("rate-limited=3@x:2").hits == 2
    with pytest.raises(ConfigError, match="did you mean 'privacy'"):
        parse_fault("privicy")
    assert all(parse_fault(f"{name}=Nk8hF2pLq6Ud").name == name for name in FAULTS)
    with pytest.raises(ConfigError, match="'stale' needs a company id"):
        parse_fault("stale@x")
    assert SandboxSettings().port == 0

"""Every fault of the platform, and the outcome that is promised for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportgen import periods, proof
from reportgen.errors import (
    AccessNotGranted,
    ReportgenError,
    SourceRefused,
    SourceUnavailable,
    UnexpectedPayload,
    WrongCustomer,
)
from reportgen.language import words
from reportgen.model import Answers, Customer, Spans
from reportgen.sandbox import FAULTS, RESELLER, STRANGER, Sandbox
from reportgen.sections import NAMES, for_saved_report, parse
from reportgen.sources.keepnet import KeepnetSource, connect
from reportgen.views import Level, Parts, Ranking, Reader, SectionState, SectionView, Trend
from tests.conftest import HARBOURLINE, OpenSandbox, keepnet
from tests.sections.making import held
from tests.test_sandbox import Api

OCTOBER = periods.parse("2026-10")
SPANS = Spans(OCTOBER, OCTOBER, periods.history(OCTOBER, 12))
SECTIONS = tuple(parse(name) for name in NAMES)
ALL_SHOWN = dict.fromkeys(NAMES, SectionState.SHOWN)

Open = Callable[..., KeepnetSource]


def fetch(source: KeepnetSource, customer: Customer = HARBOURLINE) -> Answers:
    return source.fetch(customer, tuple(each.request(SPANS) for each in SECTIONS))


def views(answers: Answers) -> dict[str, SectionView]:
    reader = Reader(words("en"), HARBOURLINE.targets)
    pairs = zip(SECTIONS, answers.widgets, strict=True)
    return {section.section: section.view(widget, reader) for section, widget in pairs}


def states(source: KeepnetSource) -> dict[str, SectionState]:
    return {kind: view.state for kind, view in views(fetch(source)).items()}


# ---- faults that pass: every section is shown all the same ---------------------------------

TOLERATED = [
    "slow=0.01",
    "rate-limited=0:2",
    "rate-limited=date:2",
    "rate-limited=unreadable:2",
    "rate-limited=86400:1",
    "rate-limited:2",
    "server-error:2",
    "unavailable:2",
    "cut:2",
    "cut-body:2",
    "broken-json:2",
    "html-error:2",
    "html-ok:2",
    "empty-body:2",
    "expired-token:1",
    "status-306:1",
    "header-only=X-KEEPNET-Company-Id",
    "header-only=X-IR-COMPANY-ID",
    "no-permissions",
    "is-success",
    "metrics-200",
    "id-spelling=resourceId",
    "id-spelling=id",
    "duplicates",
    "filter-groups",
    "shuffled",
    "batch-fails",
    "missing-in-batch",
    "unknown-widget",
    "period-integer",
    "period-string",
    "dates=iso",
    "dates=dd/MM/yyyy",
    "dates=MM/dd/yyyy",
    "dates=yyyy/MM/dd",
    "dates-in",
    "floats",
    "numeric-text",
    "percent-text",
    "sums-102",
    "masked",
]


@pytest.mark.parametrize("fault", TOLERATED)
def test_a_tolerated_fault_leaves_every_section_shown(fault: str, open_source: Open) -> None:
    source = open_source(fault, page_size=4)
    assert states(source) == ALL_SHOWN
    names = [company.name for company in source.companies()]
    assert names.count("Harbourline Logistics") == 1
    assert len(names) == len(set(names)) == 15


def test_what_the_platform_says_in_other_spellings_means_the_same(open_source: Open) -> None:
    plain = views(fetch(open_source()))
    for fault in ("numeric-text", "percent-text", "dates=MM/dd/yyyy", "dates=iso", "shuffled"):
        assert views(fetch(open_source(fault))) == plain, fault


# ---- faults that stop the report -----------------------------------------------------------


@dataclass(frozen=True)
class Stop:
    """A fault, the error it must become, and words that must be in it."""

    fault: str
    error: type[ReportgenError]
    words: str
    limits: Mapping[str, object] | None = None


STOPS = [
    Stop("slow=3", SourceUnavailable, "in time", {"timeout": 0.2, "attempts": 1}),
    Stop("rate-limited", SourceUnavailable, "429"),
    Stop("server-error", SourceUnavailable, "500"),
    Stop("unavailable", SourceUnavailable, "503"),
    Stop("cut", SourceUnavailable, "hung up"),
    Stop("cut-body", SourceUnavailable, "connection"),
    Stop("broken-json", SourceUnavailable, "not JSON"),
    Stop("html-error", SourceUnavailable, "502"),
    Stop("html-ok", SourceUnavailable, "not JSON"),
    Stop("empty-body", SourceUnavailable, "not JSON"),
    Stop("huge=3", UnexpectedPayload, "larger", {"max_answer_mb": 1}),
    Stop("expired-token", SourceRefused, "token"),
    Stop("status-306", SourceRefused, "token"),
    Stop("redirect", SourceRefused, "sends us to .* .status 302., which is never followed"),
    Stop("privacy", AccessNotGranted, "has not granted access"),
    Stop("ip-restricted", SourceRefused, "address"),
    Stop("forbidden", SourceRefused, "role lacks the right"),
]


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.fault)
def test_a_fault_that_stays_becomes_one_clear_error(stop: Stop, open_source: Open) -> None:
    source = open_source(stop.fault, **(stop.limits or {}))
    with pytest.raises(stop.error, match=stop.words) as caught:
        fetch(source)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", ["pascal-errors", "problem-details"])
def test_errors_of_another_shape_are_understood(shape: str, open_source: Open) -> None:
    with pytest.raises(SourceRefused, match="not authorized"):
        fetch(open_source("forbidden", shape))


def test_data_of_another_company_stop_the_report(open_source: Open) -> None:
    source = open_source("swapped=Nk8hF2pLq6Ud")
    saved = source.saved_report(HARBOURLINE, "Board pack")
    with pytest.raises(WrongCustomer, match="Nordhafen"):
        proof.prove_saved(saved, HARBOURLINE)


def test_a_company_of_another_reseller_is_refused(open_source: Open) -> None:
    with pytest.raises(SourceRefused, match="not managed"):
        fetch(open_source(), Customer(STRANGER.company_id, STRANGER.name))


def test_an_unknown_company_is_refused(open_source: Open) -> None:
    with pytest.raises(SourceRefused, match="unknown"):
        fetch(open_source(), Customer("NoSuchCompny", "Nobody"))


# ---- faults that show in the report --------------------------------------------------------


def test_a_widget_outside_the_licence_is_told_apart(open_source: Open) -> None:
    found = states(open_source("unlicensed=TrainingCompletionWidget"))
    assert found == ALL_SHOWN | {"training_completion": SectionState.NOT_LICENSED}


def test_a_refused_widget_is_told_apart(open_source: Open) -> None:
    found = states(open_source("widget-refused=TrainingCompletionWidget"))
    assert found == ALL_SHOWN | {"training_completion": SectionState.REFUSED}


def test_a_failing_widget_is_told_apart_and_holds_the_report(open_source: Open) -> None:
    found = views(fetch(open_source("widget-fails=TrainingCompletionWidget")))
    assert {kind: view.state for kind, view in found.items()} == ALL_SHOWN | {
        "training_completion": SectionState.FAILED
    }
    assert "500" in held(*found.values())[0]


@pytest.mark.parametrize("form", ["null", "list", "nodatas", "nulldatas"])
def test_every_form_of_empty_means_no_data(form: str, open_source: Open) -> None:
    assert set(states(open_source(f"empty={form}")).values()) == {SectionState.NO_DATA}


def test_a_measured_zero_is_shown_as_zero(open_source: Open) -> None:
    found = views(fetch(open_source("empty=zeros")))
    level = found["repeat_offenders_rate"].data
    assert isinstance(level, Level)
    assert level.value == 0
    assert found["training_completion"].state is SectionState.NO_DATA


def test_other_months_than_asked_for_hold_the_report(open_source: Open) -> None:
    found = views(fetch(open_source("wrong-months")))
    assert found["risk_score_trend"].state is SectionState.FAILED
    assert "other months" in held(*found.values())[0]


def test_values_without_numbers_are_never_guessed(open_source: Open) -> None:
    found = views(fetch(open_source("null-values")))
    assert found["risk_score_trend"].state is SectionState.FAILED
    assert held(*found.values()) != ()


def test_a_risk_score_above_100_is_shown(open_source: Open) -> None:
    trend = views(fetch(open_source("over-100")))["risk_score_trend"].data
    assert isinstance(trend, Trend)
    assert max(value or 0 for value in trend.series[0].values) > 100


def test_names_missing_from_named_values_are_read_by_place_or_not_at_all(
    open_source: Open,
) -> None:
    found = views(fetch(open_source("no-names")))
    assert isinstance(found["repeat_offenders_rate"].data, Level)
    assert isinstance(found["riskiest_departments"].data, Ranking)
    assert found["training_completion"].state is SectionState.FAILED


def test_labels_missing_from_labelled_values_are_never_guessed(open_source: Open) -> None:
    found = views(fetch(open_source("no-labels")))
    assert found["risk_score_trend"].state is SectionState.FAILED
    assert isinstance(found["training_completion"].data, Parts)


def test_company_search_without_results_finds_nobody(open_source: Open) -> None:
    assert open_source("no-results").companies() == ()


def test_a_widget_nobody_knows_is_shown_by_its_shape(open_source: Open) -> None:
    source = open_source("unknown-widget")
    sections = for_saved_report(source.saved_report(HARBOURLINE, "Board pack"))
    answers = source.fetch(HARBOURLINE, tuple(s.request(SPANS) for s in sections))
    view = sections[-1].view(answers.widgets[-1], Reader(words("en")))
    assert (view.name, view.kind, view.state) == (
        "Deepfake Voice Resilience",
        "generic_trend",
        SectionState.SHOWN,
    )


# ---- the wire itself -----------------------------------------------------------------------


def asked(sandbox: Sandbox, path: str) -> list[str | None]:
    return [each.company_id for each in sandbox.requests if each.path.endswith(path)]


def test_every_scoped_call_carries_the_customers_id(open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox()
    with connect(keepnet(sandbox)) as source:
        fetch(source)
        source.saved_report(HARBOURLINE, "Board pack")
    scoped = [each for each in sandbox.requests if "executive-report" in each.path]
    assert {each.company_id for each in scoped} == {HARBOURLINE.company_id}


def test_without_a_scope_the_sandbox_shows_the_leak(open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox("header-only=X-Nothing")
    with connect(keepnet(sandbox)) as source:
        saved = source.saved_report(HARBOURLINE, "Board pack")
    assert saved.company_name == RESELLER.name
    with pytest.raises(WrongCustomer):
        proof.prove_saved(saved, HARBOURLINE)


def test_the_token_is_fetched_once_and_renewed_once(open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox("expired-token:1")
    with connect(keepnet(sandbox)) as source:
        source.companies()
        source.companies()
    assert len(asked(sandbox, "/connect/token")) == 2


def test_a_refusal_that_stays_is_not_asked_for_ever(open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox("expired-token")
    with connect(keepnet(sandbox)) as source, pytest.raises(SourceRefused):
        source.companies()
    assert len(asked(sandbox, "/connect/token")) == 2
    assert len(asked(sandbox, "/companies/search")) == 2


def test_batches_are_small_and_the_spelling_that_works_is_remembered(
    open_sandbox: OpenSandbox,
) -> None:
    sandbox = open_sandbox("period-integer")
    with connect(keepnet(sandbox, batch_size=2)) as source:
        fetch(source)
        fetch(source)
    calls = [each.status for each in sandbox.requests if each.path.endswith("get-widget-datas")]
    assert calls.count(400) == 1
    assert calls.count(200) == 18


@pytest.mark.parametrize(
    ("fault", "status", "kind", "start"),
    [
        ("logo=raw", 200, "image/png", b"\x89PNG"),
        ("logo=svg", 200, "image/svg+xml", b"<svg"),
        ("logo=base64", 200, "application/json; charset=utf-8", b'{"data": {"fileName"'),
        ("logo=empty", 200, "application/json; charset=utf-8", b""),
        ("shuffled", 404, "application/json; charset=utf-8", b""),
    ],
)
def test_logos_travel_in_every_form_the_platform_has(
    fault: str, status: int, kind: str, start: bytes, open_sandbox: OpenSandbox
) -> None:
    api = Api(open_sandbox(fault))
    answer = api.ask(f"/api/companies/{HARBOURLINE.company_id}/logo")
    api.close()
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, kind)
    assert answer.content.startswith(start)


def test_every_fault_has_a_promise() -> None:
    """A switch that no test turns on would be a promise nobody keeps."""
    here = (TOLERATED, [stop.fault for stop in STOPS])
    tested = {fault.partition("=")[0].partition(":")[0] for group in here for fault in group}
    files = (Path(__file__), Path(__file__).with_name("test_proof.py"))
    text = "".join(file.read_text("utf-8") for file in files)
    assert {name for name in FAULTS if name not in tested and f'"{name}' not in text} == set()

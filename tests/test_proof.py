"""Whose data it is: witnesses, fingerprints, and what happens when customers are mixed up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import model, proof
from reportgen.errors import SourceUnavailable, WrongCustomer
from reportgen.model import (
    Answers,
    Availability,
    Customer,
    Entry,
    Period,
    SavedReport,
    Value,
    Widget,
    WidgetRequest,
)
from reportgen.pipeline import gather
from reportgen.sandbox import Sandbox, SandboxSettings
from reportgen.sandbox.companies import SandboxCompany
from reportgen.sandbox.mailbox import Mailbox
from reportgen.sections import NAMES
from reportgen.sources.keepnet import connect
from tests.conftest import HARBOURLINE, OpenSandbox, keepnet
from tests.program import CONFIG, Ended, reportgen, sandbox_process
from tests.sample_pages import job

MOMENT = datetime(2026, 11, 2, 6, tzinfo=UTC)
YEAR = Period(date(2025, 11, 1), date(2026, 11, 1))
RISING = tuple(range(11, 23))
REPORT_RATES = "PhishingSimulationEngagementReportingTrendsWidget"
NORDHAFEN = "Nordhafen Klinikum GmbH"


def trend(*numbers: float, industry: float = 19, kind: str = "Trend") -> Widget:
    """A measure by month, with the average of an industry beside it."""
    entries = tuple(
        Entry(
            date(2025 + (10 + place) // 12, (10 + place) % 12 + 1, 1),
            (Value(number, label="Company"), Value(industry, label="Industry Avg (Retail)")),
        )
        for place, number in enumerate(numbers)
    )
    return Widget(WidgetRequest(kind, YEAR), Availability.ANSWERED, "id", "Risk", entries=entries)


def answers(*widgets: Widget) -> Answers:
    return Answers(HARBOURLINE.company_id, MOMENT, widgets)


def witnessed(**fields: Any) -> model.Testimony:
    return model.Testimony(**{"reseller": "Halvorn Cyber", **fields})


# ---- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    [
        {"answer": {"data": {"companyName": "Somebody Else"}}},
        {"answer": {"data": [{"x": [{"CompanyResourceId": "other"}]}]}},
        {"answer": {"data": {"companyId": "Nk8hF2pLq6Ud"}}},
        {"answer": {"data": [{"widgetDatas": [{"dataObject": {"Company": "Somebody Else"}}]}]}},
        {"answer": {"data": [{"widgetDatas": [{"tableValues": [{"company": "Another"}]}]}]}},
    ],
)
def test_an_answer_that_names_another_company_stops_the_report(part: dict[str, Any]) -> None:
    with pytest.raises(WrongCustomer, match="another company") as caught:
        proof.prove(Answers(HARBOURLINE.company_id, MOMENT, (), (part,)), HARBOURLINE)
    assert "\n" not in str(caught.value)


def test_answers_fetched_for_another_company_stop_the_report() -> None:
    with pytest.raises(WrongCustomer):
        proof.prove(Answers("other", MOMENT, ()), HARBOURLINE)


def test_the_customers_own_name_in_any_spelling_is_no_proof_against_it() -> None:
    own = {
        "companyName": " harbourline  LOGISTICS",
        "companyResourceId": HARBOURLINE.company_id,
        "companyId": 7001,
        "inner": [{"companyId": "7001", "Company": "Harbourline Logistics", "companyName": ""}],
    }
    proof.prove(Answers(HARBOURLINE.company_id, MOMENT, (), (own,)), HARBOURLINE)


@given(st.integers(0, 30), st.sampled_from(["companyName", "COMPANYRESOURCEID", "company"]))
def test_a_foreign_name_is_found_at_any_depth(depth: int, key: str) -> None:
    part: Any = {key: "Somebody Else"}
    for level in range(depth):
        part = [part] if level % 2 else {"data": part, "other": None}
    with pytest.raises(WrongCustomer):
        proof.prove(Answers(HARBOURLINE.company_id, MOMENT, (), ({"answer": part},)), HARBOURLINE)


def test_a_saved_report_of_another_company_is_refused() -> None:
    with pytest.raises(WrongCustomer):
        proof.prove_saved(SavedReport("i", "n", "Somebody Else"), HARBOURLINE)


def test_a_saved_report_may_carry_the_platforms_name_instead_of_the_printed_one() -> None:
    shown = Customer("i", "Printed name", company_name="Listed name")
    proof.prove_saved(SavedReport("i", "n", "listed NAME"), shown)


# ---- witnesses -----------------------------------------------------------------------------


def test_who_confirms_is_told() -> None:
    said = witnessed(
        record=(HARBOURLINE.company_id, "Harbourline Logistics"),
        again=(trend(*RISING),),
        unscoped=(trend(*reversed(RISING)),),
    )
    found = proof.proven(answers(trend(*RISING)), HARBOURLINE, None, said)
    assert [(each.kind, each.count) for each in found] == [
        ("names", 0),
        ("record", 0),
        ("unscoped", 1),
        ("second_look", 1),
    ]
    assert proof.confirmed(found)


def test_where_no_witness_names_the_company_nobody_has_confirmed_it() -> None:
    found = proof.proven(answers(trend(*RISING)), HARBOURLINE, None, model.Testimony())
    assert not proof.confirmed(found)


@pytest.mark.parametrize(
    "record",
    [(HARBOURLINE.company_id, "Another Ltd"), ("Nk8hF2pLq6Ud", "Another Ltd"), ("", "Another Ltd")],
)
def test_a_record_that_names_another_company_stops_the_report(record: tuple[str, str]) -> None:
    with pytest.raises(WrongCustomer, match="Another Ltd") as caught:
        proof.proven(answers(), HARBOURLINE, None, witnessed(record=record))
    assert "Harbourline Logistics" in str(caught.value)


def test_other_figures_on_the_second_look_are_a_contradiction() -> None:
    said = witnessed(again=(trend(*RISING),), unscoped=(trend(5, 5, 5),))
    assert proof.contradiction(answers(trend(*RISING)), said) is None
    assert proof.contradiction(answers(trend(*RISING[:-1], 99)), said) is not None


def test_a_platform_that_does_not_know_the_second_way_contradicts_nobody() -> None:
    """It then answers the second question as one without a scope."""
    free = trend(*reversed(RISING))
    said = witnessed(again=(free,), unscoped=(free,))
    assert proof.contradiction(answers(trend(*RISING)), said) is None
    found = proof.proven(answers(trend(*RISING)), HARBOURLINE, None, said)
    assert "second_look" not in [each.kind for each in found]


def test_the_resellers_own_figures_are_not_a_customers() -> None:
    said = witnessed(unscoped=(trend(*RISING),))
    with pytest.raises(WrongCustomer, match="Halvorn Cyber") as caught:
        proof.proven(answers(trend(*RISING)), HARBOURLINE, None, said)
    assert caught.value.others == ("Halvorn Cyber",)


def test_a_reseller_may_report_about_itself() -> None:
    own = replace(HARBOURLINE, company_name="Halvorn Cyber", name="Our own people")
    said = witnessed(again=(trend(*RISING),), unscoped=(trend(*RISING),))
    assert proof.confirmed(proof.proven(answers(trend(*RISING)), own, None, said))


# ---- fingerprints --------------------------------------------------------------------------


def test_equal_series_have_equal_prints_and_others_do_not() -> None:
    one, same, other, later = proof.prints(
        (
            trend(*RISING),
            trend(*RISING, industry=30),
            trend(*RISING[:-1], 99),
            trend(*RISING, kind="Another"),
        )
    )
    assert one.digest == same.digest, "what is said of the industry is alike for many"
    assert len({one.digest, other.digest, later.digest}) == 3


@pytest.mark.parametrize(
    "numbers",
    [(), (0,) * 12, (100,) * 12, (33, 67) * 6, (33,) * 12, (11, 12, 13), (None,) * 12],
    ids=str,
)
def test_what_tells_no_companies_apart_has_no_print(numbers: tuple[float, ...]) -> None:
    assert proof.prints((trend(*numbers),)) == ()


def people(*mails: str) -> Widget:
    entries = (Entry(values=(Value(83),), facts={"fullName": "A", "email": m}) for m in mails)
    return replace(trend(), entries=tuple(entries))


def test_mail_addresses_tell_companies_apart_one_alone_or_masked_ones_do_not() -> None:
    (two,) = proof.prints((people("ann@acme.example", "bob@acme.example"),))
    assert proof.likeness((two,)) >= proof.TOO_ALIKE
    (one,) = proof.prints((people("helpdesk@reseller.example"),))
    assert proof.likeness((one,)) < proof.TOO_ALIKE, "somebody may work for two companies"
    assert proof.prints((people("a*n@a**e.example", "b*b@a**e.example"),)) == ()


def test_rows_that_tie_in_another_order_are_no_contradiction() -> None:
    once, again = people("ann@a.example", "bob@a.example"), people("bob@a.example", "ann@a.example")
    assert proof.contradiction(answers(once), witnessed(again=(again,))) is None
    other = people("bob@a.example", "eve@a.example")
    assert proof.contradiction(answers(once), witnessed(again=(other,))) is not None


def test_the_company_that_is_most_alike_is_named() -> None:
    own = proof.prints((trend(*RISING), trend(*RISING, kind="Other")))
    digests = frozenset(each.digest for each in own)
    with pytest.raises(WrongCustomer, match="'B Ltd'"):
        proof.prove_unlike(
            own, HARBOURLINE, {"A Ltd": frozenset(), "B Ltd": digests, "C": frozenset(("x",))}
        )
    proof.prove_unlike(own, HARBOURLINE, {"A Ltd": frozenset(), "C": frozenset(("x",))})


# ---- honest data ---------------------------------------------------------------------------


def generated(count: int) -> tuple[SandboxCompany, ...]:
    """Companies of every size from three people up, some without any data, many of one size."""
    chance = Random(5)
    sizes = (3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 50, 62, 100, 200, 200, 200, 500, 1000)
    shapes: tuple[Literal["improving", "worsening", "flat", "seasonal", "silent"], ...] = (
        "improving",
        "worsening",
        "flat",
        "flat",
        "seasonal",
        "silent",
    )
    return tuple(
        SandboxCompany(
            f"Gen{place:09}",
            2000 + place,
            f"Generated {place}",
            chance.choice(("Retail", "Finance", "Healthcare")),
            chance.choice(sizes),
            chance.choice(shapes),
            domain=f"gen{place}.example",
        )
        for place in range(count)
    )


def test_honest_figures_of_500_companies_raise_no_alarm() -> None:
    many = generated(500)
    owners: dict[str, str] = {}
    silent = 0
    settings = SandboxSettings(today=date(2026, 11, 26), companies=many)
    with Sandbox(settings) as sandbox, connect(keepnet(sandbox, batch_size=20)) as source:
        source.companies()
        for company in many:
            customer = Customer(company.company_id, company.name, company_name=company.name)
            wanted = job(customer, period="2026-10", items=NAMES)
            gathered = gather(wanted, source, earlier=())
            assert gathered.witnesses is not None
            kinds = {each.kind for each in gathered.witnesses}
            assert kinds == {"names", "record", "unscoped", "second_look"}
            own = proof.prints(gathered.answers.widgets)
            silent += not own
            alike = {each.digest: owners.get(each.digest, "") for each in own}
            others = {
                name: frozenset(d for d, owner in alike.items() if owner == name)
                for name in set(alike.values()) - {""}
            }
            proof.prove_unlike(own, customer, others)
            owners.update(dict.fromkeys(alike, company.name))
    assert 0 < silent < 200, "some have nothing to tell them apart by, most have"


# ---- the way through -----------------------------------------------------------------------


def test_everything_is_asked_for_twice_and_once_without_a_scope(open_sandbox: OpenSandbox) -> None:
    sandbox = open_sandbox()
    with connect(keepnet(sandbox, batch_size=20)) as source:
        source.companies()
        gather(job(HARBOURLINE, period="2026-10", items=NAMES), source, earlier=())
        scopes = [
            each.company_id for each in sandbox.requests if each.path.endswith("get-widget-datas")
        ]
    assert scopes.count(HARBOURLINE.company_id) == 2 * scopes.count(None)


def test_a_reseller_of_one_company_is_not_asked_without_a_scope() -> None:
    """Its own figures may rightly be those of its only customer."""
    settings = SandboxSettings(companies=generated(1))
    with Sandbox(settings) as sandbox, connect(keepnet(sandbox)) as source:
        source.companies()
        customer = Customer("Gen000000000", "Generated 0", company_name="Generated 0")
        gather(job(customer, period="2026-10", items=NAMES), source, earlier=())
        asked = sandbox.requests
    assert all(each.company_id for each in asked if each.path.endswith("get-widget-datas"))


def test_a_second_look_that_fails_is_a_doubt_and_is_taken_again(open_sandbox: OpenSandbox) -> None:
    """Only the address-scoped calls fail here, as behind a gateway that is overloaded."""
    sandbox = open_sandbox("query-fails")
    with connect(keepnet(sandbox, batch_size=20), pause=lambda _: None) as source:
        source.companies()
        with pytest.raises(SourceUnavailable, match="second look") as caught:
            gather(job(HARBOURLINE, period="2026-10", items=NAMES), source, earlier=())
    assert caught.value.retry


def test_a_contradiction_stays_one_while_nobody_can_be_asked_whose_it_is(
    open_sandbox: OpenSandbox,
) -> None:
    sandbox = open_sandbox()
    with connect(keepnet(sandbox), pause=lambda _: None) as source:
        answers = source.fetch(HARBOURLINE, (WidgetRequest(REPORT_RATES, YEAR),))
        source.stop()
        assert source.owner(HARBOURLINE, answers.widgets[0]) == ""


# ---- mixed up ------------------------------------------------------------------------------

HARBOUR_ID, NORD_ID = "xC5kfGz7w2Nz", "Nk8hF2pLq6Ud"
MIXED = {
    "header ignored": (("header-ignored",), ("Harbourline Logistics", "Halvorn Cyber")),
    "header swapped": (
        (f"header-swapped={NORD_ID}@{HARBOUR_ID}", f"header-swapped={HARBOUR_ID}@{NORD_ID}"),
        ("Harbourline Logistics", NORDHAFEN),
    ),
    "one stale answer": (
        (f"stale={NORD_ID}@{HARBOUR_ID}:1",),
        ("Harbourline Logistics", NORDHAFEN),
    ),
    "the same figures twice": (
        (f"swapped={NORD_ID}@{HARBOUR_ID}",),
        ("Harbourline Logistics", NORDHAFEN),
    ),
}


@pytest.mark.parametrize("case", MIXED.values(), ids=MIXED)
def test_when_customers_are_mixed_up_nothing_leaves(
    case: tuple[tuple[str, ...], tuple[str, str]], config: Callable[[str], Path], tmp_path: Path
) -> None:
    faults, names = case
    with Mailbox(tmp_path / "outbox") as mailbox:
        with sandbox_process(*faults) as api:
            config(CONFIG.format(api=api, smtp=mailbox.port))
            ended = reportgen("run", "--json", cwd=tmp_path)
            told = reportgen("status", cwd=tmp_path)
            again = reportgen("run", "--due", cwd=tmp_path)
        assert mailbox.messages() == ()
        assert (ended.status, told.status, again.status) == (1, 1, 1), ended.err
        said = " ".join(reason for run in ended.json for reason in run["reasons"])
        assert all(name in said for name in names), said
        assert "nothing goes out" in told.err
        assert "reportgen resume --round" in again.err
        assert not (tmp_path / "reports").exists()
        _mended(config, tmp_path, mailbox)
    assert len(mailbox.messages()) == 4


def _mended(config: Callable[[str], Path], place: Path, mailbox: Mailbox) -> Ended:
    """A person found the cause, and lets everything go out again."""
    with sandbox_process() as api:
        config(CONFIG.format(api=api, smtp=mailbox.port))
        assert reportgen("resume", "--round", cwd=place).status == 2, "without a reason"
        resumed = reportgen("resume", "--round", "--reason", "the proxy was mended", cwd=place)
        assert resumed.status == 0
        ended = reportgen("run", cwd=place)
        assert ended.status == 0, ended.err
        assert reportgen("status", cwd=place).status == 0
    return ended


def test_a_company_with_another_name_in_its_record_gets_nothing(
    config: Callable[[str], Path], tmp_path: Path
) -> None:
    with (
        sandbox_process(f"renamed=Northport AG@{NORD_ID}") as api,
        Mailbox(tmp_path / "outbox") as mailbox,
    ):
        config(CONFIG.format(api=api, smtp=mailbox.port))
        ended = reportgen("run", "--json", "--customer", NORDHAFEN, cwd=tmp_path)
        assert mailbox.messages() == ()
        assert ended.status == 1
        (said,) = ended.json[0]["reasons"]
        assert NORDHAFEN in said
        assert "Northport AG" in said
        others = reportgen("run", cwd=tmp_path)
        assert others.status == 1
        assert len(mailbox.messages()) == 3, "the other customers get theirs"

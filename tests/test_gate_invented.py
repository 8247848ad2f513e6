"""Sound data give no concern: the sandbox's companies and invented ones, month after month."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from pydantic import SecretStr

from reportgen.model import Customer, Widget
from reportgen.pipeline import Draft, Source, composed, gather
from reportgen.sandbox import Sandbox, SandboxSettings
from reportgen.sandbox.faults import parse_fault
from reportgen.sections import NAMES
from reportgen.sources.keepnet import KeepnetSource
from reportgen.sources.kinds import Keepnet
from reportgen.views import Page
from tests.inventing import Invented, Told, companies
from tests.sample_pages import BRAND, Fixed, job, spans
from tests.truth import company as truth

MONTHS = {"2026-09": 10, "2026-10": 11, "2026-11": 12}
"""Periods and the month on whose first day the report is made."""
SMALL = ("simulation_coverage", "training_completion", "repeat_offenders_people")


@contextmanager
def platform(*faults: str) -> Iterator[KeepnetSource]:
    wanted = SandboxSettings(
        today=date(2026, 12, 1), faults=tuple(parse_fault(fault) for fault in faults)
    )
    with Sandbox(wanted) as sandbox:
        kind = Keepnet(
            kind="keepnet",
            base_url=sandbox.url,
            client_id=wanted.client_id,
            client_secret=SecretStr(wanted.client_secret),
            requests_per_second=1000,
        )
        with kind.open() as source:
            yield source


def editions(
    source: Source, customer: Customer, window: int, items: tuple[str, ...]
) -> Iterator[Draft]:
    """One report after the other, each compared with the one before."""
    earlier: tuple[Widget, ...] | None = None
    for period, made in MONTHS.items():
        ticket = job(customer, period=period, window=window, items=items)
        moment = datetime(2026, made, 1, 6, tzinfo=UTC)
        drafted = composed(ticket, gather(ticket, Fixed(source, moment), earlier))
        earlier = drafted.gathered.answers.widgets
        yield drafted


EXPECTED = {"Quietlake Ventures": {"empty"}, "Oldfield Print Works": {"licence_expired"}}
"""The company that never did anything, and the one whose licence has run out."""


@pytest.mark.parametrize("window", [1, 3])
@pytest.mark.parametrize("items", [NAMES, SMALL, ("risk_score_trend",)])
def test_no_month_of_a_sound_company_gives_a_concern(window: int, items: tuple[str, ...]) -> None:
    with platform() as source:
        for company in source.companies():
            if not company.access_granted:
                continue
            customer = Customer(
                company.company_id,
                company.name,
                company_name=company.name,
                licence_expired=company.licence_expired,
                brand=BRAND,
            )
            for drafted in editions(source, customer, window, items):
                found = {concern.rule for concern in drafted.page.concerns}
                assert found == EXPECTED.get(company.name, set()), (company.name, drafted.job.key)


@pytest.mark.parametrize("form", ["null", "list", "nodatas", "nulldatas", "zeros"])
def test_every_form_of_empty_is_held(form: str) -> None:
    customer = Customer("xC5kfGz7w2Nz", "Harbourline Logistics", brand=BRAND)
    with platform(f"empty={form}") as source:
        drafted = next(editions(source, customer, 1, NAMES))
    assert "empty" in {concern.rule for concern in drafted.page.concerns}
    assert drafted.page.reasons[0].startswith("The platform has no data")


# ---- invented companies --------------------------------------------------------------------


def page_of(raw: Invented, earlier: Invented | None = None) -> Page:
    customer = Customer("inv", "Invented Ltd", brand=BRAND, date_format="dd/MM/yyyy")
    ticket = job(customer, items=NAMES)
    past: tuple[Widget, ...] = ()
    if earlier is not None:
        requests = tuple(section.request(spans("2026-10")) for section in ticket.sections)
        past = Told(earlier).fetch(customer, requests).widgets
    return composed(ticket, gather(ticket, Told(raw), past)).page


def rules(page: Page) -> set[str]:
    return {each.rule for each in page.concerns}


@settings(max_examples=250)
@given(companies())
def test_a_first_month_is_held_only_where_nothing_happened(raw: Invented) -> None:
    page = page_of(raw)
    found = rules(page)
    figures = [figure.value for view in page.sections for figure in view.figures]
    assert "empty" not in found or not any(figures)
    assert "activity_zero" not in found or not _delivered(raw)
    assert found <= {"empty", "activity_zero"} or not raw


def _delivered(raw: Invented) -> int:
    """What was sent in November; of two answers for one month the later one counts."""
    months = {item["date"]: item["values"] for item in raw.get(truth.ACTIVITY, [])}
    values = months.get("01/11/2026 00:00", [])
    return sum(int(one["value"] or 0) for one in values if one["name"] == "Delivered")


@settings(max_examples=250)
@given(companies(), companies(date(2026, 10, 1)))
def test_the_same_people_a_month_later_are_no_other_people(
    raw: Invented, earlier: Invented
) -> None:
    for kind in (truth.COVERAGE, truth.DEPARTMENTS):
        earlier.pop(kind, None)
        if kind in raw:
            earlier[kind] = raw[kind]
    assert not {"people_changed", "same_as_before"} & rules(page_of(raw, earlier))

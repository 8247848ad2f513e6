"""Whom the reports are about: configured and discovered customers, joined with the platform's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportgen.config import ResolvedCustomer, customers, load
from reportgen.model import Company

Write = Callable[[str], Path]
LISTED = (
    Company("c1", "Harbourline Logistics", "", tags=("gold",)),
    Company("c2", "Nordhafen Klinikum GmbH", "North", tags=("gold", "health")),
    Company("c3", "Pinecrest Credit Union", "North"),
    Company("c4", "Sable Foods", ""),
)


def resolve(config: Write, **parts: Any) -> tuple[tuple[ResolvedCustomer, ...], tuple[str, ...]]:
    data = {
        "source": {"kind": "demo"},
        "brands": {"halvorn": {"name": "Halvorn Cyber"}, "maravel": {"name": "Maravel"}},
        "reports": {
            "monthly": {"title": "Monthly", "widgets": ["report_rates"]},
            "board": {"title": "Board", "saved_report": "Board"},
        },
        **parts,
    }
    return customers(load(config(json.dumps(data)), {}), LISTED)


def names(resolved: tuple[ResolvedCustomer, ...]) -> list[str]:
    return [each.customer.name for each in resolved]


def test_customers_named_come_first_and_discovered_ones_in_the_platforms_order(
    config: Write,
) -> None:
    resolved, problems = resolve(
        config, customers=[{"company_id": "c3", "name": "Pinecrest"}], discover=[{"all": True}]
    )
    assert names(resolved) == [
        "Pinecrest",
        "Harbourline Logistics",
        "Nordhafen Klinikum GmbH",
        "Sable Foods",
    ]
    assert problems == ()


def test_rules_take_companies_by_tag_and_by_reseller(config: Write) -> None:
    by_tag, _ = resolve(config, discover=[{"tag": "health"}])
    by_reseller, _ = resolve(config, discover=[{"reseller": "North"}])
    assert names(by_tag) == ["Nordhafen Klinikum GmbH"]
    assert names(by_reseller) == ["Nordhafen Klinikum GmbH", "Pinecrest Credit Union"]


def test_a_company_named_twice_keeps_the_first_and_tells_of_the_second(config: Write) -> None:
    first = {"company": "Sable Foods", "recipients": ["first@b.example"]}
    second = {"company_id": "c4", "recipients": ["second@b.example"]}
    resolved, problems = resolve(config, customers=[first, second])
    assert [each.customer.recipients for each in resolved] == [("first@b.example",)]
    assert problems == (
        "'c4' is 'Sable Foods', which `customers` has already; keep one of the two",
    )


def test_a_rule_that_finds_nobody_is_told(config: Write) -> None:
    resolved, problems = resolve(config, discover=[{"tag": "Gold"}, {"reseller": "South"}])
    assert resolved == ()
    assert problems == (
        "`discover` finds no company with the tag 'Gold'; mend it, or take it out",
        "`discover` finds no company of the reseller 'South'; mend it, or take it out",
    )


def test_an_exclusion_by_name_or_id_holds_and_one_that_fits_nobody_is_told(config: Write) -> None:
    exclude = ["sable foods", "c2", "Pinecrest Credit Unoin"]
    resolved, problems = resolve(config, discover=[{"all": True, "exclude": exclude}])
    assert names(resolved) == ["Harbourline Logistics", "Pinecrest Credit Union"]
    assert problems == (
        "`exclude`: the platform lists no company 'Pinecrest Credit Unoin'; "
        "did you mean 'Pinecrest Credit Union'?",
    )


def test_what_a_customer_says_wins_over_the_defaults_and_the_rest_is_inherited(
    config: Write,
) -> None:
    own = {
        "company_id": "c2",
        "language": "de",
        "targets": {"report_rate": 40},
        "reports": ["board"],
    }
    defaults = {
        "brand": "maravel",
        "time_zone": "Europe/Berlin",
        "targets": {"report_rate": 30, "training_completion": 80},
        "reports": ["monthly"],
    }
    (special, usual), _ = resolve(
        config, defaults=defaults, customers=[own, {"company_id": "c1", "page_size": "Letter"}]
    )
    assert special.reports == ("board",)
    assert special.customer.language == "de"
    assert special.customer.targets == {"report_rate": 40, "training_completion": 80}
    assert usual.reports == ("monthly",)
    assert usual.customer.page_size == "Letter"
    assert {each.customer.brand.name for each in (special, usual)} == {"Maravel"}
    assert {each.customer.time_zone for each in (special, usual)} == {"Europe/Berlin"}


def test_without_choices_the_first_brand_and_every_report_are_taken(config: Write) -> None:
    (only,), _ = resolve(config, customers=[{"company_id": "c1"}])
    assert (only.customer.brand.name, only.reports) == ("Halvorn Cyber", ("monthly", "board"))


def test_a_logo_beside_the_file_wins_over_the_shipped_one(config: Write, tmp_path: Path) -> None:
    brands = {"halvorn": {"name": "Halvorn Cyber", "logo": "brands/halvorn.svg"}}
    (shipped,), _ = resolve(config, brands=brands, customers=[{"company_id": "c1"}])
    (tmp_path / "brands").mkdir()
    (tmp_path / "brands/halvorn.svg").write_text("<svg/>")
    (own,), _ = resolve(config, brands=brands, customers=[{"company_id": "c1"}])
    assert shipped.customer.brand.logo is not None
    assert Path(shipped.customer.brand.logo).is_file()
    assert own.customer.brand.logo == str(tmp_path / "brands/halvorn.svg")

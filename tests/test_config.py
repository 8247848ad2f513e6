"""The configuration: what it accepts, and how it says what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from reportgen import bundled
from reportgen.config import ConfigProblems, Settings, customers, load
from reportgen.config.reference import reference, schema
from reportgen.model import Company
from reportgen.sandbox import COMPANIES
from tests.program import reportgen

ROOT = Path(__file__).parent.parent
Write = Callable[[str], Path]

GOOD = """\
source: {kind: keepnet, client_id: me, client_secret: "${SECRET}"}
brands:
  halvorn: {name: Halvorn Cyber}
customers:
  - {company: Harbourline Logistics, recipients: [ceo@harbourline.example]}
reports:
  monthly: {title: Report, widgets: [risk_score_trend]}
delivery:
  - {channel: email, server: smtp.example.com, sender: me@halvorn.example}
"""

TEN_MISTAKES = """\
source:
  kind: keepnet
  base_url: http://api.example.com
  client_id: me
  client_secret: ${NOT_SET}
brands:
  halvorn:
    name: Halvorn Cyber
    primary: blue
defaults:
  time_zone: Europe/Berln
  langauge: en
customers:
  - company: Harbourline Logistics
    recipients: [not an address]
    brand: halvron
  - company_id: abc
reports:
  monthly:
    title: Report
    widgets: [risk_score_tren]
    period: last-moon
    schedule: {every: month, on: 32}
delivery:
  - {channel: email, server: smtp.example.com, sender: me@halvorn.example}
"""


def problems(path: Path) -> list[str]:
    with pytest.raises(ConfigProblems) as caught:
        load(path, {"SECRET": "planted-secret"})
    return [str(problem) for problem in caught.value.problems]


def test_ten_mistakes_are_ten_lines_with_line_key_and_cure(config: Write) -> None:
    said = problems(config(TEN_MISTAKES))
    places = [line.split(" ")[0:2] for line in said]
    assert places == [
        ["config.yaml:3:", "source.base_url:"],
        ["config.yaml:5:", "source.client_secret:"],
        ["config.yaml:9:", "brands.halvorn.primary:"],
        ["config.yaml:11:", "defaults.time_zone:"],
        ["config.yaml:12:", "defaults.langauge:"],
        ["config.yaml:15:", "customers.0.recipients.0:"],
        ["config.yaml:16:", "customers.0.brand:"],
        ["config.yaml:17:", "customers.1.recipients:"],
        ["config.yaml:21:", "reports.monthly.widgets.0:"],
        ["config.yaml:22:", "reports.monthly.period:"],
        ["config.yaml:23:", "reports.monthly.schedule.on:"],
    ]
    for cure in (
        "https://",
        "no NOT_SET",
        '"#0B1F3A"',
        "'Europe/Berlin'",
        "`language`",
        "'halvorn'",
    ):
        assert any(cure in line for line in said), cure
    assert all("; " in line for line in said)


def test_mistakes_end_the_program_with_status_2(config: Write, tmp_path: Path) -> None:
    config(TEN_MISTAKES)
    ended = reportgen("run", cwd=tmp_path)
    assert (ended.status, len(ended.err.splitlines())) == (2, 11)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no keys"),
        ("- a\n- b\n", "holds no keys"),
        ("a: [1\n", "config.yaml:2:"),
        ("a: 1\na: 2\n", "duplicate key"),
        ("\tsource: 1\n", "config.yaml:1:"),
        ("a: &x [1]\nb: *x\n", "aliases are not supported"),
        ("source: {kind: keepnot}\n", "is of no known kind"),
        ("source: 7\n", "source"),
        ("reports: []\n", "reports"),
        ("customers: {a: 1}\n", "customers"),
    ],
)
def test_files_that_are_no_configuration_are_one_clear_matter(
    text: str, said: str, config: Write
) -> None:
    assert said in "\n".join(problems(config(text)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("server: smtp", "security: plain, server: smtp", "can be read on the way"),
        ("title: Report", "title: Report, history_months: 99", "history_months"),
        ("widgets: [risk_score_trend]", "saved_report: X, widgets: [report_rates]", "not both"),
        ("company: Harb", "company_id: x, company: Harb", "not both"),
        ("{name: Halvorn Cyber}", "{name: Halvorn Cyber, logo: no.svg}", "there is no file no.svg"),
        ("{name: Halvorn Cyber}", "{name: Halvorn Cyber, logo: report.css}", "css is no logo"),
        ("[ceo@harbourline.example]", "['a@b.example,c@d.example']", "not a mail address"),
        ("[ceo@harbourline.example]", '["a@b.example\\r\\nBcc: x@y.example"]', "not a mail"),
        ("{title: Report", "{title: Report, name: other", "is no key"),
        ("  monthly:", "  mon/thly:", "cannot be a name"),
    ],
)
def test_a_mistake_is_named_with_its_cure(old: str, new: str, said: str, config: Write) -> None:
    assert old in GOOD
    assert said in "\n".join(problems(config(GOOD.replace(old, new, 1))))


def test_secrets_come_from_the_environment_or_a_file_and_do_not_show(config: Write) -> None:
    path = config(GOOD)
    settings = load(path, {"SECRET": "planted-secret"})
    (path.parent / "key").write_text("planted-secret\n")
    config(GOOD.replace('client_secret: "${SECRET}"', "client_secret_file: key"))
    from_file = load(path, {})
    for each in (settings, from_file):
        assert secret(each) == "planted-secret"
        assert "planted-secret" not in repr(each) + str(each) + each.model_dump_json()


def secret(settings: Settings) -> str:
    source = settings.source
    assert source.kind == "keepnet"
    return source.client_secret.get_secret_value()


def test_a_value_from_the_environment_cannot_add_keys(config: Write) -> None:
    planted = "x}\ndelivery: []\nother: {y: 1"
    settings = load(config(GOOD), {"SECRET": planted})
    assert secret(settings) == planted
    assert len(settings.delivery) == 1


def test_the_shipped_example_loads_and_fits_the_schema() -> None:
    settings = load(bundled.EXAMPLE_CONFIG, {})
    data = YAML(typ="safe").load(bundled.EXAMPLE_CONFIG.read_text("utf-8"))
    jsonschema.validate(json.loads(json.dumps(data)), schema())
    assert (len(settings.customers), len(settings.brands)) == (3, 2)


def test_the_manuals_page_is_what_the_program_says() -> None:
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    assert page == reference(), "run script/docs"


# ---- customers -----------------------------------------------------------------------------

LISTED = tuple(
    Company(each.company_id, each.name, "Halvorn Cyber", tags=each.tags) for each in COMPANIES
)


def settings_with(people: str, config: Write) -> Settings:
    start, end = GOOD.split("customers:\n")
    rest = end.partition("reports:")[2]
    return load(config(f"{start}{people}\nreports:{rest}"), {"SECRET": "s"})


def test_a_discovered_customer_joins_by_itself_and_excluded_ones_do_not(config: Write) -> None:
    people = (
        "discover: [{tag: gold, exclude: [Meridian Retail Group], recipients: [a@b.example]}]\n"
        "shared_recipients: [a@b.example]\n"
        "customers: [{company: Harbourline Logistics, name: HL, recipients: [c@d.example]}]"
    )
    resolved, lost = customers(settings_with(people, config), LISTED)
    assert lost == ()
    assert [(r.customer.name, r.customer.recipients) for r in resolved] == [
        ("HL", ("c@d.example",)),
        ("Pinecrest Credit Union", ("a@b.example",)),
    ]


def test_a_customer_that_cannot_be_matched_hinders_nobody(config: Write) -> None:
    people = (
        "customers:\n"
        "  - {company: Harborline Logistics, recipients: [a@d.example]}\n"
        "  - {company: Twin, recipients: [b@d.example]}\n"
        "  - {company_id: nope, recipients: [d@d.example]}\n"
        "  - {company: Atelier Lumen, recipients: [c@d.example]}\n"
    )
    twins = (Company("t1", "Twin"), Company("t2", "Twin"))
    resolved, lost = customers(settings_with(people, config), LISTED + twins)
    assert [each.customer.name for each in resolved] == ["Atelier Lumen"]
    assert "did you mean 'Harbourline Logistics'" in lost[0]
    assert "t1, t2" in lost[1]
    assert "'nope'" in lost[2]


@pytest.mark.parametrize("colour", ["#AF5F92", "#7A7A7A"])
def test_a_brand_colour_nobody_can_read_on_is_refused_with_one_that_works(
    colour: str, config: Write
) -> None:
    brand = f'{{name: Halvorn Cyber, primary: "{colour}"}}'
    with pytest.raises(ConfigProblems) as caught:
        load(config(GOOD.replace("{name: Halvorn Cyber}", brand)), {"SECRET": "s"})
    said = str(caught.value)
    assert f"neither white nor black text can be read on {colour}" in said
    better = said.rpartition("try ")[2].strip()
    good = brand.replace(colour, better)
    assert (
        load(config(GOOD.replace("{name: Halvorn Cyber}", good)), {"SECRET": "s"})
        .brands["halvorn"]
        .primary
    )


def test_targets_and_actions_name_what_reports_know(config: Write) -> None:
    customer = "{company: Harbourline Logistics, recipients: [ceo@harbourline.example]}"
    wishes = customer.replace(
        "}", ", targets: {culture_score: 3.5, dwell_time: 30}, "
        "actions: {repeat_offenders: {owner: Plant manager, days: 10}}}",
    )  # fmt: skip
    settings = load(config(GOOD.replace(customer, wishes)), {"SECRET": "s"})
    assert settings.customers[0].targets == {"culture_score": 3.5, "dwell_time": 30}
    assert settings.customers[0].actions["repeat_offenders"].owner == "Plant manager"
    wrong = wishes.replace("culture_score: 3.5", "culture_score: 6").replace("days: 10", "days: 0")
    with pytest.raises(ConfigProblems) as caught:
        load(config(GOOD.replace(customer, wrong)), {"SECRET": "s"})
    assert "write 0 to 5" in str(caught.value)

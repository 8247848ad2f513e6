"""A report reaches nobody outside its customer: what a file may say, and what no message gets past.

Tests of the ledger's and the program's part are in `test_recipients_approved.py`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.archive import FileArchive
from reportgen.archive.writing import canonical
from reportgen.channels import Email, domains
from reportgen.channels.lookalikes import skeleton
from reportgen.config import ConfigProblems, customers, doubts, load
from reportgen.errors import DeliveryRefused
from reportgen.model import Company, Document
from reportgen.sandbox.mailbox import Mailbox
from tests.papers import CUSTOMER, document

Write = Callable[[str], Path]
CHANNEL = Email(server="demo", sender="reports@halvorn.example", timeout=5)
BASE = """\
source: {kind: demo}
brands: {halvorn: {name: Halvorn Cyber}}
reports: {monthly: {title: Report, widgets: [risk_score_trend]}}
delivery: [{channel: email, server: demo, sender: me@halvorn.example}]
"""


def told(config: Write, people: str) -> list[str]:
    """The problems of a file with these customers."""
    try:
        load(config(BASE + people), {})
    except ConfigProblems as found:
        return [str(problem) for problem in found.problems]
    return []


def doubted(config: Write, people: str) -> list[str]:
    return [each.finding for each in doubts(load(config(BASE + people), {}))]


# ---- which domain is which -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "address", "inside"),
    [
        ("acme.example", "ceo@acme.example", True),
        ("acme.example", "ceo@ACME.Example", True),
        ("ACME.example.", "ceo@acme.example", True),
        ("acme.example", "ceo@mail.acme.example", False),
        ("acme.example", "ceo@notacme.example", False),
        ("acme.example", "ceo@acme.example.evil.example", False),
        ("acme.example", "acme.example@evil.example", False),
        ("*.acme.example", "ceo@mail.acme.example", True),
        ("*.acme.example", "ceo@a.b.Acme.example", True),
        ("*.acme.example", "ceo@acme.example", False),
        ("*.acme.example", "ceo@notacme.example", False),
        ("*.acme.example", "ceo@x-acme.example", False),
        ("münchen.example", "ceo@xn--mnchen-3ya.example", True),
        ("MÜNCHEN.example", "ceo@XN--MNCHEN-3YA.example", True),
        ("xn--mnchen-3ya.example", "ceo@xn--mnchen-3ya.example", True),
        ("münchen.example", "ceo@munchen.example", False),
        ("*.münchen.example", "ceo@it.xn--mnchen-3ya.example", True),
    ],
)
def test_a_domain_is_compared_as_mail_servers_do(pattern: str, address: str, inside: bool) -> None:
    assert domains.is_allowed(address, (domains.allowed(pattern),)) is inside
    assert domains.is_allowed(address, (pattern,)) is inside


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "acme",
        "*.example",
        "@acme.example",
        "ceo@acme.example",
        "*.*.acme.example",
        "acme..example",
        "*acme.example",
        "acme.*",
        "a b.example",
        "-acme.example",
        "x.example/y",
    ],
)
def test_what_is_no_domain_is_refused_with_its_cure(text: str, config: Write) -> None:
    people = (
        "customers:\n  - company: Acme\n    recipients: [ceo@acme.example]\n"
        f"    allowed_domains: ['{text}']\n"
    )
    (line,) = told(config, people)
    assert line.startswith("config.yaml:8: customers.0.allowed_domains.0: ")
    assert "is not a mail domain; write one such as acme.example" in line


_LABEL = st.from_regex(r"[a-z]([a-z0-9]{0,8}[a-z0-9])?", fullmatch=True)


@given(labels=st.lists(_LABEL, min_size=2, max_size=4), other=st.lists(_LABEL, min_size=2))
def test_a_domain_covers_itself_and_its_star_all_below_it_alone(
    labels: list[str], other: list[str]
) -> None:
    domain, another = ".".join(labels), ".".join(other[:4])
    assert domains.covers(domain, domain.upper() + ".")
    assert not domains.covers(f"*.{domain}", domain)
    assert domains.covers(f"*.{domain}", f"mail.{domain}")
    assert domains.covers(domain, another) == (domain == another)
    assert domains.covers(f"*.{domain}", another) == (another.endswith(f".{domain}"))


# ---- allowed domains, when the file is read ------------------------------------------------


def test_an_address_outside_its_customers_domains_is_one_line_with_its_cure(config: Write) -> None:
    people = (
        "customers:\n"
        "  - company: Acme\n"
        "    allowed_domains: [Acme.example., '*.acme.example']\n"
        "    recipients:\n"
        "      - ceo@acme.example\n"
        "      - it@mail.acme.example\n"
        "      - ceo@acrne.example\n"
    )
    (line,) = told(config, people)
    assert line == (
        "config.yaml:11: customers.0.recipients.2: ceo@acrne.example is outside the "
        "`allowed_domains` (acme.example, *.acme.example); mend the address, or add its domain "
        "there"
    )


def test_the_default_domains_count_for_every_customer_and_rule(config: Write) -> None:
    people = (
        "defaults: {allowed_domains: [halvorn.example]}\n"
        "shared_recipients: [desk@halvorn.example, desk@other.example]\n"
        "customers:\n"
        "  - company: Acme\n"
        "    recipients: [ceo@acme.example, desk@halvorn.example]\n"
        "    allowed_domains: [acme.example]\n"
        "  - {company: Bolt, recipients: [ceo@bolt.example]}\n"
        "discover: [{all: true, recipients: [desk@halvorn.example, desk@other.example]}]\n"
    )
    lines = told(config, people)
    assert [line.partition(" is outside")[0] for line in lines] == [
        "config.yaml:11: customers.1.recipients.0: ceo@bolt.example",
        "config.yaml:12: discover.0.recipients.1: desk@other.example",
    ]


def test_a_customer_carries_its_own_and_the_default_domains(config: Write) -> None:
    people = (
        "defaults: {allowed_domains: [halvorn.example], approve_new_recipients: true}\n"
        "shared_recipients: [desk@halvorn.example]\n"
        "customers: [{company: Acme, recipients: [c@acme.example], allowed_domains: "
        "[acme.example], approve_new_recipients: false}]\n"
        "discover: [{all: true, recipients: [desk@halvorn.example]}]\n"
    )
    settings = load(config(BASE + people), {})
    resolved, _ = customers(settings, (Company("c1", "Acme"), Company("c2", "Bolt")))
    acme, bolt = (each.customer for each in resolved)
    assert acme.allowed_domains == ("acme.example", "halvorn.example")
    assert bolt.allowed_domains == ("halvorn.example",)
    assert (acme.approve_new_recipients, bolt.approve_new_recipients) == (False, True)


def test_approval_of_new_recipients_may_be_wished_for_all(config: Write) -> None:
    people = (
        "approve_new_recipients: true\n"
        "customers:\n"
        "  - {company: Acme, recipients: [c@acme.example]}\n"
        "  - {company: Bolt, recipients: [c@bolt.example], approve_new_recipients: false}\n"
    )
    settings = load(config(BASE + people), {})
    resolved, _ = customers(settings, (Company("c1", "Acme"), Company("c2", "Bolt")))
    assert [each.customer.approve_new_recipients for each in resolved] == [True, False]


# ---- one customer's address under another --------------------------------------------------


def test_an_address_of_one_customer_under_another_is_refused(config: Write) -> None:
    people = (
        "customers:\n"
        "  - {company: Acme, recipients: [CEO@acme.example, ceo@acme.example]}\n"
        "  - {company: Bolt, recipients: [ceo@bolt.example, ceo@Acme.example]}\n"
    )
    (line,) = told(config, people)
    assert line.startswith(
        "config.yaml:7: customers.1.recipients.1: ceo@Acme.example stands under customers.0 as "
        "well; "
    )
    assert told(config, "shared_recipients: [Ceo@Acme.Example]\n" + people) == []


def test_a_rules_recipients_are_the_resellers_own_and_listed_as_such(config: Write) -> None:
    rule = "discover: [{all: true, recipients: [ceo@acme.example]}]\n"
    (line,) = told(config, rule)
    assert line == (
        "config.yaml:5: discover.0.recipients.0: ceo@acme.example gets the reports of every "
        "company that the rule finds; list your own people under `shared_recipients`, and name "
        "customers' one by one"
    )
    assert told(config, rule + "shared_recipients: [CEO@acme.example]\n") == []


def test_a_customers_own_address_under_a_rule_is_refused(config: Write) -> None:
    people = (
        "customers: [{company: Acme, recipients: [ceo@acme.example]}]\n"
        "discover: [{all: true, recipients: [ceo@acme.example]}]\n"
    )
    (line,) = told(config, people)
    assert line.startswith("config.yaml:6: discover.0.recipients.0: ")


def test_a_shared_recipient_must_lie_in_the_domains_as_well(config: Write) -> None:
    people = (
        "shared_recipients: [desk@halvorn.example]\n"
        "customers: [{company: Acme, recipients: [desk@halvorn.example], "
        "allowed_domains: [acme.example]}]\n"
    )
    (line,) = told(config, people)
    assert "desk@halvorn.example is outside the `allowed_domains`" in line


@given(junk=st.recursive(st.none() | st.text(max_size=6) | st.integers(), st.lists, max_leaves=5))
def test_whatever_stands_there_is_told_in_lines(junk: object, tmp_path_factory: object) -> None:
    assert isinstance(tmp_path_factory, pytest.TempPathFactory)
    path = tmp_path_factory.getbasetemp() / "junk.yaml"
    parts = {
        "shared_recipients": junk,
        "customers": [{"company": "A", "recipients": junk, "allowed_domains": junk}],
    }
    path.write_text(BASE + canonical(parts).decode()[1:-1].replace('"customers"', '\n"customers"'))
    with suppress(ConfigProblems):
        load(path, {})


# ---- disguises -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "mixed"),
    [
        ("acme", False),
        ("münchen", False),
        ("пример", False),
        ("пример-2026", False),
        ("παράδειγμα", False),
        ("ひらカナ漢字ー", False),
        ("日本acme", False),
        ("한국漢字", False),
        ("аcme", True),
        ("αcme", True),
        ("приmер", True),
        ("пример漢", True),
    ],
)
def test_letters_that_no_language_writes_together_are_mixed(label: str, mixed: bool) -> None:
    assert domains.is_mixed(label) is mixed


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("xn--cme-5cd.example", "reads 'аcme' and mixes alphabets (Cyrillic, Latin)"),
        ("mail.XN--CME-5CD.example", "mixes alphabets"),
        ("xn--a.example", "stands for no international name"),
        ("xn--99zzz999999.example", "stands for no international name"),
    ],
)
def test_a_disguised_domain_is_refused_wherever_it_stands(
    domain: str, said: str, config: Write
) -> None:
    person = f"customers: [{{company: Acme, recipients: [ceo@{domain}]}}]\n"
    (line,) = told(config, person)
    assert line.startswith("config.yaml:5: customers.0.recipients.0: ")
    assert said in line
    (line,) = told(config, "customers: [{company: A, recipients: [a@b.example]}]\n"
                   f"shared_recipients: [ceo@{domain}]\n")  # fmt: skip
    assert said in line
    allowed = f"recipients: [a@b.example], allowed_domains: [b.example, {domain}]"
    (line,) = told(config, f"customers: [{{company: A, {allowed}}}]\n")
    assert said in line


def test_honest_international_domains_are_taken(config: Write) -> None:
    people = (
        "customers: [{company: Acme, recipients: [ceo@xn--mnchen-3ya.example], "
        "allowed_domains: [münchen.example]}]\n"
    )
    assert told(config, people) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acme.example", "acrne.example"),
        ("paypal.example", "paypa1.example"),
        ("google.example", "g00gle.example"),
        ("soso.example", domains.normal("ѕоѕо.example")),
        ("paypal.example", domains.normal("раураl.example")),
    ],
)
def test_domains_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert one != other
    assert skeleton(one) == skeleton(other)


def test_other_domains_have_skeletons_of_their_own() -> None:
    names = ["acme", "acne", "halvorn", "halvern", "bolt", "boit", "münchen", "пример"]
    assert len({skeleton(f"{name}.example") for name in names}) == len(names)


def test_check_doubts_names_that_look_like_another_customers(config: Write) -> None:
    people = (
        "customers:\n"
        "  - {company: Acme, recipients: [ceo@acme.example]}\n"
        "  - {company: Soso, recipients: [ceo@mail.acrne.example], "
        "allowed_domains: ['*.acrne.example', soso.example]}\n"
        "  - {company: Bolt, recipients: [ceo@xn--n1aaa2d.example, x@bolt.example]}\n"
    )
    disguised = domains.normal("ѕоѕо.example")
    found = doubted(config, people.replace("xn--n1aaa2d.example", disguised))
    assert found == [
        "acme.example of Acme and acrne.example of Soso look alike",
        f"soso.example of Soso and {disguised} (reads ѕоѕо.example) of Bolt look alike",
    ]


def test_check_doubts_a_domain_that_two_customers_allow(config: Write) -> None:
    people = (
        "defaults: {allowed_domains: [halvorn.example]}\n"
        "shared_recipients: [desk@maravel.example]\n"
        "customers:\n"
        "  - {company: Acme, recipients: [a@acme.example], allowed_domains: "
        "[acme.example, group.example, maravel.example, halvorn.example]}\n"
        "  - {company: Bolt, recipients: [b@group.example], allowed_domains: "
        "[Group.example, maravel.example, halvorn.example]}\n"
    )
    assert doubted(config, people) == ["group.example is allowed for Acme and for Bolt"]


def test_check_doubts_a_domain_that_lies_in_anothers(config: Write) -> None:
    people = (
        "customers:\n"
        "  - {company: Acme, recipients: [a@it.group.example], allowed_domains: "
        "[it.group.example, '*.lab.group.example', group.example]}\n"
        "  - {company: Bolt, recipients: [b@x.group.example], allowed_domains: "
        "['*.group.example']}\n"
    )
    assert doubted(config, people) == [
        "it.group.example of Acme lies in *.group.example of Bolt",
        "*.lab.group.example of Acme lies in *.group.example of Bolt",
    ]
    mine = people.replace("['*.group.example']", "[x.group.example]")
    assert doubted(config, mine) == []
    shared = "shared_recipients: [desk@x.group.example]\n" + people
    assert doubted(config, shared) == []


def test_a_plain_file_leaves_no_doubt(config: Write) -> None:
    assert doubted(config, "customers: [{company: Acme, recipients: [a@acme.example]}]\n") == []


# ---- when a message is made ----------------------------------------------------------------


def bounded(*recipients: str, **changes: object) -> Document:
    customer = replace(CUSTOMER, recipients=recipients, allowed_domains=("sirket.example",))
    return document(customer=replace(customer, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "outside", ["ceo@evil.example", "ceo@mail.sirket.example", "ceo@sirket.example.evil.example"]
)
def test_no_message_is_made_for_an_address_outside_and_the_others_get_theirs(
    outside: str, tmp_path: Path
) -> None:
    bad, good = CHANNEL.deliveries(bounded(outside, "BEN@Sirket.example"))
    commits: list[int] = []
    with Mailbox(tmp_path) as mailbox:
        way = CHANNEL.with_server(mailbox.host, mailbox.port)
        with pytest.raises(DeliveryRefused, match=r"outside the `allowed_domains` of Şirket"):
            way.deliver(bad, lambda: commits.append(1))
        assert way.deliver(good, lambda: commits.append(1)).target == "BEN@Sirket.example"
        names = [file.name.partition("-")[0] for file in mailbox.messages()]
    assert (bad.content, commits, names) == (b"", [1], ["BEN@Sirket.example"])


def test_an_address_that_was_taken_out_since_gets_nothing() -> None:
    gone, left = CHANNEL.deliveries(
        bounded("ana@sirket.example", "ben@sirket.example", withdrawn=("ana@sirket.example",))
    )
    assert (gone.content, bool(left.content)) == (b"", True)
    with pytest.raises(DeliveryRefused, match="taken out of the recipients of Şirket"):
        CHANNEL.deliver(gone, lambda: None)


def test_a_document_from_the_archive_is_as_bounded_as_before(tmp_path: Path) -> None:
    archive = FileArchive("archive", tmp_path)
    made = bounded("ceo@evil.example", "ben@sirket.example", approve_new_recipients=True)
    kept = archive.load(archive.keep(made, {}))
    assert kept == made
    bad, good = CHANNEL.deliveries(kept)
    assert (bool(bad.refusal), bool(good.refusal)) == (True, False)


def test_a_document_of_an_earlier_program_loads_without_bounds(tmp_path: Path) -> None:
    place = FileArchive("archive", tmp_path).keep(document(), {})
    (manifest,) = tmp_path.glob("archive/**/document.json")
    text = manifest.read_text("utf-8")
    for field in ('"allowed_domains":[],', '"approve_new_recipients":false,', ',"withdrawn":[]'):
        assert field in text
        text = text.replace(field, "")
    manifest.write_text(text, "utf-8")
    assert FileArchive("archive", tmp_path).load(place) == document()

"""The first message to a new address waits for a person: ledger, path and program."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.channels import Email
from reportgen.errors import DeliveryError, DeliveryNotApproved
from reportgen.ledger import SqlLedger, open_ledger
from reportgen.model import Document
from reportgen.pipeline import Claim, Delivery, DeliveryState, RunState, release
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.papers import CUSTOMER, KEY, OCTOBER, document
from tests.program import CONFIG, reportgen, sandbox_process
from tests.test_ledger import MAIL, OTHER, Clock, clock, ledger, only, send, server, take, url

__all__ = ["clock", "ledger", "server", "url"]

Write = Callable[[str], Path]
ANA, BEN = "ana@sirket.example", "ben@sirket.example"
COMPANY = KEY.company_id
WORD = {"by": "ann", "reason": "called them"}


def unknown(ledger: SqlLedger, *addresses: str, company: str = COMPANY) -> tuple[str, ...]:
    return ledger.unknown_recipients(company, addresses)


# ---- what the ledger knows -----------------------------------------------------------------


def test_an_address_is_known_once_it_has_accepted_a_message_of_that_customer(
    ledger: SqlLedger,
) -> None:
    assert unknown(ledger, ANA, BEN) == (ANA, BEN)
    claim = take(ledger)
    send(ledger, claim, MAIL)
    ledger.begin(claim, OTHER)
    assert unknown(ledger, ANA, ANA.upper(), BEN) == (BEN,)
    assert unknown(ledger, ANA, company="another") == (ANA,)
    assert unknown(ledger, ANA, company=COMPANY.lower()) == (ANA,)


@pytest.mark.parametrize(
    "state", [state for state in DeliveryState if state is not DeliveryState.SENT]
)
def test_no_other_state_makes_an_address_known(ledger: SqlLedger, state: DeliveryState) -> None:
    claim = take(ledger)
    if state is DeliveryState.READY:
        ledger.produced(claim, document(), "archive/1", (MAIL,))
    else:
        ledger.begin(claim, MAIL)
        ledger.settle(claim, MAIL, state, "what became of it")
    assert unknown(ledger, ANA) == (ANA,)


def test_an_approved_address_is_known_to_that_customer_alone(
    ledger: SqlLedger, clock: Clock
) -> None:
    assert ledger.approve_recipient(COMPANY, ANA.upper(), **WORD)
    approved_at = clock.now
    clock.move(timedelta(days=3))
    assert not ledger.approve_recipient(COMPANY, ANA, by="ben", reason="again")
    assert unknown(ledger, ANA, BEN) == (BEN,)
    assert unknown(ledger, ANA, company="another") == (ANA,)
    (known,) = ledger.known_recipients(COMPANY).items()
    assert known[0] == ANA
    assert (known[1].since, str(known[1])) == (
        approved_at,
        "approved 2026-11-01 by ann: called them",
    )


def test_since_when_an_address_is_known_is_its_first_message(
    ledger: SqlLedger, clock: Clock
) -> None:
    first = clock.now
    for period in ("2026-10", "2026-11"):
        claim = ledger.claim(replace(KEY, period=period), "Sirket", OCTOBER)
        assert claim is not None
        send(ledger, claim, MAIL)
        clock.move(timedelta(days=30))
    assert {name: known.since for name, known in ledger.known_recipients(COMPANY).items()} == {
        ANA: first
    }


# ---- handing over --------------------------------------------------------------------------


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with Mailbox(tmp_path / "outbox") as opened:
        yield opened


def careful(*recipients: str) -> Document:
    wishes = {"recipients": recipients, "approve_new_recipients": True}
    return document(customer=replace(CUSTOMER, **wishes))  # type: ignore[arg-type]


def channel(mailbox: Mailbox) -> Email:
    made = Email(server="demo", sender="r@halvorn.example", timeout=5)
    return made.with_server(mailbox.host, mailbox.port)


def hand_over(
    ledger: SqlLedger, made: Document, way: Email, claim: Claim | None = None
) -> tuple[DeliveryError, ...]:
    """One attempt as `pipeline.run` makes it."""
    claim = claim or take(ledger)
    ledger.produced(claim, made, "archive/1", way.deliveries(made))
    _, failures = release(made, (way,), claim, ledger)
    state = RunState.FAILED if failures else RunState.SUCCEEDED
    ledger.finish(claim, state, tuple(map(str, failures)))
    return failures


def got(mailbox: Mailbox) -> list[str]:
    return [file.name.partition("-")[0] for file in mailbox.messages()]


def test_a_new_address_waits_and_the_others_get_theirs(ledger: SqlLedger, mailbox: Mailbox) -> None:
    ledger.approve_recipient(COMPANY, BEN, **WORD)
    (failure,) = hand_over(ledger, careful(ANA, BEN), channel(mailbox))
    assert isinstance(failure, DeliveryNotApproved)
    assert got(mailbox) == [BEN]
    run = only(ledger)
    assert {row.target: (row.state.value, row.attempts) for row in run.deliveries} == {
        ANA: ("ready", 0),
        BEN: ("sent", 1),
    }
    assert run.state is RunState.FAILED
    assert run.reason == (
        f"first message to {ANA} waits for approval: reportgen recipients approve {COMPANY} {ANA} "
        "--reason …"
    )


def test_after_the_approval_the_next_round_sends_it_once(
    ledger: SqlLedger, mailbox: Mailbox, clock: Clock
) -> None:
    made, way = careful(ANA, BEN), channel(mailbox)
    hand_over(ledger, made, way)
    assert ledger.claim(KEY, "Sirket", OCTOBER) is None
    ledger.approve_recipient(COMPANY, ANA.upper(), **WORD)
    run = only(ledger)
    assert (run.state, run.next_try_at) == (RunState.WAITING, clock.now)
    assert (run.reason, run.finished_at) == (f"{ANA.upper()} approved by ann: called them", None)
    (failure,) = hand_over(ledger, made, way)
    assert BEN in str(failure)
    ledger.approve_recipient(COMPANY, BEN, **WORD)
    assert hand_over(ledger, made, way) == ()
    assert got(mailbox) == [ANA, BEN]
    assert only(ledger).state is RunState.SUCCEEDED


def test_an_approval_wakes_only_what_waits_for_it(ledger: SqlLedger) -> None:
    for number, targets in enumerate(((ANA,), (BEN,))):
        claim = ledger.claim(replace(KEY, period=f"2026-0{number + 1}"), "Sirket", OCTOBER)
        assert claim is not None
        made = tuple(Delivery("email", each, f"<{each}>", b"x") for each in targets)
        ledger.produced(claim, document(), "archive/1", made)
        ledger.finish(claim, RunState.FAILED)
    ledger.approve_recipient("another", ANA, **WORD)
    assert [run.state for run in ledger.past()] == [RunState.FAILED] * 2
    ledger.approve_recipient(COMPANY, ANA, **WORD)
    assert [run.state for run in ledger.past()] == [RunState.WAITING, RunState.FAILED]


def test_a_run_under_way_is_left_to_its_worker(ledger: SqlLedger) -> None:
    claim = take(ledger)
    ledger.produced(claim, document(), "archive/1", (MAIL,))
    ledger.approve_recipient(COMPANY, ANA, **WORD)
    assert ledger.begin(claim, MAIL)


def test_an_old_period_that_waited_is_looked_at_again(ledger: SqlLedger, clock: Clock) -> None:
    pair, first = (KEY.report, COMPANY), clock.now
    ledger.noticed([pair], first)
    claim = take(ledger)
    ledger.produced(claim, document(), "archive/1", (MAIL,))
    ledger.finish(claim, RunState.FAILED)
    ledger.settled({pair: first + timedelta(days=90)})
    ledger.approve_recipient(COMPANY, ANA, **WORD)
    assert ledger.noticed([pair], clock.now)[pair] == first


def test_an_address_refused_by_the_server_stays_new(ledger: SqlLedger, tmp_path: Path) -> None:
    with Mailbox(tmp_path / "box", settings=MailboxSettings(refuse=(ANA,))) as refusing:
        ledger.approve_recipient("another", ANA, **WORD)
        plain = document(customer=replace(CUSTOMER, recipients=(ANA,)))
        hand_over(ledger, plain, channel(refusing))
    assert unknown(ledger, ANA) == (ANA,)


def test_where_nobody_wishes_it_nothing_waits(ledger: SqlLedger, mailbox: Mailbox) -> None:
    plain = document(customer=replace(CUSTOMER, recipients=(ANA,)))
    assert hand_over(ledger, plain, channel(mailbox)) == ()
    assert got(mailbox) == [ANA]


_PEOPLE = tuple(f"{name}@sirket.example" for name in ("ana", "ben", "cem"))
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["run", "approve"]), st.integers(1, 3), st.sets(st.sampled_from(_PEOPLE))
    ),
    max_size=8,
)


@settings(max_examples=12)
@given(steps=_STEPS)
def test_in_any_order_nobody_gets_a_first_message_without_a_persons_word(
    steps: list[tuple[str, int, set[str]]],
) -> None:
    """Runs of three periods and approvals as they come; afterwards all are approved."""
    approved: set[str] = set()
    with (
        TemporaryDirectory() as folder,
        Mailbox(Path(folder, "box")) as mailbox,
        open_ledger(f"sqlite:///{folder}/ledger.db", worker="one") as ledger,
    ):
        way = channel(mailbox)

        def attempt(number: int) -> None:
            key = replace(KEY, period=f"2026-0{number}")
            claim = ledger.claim(key, "Sirket", OCTOBER)
            if claim:
                hand_over(ledger, replace(careful(*_PEOPLE), key=key), way, claim)
                assert set(got(mailbox)) <= approved

        for what, number, people in steps:
            if what == "run":
                attempt(number)
                continue
            for one in people:
                ledger.approve_recipient(COMPANY, one, **WORD)
                approved.add(one)
        for one in _PEOPLE:
            ledger.approve_recipient(COMPANY, one, **WORD)
            approved.add(one)
        for number in (1, 2, 3):
            attempt(number)
        assert {run.state for run in ledger.past()} == {RunState.SUCCEEDED}
        assert Counter(got(mailbox)) == dict.fromkeys(_PEOPLE, 3)


# ---- the program ---------------------------------------------------------------------------


def test_from_the_first_message_to_the_last(config: Write, tmp_path: Path) -> None:
    """As a person meets it: held, listed, approved, sent; then taken out again."""
    ceo, it = "ceo@harbourline.example", "it@harbourline.example"
    only_one = ("--customer", "Harbourline Logistics")
    with sandbox_process() as api, Mailbox(tmp_path / "outbox") as mailbox:
        text = CONFIG.format(api=api, smtp=mailbox.port)
        config("approve_new_recipients: true\n" + text)
        first = reportgen("run", "--json", *only_one, cwd=tmp_path)
        assert (first.status, got(mailbox)) == (1, [])
        assert f"first message to {ceo} waits for approval" in first.json[0]["reasons"][0]
        assert (tmp_path / "reports/Harbourline-Logistics").is_dir()

        listed = reportgen("recipients", "--json", cwd=tmp_path).json
        standing = {each["address"]: (each["standing"], each["waits"]) for each in listed}
        assert standing[ceo] == ("new, waits for approval", True)

        approve = ("recipients", "approve", "Harbourline Logistics")
        refused = reportgen(*approve, "x@harbourline.example", "--reason", "r", cwd=tmp_path)
        assert (refused.status, "is no recipient of Harbourline" in refused.err) == (2, True)
        assert reportgen(*approve, ceo, cwd=tmp_path).status == 2
        said = reportgen(*approve, ceo, "--reason", "called", "-c", "config.yaml", cwd=tmp_path)
        assert (said.status, "approved" in said.out) == (0, True), said.err

        second = reportgen("run", "--json", *only_one, cwd=tmp_path)
        assert (second.status, got(mailbox)) == (1, [ceo])

        config("approve_new_recipients: true\n" + text.replace(f", {it}", ""))
        third = reportgen("run", "--json", *only_one, cwd=tmp_path)
        assert f"{it}: taken out of the recipients" in third.json[0]["reasons"][0]
        assert got(mailbox) == [ceo]

        config(text)
        fourth = reportgen("run", "--json", *only_one, cwd=tmp_path)
        assert (fourth.status, got(mailbox)) == (0, [ceo, it])
        after = reportgen("recipients", cwd=tmp_path)
    assert (after.status, after.out.count("known since"), after.out.count(" new\n")) == (0, 1, 2)
    assert "approved" in after.out


def test_what_is_kept_goes_to_nobody_who_is_no_recipient_any_more(
    config: Write, tmp_path: Path
) -> None:
    ceo, it = "ceo@harbourline.example", "it@harbourline.example"
    deferring = MailboxSettings(defer=(ceo, it))
    with sandbox_process() as api, Mailbox(tmp_path / "1", settings=deferring) as mailbox:
        text = CONFIG.format(api=api, smtp=mailbox.port)
        config(text)
        reportgen("run", "--customer", "Harbourline Logistics", cwd=tmp_path)
        with Mailbox(tmp_path / "2") as open_again:
            narrowed = text.replace(f"[{ceo}, {it}]", "[ceo@harbour.example]\n    "
                                    "allowed_domains: [harbour.example]")  # fmt: skip
            config(narrowed.replace(str(mailbox.port), str(open_again.port)))
            ended = reportgen("run", "--json", "--customer", "xC5kfGz7w2Nz", cwd=tmp_path)
            assert got(open_again) == []
    assert ended.status == 1
    assert ended.json[0]["state"] == "failed"
    assert f"{ceo}: taken out of the recipients" in ended.json[0]["reasons"][0]


def test_check_tells_of_domains_that_deserve_a_look(config: Write, tmp_path: Path) -> None:
    text = CONFIG.format(api="https://api.example.com", smtp=25)
    config(text.replace("board@pinecrest.example", "board@harbour1ine.example"))
    checked = reportgen("check", "--offline", "--json", cwd=tmp_path)
    found = {each["finding"]: each["verdict"] for each in json.loads(checked.out)}
    alike = (
        "harbourline.example of Harbourline Logistics and harbour1ine.example of Pc3wT9vRm4Ja look "
        "alike"
    )
    assert found[alike] == "warning"

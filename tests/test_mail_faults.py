"""Every fault of a mail server, through the whole path: the state it ends in, and never a copy."""

import ssl
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr

from reportgen.archive import FileArchive
from reportgen.channels import Email
from reportgen.ledger import PastRun, SqlLedger, open_ledger
from reportgen.model import Document
from reportgen.pipeline import Claim, DeliveryState, RunState, release
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.papers import CUSTOMER, KEY, OCTOBER, document

ANA, BEN, CEM = (f"{name}@sirket.example" for name in ("ana", "ben", "cem"))
LATER = timedelta(hours=12)
S, W, R, U = (
    DeliveryState.SENT,
    DeliveryState.WAITING,
    DeliveryState.REFUSED,
    DeliveryState.UNKNOWN,
)


class Office:
    """One report for three recipients, one ledger, one mail server after the other."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 1, 6, tzinfo=UTC)
        self.ledger: SqlLedger = open_ledger(
            f"sqlite:///{folder}/ledger.db", clock=lambda: self.now, worker="one"
        )
        self.archive = FileArchive("archive", folder)
        self.document = document(customer=replace(CUSTOMER, recipients=(ANA, BEN, CEM)))
        self.outbox = folder / "outbox"

    def attempt(self, channel: Email, *, manual: bool = False) -> None:
        """One attempt of the service, if the run is free for one."""
        claim = self.ledger.claim(KEY, "Sirket", OCTOBER, manual=manual)
        if claim is None:
            return
        made = self._made(claim, channel)
        _, failures = release(made, (channel,), claim, self.ledger)
        retry = any(failure.retry for failure in failures)
        state = RunState.WAITING if retry else RunState.FAILED if failures else RunState.SUCCEEDED
        self.ledger.finish(claim, state, tuple(map(str, failures)))

    def _made(self, claim: Claim, channel: Email) -> Document:
        if claim.document:
            return self.archive.load(claim.document)
        place = self.archive.keep(self.document, {})
        self.ledger.produced(claim, self.document, place, channel.deliveries(self.document))
        return self.document

    @property
    def run(self) -> PastRun:
        run = self.ledger.run(KEY)
        assert run is not None
        return run

    @property
    def states(self) -> tuple[DeliveryState, ...]:
        return tuple(row.state for row in self.run.deliveries)

    def copies(self) -> Counter[str]:
        return Counter(file.name.partition("-")[0] for file in self.outbox.glob("*.eml"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    with opened.ledger:
        yield opened


def attempt(office: Office, server: MailboxSettings | None = None, **wishes: object) -> None:
    """One attempt with a server of these manners."""
    manual = bool(wishes.pop("manual", False))
    with Mailbox(office.outbox, settings=server) as mailbox:
        channel = Email(server="demo", sender="reports@halvorn.example", timeout=5)
        local = channel.with_server(mailbox.host, mailbox.port)
        office.attempt(local.model_copy(update=wishes), manual=manual)


def at(stage: str, reply: str, times: int | None = None) -> MailboxSettings:
    return MailboxSettings(replies={stage: reply}, times=times)  # type: ignore[dict-item]


PASSING = {
    "busy at connect": at("greeting", "421 4.3.2 too busy"),
    "hangs up at connect": at("greeting", ""),
    "busy at EHLO": at("ehlo", "451 4.3.0 later"),
    "hangs up at EHLO": at("ehlo", ""),
    "busy at MAIL": at("mail", "451 4.3.0 later"),
    "hangs up at MAIL": at("mail", ""),
    "busy at DATA": at("data", "451 4.3.0 later"),
    "hangs up at DATA": at("data", ""),
    "busy at the dot": MailboxSettings(at_dot="defer"),
}


@pytest.mark.parametrize("server", PASSING.values(), ids=PASSING)
def test_a_fault_that_passes_is_tried_again_until_all_have_one(
    office: Office, server: MailboxSettings
) -> None:
    attempt(office, server)
    assert (office.run.state, office.states) == (RunState.WAITING, (W, W, W))
    assert office.copies() == {}
    attempt(office)
    assert office.states == (W, W, W), "tried before its pause was over"
    office.now += LATER
    attempt(office)
    assert (office.run.state, office.states) == (RunState.SUCCEEDED, (S, S, S))
    assert office.copies() == {ANA: 1, BEN: 1, CEM: 1}


LASTING = {
    "no at connect": at("greeting", "554 5.3.2 no service here"),
    "no at EHLO": at("ehlo", "550 5.7.1 not from you"),
    "no at MAIL": at("mail", "550 5.7.1 not from this sender"),
    "no at DATA": at("data", "554 5.5.1 no"),
    "no at the dot": MailboxSettings(at_dot="refuse"),
}


@pytest.mark.parametrize("server", LASTING.values(), ids=LASTING)
def test_a_refusal_waits_for_a_person_who_may_try_again(
    office: Office, server: MailboxSettings
) -> None:
    attempt(office, server)
    assert (office.run.state, office.states) == (RunState.FAILED, (R, R, R))
    office.now += LATER
    attempt(office)
    assert office.copies() == {}
    attempt(office, manual=True)
    assert (office.run.state, office.states) == (RunState.SUCCEEDED, (S, S, S))
    assert office.copies() == {ANA: 1, BEN: 1, CEM: 1}


@pytest.mark.parametrize(
    "server",
    [
        MailboxSettings(at_dot="drop"),
        MailboxSettings(at_dot="mumble"),
        MailboxSettings(delay=1),
    ],
    ids=["hangs up after the dot", "answers nonsense", "answers too late"],
)
def test_an_answer_that_got_lost_is_never_sent_again_by_itself(
    office: Office, server: MailboxSettings
) -> None:
    attempt(office, server, timeout=0.3)
    assert (office.run.state, office.states) == (RunState.FAILED, (U, U, U))
    for manual in (False, True):
        office.now += LATER
        attempt(office, manual=manual)
    assert (office.run.state, office.states) == (RunState.FAILED, (U, U, U))
    assert office.copies() == {ANA: 1, BEN: 1, CEM: 1}


def test_one_of_three_refused_does_not_stop_the_others(office: Office) -> None:
    attempt(office, MailboxSettings(refuse=(BEN,)))
    assert (office.run.state, office.states) == (RunState.FAILED, (S, R, S))
    assert "550" in office.run.reason
    attempt(office, manual=True)
    assert office.copies() == {ANA: 1, BEN: 1, CEM: 1}


def test_one_of_three_put_off_gets_its_own_later(office: Office) -> None:
    attempt(office, MailboxSettings(defer=(BEN,)))
    assert (office.run.state, office.states) == (RunState.WAITING, (S, W, S))
    office.now += LATER
    attempt(office)
    assert (office.run.state, office.copies()) == (
        RunState.SUCCEEDED,
        {ANA: 1, BEN: 1, CEM: 1},
    )


def test_a_server_that_is_busy_once_delays_one_recipient(office: Office) -> None:
    attempt(office, at("mail", "451 4.3.0 later", times=1))
    assert office.states == (W, S, S)
    office.now += LATER
    attempt(office)
    assert office.copies() == {ANA: 1, BEN: 1, CEM: 1}


def test_a_slow_answer_within_the_limit_is_waited_for(office: Office) -> None:
    attempt(office, MailboxSettings(delay=0.2))
    assert (office.run.state, office.states) == (RunState.SUCCEEDED, (S, S, S))


# ---- encryption and login ------------------------------------------------------------------


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """A certificate authority that this process trusts."""
    authority = trustme.CA()
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


def encrypted(authority: trustme.CA, name: str, **manners: object) -> MailboxSettings:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    login = ("ann", "right")
    return replace(MailboxSettings(tls=context, login=login), **manners)  # type: ignore[arg-type]


SIGNED_IN = {"security": "starttls", "username": "ann", "password": SecretStr("right")}


def test_over_encryption_all_goes_well(office: Office, authority: trustme.CA) -> None:
    attempt(office, encrypted(authority, "127.0.0.1"), **SIGNED_IN)
    assert office.states == (S, S, S)


def test_a_broken_encryption_gets_no_mail(office: Office, authority: trustme.CA) -> None:
    attempt(office, encrypted(authority, "other.example"), **SIGNED_IN)
    assert (office.run.state, office.states) == (RunState.FAILED, (R, R, R))
    assert "certificate" in office.run.reason
    attempt(office, MailboxSettings(), manual=True, security="starttls")
    assert office.states == (R, R, R)
    assert office.copies() == {}


@pytest.mark.parametrize(
    ("reply", "state"), [("535 5.7.8 wrong", R), ("454 4.7.0 try again later", W)]
)
def test_a_login_is_refused_for_good_or_for_now(
    office: Office, authority: trustme.CA, reply: str, state: DeliveryState
) -> None:
    server = encrypted(authority, "127.0.0.1", replies={"auth": reply})
    attempt(office, server, **SIGNED_IN)
    assert office.states == (state,) * 3
    assert "right" not in office.run.reason
    office.now += LATER
    attempt(office, encrypted(authority, "127.0.0.1"), manual=True, **SIGNED_IN)
    assert office.copies() == {ANA: 1, BEN: 1, CEM: 1}

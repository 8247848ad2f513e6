"""Mail over a real connection: what a message holds, and what each answer of a server means."""

import email
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from reportgen.channels import Email
from reportgen.errors import (
    DeliveryError,
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
    StorageError,
)
from reportgen.model import Brand, Letter
from reportgen.pipeline import Delivery
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.papers import CUSTOMER, PDF, document

CHANNEL = Email(server="demo", sender="reports@halvorn.example", timeout=5)
PASSWORD = "a-password-that-must-not-show"


def message(delivery: Delivery) -> EmailMessage:
    read = email.message_from_bytes(delivery.content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def first(channel: Email = CHANNEL) -> Delivery:
    return channel.deliveries(document())[0]


# ---- what a message holds ------------------------------------------------------------------


def test_each_recipient_gets_a_message_and_sees_nobody_else() -> None:
    ana, ben = CHANNEL.deliveries(document())
    assert (ana.target, message(ana)["To"]) == ("ana@sirket.example", "ana@sirket.example")
    assert b"ben@" not in ana.content
    assert b"ana@" not in ben.content


def test_an_address_that_is_listed_twice_gets_one_message() -> None:
    twice = replace(CUSTOMER, recipients=("Ana@sirket.example", "ana@Sirket.example"))
    assert len(CHANNEL.deliveries(document(customer=twice))) == 1


def test_the_headers_tell_machines_and_people_what_it_is() -> None:
    read = message(first())
    assert read["Date"].datetime == document().made_at
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["X-Auto-Response-Suppress"] == "All"
    assert read["From"] == "Halvorn Security <reports@halvorn.example>"
    assert read["Reply-To"] == "desk@halvorn.example"
    assert read["Message-ID"].endswith("@halvorn.example>")


def test_the_message_id_is_the_runs_and_the_recipients_alone() -> None:
    ana, ben = CHANNEL.deliveries(document())
    again = CHANNEL.deliveries(document(b"%PDF made anew"))[0]
    november = CHANNEL.deliveries(document(key=replace(document().key, period="2026-11")))[0]
    assert ana.reference == again.reference == message(ana)["Message-ID"]
    assert len({ana.reference, ben.reference, november.reference}) == 3


def test_letter_and_document_arrive_unchanged() -> None:
    read = message(first())
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    (attachment,) = read.iter_attachments()
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == document().letter.text
    assert html.get_content().strip() == document().letter.html
    assert attachment.get_content() == PDF
    assert attachment.get_filename() == "Sirket-monthly-2026-10.pdf"


@settings(max_examples=60)
@given(
    subject=st.text(st.characters(codec=None)),
    text=st.text(st.characters(codec=None)),
    html=st.text(),
    brand=st.text(st.characters(codec=None)),
)
def test_no_text_from_outside_becomes_a_header_or_ends_the_message(
    subject: str, text: str, html: str, brand: str
) -> None:
    customer = replace(CUSTOMER, brand=Brand(brand))
    odd = document(customer=customer, letter=Letter(subject, text, html))
    content = CHANNEL.deliveries(odd)[0].content
    read = email.message_from_bytes(content, policy=policy.default)
    known = "Subject From To Date Message-ID Auto-Submitted X-Auto-Response-Suppress"
    assert set(read.keys()) == {*known.split(), "MIME-Version", "Content-Type"}
    assert [str(each) for each in read["To"].addresses] == ["ana@sirket.example"]
    assert [each.addr_spec for each in read["From"].addresses] == ["reports@halvorn.example"]
    assert str(read["Subject"]).isprintable()
    assert read["From"].addresses[0].display_name.isprintable()
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\r\n.\r\n" not in content


@pytest.mark.parametrize(
    "name", ["Müller, Söhne & Co", 'Ö "x" <evil@x.example>', "Ü" * 60 + ", b@x.example"]
)
def test_a_senders_name_never_becomes_an_address(name: str) -> None:
    way = CHANNEL.model_copy(update={"sender_name": name})
    addresses = message(first(way))["From"].addresses
    assert [each.addr_spec for each in addresses] == ["reports@halvorn.example"]


# ---- addresses -----------------------------------------------------------------------------

_BAD = [
    "",
    "root",
    "a@b",
    "a@localhost",
    "a@good.test,evil@bad.test",
    "a@good.test evil@bad.test",
    "evil@bad.test@good.test",
    "alice@good.test <evil@bad.test>",
    "a@good.test\nRCPT TO:<evil@bad.test>",
    "a@good.test\n",
    "a@[127.0.0.1]",
    "a@раураl.test",
    '"a b"@good.test',
    "a..b@good.test",
    ".a@good.test",
    "a@good..test",
    "a@-good.test",
    "a" * 65 + "@good.test",
    "a@" + "b" * 250 + ".test",
]


@pytest.mark.parametrize("text", _BAD)
def test_what_is_not_one_plain_address_cannot_send_or_receive(text: str) -> None:
    with pytest.raises(ValidationError):
        Email(server="demo", sender=text)
    customer = replace(CUSTOMER, recipients=(text, "ben@sirket.example"))
    bad, good = CHANNEL.deliveries(document(customer=customer))
    with pytest.raises(DeliveryRefused, match="not a mail address"):
        CHANNEL.deliver(bad, lambda: None)
    assert message(good)["To"] == "ben@sirket.example"


_LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
_LOCAL = st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}(\.[a-z0-9]{1,9})?", fullmatch=True)


@settings(max_examples=60)
@given(local=_LOCAL, labels=st.lists(_LABEL, min_size=1, max_size=3))
def test_every_plain_address_comes_back_as_written(local: str, labels: list[str]) -> None:
    address = f"{local}@{'.'.join(labels)}.example"
    customer = replace(CUSTOMER, recipients=(address,))
    (delivery,) = CHANNEL.deliveries(document(customer=customer))
    assert [each.addr_spec for each in message(delivery)["To"].addresses] == [address]


# ---- what each answer means ----------------------------------------------------------------


def deliver(mailbox: Mailbox, commits: list[int], **changes: object) -> str:
    way = CHANNEL.with_server(mailbox.host, mailbox.port).model_copy(update=changes)
    return way.deliver(first(way), lambda: commits.append(1)).proof


@pytest.mark.parametrize(
    ("manners", "error", "commits", "kept"),
    [
        (MailboxSettings(refuse=("ana@sirket.example",)), DeliveryRefused, 0, 0),
        (MailboxSettings(defer=("ana@sirket.example",)), DeliveryUnavailable, 0, 0),
        (MailboxSettings(at_dot="refuse"), DeliveryRefused, 1, 0),
        (MailboxSettings(at_dot="defer"), DeliveryUnavailable, 1, 0),
        (MailboxSettings(at_dot="cut"), DeliveryUnavailable, 0, 0),
        (MailboxSettings(at_dot="drop"), DeliveryUnknown, 1, 1),
        (MailboxSettings(at_dot="mumble"), DeliveryUnknown, 1, 1),
    ],
    ids=lambda value: value.at_dot or "envelope" if isinstance(value, MailboxSettings) else None,
)
def test_only_a_clear_answer_is_taken_for_one(
    manners: MailboxSettings,
    error: type[DeliveryError],
    commits: int,
    kept: int,
    tmp_path: Path,
) -> None:
    made: list[int] = []
    with Mailbox(tmp_path, settings=manners) as mailbox:
        with pytest.raises(DeliveryError) as failed:
            deliver(mailbox, made)
        found = len(mailbox.messages())
    assert type(failed.value) is error
    assert (len(made), found) == (commits, kept)
    assert "\n" not in str(failed.value)


def test_an_accepted_message_is_the_frozen_one_and_its_proof_the_servers_words(
    tmp_path: Path,
) -> None:
    with Mailbox(tmp_path) as mailbox:
        proof = deliver(mailbox, [])
        (file,) = mailbox.messages()
    assert proof == "250 2.0.0 kept"
    assert file.read_bytes() == first().content


def test_a_lost_claim_stops_before_the_final_dot(tmp_path: Path) -> None:
    def lost() -> None:
        raise StorageError("another worker has taken this run over")

    with Mailbox(tmp_path) as mailbox:
        way = CHANNEL.with_server(mailbox.host, mailbox.port)
        with pytest.raises(StorageError, match="taken this run over"):
            way.deliver(first(way), lost)
        way.deliver(way.deliveries(document())[1], lambda: None)
        kept = [file.name.partition("-")[0] for file in mailbox.messages()]
    assert kept == ["ben@sirket.example"]


def test_a_machine_that_slept_before_the_final_dot_sends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = iter((1000.0, 1061.0))
    monkeypatch.setattr("reportgen.channels.smtp.since_boot", lambda: next(slept))
    with Mailbox(tmp_path) as mailbox:
        channel = CHANNEL.with_server(mailbox.host, mailbox.port)
        with pytest.raises(DeliveryUnavailable, match="slept"):
            channel.deliver(first(channel), lambda: None)
        assert mailbox.messages() == ()


def test_the_mailbox_shows_a_message_that_was_sent_twice(tmp_path: Path) -> None:
    with Mailbox(tmp_path) as mailbox:
        deliver(mailbox, [])
        deliver(mailbox, [])
        assert len(mailbox.messages()) == 2


def test_a_line_that_begins_with_a_dot_arrives_as_written(tmp_path: Path) -> None:
    content = b"Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n"
    with Mailbox(tmp_path) as mailbox:
        way = CHANNEL.with_server(mailbox.host, mailbox.port)
        way.deliver(replace(first(way), content=content), lambda: None)
        (file,) = mailbox.messages()
    assert file.read_bytes() == content


def test_a_message_that_is_too_large_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    with Mailbox(tmp_path) as mailbox:
        with pytest.raises(DeliveryRefused, match="max_mb"):
            deliver(mailbox, [], max_mb=0.001)
        assert mailbox.messages() == ()


# ---- secrecy -------------------------------------------------------------------------------


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """A certificate authority that this machine trusts during one test."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


def secure(authority: trustme.CA, name: str, folder: Path) -> Iterator[Mailbox]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    manners = MailboxSettings(tls=context, login=("ann", PASSWORD))
    with Mailbox(folder / "box", settings=manners) as mailbox:
        yield mailbox


@pytest.fixture
def safe(authority: trustme.CA, tmp_path: Path) -> Iterator[Mailbox]:
    yield from secure(authority, "127.0.0.1", tmp_path)


@pytest.fixture
def impostor(authority: trustme.CA, tmp_path: Path) -> Iterator[Mailbox]:
    yield from secure(authority, "other.example", tmp_path)


def signed_in(mailbox: Mailbox, password: str = PASSWORD) -> Email:
    return Email(
        server=mailbox.host,
        port=mailbox.port,
        sender="reports@halvorn.example",
        username="ann",
        password=SecretStr(password),
        timeout=5,
    )


def test_mail_goes_out_encrypted_and_signed_in(safe: Mailbox) -> None:
    way = signed_in(safe)
    assert "starttls" in way.check().casefold()
    way.deliver(first(way), lambda: None)
    assert len(safe.messages()) == 1


def test_a_server_with_anothers_certificate_gets_neither_password_nor_mail(
    impostor: Mailbox,
) -> None:
    with pytest.raises(DeliveryRefused, match="certificate"):
        signed_in(impostor).check()


@pytest.mark.parametrize("password", ["wrong-" + PASSWORD, "pässword-" + PASSWORD])
def test_a_wrong_password_is_refused_and_never_told(safe: Mailbox, password: str) -> None:
    way = signed_in(safe, password)
    with pytest.raises(DeliveryRefused) as refused:
        way.check()
    assert PASSWORD not in str(refused.value) + repr(way)


def test_a_server_that_wants_a_login_and_gets_none_refuses(safe: Mailbox) -> None:
    way = signed_in(safe).model_copy(update={"username": None, "password": None})
    with pytest.raises(DeliveryRefused, match="530"):
        way.deliver(first(way), lambda: None)


def test_a_server_that_offers_no_encryption_gets_no_mail(tmp_path: Path) -> None:
    with Mailbox(tmp_path) as mailbox, pytest.raises(DeliveryRefused, match="security"):
        signed_in(mailbox).check()


def test_plain_mail_to_another_machine_must_be_allowed() -> None:
    sender = "reports@halvorn.example"
    with pytest.raises(ValidationError, match="allow_plain"):
        Email(server="smtp.example.com", security="plain", sender=sender)
    Email(server="smtp.example.com", security="plain", sender=sender, allow_plain=True)
    for server in ("localhost", "127.0.0.1", "::1"):
        Email(server=server, security="plain", sender=sender)

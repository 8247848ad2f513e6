"""Ways out: one contract for all of them, real SMTP over sockets, names that are safe anywhere."""

import email
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from email import policy
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reportgen.channels import Email, Folder
from reportgen.errors import (
    DeliveryError,
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
)
from reportgen.model import Document, Letter, Period, RunKey
from reportgen.names import file_part
from reportgen.pipeline import Channel
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.conftest import HARBOURLINE

DOCUMENT = Document(
    key=RunKey("monthly", HARBOURLINE.company_id, "2026-10"),
    customer=HARBOURLINE,
    report_title="Human risk report",
    period=Period(date(2026, 10, 1), date(2026, 11, 1)),
    file_name="Harbourline-monthly-2026-10.pdf",
    pdf=b"%PDF-1.7 " + bytes(range(256)) * 400,
    sha256="0" * 64,
    letter=Letter("Report: Müller & Söhne", "Guten Tag\n.\n.dot\n", "<p>Grüße</p>"),
    made_at=datetime(2026, 11, 1, 6, tzinfo=UTC),
)
FIRST = HARBOURLINE.recipients[0]


def email_to(port: int, **fields: object) -> Email:
    known = {"server": "127.0.0.1", "port": port, "sender": "reports@halvorn.example"}
    return Email.model_validate({**known, "security": "plain", **fields})


def nothing() -> None:
    """A commit that records nothing."""


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Callable[..., Mailbox]]:
    """Opens mail servers; closes them afterwards."""
    opened: list[Mailbox] = []

    def open_(**settings: object) -> Mailbox:
        box = Mailbox(tmp_path / "mail", settings=MailboxSettings(**settings))  # type: ignore[arg-type]
        opened.append(box.__enter__())
        return box

    yield open_
    for box in opened:
        box.__exit__()


# ---- one contract --------------------------------------------------------------------------


@pytest.fixture(params=["folder", "email"])
def channel(
    request: pytest.FixtureRequest, tmp_path: Path, mailbox: Callable[..., Mailbox]
) -> Channel:
    if request.param == "folder":
        return Folder(url=str(tmp_path / "reports"))
    return email_to(mailbox().port)


def test_the_same_document_gives_the_same_deliveries(channel: Channel) -> None:
    assert channel.deliveries(DOCUMENT) == channel.deliveries(DOCUMENT)
    references = [each.reference for each in channel.deliveries(DOCUMENT)]
    assert len(set(references)) == len(references)


def test_a_delivery_gives_proof(channel: Channel) -> None:
    for delivery in channel.deliveries(DOCUMENT):
        receipt = channel.deliver(delivery, nothing)
        assert receipt.target == delivery.target
        assert receipt.proof


def test_another_edition_never_takes_the_place_of_the_first(channel: Channel) -> None:
    second = replace(DOCUMENT, key=replace(DOCUMENT.key, edition=2))
    first = {each.reference for each in channel.deliveries(DOCUMENT)}
    assert first.isdisjoint(each.reference for each in channel.deliveries(second))


# ---- folders -------------------------------------------------------------------------------


def test_a_file_is_whole_and_alone(tmp_path: Path) -> None:
    folder = Folder(url="reports").at(tmp_path)
    (delivery,) = folder.deliveries(DOCUMENT)
    folder.deliver(delivery, nothing)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files == [tmp_path / "reports/Harbourline-Logistics/monthly-2026-10.pdf"]
    assert files[0].read_bytes() == DOCUMENT.pdf


def test_the_same_file_may_be_stored_again_and_another_may_not(tmp_path: Path) -> None:
    folder = Folder(url=str(tmp_path))
    (delivery,) = folder.deliveries(DOCUMENT)
    assert folder.deliver(delivery, nothing) == folder.deliver(delivery, nothing)
    with pytest.raises(DeliveryRefused, match="another document"):
        folder.deliver(replace(delivery, content=b"other"), nothing)
    assert Path(delivery.target).read_bytes() == DOCUMENT.pdf


def test_any_file_system_of_fsspec_will_do() -> None:
    folder = Folder(url="memory://reports")
    (delivery,) = folder.deliveries(DOCUMENT)
    folder.deliver(delivery, nothing)
    assert folder.deliver(delivery, nothing).target.startswith("memory://reports/")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = Folder(url=str(tmp_path / "file"))
    with pytest.raises(DeliveryError, match="file"):
        folder.deliver(folder.deliveries(DOCUMENT)[0], nothing)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{customr}-{period}.pdf", "{customer}"),
        ("{customer}.pdf", "{period}"),
        ("{period}.pdf", "{company_id}"),
        ("{customer-{period}", "pattern"),
    ],
)
def test_a_pattern_that_would_mix_reports_up_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said.replace("{", r"\{")):
        Folder(file_name=pattern)


@given(st.text(max_size=300))
def test_a_name_is_one_safe_part_of_a_path(text: str) -> None:
    name = file_part(text)
    assert name
    assert name not in (".", "..")
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t\u202e\u200f')
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert len(name.encode()) <= 200
    assert file_part(name) == name


@pytest.mark.parametrize("text", ["CON", "aux.pdf", "COM1", "../..", "", "...", "\u202e", "NUL"])
def test_reserved_and_empty_names_are_made_harmless(text: str) -> None:
    assert file_part(text).casefold() not in ("con", "aux.pdf", "com1", "nul", "", "..")


@given(st.text(min_size=1, max_size=120))
def test_a_customers_name_cannot_leave_the_folder(name: str) -> None:
    document = replace(DOCUMENT, customer=replace(HARBOURLINE, name=name))
    path = Path("/reports") / Folder().name_of(document)
    assert path.resolve().parent.parent == Path("/reports")


# ---- mail ----------------------------------------------------------------------------------


def test_a_message_arrives_as_it_was_written(mailbox: Callable[..., Mailbox]) -> None:
    box = mailbox()
    channel = email_to(box.port, reply_to="support@halvorn.example", sender_name="Härvorn")
    for delivery in channel.deliveries(DOCUMENT):
        channel.deliver(delivery, nothing)
    messages = [
        email.message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in box.messages()
    ]
    assert [str(message["To"]) for message in messages] == list(HARBOURLINE.recipients)
    assert {str(message["Subject"]) for message in messages} == {"Report: Müller & Söhne"}
    assert {str(message["Reply-To"]) for message in messages} == {"support@halvorn.example"}
    for message in messages:
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().replace("\r\n", "\n") == DOCUMENT.letter.text
        assert html.get_content().strip() == DOCUMENT.letter.html
        assert next(message.iter_attachments()).get_content() == DOCUMENT.pdf


def test_recipients_never_see_each_other() -> None:
    for delivery in email_to(1).deliveries(DOCUMENT):
        others = set(HARBOURLINE.recipients) - {delivery.target}
        assert not any(other.encode() in delivery.content for other in others)


def test_commit_comes_once_and_right_before_the_server_accepts(
    mailbox: Callable[..., Mailbox],
) -> None:
    box = mailbox()
    channel = email_to(box.port)
    seen: list[int] = []
    channel.deliver(channel.deliveries(DOCUMENT)[0], lambda: seen.append(len(box.messages())))
    assert (seen, len(box.messages())) == ([0], 1)


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"refuse": (FIRST,)}, DeliveryRefused, "550"),
        ({"defer": (FIRST,)}, DeliveryUnavailable, "451"),
        ({"at_dot": "refuse"}, DeliveryRefused, "554"),
        ({"at_dot": "defer"}, DeliveryUnavailable, "452"),
        ({"at_dot": "drop"}, DeliveryUnknown, "@halvorn.example"),
    ],
)
def test_every_answer_of_a_server_has_its_meaning(
    settings: dict[str, object],
    error: type[DeliveryError],
    said: str,
    mailbox: Callable[..., Mailbox],
) -> None:
    channel = email_to(mailbox(**settings).port)
    with pytest.raises(error, match=said):
        channel.deliver(channel.deliveries(DOCUMENT)[0], nothing)


def test_a_connection_that_ends_before_the_final_dot_is_tried_again() -> None:
    with hanging_up_after_data() as port:
        channel = email_to(port, timeout=5)
        (first, _) = channel.deliveries(DOCUMENT)
        with pytest.raises(DeliveryUnavailable):
            channel.deliver(first, nothing)


@contextmanager
def hanging_up_after_data() -> Iterator[int]:
    """A server that answers everything and leaves while the message is on its way."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:
            stream.write(b"220 hello\r\n")
            stream.flush()
            for line in stream:
                word = line[:4].upper()
                stream.write(b"354 go on\r\n" if word == b"DATA" else b"250 ok\r\n")
                stream.flush()
                if word == b"DATA":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        thread.join(10)
        listener.close()


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = int(closed.getsockname()[1])
    channel = email_to(port)
    with pytest.raises(DeliveryUnavailable):
        channel.deliver(channel.deliveries(DOCUMENT)[0], nothing)


def test_starttls_and_login_are_spoken_and_the_certificate_is_checked(
    mailbox: Callable[..., Mailbox], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    box = mailbox(tls=context, login=("me", "right"))
    fields = {"security": "starttls", "username": "me", "password": "right"}
    channel = email_to(box.port, **fields)
    with pytest.raises(DeliveryRefused, match="certificate"):
        channel.check()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert "as me" in channel.check()
    channel.deliver(channel.deliveries(DOCUMENT)[0], nothing)
    assert len(box.messages()) == 1
    with pytest.raises(DeliveryRefused, match="login is not accepted") as caught:
        email_to(box.port, **{**fields, "password": "wrong-and-secret"}).check()
    assert "wrong-and-secret" not in repr(caught.value)


def test_starttls_is_never_left_out(mailbox: Callable[..., Mailbox]) -> None:
    with pytest.raises(DeliveryRefused, match="does not offer"):
        email_to(mailbox().port, security="starttls").check()


def test_a_message_that_is_too_large_is_refused_before_it_is_sent() -> None:
    channel = email_to(1, max_mb=0.05)
    with pytest.raises(DeliveryRefused, match="max_mb"):
        channel.deliver(channel.deliveries(DOCUMENT)[0], nothing)


def test_plain_mail_to_another_machine_must_be_allowed() -> None:
    with pytest.raises(ValidationError, match="can be read on the way"):
        email_to(25, server="smtp.example.com")
    assert email_to(25, server="smtp.example.com", allow_plain=True).allow_plain


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_text_can_add_a_header_or_a_recipient(subject: str, name: str) -> None:
    letter = replace(DOCUMENT.letter, subject=subject)
    channel = email_to(1, sender_name=name)
    (delivery, _) = channel.deliveries(replace(DOCUMENT, letter=letter, pdf=b"%PDF"))
    head = delivery.content.partition(b"\r\n\r\n")[0]
    parsed = email.message_from_bytes(delivery.content, policy=policy.default)
    names = {line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1].strip()}
    assert names <= {
        b"Subject", b"From", b"To", b"Date", b"Message-ID", b"Auto-Submitted",
        b"X-Auto-Response-Suppress", b"MIME-Version", b"Content-Type",
    }  # fmt: skip
    assert [address.addr_spec for address in parsed["To"].addresses] == [FIRST]
    assert [address.addr_spec for address in parsed["From"].addresses] == [
        "reports@halvorn.example"
    ]


@pytest.mark.parametrize(
    "sender",
    ["a@b,c@d.example", "a b@c.example", "a@b\r\nBcc: x@y.example", "nobody", "ä@b.example"],
)
def test_an_address_is_one_plain_address(sender: str) -> None:
    with pytest.raises(ValidationError):
        email_to(1, sender=sender)


def test_the_mailbox_speaks_plain_smtp(mailbox: Callable[..., Mailbox]) -> None:
    box = mailbox()
    with smtplib.SMTP("127.0.0.1", box.port) as client:
        client.sendmail("a@b.example", ["c@d.example"], b"Subject: x\r\n\r\nhello\r\n")
    assert b"hello" in box.messages()[0].read_bytes()

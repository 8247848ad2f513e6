"""Hostile texts in everything a message is made of, as a real mail server gets it."""

import email
from collections.abc import Iterator
from dataclasses import replace
from email import policy, utils
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest

from reportgen.channels import Email
from reportgen.channels.addresses import address, one_line
from reportgen.errors import DeliveryRefused
from reportgen.model import Brand, Letter
from reportgen.names import file_part
from reportgen.pipeline import Delivery
from reportgen.sandbox.mailbox import Mailbox
from tests.hostile.strings import ALL
from tests.papers import CUSTOMER, document

KNOWN = {
    "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
}  # fmt: skip
LONGEST_LINE = 998  # letters, RFC 5322


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with Mailbox(tmp_path / "box") as opened:
        yield opened


def through(mailbox: Mailbox, channel: Email, folder: Path, delivery: Delivery) -> EmailMessage:
    """The message as the server kept it; there is one more of them."""
    before = set((folder / "box").iterdir())
    channel.with_server(mailbox.host, mailbox.port).deliver(delivery, lambda: None)
    (file,) = set((folder / "box").iterdir()) - before
    assert file.name.startswith("ana@sirket.example-")
    return parsed(file.read_bytes())


def parsed(content: bytes) -> EmailMessage:
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= LONGEST_LINE
    read = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def odd_document(text: str, number: int, customer_name: str) -> object:
    return document(
        pdf=f"%PDF {number}".encode(),
        letter=Letter(text, f"{text}\n.\n{text}", f"<p>{number}</p>"),
        file_name=f"{file_part(customer_name)}-monthly-2026-10.pdf",
        customer=replace(
            CUSTOMER, recipients=("ana@sirket.example",), brand=Brand(text, contact_email=text)
        ),
    )


def test_no_text_adds_a_header_a_recipient_or_a_line(mailbox: Mailbox, tmp_path: Path) -> None:
    for number, text in enumerate(ALL):
        named = text if number % 2 else ""
        channel = Email(server="demo", sender="reports@halvorn.example", sender_name=named)
        odd = odd_document(text, number, text)
        (delivery,) = channel.deliveries(odd)  # type: ignore[arg-type]
        read = parsed(delivery.content)
        if number % 16 == 0:
            assert through(mailbox, channel, tmp_path, delivery).as_bytes() == read.as_bytes()
        assert set(read.keys()) <= KNOWN
        assert len(read.keys()) == len(set(read.keys()))
        assert [str(one) for one in read["To"].addresses] == ["ana@sirket.example"]
        (sender,) = read["From"].addresses
        assert sender.addr_spec == "reports@halvorn.example"
        assert displayed(read, "From") == one_line(text)
        assert displayed(read, "Subject") == one_line(text)
        assert "Reply-To" not in read
        (attached,) = read.iter_attachments()
        assert attached.get_filename() == f"{file_part(text)}-monthly-2026-10.pdf"
        assert attached.get_content() == f"%PDF {number}".encode()


def displayed(read: EmailMessage, header: str) -> str:
    """The text of a header, or its name, as RFC 2047 has it.

    The library's newer reader puts blanks between encoded words.
    """
    raw = next(value for name, value in read.raw_items() if name == header)
    value = "".join(str(raw).splitlines()).strip()
    if header == "From":
        value = value.rpartition("<")[0].strip()
        if value.startswith('"'):
            return utils.unquote(value)
    return str(make_header(decode_header(value)))


def test_no_hostile_text_is_an_address() -> None:
    for text in ALL:
        with pytest.raises(DeliveryRefused, match="is not a mail address; write ") as caught:
            address(text)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["a@sirket.example\n", "a@b.example,c@d.example", "a@b.example "])
def test_an_address_is_the_whole_text(text: str) -> None:
    with pytest.raises(DeliveryRefused):
        address(text)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("a@müller.example", "if it is the one you mean: a@xn--mller-kva.example"),
        ("a@раура.example", "if it is the one you mean: a@xn--80aa0cbo.example"),
        ("a@şirket.com.tr", "if it is the one you mean: a@xn--irket-idb.com.tr"),
        ("ä@müller.example", "write one such as name@example.com"),
        ("a@\u200b", "write one such as name@example.com"),
        ("a@" + "ü" * 80 + ".example", "write one such as name@example.com"),
    ],
)
def test_an_international_domain_is_refused_with_its_plain_spelling(text: str, cure: str) -> None:
    with pytest.raises(DeliveryRefused, match=cure):
        address(text)


def test_the_plain_spelling_of_an_international_domain_is_an_address() -> None:
    assert address("a@xn--mller-kva.example").domain == "xn--mller-kva.example"


@pytest.mark.parametrize(
    "name",
    [
        "Smith, Jones & Partners International Security Services Ltd",
        "R&D, <evil@x.example>, Group of very many Companies Worldwide",
        '"Quoted", by very many Companies Worldwide of the whole Group',
        "a;b:c@d.example (very many Companies Worldwide of the Group)",
    ],
)
def test_a_long_name_that_holds_addresses_stays_a_name(name: str) -> None:
    """The library takes the quotes off names that it folds."""
    channel = Email(server="demo", sender="reports@halvorn.example", sender_name=name)
    (delivery, _) = channel.deliveries(document())
    read = email.message_from_bytes(delivery.content, policy=policy.default)
    assert [one.addr_spec for one in read["From"].addresses] == ["reports@halvorn.example"]
    assert displayed(read, "From") == name


@pytest.mark.parametrize("letter", ["ü", "ş", "日", "م", "😀", "W", "é ", "ab "])
@pytest.mark.parametrize("length", [60, 75, 76, 77, 200, 900])
def test_a_long_subject_is_folded_and_read_back(letter: str, length: int) -> None:
    subject = one_line(letter * length)
    channel = Email(server="demo", sender="reports@halvorn.example", sender_name=subject)
    (delivery, _) = channel.deliveries(document(letter=Letter(subject, "x", "<p>x</p>")))
    read = email.message_from_bytes(delivery.content, policy=policy.default)
    assert displayed(read, "Subject") == displayed(read, "From") == subject
    assert max(map(len, delivery.content.split(b"\r\n"))) <= LONGEST_LINE

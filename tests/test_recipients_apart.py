"""No recipient learns of another: raw messages as the mail server got them, and error texts."""

import email
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from hashlib import md5, sha1, sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from reportgen.channels import Email
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.papers import CUSTOMER, document
from tests.program import CONFIG, Ended, reportgen, sandbox_process
from tests.test_channels_email import message

Write = Callable[[str], Path]
CHANNEL = Email(server="demo", sender="reports@halvorn.example")
OPS = "ops@halvorn.example"
CUSTOMERS = {
    "Harbourline": (
        "xC5kfGz7w2Nz",
        "ceo@harbourline.example",
        "it@harbourline.example",
    ),
    "Nordhafen": ("Nk8hF2pLq6Ud", "leitung@nordhafen.example"),
    "Pinecrest": ("Pc3wT9vRm4Ja", "board@pinecrest.example"),
}
REFUSED, SLOW = "leitung@nordhafen.example", "board@pinecrest.example"
ONCE = ("Date", "From", "Message-ID", "MIME-Version", "Subject", "To", "Content-Type")


# ---- one message alone ---------------------------------------------------------------------

_NAME = st.from_regex(r"[a-z0-9]{1,12}(\.[a-z0-9]{1,9})?", fullmatch=True)
_ADDRESS = st.builds("{}@{}.example".format, _NAME, st.sampled_from(["sirket", "other", "third"]))


@given(before=st.lists(_ADDRESS, max_size=4), after=st.lists(_ADDRESS, max_size=4))
def test_a_message_is_the_same_to_the_byte_whoever_else_gets_one(
    before: list[str], after: list[str]
) -> None:
    mine = "mine@sirket.example"
    (alone,) = CHANNEL.deliveries(document(customer=replace(CUSTOMER, recipients=(mine,))))
    crowd = replace(CUSTOMER, recipients=(*before, mine, *after))
    (among,) = (one for one in CHANNEL.deliveries(document(customer=crowd)) if one.target == mine)
    assert among == alone


def test_no_two_recipients_share_a_message_id_or_a_boundary() -> None:
    made = CHANNEL.deliveries(document())
    marks = [
        {str(message(each)["Message-ID"])}
        | {part.get_boundary() for part in message(each).walk() if part.is_multipart()}
        for each in made
    ]
    assert len(set.union(*marks)) == sum(map(len, marks)) > 2


# ---- a whole round, with refusals, slowness and a notice to the operator ---------------------


@pytest.fixture(scope="module")
def round_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Ended, Ended]]:
    """One round of all customers; one's server refuses, another's puts off."""
    folder = tmp_path_factory.mktemp("round")
    manners = MailboxSettings(refuse=(REFUSED,), defer=(SLOW,))
    with (
        sandbox_process() as api,
        Mailbox(folder / "outbox", settings=manners) as mailbox,
        Mailbox(folder / "operators") as operators,
    ):
        notify = (
            f"mailto://127.0.0.1:{operators.port}/?from=reports@halvorn.example&to={OPS}"
            "&mode=insecure"
        )
        text = CONFIG.format(api=api, smtp=mailbox.port)
        (folder / "config.yaml").write_text(
            f"operator: {{notify: ['{notify}'], at: '00:00'}}\n{text}", "utf-8"
        )
        ended = reportgen("run", "--json", cwd=folder)
        reportgen("run", "--due", cwd=folder)  # tells the operator
        yield folder, ended, reportgen("history", "--json", cwd=folder)


def test_every_message_names_its_own_recipient_and_nobody_else(
    round_of_all: tuple[Path, Ended, Ended],
) -> None:
    files = sorted((round_of_all[0] / "outbox").glob("*.eml"))
    assert [file.name.partition("-")[0] for file in files] == list(CUSTOMERS["Harbourline"][1:])
    assert len({file.read_bytes() for file in files}) == len(files), "one transaction, two people"
    for file in files:
        recipient = file.name.partition("-")[0]
        read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        assert isinstance(read, EmailMessage)
        assert [each.addr_spec for each in read["To"].addresses] == [recipient]
        assert not {"Cc", "Bcc", "Received", "Sender", "Return-Path"} & set(read.keys())
        assert all(len(read.get_all(name, [])) == 1 for name in ONCE), read.keys()
        for text in everything_in(file.read_bytes()):
            for other in strangers_to("Harbourline", recipient):
                for form in forms(other):
                    assert form not in text, (recipient, other)


def everything_in(raw: bytes) -> Iterator[bytes]:
    """The raw message, each part decoded, and what the PDF holds; in small letters."""
    yield raw.lower()
    read = email.message_from_bytes(raw, policy=policy.default)
    for part in read.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content.lower()
            if content.startswith(b"%PDF"):
                yield from _inside(PdfReader(BytesIO(content)))


def _inside(pdf: PdfReader) -> Iterator[bytes]:
    yield "".join(page.extract_text() for page in pdf.pages).lower().encode()
    yield str(pdf.metadata).lower().encode()
    for contents in pdf.attachments.values():
        yield from (content.lower() for content in contents)


def strangers_to(customer: str, recipient: str) -> Iterator[str]:
    """Other people's addresses, and other customers' names and ids."""
    for name, (company_id, *addresses) in CUSTOMERS.items():
        yield from (address for address in addresses if address != recipient)
        if name != customer:
            yield from (name, company_id)


def forms(text: str) -> Iterator[bytes]:
    """The text, and what anybody who guesses it could recognise it by; in small letters."""
    plain = text.lower().encode()
    yield from (plain, plain.replace(b"@", b"="), plain[::-1], plain.hex().encode())
    yield b64encode(plain).rstrip(b"=").lower()
    for digest in (md5, sha1, sha256):
        yield digest(plain, usedforsecurity=False).hexdigest()[:16].encode()


def test_what_goes_wrong_with_one_customer_says_nothing_of_another(
    round_of_all: tuple[Path, Ended, Ended],
) -> None:
    _, ended, history = round_of_all
    assert {run["state"] for run in ended.json} == {"succeeded", "failed", "waiting"}
    for run in (*ended.json, *history.json):
        customer = run["customer"].split()[0]
        text = json.dumps(run).lower()
        for other in set(CUSTOMERS) - {customer}:
            for part in (other, *CUSTOMERS[other]):
                assert part.lower() not in text, (customer, part)


def test_the_operators_notice_reaches_the_operator_alone(
    round_of_all: tuple[Path, Ended, Ended],
) -> None:
    folder, _, _ = round_of_all
    (notice,) = (folder / "operators").glob("*.eml")
    assert notice.name.startswith(OPS)
    read = email.message_from_bytes(notice.read_bytes(), policy=policy.default)
    assert [each.addr_spec for each in read["To"].addresses] == [OPS]
    assert not {"Cc", "Bcc"} & set(read.keys())
    body = read.get_body(("plain",))
    assert body is not None
    assert REFUSED in body.get_content()
    for file in (folder / "outbox").glob("*.eml"):
        assert OPS.encode() not in file.read_bytes()
        assert b"need you" not in file.read_bytes()

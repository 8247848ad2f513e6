"""A copy under a password: who opens it, and that it is the same document inside."""

import email
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from hashlib import sha256
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pydantic import SecretStr

from reportgen.archive import FileArchive
from reportgen.channels import Email, Folder
from reportgen.errors import DeliveryRefused, RenderingError, StorageError
from reportgen.ledger import SqlLedger, open_ledger
from reportgen.model import Customer, Print, Protection
from reportgen.pipeline import Desk, Job, RunState, run
from reportgen.rendering.press import Press
from reportgen.rendering.protecting import protected
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from reportgen.sources.recorded import RecordedSource
from reportgen.views import Page
from tests import pdfua
from tests.papers import CUSTOMER, document
from tests.sample_pages import DATA, SAMPLES, job, recorded
from tests.test_ledger_crashes import Killed, Life, MortalChannel

PASSWORD = "Harbour lights & 7 tugs"
NOW = datetime(2026, 12, 1, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as opened:
        yield opened


@pytest.fixture(scope="module")
def plain(press: Press) -> bytes:
    return press.pdf(recorded()).pdf


@pytest.fixture(scope="module")
def copy(press: Press, plain: bytes) -> bytes:
    return press.protect(plain, SecretStr(PASSWORD))


# ---- who opens it --------------------------------------------------------------------------


def test_it_is_encrypted_with_aes_256_revision_6(copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy), password=PASSWORD) as opened:
        found = opened.encryption
    methods = {found.stream_method, found.string_method, found.file_method}
    assert (found.V, found.R, found.bits) == (5, 6, 256)
    assert {method.name for method in methods} == {"aesv3"}


@pytest.mark.parametrize("wrong", ["", PASSWORD[:-1], PASSWORD.lower(), "owner"])
def test_nobody_opens_it_without_the_password(copy: bytes, wrong: str) -> None:
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(copy), password=wrong)
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(copy, password=wrong or None)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed here")
def test_poppler_opens_it_with_the_password_only(copy: bytes, tmp_path: Path) -> None:
    file = tmp_path / "copy.pdf"
    file.write_bytes(copy)
    refused = _pdftotext(file)
    opened = _pdftotext(file, "-upw", PASSWORD)
    assert refused.returncode != 0
    assert "Incorrect password" in refused.stderr
    assert (opened.returncode, opened.stdout.count("Harbourline Logistics") > 3) == (0, True)


def _pdftotext(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = ["pdftotext", *options, str(file), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_nothing_of_it_can_be_read_from_outside(press: Press, plain: bytes) -> None:
    """Neither the title in the metadata nor the figures for machines."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain)) as opened:
        opened.save(
            made,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    readable = made.getvalue()
    copy = press.protect(readable, SecretStr(PASSWORD))
    for word in (b"Harbourline", b"pdfuaid", b"reportgen-figures", b"for machines"):
        assert word in readable
        assert word not in copy


def test_its_reader_may_print_and_have_it_read_out_and_nothing_else(copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy), password=PASSWORD) as opened:
        allowed = opened.allow
    assert {name for name, value in allowed._asdict().items() if value} == {
        "accessibility",
        "print_lowres",
        "print_highres",
    }


def test_no_two_copies_are_alike(press: Press, plain: bytes, copy: bytes) -> None:
    again = press.protect(plain, SecretStr(PASSWORD))
    assert again != copy


# ---- what is in it -------------------------------------------------------------------------


def _unlocked(copy: bytes) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(copy), password=PASSWORD) as opened:
        opened.save(made)
    return made.getvalue()


def test_text_and_pages_are_the_same(plain: bytes, copy: bytes) -> None:
    before, after = pypdfium2.PdfDocument(plain), pypdfium2.PdfDocument(copy, password=PASSWORD)
    assert len(before) == len(after) > 5
    for place in range(len(before)):
        told = [pdf[place].get_textpage().get_text_bounded() for pdf in (before, after)]
        assert told[0] == told[1]


def test_tags_language_and_metadata_are_the_same(plain: bytes, copy: bytes) -> None:
    with (
        pikepdf.open(io.BytesIO(plain)) as before,
        pikepdf.open(io.BytesIO(copy), password=PASSWORD) as after,
    ):
        assert after.Root.Lang == before.Root.Lang == "en"
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert b"pdfuaid" in after.Root.Metadata.read_bytes()
        assert dict(after.Root.MarkInfo) == dict(before.Root.MarkInfo)
        assert after.docinfo.Title == before.docinfo.Title
    assert len(list(pdfua.nodes(_reader(_unlocked(copy))))) == len(
        list(pdfua.nodes(_reader(plain)))
    )


def _reader(pdf: bytes) -> pdfua.PdfReader:
    return pdfua.PdfReader(io.BytesIO(pdf))


def test_it_keeps_the_rules_of_pdf_ua(copy: bytes) -> None:
    assert pdfua.faults(_unlocked(copy)) == []


def test_the_figures_for_machines_are_in_it(plain: bytes, copy: bytes) -> None:
    with (
        pikepdf.open(io.BytesIO(plain)) as before,
        pikepdf.open(io.BytesIO(copy), password=PASSWORD) as after,
    ):
        assert list(after.attachments) == ["figures.json"]
        kept = [pdf.attachments["figures.json"].get_file().read_bytes() for pdf in (before, after)]
        assert after.Root.AF[0].AFRelationship == "/Data"
    assert kept[0] == kept[1]


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"<html>"])
def test_what_cannot_be_encrypted_is_an_error_without_the_password(pdf: bytes) -> None:
    with pytest.raises(RenderingError, match="could not be made: PdfError") as caught:
        protected(pdf, PASSWORD)
    assert PASSWORD not in repr(caught.value)
    assert caught.value.__cause__ is None


# ---- the letter ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The PDF opens with a password, which you were given separately."),
        ("de", "mit einem Passwort, das Sie getrennt erhalten haben"),
        ("fr", "un mot de passe qui vous a été communiqué séparément"),
        ("es", "una contraseña que se le ha facilitado por separado"),
        ("tr", "size ayrıca iletilen bir parola ile"),
        ("ar", "بكلمة مرور أُرسلت إليكم على حدة"),
    ],
)
def test_the_letter_tells_of_the_password_and_shows_no_figures(
    press: Press, language: str, told: str
) -> None:
    page = recorded(language=language)
    usual = press.letter(page, "report.pdf", 9)
    letter = press.letter(replace(page, protected=True), "report.pdf", 9)
    assert told in letter.text
    assert told in letter.html
    assert told not in usual.text + usual.html
    assert letter.subject == usual.subject
    for figure in page.figures:
        assert figure.label in usual.text or figure.label not in usual.html
        assert figure.label not in letter.text + letter.html
    assert page.headline.text not in letter.text + letter.html


# ---- the archive ---------------------------------------------------------------------------

KEEPER = replace(CUSTOMER, protection=Protection(SecretStr(PASSWORD)))


def test_the_archive_keeps_the_copy_and_not_the_password(tmp_path: Path) -> None:
    archive = FileArchive("archive", tmp_path)
    place = archive.keep(document(customer=KEEPER, protected=b"%PDF protected"), {"answers": []})
    kept = archive.load(place)
    assert kept.protected == kept.outgoing == b"%PDF protected"
    assert kept.customer.protection == Protection(None)
    for file in filter(Path.is_file, tmp_path.rglob("*")):
        assert PASSWORD.encode() not in file.read_bytes()
        assert b"*****" not in file.read_bytes()


@pytest.mark.parametrize("damage", [b"%PDF another", None])
def test_a_copy_that_is_damaged_or_gone_does_not_leave(
    tmp_path: Path, damage: bytes | None
) -> None:
    archive = FileArchive("archive", tmp_path)
    place = archive.keep(document(customer=KEEPER, protected=b"%PDF protected"), {"answers": []})
    file = next(tmp_path.rglob("protected.pdf"))
    file.write_bytes(damage) if damage else file.unlink()
    with pytest.raises(StorageError, match=r"damaged|No such file"):
        archive.load(place)


def test_a_document_without_its_copy_leaves_by_no_channel() -> None:
    lacking = document(customer=KEEPER)
    mail = Email(server="demo", sender="reports@halvorn.example")
    for channel in (Folder(url="memory://nowhere"), mail):
        with pytest.raises(DeliveryRefused, match="run --again") as caught:
            channel.deliveries(lacking)
        assert PASSWORD not in str(caught.value)
    assert PASSWORD not in repr(lacking)


# ---- the path ------------------------------------------------------------------------------


class Torn(Press):
    """A press whose paper tears: what it prints is no whole PDF."""

    def pdf(self, page: Page, file_name: str = "") -> Print:
        return Print(super().pdf(page, file_name).pdf[:999])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_ledger("sqlite:///ledger.db", tmp_path, clock=lambda: NOW) as opened:
        yield opened


def order(folder: Path, password: str | None) -> Job:
    customer: Customer = SAMPLES
    if password:
        customer = replace(SAMPLES, protection=Protection(SecretStr(password)))
    way_out = Folder(url=str(folder / "reports"))
    return replace(job(customer, items=("risk_score_trend",)), channels=(way_out,))


def desk(press: Press, ledger: SqlLedger, folder: Path) -> Desk:
    return Desk(RecordedSource(DATA), press, FileArchive("archive", folder), ledger, lambda: NOW)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_copy_leaves_and_the_plain_document_is_on_record(
    press: Press, ledger: SqlLedger, tmp_path: Path
) -> None:
    outcome = run(order(tmp_path, PASSWORD), desk(press, ledger, tmp_path))
    assert outcome.state is RunState.SUCCEEDED, outcome.reasons
    kept = files(tmp_path / "archive")
    assert [*files(tmp_path / "reports").values()] == [kept["protected.pdf"]]
    with pikepdf.open(io.BytesIO(kept["protected.pdf"]), password=PASSWORD) as opened:
        assert len(opened.pages) == len(pypdfium2.PdfDocument(kept["document.pdf"]))
    digest = sha256(kept["document.pdf"]).hexdigest().encode()
    assert digest in kept["document.json"]
    assert digest in (tmp_path / "ledger.db").read_bytes() + files(tmp_path).get(
        "ledger.db-wal", b""
    )
    size = -(-len(kept["protected.pdf"]) // 1024)
    assert re.search(rf"report\.pdf, {size} KiB", kept["document.json"].decode())


def test_nothing_is_kept_or_leaves_when_the_copy_cannot_be_made(
    ledger: SqlLedger, tmp_path: Path
) -> None:
    with Torn() as press:
        outcome = run(order(tmp_path, PASSWORD), desk(press, ledger, tmp_path))
    assert outcome.state is RunState.FAILED
    assert "the copy under a password could not be made" in outcome.reasons[0]
    assert not (tmp_path / "archive").exists()
    assert not (tmp_path / "reports").exists()


def test_what_was_made_before_there_was_a_password_does_not_leave_plain(
    press: Press, ledger: SqlLedger, tmp_path: Path
) -> None:
    (tmp_path / "reports").write_text("a file where the folder should be")
    before = run(order(tmp_path, None), desk(press, ledger, tmp_path))
    assert before.state is RunState.FAILED
    assert "document.pdf" in files(tmp_path / "archive")
    (tmp_path / "reports").unlink()
    after = run(order(tmp_path, PASSWORD), desk(press, ledger, tmp_path), manual=True)
    assert after.state is RunState.FAILED
    assert "run --again" in after.reasons[0]
    assert not (tmp_path / "reports").exists()


def test_a_run_that_was_killed_hands_over_the_same_bytes(
    press: Press, ledger: SqlLedger, tmp_path: Path
) -> None:
    wanted = order(tmp_path, PASSWORD)
    mortal = replace(
        wanted,
        channels=tuple(MortalChannel(each, Life("before deliver")) for each in wanted.channels),
    )
    with pytest.raises(Killed):
        run(mortal, desk(press, ledger, tmp_path))
    first = files(tmp_path / "archive")
    after = run(wanted, desk(press, ledger, tmp_path), manual=True)
    assert after.state is RunState.SUCCEEDED, after.reasons
    assert files(tmp_path / "archive") == first
    assert [*files(tmp_path / "reports").values()] == [first["protected.pdf"]]


def test_every_recipient_gets_the_same_copy_however_late(
    press: Press, ledger: SqlLedger, tmp_path: Path
) -> None:
    """One is put off at first; the other has the mail by then."""
    people = ("ceo@harbourline.example", "it@harbourline.example")
    put_off = MailboxSettings(defer=people[1:])
    wanted = order(tmp_path, PASSWORD)
    wanted = replace(wanted, customer=replace(wanted.customer, recipients=people))
    mail = Email(server="demo", sender="reports@halvorn.example")
    for settings, state in ((put_off, RunState.WAITING), (None, RunState.SUCCEEDED)):
        with Mailbox(tmp_path / "outbox", settings=settings) as mailbox:
            channels = (mail.with_server(mailbox.host, mailbox.port),)
            job_now = replace(wanted, channels=channels)
            outcome = run(job_now, desk(press, ledger, tmp_path), manual=True)
        assert outcome.state is state, outcome.reasons
    assert [file.name.partition("-")[0] for file in mailbox.messages()] == list(people)
    for file in mailbox.messages():
        message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        attached = next(message.iter_attachments()).get_content()
        assert attached == files(tmp_path / "archive")["protected.pdf"]


def test_a_copy_under_a_password_leaves_though_the_customer_has_none_any_more(
    press: Press, ledger: SqlLedger, tmp_path: Path
) -> None:
    (tmp_path / "reports").write_text("a file where the folder should be")
    assert run(order(tmp_path, PASSWORD), desk(press, ledger, tmp_path)).state is RunState.FAILED
    (tmp_path / "reports").unlink()
    after = run(order(tmp_path, None), desk(press, ledger, tmp_path), manual=True)
    assert after.state is RunState.SUCCEEDED, after.reasons
    kept = files(tmp_path / "archive")
    assert [*files(tmp_path / "reports").values()] == [kept["protected.pdf"]]

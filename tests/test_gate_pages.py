"""Notes of the gate in print, rules about print, and rules that come back with what was kept."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from reportgen.archive import FileArchive
from reportgen.gate import settled
from reportgen.language import available, words
from reportgen.model import Concern, Document, DocumentState, Rule, Verdict
from reportgen.pipeline import Job, composed, draft, produce
from reportgen.rendering.press import Press
from reportgen.sources.recorded import RecordedSource
from reportgen.views import Page
from tests.papers import document
from tests.pdfua import faults, nodes
from tests.sample_pages import DATA, SAMPLES, Fixed, job, recorded

MADE = datetime(2026, 12, 1, 6, tzinfo=UTC)
EXPIRED = replace(SAMPLES, licence_expired=True)
LOOK = """<!doctype html><html lang="en"><head><title>{{ page.title }}</title>
<style>p { width: 12mm; white-space: nowrap }</style></head>
<body><h1>{{ page.mark or "unmarked" }}</h1><p>much too long for its place</p></body></html>"""


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_warning_of_the_engine(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


def noting(language: str, *said: str) -> Page:
    notes = tuple(Concern("any", Verdict.NOTE, text) for text in said)
    return replace(recorded(language=language), concerns=notes)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def drafted(wanted: Job) -> Page:
    return draft(wanted, Fixed(RecordedSource(DATA)), ()).page


# ---- notes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", available())
def test_a_report_without_notes_says_nothing_of_them(language: str, press: Press) -> None:
    assert words(language).text("Notes on the data") not in press.html(noting(language))


@pytest.mark.parametrize("language", available())
def test_notes_are_printed_in_the_readers_language(language: str, press: Press) -> None:
    text = words(language).text
    note = text("The licence has expired; figures may be missing or out of date.")
    html = press.html(noting(language, note, "<b>7 & 7</b>"))
    before, _, after = html.partition(text("Notes on the data"))
    assert before
    assert note in after
    assert "&lt;b&gt;7 &amp; 7&lt;/b&gt;" in after
    assert after.index(note) < after.index(text("Scope and limits"))


def items(pdf: bytes) -> int:
    """How many entries of lists a screen reader finds."""
    return [node["/S"] for node in nodes(PdfReader(io.BytesIO(pdf)))].count("/LI")


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_long_and_many_notes_are_a_list_that_looks_right(language: str, press: Press) -> None:
    long = "W" * 130 + " " + "The platform answered with status 500 again and again. " * 6
    printed = press.pdf(noting(language, long, *(f"Note {number}." for number in range(20))))
    assert printed.flaws == ()
    assert faults(printed.pdf) == []
    assert items(printed.pdf) == items(press.pdf(noting(language)).pdf) + 21


def test_notes_are_printed_where_no_measure_is_defined(press: Press) -> None:
    bare = replace(noting("en", "The licence has expired."), measures=())
    html = press.html(bare)
    assert "The licence has expired." in html
    assert 'href="#definitions"' in html
    assert 'id="definitions"' not in press.html(replace(bare, concerns=()))


def test_what_is_only_noted_goes_out_and_says_so(press: Press) -> None:
    made = produce(job(EXPIRED), drafted(job(EXPIRED)), press, MADE)
    assert (made.state, made.reasons) == (DocumentState.READY, ())
    assert "Notes on the data The licence has expired" in text_of(made.pdf)


def test_what_is_held_is_not_said_to_the_reader(press: Press) -> None:
    wanted = replace(job(EXPIRED), rules=settled({"licence_expired": Rule(Verdict.HOLD)}))
    made = produce(wanted, drafted(wanted), press, MADE)
    assert made.state is DocumentState.HELD
    assert "licence has expired" not in text_of(made.pdf)


def test_what_is_blocked_says_so_on_every_page(press: Press) -> None:
    wanted = replace(job(EXPIRED), rules=settled({"licence_expired": Rule(Verdict.BLOCK)}))
    made = produce(wanted, drafted(wanted), press, MADE)
    assert made.state is DocumentState.BLOCKED
    assert "not for release: The licence has expired" in text_of(made.pdf)


# ---- flaws ---------------------------------------------------------------------------------


def flawed(tmp_path: Path, verdict: Verdict) -> Document:
    """A page with a text that is wider than its box."""
    (tmp_path / "report.html").write_text(LOOK)
    wanted = replace(job(SAMPLES), rules=settled({"flaw": Rule(verdict)}))
    with Press(tmp_path) as press:
        return produce(wanted, drafted(wanted), press, MADE)


@pytest.mark.parametrize(
    ("verdict", "state", "mark"),
    [
        (Verdict.OFF, DocumentState.READY, "unmarked"),
        (Verdict.HOLD, DocumentState.HELD, "unmarked"),
        (Verdict.BLOCK, DocumentState.BLOCKED, "held"),
    ],
)
def test_a_flaw_in_print_does_as_it_is_told(
    tmp_path: Path, verdict: Verdict, state: DocumentState, mark: str
) -> None:
    made = flawed(tmp_path, verdict)
    assert made.state is state
    assert mark in text_of(made.pdf)
    assert any("wider than its box" in reason for reason in made.reasons) is (
        verdict is not Verdict.OFF
    )


# ---- kept and made again -------------------------------------------------------------------


def kept(tmp_path: Path, wanted: Job) -> tuple[FileArchive, str, Page]:
    archive = FileArchive("archive", tmp_path)
    made = draft(wanted, Fixed(RecordedSource(DATA)), ())
    return archive, archive.keep(document(key=wanted.key), made.snapshot), made.page


@pytest.mark.parametrize("verdict", Verdict)
def test_the_rules_come_back_as_they_were_then(tmp_path: Path, verdict: Verdict) -> None:
    rules = settled({"licence_expired": Rule(verdict), "people_changed": Rule(share=0.7)})
    wanted = replace(job(EXPIRED), rules=rules)
    archive, place, page = kept(tmp_path, wanted)
    snapshot = archive.snapshot(place)
    assert snapshot.rules == rules
    again = replace(job(EXPIRED), rules=snapshot.rules, sections=snapshot.sections)
    assert composed(again, snapshot.gathered).page == page


def test_an_archive_of_a_program_without_rules_is_judged_as_usual(tmp_path: Path) -> None:
    archive, place, _ = kept(tmp_path, job(SAMPLES))
    (found,) = tmp_path.rglob("snapshot.json")
    data = json.loads(found.read_text("utf-8"))
    del data["report"]["rules"]
    old = json.dumps(data).encode()
    manifest = found.with_name("document.json")
    told = json.loads(manifest.read_text("utf-8"))
    told["files"] = {}
    found.write_bytes(old)
    manifest.write_text(json.dumps(told), "utf-8")
    assert archive.snapshot(place).rules == settled()


def test_a_customers_wishes_come_back_with_the_document(tmp_path: Path) -> None:
    wishes = {"people_changed": Rule(None, 0.5), "empty": Rule(Verdict.OFF)}
    customer = replace(EXPIRED, gate=wishes)
    archive = FileArchive("archive", tmp_path)
    place = archive.keep(document(customer=customer), {})
    assert archive.load(place).customer == customer

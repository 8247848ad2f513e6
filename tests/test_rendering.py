"""Documents: what they say, how they are built, and that nothing foreign gets in."""

import io
import logging
import os
import pickle
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from reportgen.errors import ConfigError, RenderingError, TemplateError
from reportgen.model import Brand, Concern, Customer, Verdict
from reportgen.rendering import logos, workshop
from reportgen.rendering.cage import Bounds
from reportgen.rendering.cleaning import clean
from reportgen.rendering.pdf import Material, print_pdf
from reportgen.rendering.press import Press
from reportgen.sandbox import COMPANIES, RESELLER
from reportgen.sources.keepnet import KeepnetSource
from reportgen.views import Page
from tests.conftest import HARBOURLINE
from tests.sample_pages import page_of

ROOT = Path(__file__).parent.parent

Open = Callable[..., KeepnetSource]


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_warning_of_the_engine(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.fixture
def page(open_source: Open) -> Page:
    return page_of(open_source(), HARBOURLINE, period="2026-10")


def order(page: Page) -> workshop.Order:
    return workshop.Order(page, (), logos.given(page.brand))


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """As a reader's eye meets it, page after page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(
            document[place].get_textpage().get_text_range() for place in range(len(document))
        )
    finally:
        document.close()


# ---- what a document is --------------------------------------------------------------------


def test_a_document_is_tagged_titled_bookmarked_and_in_its_language(
    page: Page, press: Press
) -> None:
    pdf = reader(press.pdf(page).pdf)
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Human risk report, October 2026: Harbourline Logistics"
    assert pdf.metadata.author == "Halvorn Cyber"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    names = [item["/Title"] for item in pdf.outline if isinstance(item, DictionaryObject)]
    assert names[:4] == ["Cover", "Executive summary", "Contents", "Phishing resilience"]


def test_a_document_says_what_the_data_say(page: Page, press: Press) -> None:
    said = text_of(press.pdf(page).pdf)
    for words in (
        "Harbourline Logistics",
        "October 2026",
        "Risk fell 6 pts to 11%",
        "Warehouse Operations",
        "Page 2 of 15",
        "Ingrid Solberg",
    ):
        assert words in said, words


def test_the_figures_in_a_document_are_drawn_not_photographed(page: Page, press: Press) -> None:
    pdf = press.pdf(page).pdf
    assert [image for sheet in reader(pdf).pages for image in sheet.images] == []
    fonts = {
        str(font["/BaseFont"])
        for sheet in reader(pdf).pages
        for font in (entry.get_object() for entry in sheet["/Resources"]["/Font"].values())
    }
    assert all(re.fullmatch(r"/[A-Z]{6}\+Report-.*", font) for font in fonts), fonts


def test_every_drawing_has_its_figures_in_words(page: Page, press: Press) -> None:
    html = press.html(page)
    titles = re.findall(r"<title>([^<]*)</title>", html)
    assert len(titles) == html.count("<svg xmlns=") + 1
    assert any("October 2026 11%" in title for title in titles)
    assert all(titles)


def test_the_same_page_gives_the_same_bytes_anywhere(page: Page, press: Press) -> None:
    """In another process, another zone, another locale."""
    program = (
        "import pickle, sys; from reportgen.rendering.pdf import print_pdf; "
        "sys.stdout.buffer.write(print_pdf(pickle.load(sys.stdin.buffer))[0])"
    )
    here = press.pdf(page).pdf
    material = pickle.dumps(workshop.material(order(page)))
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        input=material,
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={
            **os.environ,
            "TZ": "Asia/Kathmandu",
            "LC_ALL": "C.UTF-8",
            "LANG": "tr_TR.UTF-8",
            "PYTHONHASHSEED": "7",
        },
    ).stdout
    assert here == press.pdf(page).pdf == elsewhere


def test_a_preview_needs_nothing_from_outside(page: Page, press: Press) -> None:
    html = press.html(page)
    addresses = re.findall(r"""(?:src|href)=["']?([a-z]+:[^"' >]*)|url\("?([a-z]+:[^")]*)""", html)
    assert {(a or b).partition(":")[0] for a, b in addresses} == {"data"}


# ---- never ugly ----------------------------------------------------------------------------


BY_ID = {company.company_id: company for company in (RESELLER, *COMPANIES)}


@pytest.mark.parametrize("company_id", sorted(set(BY_ID) - {"Vg9jC4nZk7Ts"}))
def test_every_company_of_the_sandbox_gets_a_document(
    company_id: str, open_source: Open, press: Press
) -> None:
    """Tiny, huge, silent, hostile, Turkish, Arabic, Japanese."""
    company = BY_ID[company_id]
    customer = Customer(company_id, company.name, company_name=company.name, page_size="Letter")
    pdf = press.pdf(page_of(open_source(), customer, period="2026-10")).pdf
    assert 3 <= len(reader(pdf).pages) <= 18
    said = text_of(pdf)
    assert "\ufffd" not in said
    assert "[object" not in said


@pytest.mark.parametrize("faults", [("over-100",), ("empty=zeros",), ("empty=nodatas",)])
def test_odd_data_still_make_a_document(
    faults: tuple[str, ...], open_source: Open, press: Press
) -> None:
    assert (
        len(
            reader(
                press.pdf(page_of(open_source(*faults), HARBOURLINE, period="2026-10")).pdf
            ).pages
        )
        >= 3
    )


def test_one_month_of_history_is_enough(open_source: Open, press: Press) -> None:
    assert "11%" in text_of(
        press.pdf(page_of(open_source(), HARBOURLINE, months=1, period="2026-10")).pdf
    )


def test_german_is_german_throughout(open_source: Open, press: Press) -> None:
    said = text_of(
        press.pdf(page_of(open_source(), replace(HARBOURLINE, language="de"), period="2026-10")).pdf
    )
    for english in ("Phishing risk score", "Contents", "Executive", "Page ", "pts", "of the"):
        assert english not in said, english
    assert re.search(r"um 6.Pkt\. auf 11.%", said)


def test_the_summary_is_one_page(open_source: Open, press: Press) -> None:
    for language in ("en", "de"):
        page = page_of(
            open_source(),
            replace(HARBOURLINE, language=language, page_size="Letter"),
            period="2026-10",
        )
        second, third = (s.extract_text() for s in reader(press.pdf(page).pdf).pages[1:3])
        assert page.headline.text.split()[0] in second
        assert ("Contents" if language == "en" else "Inhalt") in third


_FAILED = Concern("data", Verdict.BLOCK, "Training completion failed")


def test_held_and_draft_are_marked_on_every_page(page: Page, press: Press) -> None:
    held = press.pdf(replace(page, mark="held", concerns=(_FAILED,))).pdf
    draft = press.pdf(replace(page, mark="draft")).pdf
    assert all("not for release" in sheet.extract_text() for sheet in reader(held).pages)
    assert all("not for release" in sheet.extract_text() for sheet in reader(draft).pages)
    assert "Training completion failed" in text_of(held)


def test_an_emoji_in_a_name_is_printed_and_holds_no_report(page: Page, press: Press) -> None:
    """Campaigns are called so; the system's colour font is written anew, with one date."""
    fishing = replace(page, customer="Fish & Chips 🎣", title="Report 🚀")
    made = press.pdf(fishing)
    assert made.flaws == ()
    assert press.pdf(fishing).pdf == made.pdf


# ---- nothing foreign gets in ---------------------------------------------------------------


def test_text_from_outside_is_only_text(page: Page, press: Press) -> None:
    hostile = '<img src="http://x.invalid/a.png"><script>alert(1)</script>{{ 7 * 7 }}'
    html = workshop.material(order(replace(page, customer=hostile, headline=hostile))).html
    assert "<script>" not in html
    assert '<img src="http://x' not in html
    assert press.pdf(replace(page, customer=hostile, headline=hostile)).pdf


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\x00b\x1bc", "abc"),
        ("\ud800x", "x"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("e\u0301", "é"),
        ("a" + "\u0316" * 50, "a\u0316\u0316"),
        ("\ue000\U000f0000ok", "ok"),
    ],
)
def test_letters_that_cannot_be_printed_are_left_out(text: str, printed: str) -> None:
    assert clean(text) == printed


def test_a_text_is_cleaned_alike_in_any_company() -> None:
    for letter in map(chr, range(0x3000)):
        assert clean(f"a{letter}b") + "漢" == clean(f"a{letter}b漢"), hex(ord(letter))


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<p style="background: url(https://example.invalid/x)">x</p>',
        '<link rel="stylesheet" href="ftp://example.invalid/x.css">',
        '<img src="https://assets.invalid/../../etc/passwd">',
        '<img src="https://assets.invalid/report.html">',
        '<object data="//example.invalid/x.svg"></object>',
        '<img src="data:text/html,x">',
        "<img src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' "
        "xmlns:x='http://www.w3.org/1999/xlink' width='9' height='9'%3E%3Cimage width='9' "
        "height='9' x:href='http://127.0.0.1:9/x.png'/%3E%3C/svg%3E\">",
    ],
)
def test_a_template_can_fetch_nothing_but_its_own_files(markup: str) -> None:
    material = Material(f"<html lang=en><title>x</title>{markup}", (str(ROOT / "templates"),), {})
    with pytest.raises(TemplateError, match=r"template folders only|engine refuses"):
        print_pdf(material)


def test_an_own_template_replaces_one_file_and_mistakes_in_it_are_named(
    page: Page, tmp_path: Path
) -> None:
    (tmp_path / "parts").mkdir()
    own = tmp_path / "parts/contents.html"
    own.write_text("<section class='part'><h2>My contents of {{ page.customer }}</h2></section>")
    with Press(tmp_path) as press:
        assert "My contents of Harbourline" in press.html(page)
        for mistake, said in (
            ("one\ntwo {{ page.custmer }}", r"contents.html:2: .*custmer"),
            ("{% if %}", r"contents.html:1"),
            ("{{ ''.__class__.__mro__ }}", r"contents.html:1: .*unsafe"),
            ("{{ 1 / 0 }}", r"contents.html:1: .*zero"),
            ("{% include 'no.html' %}", r"no.html"),
        ):
            own.write_text(mistake)
            with pytest.raises(TemplateError, match=said):
                press.pdf(page)


def test_a_render_that_never_ends_is_ended_and_the_next_one_works(
    page: Page, tmp_path: Path
) -> None:
    own = tmp_path / "report.html"
    start = "<html lang=en><title>x</title>"
    own.write_text(start + "<div style='display:flex'>" * 30 + "x")
    with Press(tmp_path, bounds=Bounds(wall=10, processor=600)) as press:
        with pytest.raises(RenderingError, match="not ready after 10 s and was given up"):
            press.pdf(page)
        own.write_text(start + "<p>All is well.")
        assert press.pdf(page).pdf.startswith(b"%PDF")


def test_the_press_leaves_nothing_behind(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Press() as press:
        assert press.pdf(page).pdf
        assert list(tmp_path.iterdir()) != []
    assert list(tmp_path.iterdir()) == []


# ---- brands --------------------------------------------------------------------------------


def test_a_logo_is_checked_before_it_is_shown(page: Page, press: Press, tmp_path: Path) -> None:
    for name, data, said in (
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "script"),
        ("b.svg", b"<!DOCTYPE x [<!ENTITY y 'z'>]><svg/>", "entities"),
        ("b.svg", "<!DOCTYPE x [<!ENTITY y 'z'>]><svg>&y;</svg>".encode("utf-16"), "entities"),
        ("c.svg", b"<svg", "no SVG"),
        ("d.png", b"GIF89a", "PNG or JPEG"),
    ):
        logo = tmp_path / name
        logo.write_bytes(data)
        with pytest.raises(ConfigError, match=said):
            press.pdf(replace(page, brand=Brand("B", logo=str(logo))))


def test_a_brand_without_a_logo_shows_its_name(page: Page, press: Press) -> None:
    assert "Plain Brand" in text_of(press.pdf(replace(page, brand=Brand("Plain Brand"))).pdf)


def test_the_letter_has_a_subject_a_text_and_a_page(page: Page, press: Press) -> None:
    letter = press.letter(page, "report.pdf", 99_000)
    assert letter.subject == "Human risk report, October 2026: Harbourline Logistics"
    assert "report.pdf, 97 KiB" in letter.text
    assert "&" not in letter.text
    assert page.headline.text in letter.html
    hostile = press.letter(replace(page, customer="A\r\nBcc: x@y.example <u>"), "r.pdf", 1)
    assert "\n" not in hostile.subject
    assert "<u>" not in hostile.html

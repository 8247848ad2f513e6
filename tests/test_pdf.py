"""The PDF itself, as readers, archives and customers' tools take it."""

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from reportgen.rendering.machine import FORMAT
from reportgen.rendering.press import Press
from reportgen.sources.keepnet import KeepnetSource
from reportgen.views import Page
from tests.conftest import HARBOURLINE
from tests.pdfua import faults, nodes
from tests.sample_pages import page_of

Open = Callable[..., KeepnetSource]


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as opened:
        yield opened


@pytest.fixture
def page(open_source: Open) -> Page:
    return page_of(open_source(), HARBOURLINE, period="2026-10")


def poppler(tool: str, *arguments: str, pdf: bytes, folder: Path) -> str:
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    command = [str(shutil.which(tool)), *arguments, str(file)]
    if tool == "pdftotext":
        command.append("-")
    made = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return made.stdout


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_no_rule_of_accessibility_is_broken(open_source: Open, press: Press, language: str) -> None:
    page = page_of(open_source(), replace(HARBOURLINE, language=language), period="2026-10")
    made = press.pdf(page)
    assert faults(made.pdf) == []
    assert made.flaws == ()
    assert PdfReader(io.BytesIO(made.pdf)).trailer["/Root"]["/Lang"] == language


def test_the_checker_would_see_a_broken_rule(page: Page, press: Press) -> None:
    pdf = press.pdf(page).pdf
    reader = PdfReader(io.BytesIO(pdf))
    writer = PdfWriter(clone_from=reader)
    del writer.root_object["/Lang"]
    for node in nodes(writer):
        if node["/S"] == "/Figure":
            del node["/Alt"]
            break
    broken = io.BytesIO()
    writer.write(broken)
    assert [fault[:6] for fault in faults(broken.getvalue())] == ["11-006", "13-004"]


def test_poppler_reads_title_language_tags_and_fonts(
    page: Page, press: Press, tmp_path: Path
) -> None:
    pdf = press.pdf(page).pdf
    said = poppler("pdfinfo", pdf=pdf, folder=tmp_path)
    for line in (
        r"Title: +Human risk report, October 2026: Harbourline Logistics",
        r"Subject: +Human risk report for Harbourline Logistics, October 2026",
        r"Keywords: +phishing, security awareness, human risk",
        r"Author: +Halvorn Cyber",
        r"Tagged: +yes",
        r"Page size: .*A4",
    ):
        assert re.search(line, said), line
    fonts = poppler("pdffonts", pdf=pdf, folder=tmp_path).splitlines()[2:]
    assert len(fonts) > 3
    assert all(re.search(r" yes yes yes +\d+ +0$", font) for font in fonts), fonts


def test_the_reading_order_is_that_of_the_page(page: Page, press: Press, tmp_path: Path) -> None:
    said = poppler("pdftotext", "-f", "2", "-l", "2", pdf=press.pdf(page).pdf, folder=tmp_path)
    places = [said.index(str(page.headline)[:30]), said.index("What changed")]
    places += [said.index("What to do next"), said.index("Decision asked for:")]
    assert places == sorted(places)


def test_headings_figures_and_tables_are_told_apart(page: Page, press: Press) -> None:
    reader = PdfReader(io.BytesIO(press.pdf(page).pdf))
    found = list(nodes(reader))
    kinds = [node["/S"] for node in found]
    exhibits = sum(len(row) for chapter in page.chapters for row in chapter.rows)
    assert kinds.count("/H3") >= exhibits
    alternatives = [str(node["/Alt"]) for node in found if node["/S"] == "/Figure"]
    assert any("October 2026 11%" in words for words in alternatives)
    assert len(alternatives) > exhibits


def test_viewers_count_pages_as_they_are_printed(page: Page, press: Press) -> None:
    reader = PdfReader(io.BytesIO(press.pdf(page).pdf))
    count = len(reader.pages)
    assert reader.page_labels == ["Cover", *(str(number) for number in range(2, count + 1))]
    assert f"Page 2 of {count}" in reader.pages[1].extract_text()


def test_a_machine_finds_the_figures_inside(page: Page, press: Press) -> None:
    reader = PdfReader(io.BytesIO(press.pdf(page).pdf))
    assert list(reader.attachments) == ["figures.json"]
    told = json.loads(reader.attachments["figures.json"][0])
    assert told["format"] == FORMAT
    assert told["report"]["customer"] == "Harbourline Logistics"
    assert told["report"]["period"] == {"first_day": "2026-10-01", "last_day": "2026-10-31"}
    risk = next(figure for figure in told["figures"] if figure["metric"] == "risk_score")
    assert (risk["value"], risk["previous"], risk["unit"]) == (11, 17, "percent")
    shown = {exhibit["section"] for exhibit in told["exhibits"]}
    assert {"risk_score_trend", "security_culture", "riskiest_people"} <= shown
    names = reader.trailer["/Root"]["/AF"]
    assert names[0].get_object()["/AFRelationship"] == "/Data"


def test_bookmarks_lead_to_chapters_and_exhibits(page: Page, press: Press) -> None:
    reader = PdfReader(io.BytesIO(press.pdf(page).pdf))
    chapters = [item["/Title"] for item in reader.outline if not isinstance(item, list)]
    exhibits = [
        each["/Title"] for item in reader.outline if isinstance(item, list) for each in item
    ]
    assert chapters[:4] == ["Cover", "Executive summary", "Contents", "Phishing resilience"]
    assert chapters[-2:] == ["Definitions and method", "All figures"]
    assert len(exhibits) >= 18


def test_a_report_is_small_enough_to_mail(page: Page, press: Press) -> None:
    assert len(press.pdf(page).pdf) < 400_000

"""The look, agreed on: the report in every language as HTML, and five pages as pictures.

`GOLDEN=1 pytest tests/test_look.py` takes the present look as the agreed one; read the difference
like code, and look at the pictures.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from reportgen.language import available
from reportgen.rendering.html import Writer
from reportgen.rendering.press import Press
from reportgen.sections import NAMES
from reportgen.sources.recorded import RecordedSource
from reportgen.views import Page
from tests.sample_pages import DATA, EXTRA, SAMPLES, page_of

GOLDEN = Path(__file__).parent / "golden"
_BODY = re.compile(r"<body>.*</body>", re.DOTALL)
_PAGES = {"cover": 1, "summary": 2, "resilience": 4, "training": 8, "people": 10}
_MEAN, _SPOT = 1.0, 40
"""How much a page may differ: on average, and in any spot after blurring (0 to 255)."""


@pytest.fixture(scope="module")
def pdf() -> Iterator[pypdfium2.PdfDocument]:
    with Press() as press:
        document = pypdfium2.PdfDocument(press.pdf(sample("en")).pdf)
        yield document
        document.close()


def sample(language: str) -> Page:
    """The report about the recorded company."""
    customer = replace(SAMPLES, language=language)
    return page_of(RecordedSource(DATA), customer, earlier=())


def rewriting() -> bool:
    return bool(os.environ.get("GOLDEN"))


@pytest.mark.parametrize("language", available())
def test_every_section_is_written_as_agreed(language: str) -> None:
    html, _drawings = Writer().printable(sample(language), "")
    assert html.count("<figure") == len(NAMES) + len(EXTRA)
    body = _BODY.search(html)
    assert body is not None
    made = re.sub(r"\n\s*\n+", "\n", body[0]) + "\n"
    golden = GOLDEN / f"report-{language}.html"
    if rewriting():
        golden.write_text(made, "utf-8")
    assert made == golden.read_text("utf-8")


@pytest.mark.look
@pytest.mark.parametrize("name", _PAGES)
def test_a_page_looks_as_agreed(pdf: pypdfium2.PdfDocument, name: str) -> None:
    made = pdf[_PAGES[name] - 1].render(scale=0.8).to_pil().convert("L")
    golden = GOLDEN / f"{name}.png"
    if rewriting():
        made.save(golden, optimize=True)
    with Image.open(golden) as agreed:
        assert made.size == agreed.size
        difference = ImageStat.Stat(ImageChops.difference(made, agreed.convert("L"))).mean[0]
        blur = ImageFilter.BoxBlur(2)
        spots = ImageChops.difference(made.filter(blur), agreed.convert("L").filter(blur))
    assert difference < _MEAN
    assert spots.getextrema()[1] < _SPOT

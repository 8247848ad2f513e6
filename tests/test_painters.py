"""A drawing described once looks the same whichever painter draws it."""

import io

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat
from pypdf import PdfReader

from reportgen import bundled
from reportgen.rendering.drawing import Box, Dot, Drawing, Line, Path, Text
from reportgen.rendering.html import CHART, _inline, _place_for
from reportgen.rendering.pdf import ASSETS, Material, print_pdf
from reportgen.rendering.pdf_painter import available
from tests.sample_charts import FORMS, style

_MEAN, _SPOT = 1.8, 50
"""How much the pictures may differ: on average, and in any spot after blurring (0 to 255)."""
_PAGE = """<!doctype html><html lang="en"><head><title>t</title><style>
@font-face {{ font-family: "Report Sans"; font-weight: 400; src: url("{a}SourceSans3-Regular.otf") }}
@font-face {{ font-family: "Report Sans"; font-weight: 600; src: url("{a}SourceSans3-Semibold.otf") }}
@font-face {{ font-family: "Report Arabic"; font-weight: 400; src: url("{a}NotoSansArabic-Regular.ttf") }}
@font-face {{ font-family: "Report Arabic"; font-weight: 600; src: url("{a}NotoSansArabic-Bold.ttf") }}
@page {{ size: 560pt 340pt; margin: 20pt; background: {ground} }}
body {{ margin: 0; font: 10pt "Report Sans", "Report Arabic" }}
svg, img {{ display: block; overflow: visible }}
.drawing {{ position: relative }}
.word {{ position: absolute; white-space: nowrap; line-height: 1.2; display: block }}
</style></head><body>{body}</body></html>"""  # noqa: E501 - a style sheet


def page(body: str, ground: str = "#FFFFFF") -> str:
    return _PAGE.format(a=f"{ASSETS}fonts/", body=body, ground=ground)


def printed(drawing: Drawing, *, direct: bool, ground: str = "#FFFFFF") -> bytes:
    folders = (str(bundled.TEMPLATES),)
    if direct:
        body = _place_for(drawing, f"{CHART}1")
        material = Material(page(body, ground), folders, {}, {f"{CHART}1": drawing})
    else:
        material = Material(page(_inline(drawing, 1), ground), folders, {})
    pdf, flaws = print_pdf(material)
    assert flaws == ()
    return pdf


def picture(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        return document[0].render(scale=1.5).to_pil().convert("L")
    finally:
        document.close()


def assert_alike(one: bytes, other: bytes) -> None:
    """Letters may stand a hair apart: one painter kerns, the other does not."""
    first, second = picture(one), picture(other)
    blur = ImageFilter.BoxBlur(3)
    spots = ImageChops.difference(first.filter(blur), second.filter(blur))
    assert ImageStat.Stat(ImageChops.difference(first, second)).mean[0] < _MEAN
    assert spots.getextrema()[1] < _SPOT


def test_this_version_of_the_engine_is_painted_directly() -> None:
    assert available()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_both_painters_draw_every_form_alike(form: str, language: str) -> None:
    drawing = FORMS[form](style(language))
    assert drawing is not None
    ground = "#0B1F3A" if form == "cover" else "#FFFFFF"
    assert_alike(
        printed(drawing, direct=True, ground=ground), printed(drawing, direct=False, ground=ground)
    )


def test_the_comparison_would_see_a_missing_label_or_a_shifted_bar() -> None:
    drawing = FORMS["outcomes"](style())
    assert drawing is not None
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    boxes = [mark for mark in drawing.marks if isinstance(mark, Box)]
    poorer = [mark for mark in drawing.marks if mark is not texts[1]]
    shifted = [
        Box(mark.x, mark.y, mark.width - 12, mark.height, mark.fill) if mark is boxes[0] else mark
        for mark in drawing.marks
    ]
    for marks in (poorer, shifted):
        other = Drawing(drawing.width, drawing.height, tuple(marks), "x")
        with pytest.raises(AssertionError):
            assert_alike(printed(drawing, direct=True), printed(other, direct=True))


def test_every_kind_of_mark_is_drawn_alike() -> None:
    marks = (
        Box(10, 10, 60, 30, "#C6D2E0", "#24406A", "#24406A"),
        Box(90, 10, 60, 30, "#0B6B63"),
        Dot(190, 25, 12, "#FFFFFF", "#B23A0E", 2),
        Dot(230, 25, 12, "#24406A"),
        Line(10, 60, 300, 60, "#141D2B", 1.2, "4 2.6"),
        Path(((10, 100), (60, 70), (110, 110)), "#24406A", 2.4),
        Path(((150, 110), (180, 70), (210, 110)), fill="#B23A0E"),
        Text(320, 40, "Left", 12, "#141D2B"),
        Text(400, 60, "Middle & <b>", 12, "#141D2B", "middle"),
        Text(480, 80, "End", 14, "#24406A", "end", bold=True),
    )
    drawing = Drawing(500, 130, marks, "Marks")
    assert_alike(printed(drawing, direct=True), printed(drawing, direct=False))


@pytest.mark.parametrize("text", ["شركة النخيل 43%", "株式会社さくら", "Übergröße – 11 %"])
def test_words_of_any_script_can_be_read_out_of_a_direct_drawing(text: str) -> None:
    drawing = Drawing(300, 60, (Text(20, 30, text, 14, "#000000"),), "Words")
    pdf = printed(drawing, direct=True)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for font in PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    }
    assert fonts
    document = pypdfium2.PdfDocument(pdf)
    said = document[0].get_textpage().get_text_range()
    document.close()
    letters = {letter for letter in text if letter.isalnum()}
    assert letters <= set(said)


def test_a_drawing_keeps_its_words_for_those_who_cannot_see_it() -> None:
    drawing = FORMS["lines"](style())
    assert drawing is not None
    reader = PdfReader(io.BytesIO(printed(drawing, direct=True)))
    alternatives: list[str] = []

    def walk(node: object) -> None:
        found = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(found, dict):
            if found.get("/S") == "/Figure":
                alternatives.append(str(found["/Alt"]))
            walk(found.get("/K"))
        elif isinstance(found, list):
            for each in found:
                walk(each)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    assert alternatives == [drawing.alternative]

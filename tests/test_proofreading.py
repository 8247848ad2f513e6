"""What looks wrong in a finished layout is found, and what does not is left alone."""

import pytest

from reportgen import bundled
from reportgen.rendering.pdf import ASSETS, Material, print_pdf

_PAGE = """<!doctype html><html lang="en"><head><title>t</title><style>
@font-face {{ font-family: "Report Sans"; src: url("{a}SourceSans3-Regular.otf") }}
@page {{ size: 100mm 60mm; margin: 10mm }}
html {{ font: 10pt "Report Sans" }} body {{ margin: 0 }} p {{ margin: 0 }}
.card {{ width: 30mm; height: 10mm }}
.right {{ float: right }}
.tight {{ white-space: nowrap }}
</style></head><body>{body}</body></html>"""


def flaws(body: str) -> tuple[str, ...]:
    html = _PAGE.format(a=f"{ASSETS}fonts/", body=body)
    return print_pdf(Material(html, (str(bundled.TEMPLATES),), {}))[1]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '<p class="tight" style="width: 20mm">much too long for its place</p>',
            'page 1, p.tight "much too long for its place": its text is wider than its box',
        ),
        (
            '<div class="card"><p>One line</p><p>two lines</p><p>three</p></div>',
            'page 1, div.card "One line two lines three": its content is taller than its box',
        ),
        (
            '<p style="line-height: 60mm">x</p>',
            "its text runs over the end of the page",
        ),
        ("<p>A letter no font has: \U0010fffd</p>", "U+10FFFD"),
    ],
)
def test_a_flaw_is_named_with_page_and_element(body: str, said: str) -> None:
    found = flaws(body)
    assert any(said in flaw for flaw in found), found


@pytest.mark.parametrize(
    "body",
    [
        "<p>Words that fit.</p>",
        '<p style="position: absolute; left: 60mm; width: 5mm" class="tight">set freely</p>',
        '<div class="card" data-may-clip style="overflow: hidden"><p>a</p><p>b</p><p>c</p></div>',
        '<div class="card"><span class="right">beside</span>words</div>',
        "<ul><li>one</li><li>two</li></ul><table><tr><th>a</th><td>b</td></tr></table>",
        '<div style="direction: rtl"><p>\u0645\u0631\u062d\u0628\u0627</p></div>',
    ],
)
def test_what_looks_right_is_left_alone(body: str) -> None:
    assert [flaw for flaw in flaws(body) if "U+" not in flaw] == []

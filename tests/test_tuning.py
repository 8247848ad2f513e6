"""The quicker ways of the PDF engine give the same bytes as the engine as it comes."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest

from reportgen import bundled
from reportgen.rendering import logos, tuning, workshop
from reportgen.rendering.pdf import Material, print_pdf
from reportgen.views import Page
from tests import odd_pages
from tests.sample_pages import recorded
from tests.test_painters import page as plain_page

PAGES: dict[str, Callable[[], Page]] = {
    "english": recorded,
    "german, letter": lambda: replace(recorded(language="de"), page_size="Letter"),
    "arabic": lambda: recorded(language="ar"),
    "empty": odd_pages.empty,
    "crowded": odd_pages.crowded,
    "sixty months": lambda: odd_pages.of_months(60),
    "hostile": lambda: odd_pages.named("<b>&amp;</b> \u202e 漢字 🎣 " + "W" * 90),
}


@pytest.fixture(autouse=True)
def _one_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the cage: fonts that are written anew carry it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "946684800")


@pytest.mark.parametrize("name", PAGES)
def test_the_same_bytes_either_way(name: str) -> None:
    page = PAGES[name]()
    material = workshop.material(workshop.Order(page, (), logos.given(page.brand)))
    assert_same(material)


MARKUP = """
<style>
  :root { --a: 4px; --b: calc(2 * var(--a)) } @page { size: 400px 300px; margin: 20px }
  p { margin: var(--b) 0 1em; text-indent: 2em; text-align: justify; hyphens: auto }
  .f { float: left; width: 40%; padding: 3% } .i { display: inline-block; width: 5em }
  .x { display: flex; gap: 1em } .x > * { flex: 1 }
  .g { display: grid; grid-template: auto / 1fr 2fr }
  table { border-collapse: collapse; width: 100% } td { border: 1px solid red; padding: 2px 5% }
  h2::before { content: counter(page) ' ' } ol { list-style: upper-roman }
  a::after { content: ' ' target-counter(attr(href), page) } .k { break-inside: avoid; columns: 2 }
  h2 { string-set: t content(); border-radius: 5px; background: linear-gradient(#fff, #08f) }
  em { text-decoration: underline; letter-spacing: 1px; vertical-align: super; font-size: 80% }
</style>
<ol><li>one<li>two</ol><a href="#end">to the end</a><div class=f>floating <b>words</b></div>
<div class=x><p>a<p>b</div><div class=g><p>a<p>b<p>c</div>
<table><thead><tr><th scope=col>A<th scope=col>B</thead>{rows}</table>
<div class=k>{words}</div><h2 id=end>End</h2><p class=i>inline <em>and</em> block</p>
"""


def test_the_same_bytes_for_what_the_shipped_templates_do_not_use() -> None:
    rows = "".join(f"<tr><th scope=row>{row}<td>{row * row}" for row in range(40))
    body = MARKUP.replace("{rows}", rows).replace("{words}", "<p>Words and hyphenation. </p>" * 30)
    assert_same(Material(plain_page(body), (str(bundled.TEMPLATES),), {}))


DRAWN = """
<style>
  @page {{ size: 420px 300px; margin: 20px; @bottom-right {{ content: counter(page) }} }}
  .b {{ border: 3px solid rgb(10 20 30 / 50%); border-radius: 9px / 4px; width: 60px }}
  .c {{ border: 2px dashed #08f; border-left: 4px groove hsl(200 50% 50%) }}
  .d {{ border: 3px double lab(50% 20 30); opacity: .5; transform: rotate(9deg); width: 50px }}
  .e {{ box-shadow: 2px 2px 4px #0008; outline: 2px dotted red }}
  .e {{ background: url({sign}) 0 0 / 16px, radial-gradient(red, #fff) }}
  .f {{ width: 70px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }}
  .g {{ width: 90px; line-clamp: 2; hyphens: auto }}
  .h {{ columns: 2; column-rule: 1px solid blue }}
  .i {{ text-align: justify; letter-spacing: .4px; word-spacing: 3px }}
  .i, .m {{ text-decoration: underline }} .m {{ visibility: hidden }}
  .j {{ white-space: pre; font-variant-numeric: tabular-nums }} input {{ appearance: auto }}
  .k {{ font-size: 0 }} .l {{ overflow-wrap: anywhere; width: 30px }}
  .w {{ width: 24px; color: color(display-p3 1 0 0); position: fixed; top: 0 }}
</style>
<div class=b>b</div><p class=c>c</p><div class=d>d</div><div class=e>e</div>
<p class=f>no room for all of these words</p><p class=g>Extraordinary words need extra room</p>
<div class=h>{words}</div><p class=i>{words}</p><p class=i>one\u00a0two three</p>
<p class=j>a\ttab 12345\nand a line</p><p class=k>0</p>
<p class=l>unbreakable</p><p class=m>hidden</p>
<p dir=rtl lang=ar>\u0645\u0631\u062d\u0628\u064b\u0627 12 <b>\u0628\u0643\u0645</b></p>
<p>\U0001f600 \u6f22 \ue123 e\u0301 co\u00adoperation \u2028 <a href=https://example.com>link</a></p>
<p>{signs}</p><img class=w src={sign} alt=x><form><input name=a value=b><button>go</button></form>
<svg width=40 height=20><text x=2 y=12 fill=navy>Text <tspan rotate=5>turned</tspan></text></svg>
"""
SIGNS = (
    "<rect width='8' height='8' fill='red'/><circle cx='4' cy='4' r='3' stroke='lime'/>",
    "<g opacity='.5'><path d='M0 0L8 8H0z'/></g>",
    "<defs><linearGradient id='g'><stop stop-color='red'/></linearGradient></defs>"
    "<rect width='8' height='8' fill='url(#g)'/>",
    "<clipPath id='c'><circle r='5'/></clipPath><rect width='8' height='8' clip-path='url(#c)'/>",
    "<path id='p' d='M0 0h4' stroke='red' fill-opacity='.3'/><use href='#p' y='3'/>",
    "<style>rect {fill: blue; stroke: url(#x)}</style><rect width='8' height='8' rx='2'/>",
    "<text y='8' font-size='8'>x</text>",
    "",
)


def test_the_same_bytes_for_what_is_drawn_in_other_ways() -> None:
    signs = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'>{sign}</svg>" for sign in SIGNS
    ]
    images = [f'"data:image/svg+xml,{quote(sign)}"' for sign in signs]
    shown = " ".join(f"<img src={image} alt=sign> {place}" for place, image in enumerate(images))
    body = DRAWN.format(sign=images[0], signs=shown * 3, words="Words that are set in lines. " * 9)
    assert_same(Material(plain_page(body), (str(bundled.TEMPLATES),), {}))


def assert_same(material: Material) -> None:
    """Both ways, and in both orders: what one document left behind must not show in the next."""
    quick = print_pdf(material)
    with tuning.untuned():
        plain = print_pdf(material)
    assert quick == plain
    assert print_pdf(material) == plain


def test_the_replacements_are_in_use_and_can_be_taken_out() -> None:
    def present() -> list[object]:
        return [vars(owner)[swap.name] for swap in tuning.SWAPS for owner in swap.owners]

    assert tuning.fitting(), "the locked versions are not those that the replacements fit"
    quick = present()
    with tuning.untuned():
        assert all(one is not other for one, other in zip(quick, present(), strict=True))
    assert len(present()) == len(quick)


def test_another_version_runs_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with tuning.untuned():
        monkeypatch.setitem(tuning.TESTED, "weasyprint", "70.1")
        assert not tuning.tune()
        monkeypatch.undo()

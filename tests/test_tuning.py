"""The quicker ways of the PDF engine give the same bytes as the engine as it comes."""

from collections.abc import Callable
from dataclasses import replace

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
  .b { border: 2px outset blue; width: auto } .d { border: 3px dashed green }
  .o { border: 1px inset } .h { border: hidden } .z { border: 4px double currentcolor; color: teal }
  h2::before { content: counter(page) ' ' } ol { list-style: upper-roman }
  a::after { content: ' ' target-counter(attr(href), page) } .k { break-inside: avoid; columns: 2 }
  h2 { string-set: t content(); border-radius: 5px; background: linear-gradient(#fff, #08f) }
  .n { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; width: 4em }
  u { text-decoration: underline } s { text-decoration: line-through } pre { tab-size: 3 }
  .w { word-spacing: 3px; overflow-wrap: anywhere; width: 6em } .l { letter-spacing: 1px }
  em { text-decoration: underline; letter-spacing: 1px; vertical-align: super; font-size: 80% }
</style>
<ol><li>one<li>two</ol><a href="#end">to the end</a><div class=f>floating <b>words</b></div>
<div class=x><p>a<p>b</div><div class=g><p>a<p>b<p>c</div>
<table><thead><tr><th scope=col>A<th scope=col>B</thead>{rows}</table>
<table class=b><caption>Borders</caption><colgroup><col span=2 class=d></colgroup><col>
<thead><tr><td>1<td colspan=2 class=h>2</thead><tbody></tbody><tbody class=d>
<tr class=o><td rowspan=2 class=z>3<td>4<td>5<tr><td colspan=2 rowspan=2 class=o>6<tr><td>7</table>
<table class=b dir=rtl><tr><td colspan=2 class=d>1<tr><td>2<td class=z>3</table>
<table class=b></table><table class="b d"><tr></table>
<div class=k>{words}</div><h2 id=end>End</h2><p class=i>inline <em>and</em> block</p>
<p>Same words</p><p><u>Same words</u></p><p><s>Same words</s></p><p class=l>Same words</p>
<p class=n>Same words Same words</p><p class=w>Same words, Donaudampfschifffahrt</p>
<p dir=rtl lang=ar>Same words \u0633\u0644\u0627\u0645</p><p class=n>Same words</p>
<pre>Same\twords\n\nSame words</pre><p lang=de class=i>Same wor\u00adds, Same words Same words</p>
<span>Same words </span><div class=f>Same words</div><div class=f>Same words </div>
"""


def test_the_same_bytes_for_what_the_shipped_templates_do_not_use() -> None:
    rows = "".join(f"<tr><th scope=row>{row}<td>{row * row}" for row in range(40))
    body = MARKUP.replace("{rows}", rows).replace("{words}", "<p>Words and hyphenation. </p>" * 30)
    assert_same(Material(plain_page(body), (str(bundled.TEMPLATES),), {}))


PAGED = """
<style>
  @page { size: 300px 200px; margin: 30px; @bottom-right { content: counter(page) counter(pages) } }
  h2 { break-before: page } nav a::after { content: target-counter(var(--at, attr(href)), page) }
  {more}
</style>
<nav><a href="#a">A </a><a href="#c" style="--at: '#c'">C </a></nav>
<h2 id=a>A</h2><p>Some words <i>aside</i></p><h2>B</h2><p>Others <i>beside</i></p>
<p id=c>The <a href="#c">last</a> words</p><p>{words}</p>
"""
MORE = {
    "plain": "",
    "counted": "p::after { content: counter(page) ' of ' counter(pages) }",
    "footnotes": "i { float: footnote }",
    "running": "i { position: running(x) } @page { @top-left { content: element(x) } }",
    "first": "p::first-letter { font-size: 2em } p::first-line { color: red }",
    "broken": "p { float: left; width: 50%; height: 350px }",
    "named": "h2 + p { page: other } @page other { size: 300px 250px }",
    "fixed": "i { position: fixed; top: 0 } p { position: absolute; top: 3px; left: 30% }",
    "roman": "nav a::after { content: target-counter('#c', page, lower-roman); font-size: 6em }",
    "percentages": "p { margin: 1% 2% 3% 4%; width: calc(50% - 3px); box-sizing: border-box }",
    "heights": "nav { height: 90px } p { min-height: 10%; max-height: 40% } "
    "nav a { display: inline-block; height: 50%; min-height: 10%; max-height: 40% }",
    "backgrounds": "p { visibility: hidden; background: red } i { box-shadow: 1px 1px } "
    "h2 { border-image: linear-gradient(red, blue) 1; border-radius: 5% }",
}


@pytest.mark.parametrize("more", MORE)
def test_the_same_bytes_where_pages_are_made_more_than_once(more: str) -> None:
    body = PAGED.replace("{more}", MORE[more]).replace("{words}", "Words. " * 99)
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

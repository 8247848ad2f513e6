"""The quicker ways of the PDF engine give the same bytes as the engine as it comes."""

import random
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from weasyprint import HTML

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


CASCADE = """
<style>
  @layer low, high; @layer high { p { color: #123 } } @layer low { p { color: #456; margin: 9px } }
  :root { --in: 3px; --up: calc(1em + 2%); --turn: rtl; --bad: 12; direction: var(--none, ltr) }
  @page { size: 420px 300px; margin: 40px;
    @top-left { content: counter(page); display: table; border-collapse: collapse; padding: 2px }
    @footnote { border-top: 1px solid; margin: 0 2px } @bottom-left { content: element(foot) } }
  @page :first { @top-right { content: "first"; border: 1px solid; width: 4em } }
  body { line-height: calc(1em + 3px); text-indent: var(--up); counter-reset: n }
  .note { float: footnote } .note::footnote-call { color: red }
  .note::footnote-marker { color: blue }
  .foot { position: running(foot) } li::marker { color: green }
  .in { list-style: inside square } p::first-letter { font-size: 3em; float: left }
  .l::first-line { font-weight: bold; letter-spacing: 2px } .abs { position: absolute; right: 0 }
  .abs.deep > b { position: relative; top: 2px } [lang|=de] { hyphens: auto }
  #one, td { color: #900 }
  .logical { margin-inline-start: 2em; padding-block: 4px; border-inline-end: 2px dotted blue }
  .turn { direction: var(--turn) } .wrong { direction: var(--bad); width: var(--bad) }
  .wide { border-style: solid; outline: 2px dashed } .half { border-left-style: double }
  .deco { text-decoration: underline overline #0a0 } .deco i { text-decoration: line-through }
  b::before { content: "(" ; -weasy-anchor: "here" } b::after { content: counter(n) ")" }
  div { color: red !important; break-inside: avoid; page: auto } .named { page: other }
  .both:first-child ~ .both { font: italic bold 1.2em/1.5 var(--face, serif); inset: auto }
  .both { counter-increment: n; background: var(--none, #eee) ; border: var(--in) solid }
  em { display: inline-block; vertical-align: inherit } td { vertical-align: inherit }
  .caps { font-variant: small-caps; text-transform: uppercase; quotes: "<" ">" }
  q { color: inherit }
  .grad { background: linear-gradient(red 1em, var(--none, blue) 2em); font-size: 2em }
</style>
<p id=one lang=de style="margin-top: var(--in)">Silbentrennung <a name=x href="#one">Anker</a>
<p class="note">Note</p><p class=l>Words of <q>the first</q> line<div class=foot>Running</div>
<ol class=in><li>a<li value=7>b</ol>
<ul><li style="list-style: none">c<li class=caps>d<ul><li>e</ul></ul>
<div class=abs><b data-a=x>abs</b></div><div class="abs deep"><b style="float: right">deep</b></div>
<div class=logical dir=rtl>Logical<span class=turn> turned <i>in</i></span></div>
<div class="turn logical">Both</div><div class=wrong>Wrong <span>child</span></div>
<div class=wide style="border-width: 1px">wide</div><div class="wide half">half</div>
<p class=deco>deco <i>and <u>more</u></i></p><div class=named>Named</div><div hidden>none</div>
<section><p class=both>1<p class=both>2
<p class=both id=two style="color: blue !important">3</section>
<table class=wide cellpadding=4><caption>c</caption>
<tr><td rowspan=2>1<td><em>2</em><tr><td>3</table>
<div class=grad>one<div class=grad style="font-size: 9px">two</div></div>
<svg width=9 height=9></svg>
"""


def test_the_same_bytes_for_every_way_to_declare() -> None:
    assert_same(Material(plain_page(CASCADE), (str(bundled.TEMPLATES),), {}))


@pytest.mark.parametrize(
    "rules",
    [
        "p { width: var(--bad) } @media print { p::after { content: var(--word) } }",
        "p, p::before { font: var(--bad); border: var(--bad) solid; text-indent: var(--bad) }",
        ":root { --w: 7px; font: var(--w, 2px) serif } p { --w: 9px; border: var(--w) solid }",
        "* { background: linear-gradient(red var(--em, 1em), blue) } p { font-size: 20px }",
        "@page { margin: var(--far) } @page :first { @top-left { content: 'a' string(t) } }",
        "p { background: linear-gradient(red 1em, blue 2em); font-size: 20px }",
        "p { colour: red } @import url(none.css); @counter-style x { symbols: 'a'; suffix: '!' }",
        "@media print { @layer deep { p { list-style: x; display: list-item } } }",
        ".p::nothing { color: red } p { color: teal } @font-face { font-family: x }",
    ],
)
def test_the_same_bytes_and_warnings_when_a_style_sheet_comes_again(rules: str) -> None:
    style = f"<style>:root {{ --bad: 12; --word: ' !'; --far: 2cm }} {rules}</style><p>Words"
    material = Material(plain_page(style), (str(bundled.TEMPLATES),), {})
    assert_same(material)
    assert_same(replace(material, html=material.html.replace("<p>", "<p style='font-size: 9px'>")))


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


PIECES = """
<p>|</p>|<div class="a b">|<div class=a hidden>|</div>|<b>|</b>|<table>|<tr>|<td colspan="2">
</table>|<br/>|<img src="x" alt=y/>|<svg viewBox="0 0 1 1">|<path d="m"/>|</svg>|text|&amp;|&lt
&#39;|<p a="1" a="2">|<p a=1 a>|<A HREF="x">|<p a = "1">|<p a="&quot;">|<p a=b"c>|<p a='x'>|<|</
<!-- c -->|<style>|</style>|<title>|</title>|<script>|</script >|<p/a>|</p a="1">|<p a>|<p =a>
<p a=>|<h1>|</h2>|<select>|<option selected>|<a href=#x>|<p a="1"b="2">|<![CDATA[x]]>|<p a1="2">
<p d-x=`>|<p|\0|\r
""".strip().replace("\n", "|")


def test_the_same_tree_from_any_markup() -> None:
    def trees() -> list[str]:
        luck = random.Random(0)
        markups = ("".join(luck.choices(PIECES.split("|"), k=20)) for _ in range(300))
        far = (markup + "-" * luck.randrange(10_150, 10_240) + markup for markup in markups)
        return [ElementTree.tostring(HTML(string=each).etree_element, "unicode") for each in far]

    with tuning.untuned():
        plain = trees()
    assert trees() == plain


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
    assert _told(quick) == _told(plain)
    assert _told(print_pdf(material)) == _told(plain)


def _told(made: tuple[bytes, tuple[str, ...]]) -> tuple[bytes, list[str]]:
    """Warnings in any order: styles are looked at when they are needed."""
    return made[0], sorted(made[1])


def test_the_replacements_are_in_use_and_can_be_taken_out() -> None:
    def present() -> list[object]:
        return [vars(owner)[swap.name] for swap in tuning.SWAPS for owner in swap.owners]

    assert tuning.fitting(), "the locked versions are not those that the replacements fit"

    def all_differ(one: list[object], other: list[object]) -> bool:
        return all(mine is not theirs for mine, theirs in zip(one, other, strict=True))

    quick = present()
    with tuning.untuned():
        plain = present()
    assert all_differ(quick, plain)
    assert all_differ(present(), plain), "put in again"


def test_another_version_runs_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with tuning.untuned():
        monkeypatch.setitem(tuning.TESTED, "weasyprint", "70.1")
        assert not tuning.tune()
        monkeypatch.undo()

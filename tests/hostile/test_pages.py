"""Hostile texts in every field of a page: shown as they stand, read by nobody as anything else.

`HOSTILE_PAGES=568 pytest tests/hostile` puts every text into every field.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reportgen.language import available
from reportgen.rendering.cleaning import clean
from reportgen.rendering.html import Writer
from reportgen.rendering.machine import figures_json
from reportgen.rendering.press import Press
from reportgen.telling import short
from reportgen.views import Page
from tests.hostile import fields
from tests.hostile.looking import Seen, seen, unlike, visible, whole
from tests.hostile.strings import ALL, CSS, GROUPS, HTML, JINJA, SVG, aimed
from tests.sample_pages import recorded

ASSETS = "https://assets.invalid/"
_USUAL = {"span dir", "span style", "div style", "small", "small class"}
"""Stands in pages of some figures or some scripts only."""
PAGES = int(os.environ.get("HOSTILE_PAGES", "12"))
LONGEST_CELL = 80
SECRET = "the-canary-sings-8d1f"


@cache
def writer() -> Writer:
    return Writer()


@cache
def harmless() -> Seen:
    """The elements of a page and of a letter that nobody means harm with, in both directions."""
    pages = [
        recorded(company, language=code)
        for company in ("widgets", "zeros")
        for code in ("en", "ar")
    ]
    found = [seen(writer().html(page, ASSETS)) for page in pages]
    return Seen(
        "",
        frozenset().union(*(one.elements for one in found)),
        frozenset().union(*(one.addresses for one in found)),
    )


@cache
def harmless_letter() -> Seen:
    return seen(writer().letter(recorded(), "report.pdf", 99_000).html)


def stranger(found: Seen, known: Seen) -> frozenset[str]:
    """Elements, attributes and addresses that only the hostile texts can have brought."""
    inside = {address for address in found.addresses if address.startswith("#")}
    return (found.elements - known.elements - _USUAL) | (found.addresses - known.addresses - inside)


# ---- the page and the letter ---------------------------------------------------------------


@pytest.mark.parametrize("number", range(PAGES))
def test_every_text_is_shown_as_it_stands(number: int, tmp_path: Path) -> None:
    say = fields.Turns(ALL, number * len(ALL) // PAGES)
    fields.record(tmp_path, say)
    items = tuple(fields.titled(say)) if number % 2 else fields.ITEMS
    whose = replace(fields.customer(say), language=available()[number % len(available())])
    page = fields.page(tmp_path, whose, say(), items)
    check_page(page, say.said, least=40)
    check_letter(page, say.said)
    assert json.loads(figures_json(page))["report"]["customer"] == clean(page.customer)


def check_page(page: Page, said: dict[str, str], least: int) -> None:
    found = seen(writer().html(page, ASSETS))
    assert list(unlike(found.text, said)) == []
    assert stranger(found, harmless()) == frozenset()
    assert len(whole(found.text, said)) >= least


def check_letter(page: Page, said: dict[str, str]) -> None:
    letter = writer().letter(page, "report.pdf", 99_000)
    found = seen(letter.html)
    assert list(unlike(found.text, said)) == []
    assert list(unlike(" ".join(letter.text.split()), said)) == []
    assert stranger(found, harmless_letter()) == frozenset()
    assert letter.subject == " ".join(letter.subject.split())
    assert all(one.isprintable() or one in "\u200c\u200d" for one in letter.subject)


def test_a_table_shows_every_text_to_its_end(tmp_path: Path) -> None:
    say = fields.Turns(ALL)
    fields.table(tmp_path, say, rows=len(ALL) // 6 + 1)
    page = fields.page(tmp_path, fields.customer(say), "Title", fields.ITEMS[-1:])
    found = seen(writer().html(page, ASSETS))
    assert list(unlike(found.text, say.said)) == []
    cells = dict(short_ones(list(say.said.items())[: len(ALL)]))
    assert set(cells) - whole(found.text, cells) == set()
    assert len(cells) > 0.9 * len(ALL)


def short_ones(said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that a cell shows without cutting them."""
    return [(mark, text) for mark, text in said if len(text) <= LONGEST_CELL]


def test_a_name_never_begins_a_paragraph_of_a_letter() -> None:
    page = replace(recorded(), customer="Acme\n\nPay to\r\nIBAN 1\x85x\u2028y")
    letter = writer().letter(page, "report.pdf", 1)
    plain = writer().letter(replace(page, customer="Acme Pay to IBAN 1 x y"), "report.pdf", 1)
    assert letter.text.count("\n") == plain.text.count("\n")
    assert letter.subject == plain.subject


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\nb\tc\x85d\u2028e\x1cf", "a b c d e f"),
        ("o" + "\u20dd\u20de" * 9, "o\u20dd\u20de"),
        ("o" + "\u20dd\u0316" * 9, "o\u20dd\u0316"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_a_text_is_one_line_without_towers(text: str, printed: str) -> None:
    assert clean(text) == printed


@pytest.mark.parametrize(
    ("text", "cut"),
    [("abcdefgh", "abc…fgh"), ("abcdefe\u0301hi", "abc…hi"), ("abcdef  h", "abc…h")],
)
def test_what_is_cut_shows_an_ellipsis_and_whole_letters(text: str, cut: str) -> None:
    assert short(text, 7) == cut


any_text = st.text(max_size=60) | st.sampled_from(ALL)


@settings(
    max_examples=10,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking whole pages takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(any_text, min_size=1, max_size=40))
def test_any_text_is_shown_as_it_stands(texts: list[str], tmp_path: Path) -> None:
    say = fields.Turns(texts)
    fields.record(tmp_path, say)
    page = fields.page(tmp_path, fields.customer(say), say())
    check_page(page, say.said, least=1)
    check_letter(page, say.said)


# ---- the document --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as opened:
        yield opened


@pytest.fixture
def beacon() -> Iterator[socket.socket]:
    """An address that notes who calls: a connection waits there until it is taken."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def heard(beacon: socket.socket) -> bool:
    try:
        beacon.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def test_the_beacon_hears(beacon: socket.socket) -> None:
    assert not heard(beacon)
    socket.create_connection(beacon.getsockname()).close()
    assert heard(beacon)


@pytest.mark.parametrize("fault", ["table", "everywhere"])
def test_a_document_calls_nobody_and_reads_nothing(
    fault: str, press: Press, beacon: socket.socket, tmp_path: Path
) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text(SECRET, "utf-8")
    address = f"http://127.0.0.1:{beacon.getsockname()[1]}"
    markup = (*HTML, *CSS, *JINJA, *SVG, *GROUPS["addresses"], *GROUPS["formats"], *GROUPS["data"])
    texts = [
        aimed(text, address, str(canary))
        for text in markup
        if text.isascii() and text.isprintable()
    ]
    say = fields.Turns(texts)
    if fault == "table":
        fields.table(tmp_path, say, rows=len(texts) // 6 + 1)
        page = fields.page(tmp_path, fields.customer(say), "Title", fields.ITEMS[-1:])
    else:
        fields.record(tmp_path, say)
        page = fields.page(tmp_path, fields.customer(say), say(), tuple(fields.titled(say)))
    made = press.pdf(page)
    assert not heard(beacon)
    printed = as_printed(made.pdf)
    assert SECRET not in printed
    assert SECRET.encode() not in made.pdf
    if fault == "table":
        cells = [text for _mark, text in short_ones(list(say.said.items())[: len(texts)])]
        assert len(cells) > 0.9 * len(texts)
        assert [text for text in cells if squeezed(visible(text)) not in printed] == []


def as_printed(pdf: bytes) -> str:
    """What poppler reads, without white space and hyphens, which it puts where lines end."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return squeezed(done.stdout.decode())


def squeezed(text: str) -> str:
    return "".join(text.replace("-", "").replace("\N{SOFT HYPHEN}", "").split())


def test_documents_of_all_texts_are_made(press: Press, tmp_path: Path) -> None:
    """Long, towering, reordering, invisible and broken ones too, without a word of the engine's."""
    say = fields.Turns([text for text in ALL if not text.isascii() or len(text) > 200])
    fields.record(tmp_path, say)
    made = press.pdf(fields.page(tmp_path, fields.customer(say), say()))
    assert [flaw for flaw in made.flaws if "unsupported by fonts" not in flaw] == []

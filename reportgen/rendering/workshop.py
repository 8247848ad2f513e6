"""What the press's worker does: templates and pictures from outside are touched here alone."""

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from reportgen import bundled
from reportgen.language import words
from reportgen.model import Letter
from reportgen.rendering import logos
from reportgen.rendering.html import Writer
from reportgen.rendering.lettering import text_width
from reportgen.rendering.machine import figures_json
from reportgen.rendering.orders import Order
from reportgen.rendering.pdf import ASSETS, Material, engine, print_pdf
from reportgen.rendering.pdf_painter import available

_FIRST = "<html lang=en><title>x</title><p style='hyphens: auto; width: 3em'>hyphenation</p>"
"""Has whatever the engine loads when it first meets it; no font of a template."""

__all__ = ["engine", "html", "letter", "look_at", "pdf"]
"""What may be asked of a worker, by name."""


def pdf(order: Order, file_name: str = "") -> tuple[bytes, tuple[str, ...], Letter | None]:
    """The PDF, its flaws, and with a name also the letter that goes with the file.

    Raises TemplateError, RenderingError or ConfigError.
    """
    made, flaws = print_pdf(material(order))
    return made, flaws, letter(order, file_name, len(made)) if file_name else None


def html(order: Order) -> str:
    """The page for a browser: one file that needs nothing else."""
    html = _writer(order.folders).html(order.page, ASSETS)
    for name, picture in logos.prepared(order.logos).items():
        html = html.replace(f"{ASSETS}{name}", _as_data(picture.kind, picture.data))
    for file in (bundled.TEMPLATES / "fonts").iterdir():
        address = f"{ASSETS}fonts/{file.name}"
        if address in html:
            html = html.replace(address, _as_data(_FONTS.get(file.suffix, ""), file.read_bytes()))
    return html


def letter(order: Order, file_name: str, size: int) -> Letter:
    """The covering letter for a PDF of this name and size. Raises TemplateError."""
    return _writer(order.folders).letter(order.page, file_name, size)


def look_at(given: Mapping[str, logos.Given]) -> int:
    """How many logos can be shown. Raises ConfigError or TemplateError for one that cannot."""
    prepared = logos.prepared(given)
    shown = "".join(f'<img alt="x" src="{ASSETS}{name}">' for name in prepared)
    print_pdf(Material(f"<html lang=en><title>x</title><p>x</p>{shown}", (), prepared))
    return len(prepared)


def material(order: Order) -> Material:
    """What the PDF is printed from; drawings go straight into it where that was tested."""
    writer = _writer(order.folders)
    if available():
        html, drawings = writer.printable(order.page, ASSETS)
    else:
        html, drawings = writer.html(order.page, ASSETS), {}
    return Material(
        html=html,
        folders=(*order.folders, str(bundled.TEMPLATES)),
        logos=logos.prepared(order.logos),
        drawings=drawings,
        figures=figures_json(order.page),
    )


def warm_up() -> None:
    """Load what the usual document needs: templates, numbers and letters, and the engine's own."""
    _writer(()).load()
    words("en").number(1)
    text_width("x", 1)
    print_pdf(Material(_FIRST, (), {}))


@cache
def _writer(folders: tuple[str, ...]) -> Writer:
    """Kept between documents: it remembers the templates it has read."""
    return Writer(*map(Path, folders))


_FONTS = {".otf": "font/otf", ".ttf": "font/ttf"}


def _as_data(kind: str, data: bytes) -> str:
    return f"data:{kind or 'application/octet-stream'};base64,{base64.b64encode(data).decode()}"

"""Every company of the sandbox, in every language, on both page sizes, with both demo brands.

One PNG for each language, page size and brand and company, with all pages of the report side by
side: for the eyes of whoever changes the look. What the proofreader finds is listed at the end.
"""

import argparse
import math
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import pypdfium2
from PIL import Image
from pydantic import SecretStr

from reportgen import bundled
from reportgen.language import available
from reportgen.model import Brand, Company, Customer
from reportgen.names import file_part
from reportgen.rendering.press import Press
from reportgen.sandbox import Sandbox, SandboxSettings
from reportgen.sources.keepnet import KeepnetSource
from reportgen.sources.kinds import Keepnet
from reportgen.views import Page
from tests.sample_pages import page_of

_BRANDS = bundled.TEMPLATES / "brands"
BRANDS = {
    "halvorn": Brand(
        "Halvorn Cyber",
        logo=str(_BRANDS / "halvorn.svg"),
        logo_on_primary=str(_BRANDS / "halvorn-on-dark.svg"),
        contact_email="reports@halvorn.example",
    ),
    "maravel": Brand(
        "Maravel",
        primary="#A8321F",
        accent="#5E636B",
        logo=str(_BRANDS / "maravel.svg"),
        headings="sans",
    ),
}
SIZES = ("A4", "Letter")
_WIDE, _ACROSS = 420, 6


@dataclass(frozen=True, slots=True)
class Order:
    """One report to print and lay out."""

    page: Page
    file: Path


def main() -> int:
    """Print what was asked for; 1 when a page does not look right."""
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    settings = SandboxSettings(today=date(2026, 12, 1))
    with Sandbox(settings) as sandbox:
        kind = Keepnet(
            base_url=sandbox.url,
            client_id=settings.client_id,
            client_secret=SecretStr(settings.client_secret),
            requests_per_second=1000,
        )
        with kind.open() as source:
            orders = list(_orders(asked, source))
    flawed = 0
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for order, flaws in zip(orders, pool.map(_sheet, orders), strict=True):
            flawed += bool(flaws)
            sys.stdout.write(f"{order.file.name}\n" + "".join(f"  {flaw}\n" for flaw in flaws))
    sys.stdout.write(f"{len(orders)} reports in {asked.out}, {flawed} with something to mend\n")
    return 1 if flawed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=Path("out/contact-sheet"))
    parser.add_argument("--company", action="append", help="part of a name; all without")
    parser.add_argument("--language", action="append", choices=available())
    parser.add_argument("--size", action="append", choices=SIZES)
    parser.add_argument("--brand", action="append", choices=tuple(BRANDS))
    return parser.parse_args()


def _orders(asked: argparse.Namespace, source: KeepnetSource) -> Iterator[Order]:
    companies = [each for each in source.companies() if _wanted(each, asked.company)]
    looks = product(
        asked.language or available(), asked.size or SIZES, asked.brand or tuple(BRANDS)
    )
    for (language, size, brand), company in product(looks, companies):
        customer = Customer(
            company.company_id,
            company.name,
            company_name=company.name,
            language=language,
            time_zone="Europe/Berlin",
            page_size=size,
            brand=BRANDS[brand],
            targets={"training_completion": 80.0, "report_rate": 30.0},
        )
        name = f"{language}-{size}-{brand}-{file_part(company.name)}.png"
        yield Order(page_of(source, customer), asked.out / name)


def _wanted(company: Company, names: list[str] | None) -> bool:
    if not company.access_granted:
        return False
    return not names or any(name.casefold() in company.name.casefold() for name in names)


def _sheet(order: Order) -> tuple[str, ...]:
    """Print, lay out, save; answers the flaws."""
    with Press() as press:
        made = press.pdf(order.page)
    document = pypdfium2.PdfDocument(made.pdf)
    pages = [document[place].render(scale=0.75).to_pil() for place in range(len(document))]
    document.close()
    high = round(_WIDE * pages[0].height / pages[0].width)
    sheet = Image.new("RGB", (_WIDE * _ACROSS, high * math.ceil(len(pages) / _ACROSS)), "#888")
    for place, page in enumerate(pages):
        small = page.convert("RGB").resize((_WIDE, high), Image.Resampling.LANCZOS)
        sheet.paste(small, (_WIDE * (place % _ACROSS), high * (place // _ACROSS)))
    sheet.save(order.file)
    return made.flaws


if __name__ == "__main__":
    raise SystemExit(main())

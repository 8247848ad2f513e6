"""`preview`: what a report would look like, without sending or recording anything."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen import bundled
from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import complain, say
from reportgen.cli.surroundings import open_house
from reportgen.errors import ReportgenError, TemplateError

if TYPE_CHECKING:
    from reportgen.app.house import House
    from reportgen.views import Page


def preview(
    report: Annotated[str | None, typer.Option("--report", help="Which report.")] = None,
    customer: Annotated[
        str | None, typer.Option("--customer", help="Whose; name or company id.")
    ] = None,
    period: options.Period = None,
    html: Annotated[bool, typer.Option("--html", help="A web page instead of a PDF.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write.", show_default=False)
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Stay, and write anew when a template or the CSS changes."),
    ] = False,
    config: options.Config = CONFIG,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Write one report as a draft, to look at. Sends nothing and records nothing.

    Without options: the first report of the first customer. Exits with 1 when something on a page
    does not look as it should, such as text that leaves its box.
    """
    start_logging(log_level, log_format)
    with open_house(config, ("pdf_password",)) as house:
        from reportgen.app.orders import Order
        from reportgen.app.preview import preview_page

        order = Order((report,) if report else (), (customer,) if customer else (), period)
        page, name = preview_page(house, order)
        target = output or Path("out/preview") / f"{name}.{'html' if html else 'pdf'}"
        target.parent.mkdir(parents=True, exist_ok=True)
        flawless = _write(house, page, target, html=html)
        if watch:
            _follow(house, page, target, html=html)
        elif not flawless:
            raise typer.Exit(1)


def _write(house: "House", page: "Page", target: Path, *, html: bool) -> bool:
    """True when nothing about the print looks wrong; what does is said."""
    if html:
        target.write_bytes(house.press.html(page).encode())
        flaws: tuple[str, ...] = ()
    else:
        made = house.press.pdf(page)
        target.write_bytes(made.pdf)
        flaws = made.flaws
    say(f"Wrote {target}")
    for flaw in flaws:
        complain(flaw)
    return not flaws


def _follow(house: "House", page: "Page", target: Path, *, html: bool) -> None:
    import watchfiles

    folders = _folders(house)
    say(f"Watching {', '.join(str(folder) for folder in folders)}; Ctrl-C ends.")
    for _changes in watchfiles.watch(*folders, raise_interrupt=True):
        try:
            _write(house, page, target, html=html)
        except (TemplateError, ReportgenError) as error:
            complain(str(error))


def _folders(house: "House") -> tuple[Path, ...]:
    own: Iterable[Path] = (house.settings.templates,) if house.settings.templates else ()
    return (*own, bundled.TEMPLATES)

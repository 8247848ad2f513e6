"""From a page to HTML: the one file that knows Jinja2."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from reportgen import bundled
from reportgen.errors import TemplateError
from reportgen.language import words
from reportgen.model import Letter
from reportgen.rendering import charts
from reportgen.rendering.cleaning import clean, cleaned
from reportgen.rendering.drawing import Drawing
from reportgen.rendering.painter import painted
from reportgen.rendering.palette import palette
from reportgen.views import Page, SectionState, Status, Words


class Writer:
    """Writes pages and letters from templates; a user's own folder wins file by file."""

    def __init__(self, own: Path | None = None) -> None:
        folders = [*([own] if own else []), bundled.TEMPLATES]
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._plain = self._environment.overlay(autoescape=False)

    def html(self, page: Page, assets: str) -> str:
        """The whole document; `assets` is the address under which fonts and logos are found."""
        context = _context(page) | {"assets": assets, "css": self._css}
        return self._render(self._environment, page.template, context)

    def letter(self, page: Page, file_name: str, size: int) -> Letter:
        """The covering letter. The text's first line is the subject."""
        context = _context(page) | {"file_name": clean(file_name), "file_kib": -(-size // 1024)}
        text = self._render(self._plain, "letter.txt", context)
        html = self._render(self._environment, "letter.html", context)
        subject, _, body = text.strip().partition("\n")
        return Letter(" ".join(subject.split()), body.strip() + "\n", html)

    def _css(self, name: str) -> Markup:
        """A style sheet as it is; nothing from outside ever stands in one."""
        return Markup(self._source(name))  # noqa: S704 - a file of the template folders

    def _source(self, name: str) -> str:
        loader = self._environment.loader
        if loader is None:
            raise TemplateError(f"no template folder holds {name}")
        return loader.get_source(self._environment, name)[0]

    def _render(self, environment: Environment, name: str, context: dict[str, Any]) -> str:
        try:
            return environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            raise TemplateError(f"{error.name or name}:{error.lineno}: {error.message}") from error
        except TemplateNotFound as error:
            raise TemplateError(f"there is no template {error.name!r}") from error
        except (UndefinedError, SecurityError, JinjaError) as error:
            raise TemplateError(f"{_place(error, name)}: {error.message}") from error
        except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
            raise TemplateError(f"{_place(error, name)}: {error}") from error


def _place(error: BaseException, name: str) -> str:
    """Template and line in which an error arose."""
    trace, place = error.__traceback__, name
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.suffix in (".html", ".txt"):
            place = f"{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


# ---- what templates may use ----------------------------------------------------------------


def _context(page: Page) -> dict[str, Any]:
    page = cleaned(page)
    said = words(page.language)
    colours = palette(page.brand.primary, page.brand.accent)
    style = charts.Style(colours, said)
    local = page.data_as_of.astimezone(ZoneInfo(page.time_zone))
    return {
        "page": page,
        "t": said.text,
        "tn": said.plural,
        "number": said.number,
        "percent": said.percent,
        "amount": said.amount,
        "change": said.change,
        "date": said.day,
        "month": said.month,
        "period": said.period,
        "direction": said.direction,
        "colours": asdict(colours),
        "status_words": _status_words(said),
        "as_of": local,
        "as_of_text": f"{said.day(local.date())}, {local:%H:%M}",
        "shown": [view for view in page.sections if view.state is SectionState.SHOWN],
        "missing": [view for view in page.sections if view.state is not SectionState.SHOWN],
        "chart": _Charts(style).named(),
    }


def _status_words(said: Words) -> dict[str, str]:
    return {
        Status.ON_TRACK.value: said.text("On track"),
        Status.WATCH.value: said.text("Watch"),
        Status.ACT_NOW.value: said.text("Act now"),
    }


class _Charts:
    """The chart functions, each drawing with a name of its own."""

    def __init__(self, style: charts.Style) -> None:
        self._style = style
        self._count = 0

    def named(self) -> dict[str, Callable[..., Markup]]:
        """By the names templates use."""
        return {
            "lines": self._of(charts.trend_lines),
            "columns": self._of(charts.stacked_columns),
            "multiples": self._of(charts.small_multiples),
            "bullet": self._of(charts.bullet),
            "parts": self._of(charts.stacked_bar),
            "rank": self._of(charts.rank_bar),
            "spark": self._of(charts.spark),
            "cover": self._of(charts.cover_line),
        }

    def _of(self, draw: Callable[..., Drawing | None]) -> Callable[..., Markup]:
        def drawn(data: Any, *args: Any, **options: Any) -> Markup:
            found = draw(data, *args, style=self._style, **options)
            if found is None:
                return Markup()
            self._count += 1
            return Markup(painted(found, f"d{self._count}"))  # noqa: S704 - escaped by the painter

        return drawn

"""From a page to HTML: the one file that knows Jinja2."""

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
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
from markupsafe import Markup, escape

from reportgen import bundled
from reportgen.errors import TemplateError
from reportgen.language import words
from reportgen.model import Letter
from reportgen.rendering import charts
from reportgen.rendering.cleaning import clean, cleaned
from reportgen.rendering.comparing import against_before, against_goal, most_telling
from reportgen.rendering.drawing import Drawing
from reportgen.rendering.fitting import crowded
from reportgen.rendering.painter import painted
from reportgen.rendering.palette import palette
from reportgen.telling import short
from reportgen.views import Correction, Page, SectionState, Sentence, Status, Trend, Unit, Words

_LARGEST = 20_000_000
"""Letters of a document before it is laid out; real ones have a few hundred thousand."""
_ROOMY = 14
"""Up to so many exhibits the contents have room for wide lines."""


Place = Callable[[Drawing, int], Markup]
"""Puts a drawing, the so many-th of its document, into the document."""
CHART = "chart:"
"""How the addresses of drawings begin."""


class Writer:
    """Writes pages and letters from templates; a user's own folders win file by file."""

    def __init__(self, *own: Path) -> None:
        folders = (*own, bundled.TEMPLATES)
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._plain = self._environment.overlay(autoescape=False)

    def load(self) -> None:
        """Read every template there is now."""
        for name in self._environment.list_templates(extensions=("html", "txt")):
            self._environment.get_template(name)

    def html(self, page: Page, assets: str) -> str:
        """The whole document; `assets` is the address under which fonts and logos are found."""
        return self._document(page, assets, _inline)

    def printable(self, page: Page, assets: str) -> tuple[str, dict[str, Drawing]]:
        """The document with its drawings apart, each under the address of its place."""
        drawings: dict[str, Drawing] = {}

        def placed(drawing: Drawing, number: int) -> Markup:
            address = f"{CHART}{number}"
            drawings[address] = drawing
            return _place_for(drawing, address)

        return self._document(page, assets, placed), drawings

    def _document(self, page: Page, assets: str, place: Place) -> str:
        context = _context(page, place) | {"assets": assets, "css": self._css}
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
            return _bounded(environment.get_template(name).generate(context), name)
        except TemplateSyntaxError as error:
            raise TemplateError(f"{error.name or name}:{error.lineno}: {error.message}") from error
        except TemplateNotFound as error:
            raise TemplateError(f"there is no template {error.name!r}") from error
        except (UndefinedError, SecurityError, JinjaError) as error:
            raise TemplateError(f"{_place(error, name)}: {error.message}") from error
        except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
            raise TemplateError(f"{_place(error, name)}: {error}") from error
        except OSError as error:
            raise TemplateError(f"{error.filename or name}: {error.strerror or error}") from error


def _bounded(parts: Iterator[str], name: str) -> str:
    """All parts as one text, unless there is no end to it."""
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > _LARGEST:
            raise TemplateError(f"{name}: makes more than {_LARGEST // 10**6} million letters")
        kept.append(part)
    return "".join(kept)


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


def _inline(drawing: Drawing, number: int) -> Markup:
    """As SVG in its place."""
    return Markup(painted(drawing, f"d{number}"))  # noqa: S704 - escaped by the painter


def _place_for(drawing: Drawing, address: str) -> Markup:
    """An image that stands for it."""
    return Markup('<img class="{}" src="{}" alt="{}" style="width:{}pt;height:{}pt">').format(
        drawing.kind,
        address,
        drawing.alternative,
        round(drawing.width, 2),
        round(drawing.height, 2),
    )


def _context(page: Page, place: Place = _inline) -> dict[str, Any]:
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
        "split": _Numbers(said).split,
        "bare": _Numbers(said).bare,
        "signed": _Numbers(said).signed,
        "contact": _contact(page),
        "replaces": _replaces(page.correction, page.edition, said),
        "fingerprint": " ".join(textwrap.wrap(page.fingerprint[:16], 4)),
        "cover_trend": _cover_trend(page),
        "crowded": crowded(page),
        "dense": sum(view.state is SectionState.SHOWN for view in page.sections) > _ROOMY,
        "heading": lambda sentence: str(sentence).removesuffix("."),
        "capital": said.capital,
        "marked": _marked,
        "short": short,
        "telling": most_telling(page.figures),
        "against_before": lambda figure: against_before(figure, said),
        "against_goal": lambda figure: against_goal(figure, said),
        "chart": _Charts(style, place).named(),
    }


def _marked(sentences: tuple[Sentence, ...], most: int) -> Markup:
    """The sentences, with the first few of the values they quote set off."""
    parts: list[Markup] = []
    for sentence in sentences:
        text = escape(sentence.text)
        value = next((claim.printed for claim in sentence.claims if claim.part == "value"), "")
        if value and most and value in sentence.text:
            most -= 1
            text = text.replace(escape(value), Markup("<b>{}</b>").format(value), 1)
        parts.append(text)
    return Markup(" ").join(parts)


def _contact(page: Page) -> str:
    brand = page.brand
    known = (brand.contact_name or brand.name, brand.contact_email, brand.contact_phone)
    return ", ".join(part for part in known if part)


def _replaces(correction: Correction | None, edition: int, said: Words) -> tuple[str, ...]:
    """What a corrected edition stands in place of, and how much of it has changed."""
    if correction is None:
        return ()
    which = said.text(
        "This is edition {edition}. It replaces edition {earlier} of {day}.",
        edition=said.number(edition),
        earlier=said.number(correction.edition),
        day=said.day(correction.day),
    )
    return (which, *_how_much(correction, said))


def _how_much(correction: Correction, said: Words) -> Iterator[str]:
    """Nothing where only the exhibits can tell."""
    if not correction.on_file:
        yield said.text("Its figures are no longer on file, so the changes cannot be listed.")
    elif correction.count:
        yield said.plural(
            "{count} figure has changed.", "{count} figures have changed.", correction.count
        )
    elif not correction.exhibits:
        yield said.text("No figure has changed.")


def _cover_trend(page: Page) -> Trend | None:
    """The series the cover is drawn from: the first of the company's own against its peers."""
    trends = (view.data for view in page.sections if view.state is SectionState.SHOWN)
    return next(
        (
            data
            for data in trends
            if isinstance(data, Trend) and data.series[0].role == "company" and len(data.days) > 1
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class _Amount:
    """A value with the parts of its unit, to be set in smaller type."""

    before: str
    number: str
    after: str


class _Numbers:
    """Numbers without their units, for tables and large type."""

    def __init__(self, said: Words) -> None:
        self._said = said

    def split(self, value: float, unit: Unit) -> _Amount:
        """The number and what stands before and after it."""
        whole, number = self._said.amount(value, unit), self.bare(value, unit)
        before, _, after = whole.partition(number)
        return _Amount(before.strip(), number, after.strip())

    def bare(self, value: float, unit: Unit) -> str:
        """`11`, `1,210`, `3.43`."""
        return self._said.number(value, 2 if unit == "score" else 0)

    def signed(self, value: float, unit: Unit) -> str:
        """With a plus or a true minus; nought has no sign."""
        printed = self.bare(value, unit)
        positive = value > 0 and any(digit in printed for digit in "123456789")
        return f"+{printed}" if positive else printed


def _status_words(said: Words) -> dict[str, str]:
    return {
        Status.ON_TRACK.value: said.text("On track"),
        Status.WATCH.value: said.text("Watch"),
        Status.ACT_NOW.value: said.text("Act now"),
    }


class _Charts:
    """The chart functions, each drawing with a name of its own."""

    def __init__(self, style: charts.Style, place: Place) -> None:
        self._style = style
        self._place = place
        self._count = 0

    def named(self) -> dict[str, Callable[..., Markup | int]]:
        """By the names templates use."""
        return {
            "lines": self._of(charts.trend_lines),
            "shares": self._of(charts.share_bars),
            "multiples": self._of(charts.small_multiples),
            "campaign": self._of(charts.campaign_bar),
            "rank": self._of(charts.rank_bar),
            "dumbbells": self._of(charts.dumbbells),
            "histogram": self._of(charts.histogram),
            "outcomes": self._of(charts.outcome_bars),
            "failures": self._of(charts.failure_times),
            "people": self._of(charts.people_dots),
            "impact": self._of(charts.impact_columns),
            "parts": self._of(charts.stacked_bar),
            "activity": self._of(charts.activity_bars),
            "enrolments": self._of(charts.enrolment_columns),
            "culture": self._of(charts.culture_scale),
            "bullet": self._of(charts.bullet),
            "spark": self._of(charts.spark),
            "cover": self._of(charts.cover_line),
            "dot": charts.dot_stands_for,
        }

    def _of(self, draw: Callable[..., Drawing | None]) -> Callable[..., Markup]:
        def drawn(data: Any, *args: Any, **options: Any) -> Markup:
            found = draw(data, *args, style=self._style, **options)
            if found is None:
                return Markup()
            self._count += 1
            return self._place(found, self._count)

        return drawn

"""From HTML to PDF: the one file that knows WeasyPrint."""

import logging
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from urllib.parse import unquote_to_bytes

from weasyprint import HTML, Attachment
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reportgen.errors import RenderingError, ReportgenError, TemplateError
from reportgen.rendering.drawing import Drawing
from reportgen.rendering.finishing import finish
from reportgen.rendering.logos import Picture
from reportgen.rendering.pdf_painter import pictures
from reportgen.rendering.proofreading import flaws
from reportgen.rendering.tuning import let_go, tune

ASSETS = "https://assets.invalid/"
"""The address under which a document finds its fonts and logos; it leads nowhere else."""
FIGURES = "figures.json"
"""Name of the copy for machines inside a document."""
_SERVED = (".otf", ".ttf", ".woff2", ".svg", ".png", ".jpg", ".jpeg", ".css")
_INLINE = "data:image/svg+xml"
_CURE = "export it as plain SVG, with shapes only"
_MOST_FLAWS, _LONGEST_FLAW = 100, 300
"""Told of one document, and letters of each."""
_LARGEST = 4 * 1024 * 1024
tune()


@dataclass(frozen=True, slots=True)
class Material:
    """Everything one document is printed from."""

    html: str
    folders: tuple[str, ...]
    """Template folders, the first one that holds a file wins."""
    logos: Mapping[str, Picture]
    """By their names in the document, made safe."""
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    """Address such as `chart:1` → what is drawn there."""
    figures: bytes = b""
    """The machine-readable copy of the figures, JSON; empty for none."""


def engine() -> dict[str, str]:
    """Name and version of the native library that shapes the text."""
    number = pango.pango_version()
    return {"pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}"}


def print_pdf(material: Material) -> tuple[bytes, tuple[str, ...]]:
    """
    The PDF and whatever WeasyPrint warned about. The same material gives the same bytes.

    Raises TemplateError for anything a template may not fetch, RenderingError for all else.
    """
    listener = _Listener()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(listener)
    try:
        pdf, found = _printed(material)
        listener.refuse_holes(material.logos)
        lines = (line[:_LONGEST_FLAW] for line in (*dict.fromkeys(listener.lines), *found))
        return pdf, tuple(islice(lines, _MOST_FLAWS))
    except FatalURLFetchingError as error:
        raise TemplateError(str(error)) from None
    except (ReportgenError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise RenderingError(f"the PDF could not be made: {type(error).__name__}") from error
    finally:
        let_go()
        logger.removeHandler(listener)


def _printed(material: Material) -> tuple[bytes, tuple[str, ...]]:
    """The PDF, and what looks wrong in it."""
    html = HTML(string=material.html, base_url=ASSETS, url_fetcher=_Fetcher(material))
    document = html.render(font_config=_fonts(), cache=pictures(material.drawings))
    found = tuple(str(flaw) for flaw in flaws(document))
    if material.figures:
        document.metadata.attachments = [*document.metadata.attachments, _figures(material)]
    pdf = document.write_pdf(
        finisher=finish,
        pdf_variant="pdf/ua-1",
        pdf_identifier=_identifier(material),
        pdf_tags=True,
        custom_metadata=False,
    )
    if pdf is None:
        raise RenderingError("the PDF engine gave nothing back")
    return bytes(pdf), found


def _identifier(material: Material) -> bytes:
    """The same for the same material, on every machine."""
    return sha256(material.html.encode() + material.figures).hexdigest()[:32].encode()


def _figures(material: Material) -> Attachment:
    """The copy for machines. Its dates would be the clock's, so they are the epoch's."""
    moment = datetime(2000, 1, 1, tzinfo=UTC)
    return Attachment(
        string=material.figures,
        name=FIGURES,
        description="Figures of this report, for machines",
        created=moment,
        modified=moment,
    )


@cache
def _fonts() -> FontConfiguration:
    """Kept between documents: loading the fonts costs a fifth of a render."""
    return FontConfiguration()


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves the template folders and the brand's logos; everything else stops the render."""

    def __init__(self, material: Material) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._folders = tuple(Path(folder).resolve() for folder in material.folders)
        self._logos = material.logos

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file behind an address of this document."""
        if url.startswith(_INLINE):
            return _inline(url)
        name = url.removeprefix(ASSETS)
        if name in self._logos:
            logo = self._logos[name]
            return URLFetcherResponse(url, logo.data, {"Content-Type": logo.kind})
        file = self._file(name) if url.startswith(ASSETS) else None
        if file is None:
            raise FatalURLFetchingError(
                f"a template asks for {url[:80]!r}; it may use files of the template folders only"
            )
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    def _file(self, name: str) -> Path | None:
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or PurePosixPath(name).suffix not in _SERVED:
            return None
        for folder in self._folders:
            file = (folder / name).resolve()
            if file.is_relative_to(folder) and file.is_file() and file.stat().st_size < _LARGEST:
                return file
        return None


def _inline(url: str) -> URLFetcherResponse:
    """Small drawings that stand in a style sheet; they may fetch nothing themselves."""
    _, _, data = url.partition(",")
    return URLFetcherResponse(url, unquote_to_bytes(data), {"Content-Type": "image/svg+xml"})


class _Listener(logging.Handler):
    """Collects what WeasyPrint says.

    What it calls an error would leave a hole in the document: a picture that did not load, a
    drawing without words. It only logs that; here it stops the render.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.errors: list[str] = []

    def refuse_holes(self, logos: Mapping[str, Picture]) -> None:
        """Raise TemplateError for the first error, if there was one; logos by their own names."""
        for error in self.errors:
            for name, logo in logos.items():
                if f"{ASSETS}{name}" in error:
                    raise TemplateError(f"the logo {logo.name} cannot be drawn; {_CURE}")
            raise TemplateError(f"the PDF engine refuses: {error[:200]}")

    def emit(self, record: logging.LogRecord) -> None:
        lines = self.errors if record.levelno >= logging.ERROR else self.lines
        lines.append(record.getMessage())

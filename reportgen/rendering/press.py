"""The press: pages become PDFs in a process of their own, which can be ended at any time."""

import base64
import logging
import multiprocessing
import tempfile
from collections.abc import Mapping
from concurrent.futures import TimeoutError as FutureTimeout
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool
from pydantic import SecretStr

from reportgen import bundled
from reportgen.errors import RenderingError, TemplateError
from reportgen.model import Letter, Print
from reportgen.rendering import logos, origins
from reportgen.rendering.html import Writer
from reportgen.rendering.machine import figures_json
from reportgen.rendering.pdf import ASSETS, Material, print_pdf
from reportgen.rendering.pdf_painter import available
from reportgen.rendering.scratch import Scratch
from reportgen.views import Page

log = logging.getLogger(__name__)

_SECONDS = 120.0
"""A report takes about two; one that takes this long will never end."""
_RENDERS = 50
"""After so many a worker is replaced, so that it cannot grow for ever."""
_MEMORY = 3 * 1024**3
"""Bytes of address space a worker may have."""


class Press:
    """`pipeline.Press`; a context manager. The worker starts with the first page.

    In the user's own folders of templates, the first one that holds a file wins.
    """

    def __init__(self, *own: Path | None, seconds: float = _SECONDS) -> None:
        self._own = tuple(folder for folder in own if folder)
        self._seconds = seconds
        self._writer = Writer(*self._own)
        self._scratch = Scratch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if "_pool" in self.__dict__:
            self._pool.stop()  # type: ignore[no-untyped-call]  # the library has no types here
            self._pool.join()
        self._scratch.cleanup()

    @cached_property
    def _pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=1,
            max_tasks=_RENDERS,
            initializer=_prepare,
            initargs=(self._scratch.name,),
            context=multiprocessing.get_context("spawn"),
        )

    def pdf(self, page: Page) -> Print:
        """The PDF of a page, and its flaws. Raises TemplateError or RenderingError."""
        task = self._pool.schedule(print_pdf, (self._material(page),), timeout=self._seconds)
        try:
            pdf, warnings = task.result()
        except FutureTimeout as error:
            raise RenderingError(
                f"the PDF was not ready after {self._seconds:g} s and was given up"
            ) from error
        except (ProcessExpired, MemoryError) as error:
            raise RenderingError("the process that makes the PDF died") from error
        for warning in warnings:
            log.warning("the PDF engine says: %s", warning)
        return Print(pdf, warnings)

    def html(self, page: Page) -> str:
        """The page for a browser: one file that needs nothing else."""
        html = self._writer.html(page, ASSETS)
        for name, path in logos.prepared(page.brand, self._scratch).items():
            html = html.replace(f"{ASSETS}{name}", _as_data(Path(path)))
        for file in (bundled.TEMPLATES / "fonts").iterdir():
            address = f"{ASSETS}fonts/{file.name}"
            if address in html:
                html = html.replace(address, _as_data(file))
        return html

    def letter(self, page: Page, file_name: str, size: int) -> Letter:
        """The covering letter for a PDF of this name and size. Raises TemplateError."""
        return self._writer.letter(page, file_name, size)

    def protect(self, pdf: bytes, password: SecretStr) -> bytes:
        """A copy that opens with this password only. Raises RenderingError."""
        from reportgen.rendering.protecting import protected  # few customers need the library

        return protected(pdf, password.get_secret_value())

    def made_with(self) -> Mapping[str, str]:
        """Versions and digests of whatever shapes a document, as of now. Raises TemplateError."""
        try:
            return origins.made_with(*self._own)
        except OSError as error:
            raise TemplateError(f"{error.filename}: {error.strerror}; mend its rights") from error

    def _material(self, page: Page) -> Material:
        """What the PDF is printed from; drawings go straight into it where that was tested."""
        folders = (*self._own, bundled.TEMPLATES)
        if available():
            html, drawings = self._writer.printable(page, ASSETS)
        else:
            html, drawings = self._writer.html(page, ASSETS), {}
        return Material(
            html=html,
            folders=tuple(str(folder) for folder in folders),
            logos=logos.prepared(page.brand, self._scratch),
            drawings=drawings,
            figures=figures_json(page),
        )


def _as_data(file: Path) -> str:
    kinds = {".svg": "image/svg+xml", ".png": "image/png", ".otf": "font/otf", ".ttf": "font/ttf"}
    data = base64.b64encode(file.read_bytes()).decode()
    return f"data:{kinds.get(file.suffix, 'application/octet-stream')};base64,{data}"


def _prepare(scratch: str) -> None:
    """In a new worker: bound its memory where the platform can, and keep its litter together.

    The PDF engine leaves a folder of fonts behind when its process is ended.
    """
    tempfile.tempdir = scratch
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))

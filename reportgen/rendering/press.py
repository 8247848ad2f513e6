"""The press: pages become documents in caged processes, which can be ended at any time."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from reportgen.errors import TemplateError
from reportgen.model import Brand, Letter, Print
from reportgen.rendering import logos, origins
from reportgen.rendering.cage import Bounds, Cage
from reportgen.rendering.orders import Order
from reportgen.rendering.scratch import Scratch
from reportgen.rendering.workers import Workers
from reportgen.views import Page

log = logging.getLogger(__name__)

_USUAL = Bounds()


class Press:
    """`pipeline.Press`; a context manager, safe under threads. Workers start with the first page.

    In the user's own folders of templates, the first one that holds a file wins.
    """

    def __init__(self, *own: Path | None, bounds: Bounds = _USUAL) -> None:
        self._own = tuple(folder for folder in own if folder)
        self._scratch = Scratch()
        self._cage = Cage(self._folders, self._scratch.name, bounds)
        self._workers = Workers(1, self._cage)
        self._remarks: tuple[str, ...] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._workers.close()
        self._scratch.cleanup()

    @contextmanager
    def staffed(self, count: int) -> Iterator[None]:
        """So many workers at once meanwhile; they go afterwards, with all their memory."""
        usual = self._workers
        self._workers = Workers(count, self._cage)
        try:
            yield
        finally:
            self._workers.close()
            self._workers = usual

    def stop(self) -> None:
        """Make no more: whatever is under way or asked for ends with Interrupted."""
        self._workers.stop()

    def pdf(self, page: Page) -> Print:
        """
        The PDF of a page, and its flaws.

        Raises TemplateError, RenderingError, or ConfigError for a logo that cannot be used.
        """
        pdf, warnings = self._made("pdf", self._order(page))
        for warning in warnings:
            log.warning("the PDF engine says: %s", warning)
        return Print(pdf, warnings)

    def html(self, page: Page) -> str:
        """The page for a browser: one file that needs nothing else. Raises as `pdf`."""
        return str(self._made("html", self._order(page)))

    def letter(self, page: Page, file_name: str, size: int) -> Letter:
        """The covering letter for a PDF of this name and size. Raises as `pdf`."""
        order = Order(page, self._folders, {})
        found: Letter = self._made("letter", order, file_name, size)
        return found

    def check(self) -> tuple[str, ...]:
        """Which walls around the worker this system lacks. Raises RenderingError."""
        self._made("look_at", {})
        return self._remarks or ()

    def check_logos(self, brand: Brand) -> int:
        """How many logos the brand has. Raises as `pdf` for one that cannot."""
        return int(self._made("look_at", logos.given(brand)))

    def protect(self, pdf: bytes, password: SecretStr) -> bytes:
        """A copy that opens with this password only. Raises RenderingError."""
        from reportgen.rendering.protecting import protected  # few customers need the library

        return protected(pdf, password.get_secret_value())

    def made_with(self) -> Mapping[str, str]:
        """Versions and digests of whatever shapes a document, as of now. Raises TemplateError."""
        try:
            return origins.made_with(*self._own, engine=self._engine)
        except OSError as error:
            raise TemplateError(f"{error.filename}: {error.strerror}; mend its rights") from error

    @cached_property
    def _engine(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._made("engine")
        return found

    @property
    def _folders(self) -> tuple[str, ...]:
        return tuple(str(folder) for folder in self._own)

    def _order(self, page: Page) -> Order:
        return Order(page, self._folders, logos.given(page.brand))

    def _made(self, work: str, *arguments: object) -> Any:
        made, remarks = self._workers.made(work, *arguments)
        self._tell(remarks)
        return made

    def _tell(self, remarks: tuple[str, ...]) -> None:
        """Once for each press."""
        if self._remarks is None and remarks:
            log.info("the document worker is held less than it could be: %s", ", ".join(remarks))
        self._remarks = remarks

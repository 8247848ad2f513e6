"""The press: pages become documents in caged processes, which can be ended at any time."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from reportgen.errors import Interrupted, RenderingError, TemplateError
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
        self._engine: Mapping[str, str] = {}
        """Versions of the native libraries; empty until a worker has told them."""
        self._expecting = threading.Lock()
        self._expected: Workers | None = None

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

    def expect(self) -> None:
        """A page will come soon: let the workers come already. Does not wait for them."""
        with self._expecting:
            if self._expected is not self._workers:
                self._expected = self._workers
                threading.Thread(target=self._ask_versions, name="workers", daemon=True).start()

    def _ask_versions(self) -> None:
        """The first question of all, so that nobody waits for its answer behind many pages."""
        with suppress(RenderingError, Interrupted):
            self._engine = self._made("engine")

    def stop(self) -> None:
        """Make no more: whatever is under way or asked for ends with Interrupted."""
        self._workers.stop()

    def pdf(self, page: Page, file_name: str = "") -> Print:
        """
        The PDF of a page, and its flaws; with a name also the letter that goes with the file.

        Raises TemplateError, RenderingError, or ConfigError for a logo that cannot be used.
        """
        pdf, warnings, letter = self._made("pdf", self._order(page), file_name)
        for warning in warnings:
            log.warning("the PDF engine says: %s", warning)
        return Print(pdf, warnings, letter)

    def html(self, page: Page) -> str:
        """The page for a browser: one file that needs nothing else. Raises as `pdf`."""
        return str(self._made("html", self._order(page)))

    def letter(self, page: Page, file_name: str, size: int) -> Letter:
        """The covering letter for a PDF of this name and size. Raises as `pdf`."""
        found: Letter = self._made("letter", Order(page, self._folders, {}), file_name, size)
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
            engine = self._engine or self._made("engine")
            return origins.made_with(*self._own, engine=engine)
        except OSError as error:
            raise TemplateError(f"{error.filename}: {error.strerror}; mend its rights") from error

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

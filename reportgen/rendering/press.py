"""The press: pages become documents in a caged process, which can be ended at any time."""

import logging
import multiprocessing
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as FutureTimeout
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pebble import ProcessExpired, ProcessPool
from pydantic import SecretStr

from reportgen.errors import RenderingError, TemplateError
from reportgen.model import Brand, Letter, Print
from reportgen.rendering import cage, logos, origins, workshop
from reportgen.rendering.cage import Bounds
from reportgen.rendering.scratch import Scratch
from reportgen.views import Page

log = logging.getLogger(__name__)

_USUAL = Bounds()
_TASKS = 100
"""After so many (two for a report) a worker is replaced, so that it cannot grow for ever."""
_START = 120.0
"""Seconds a new worker may take until it begins."""
_CURE = "look into its templates and logos for what is too much"


class Press:
    """`pipeline.Press`; a context manager. The worker starts with the first page.

    In the user's own folders of templates, the first one that holds a file wins.
    """

    def __init__(self, *own: Path | None, bounds: Bounds = _USUAL) -> None:
        self._own = tuple(folder for folder in own if folder)
        self._bounds = bounds
        self._scratch = Scratch()
        self._remarks: tuple[str, ...] | None = None

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
        folders = tuple(str(folder) for folder in self._own)
        return ProcessPool(
            max_workers=1,
            max_tasks=_TASKS,
            initializer=cage.enter,
            initargs=(cage.Cage(folders, self._scratch.name, self._bounds),),
            context=multiprocessing.get_context("spawn"),
        )

    def pdf(self, page: Page) -> Print:
        """
        The PDF of a page, and its flaws.

        Raises TemplateError, RenderingError, or ConfigError for a logo that cannot be used.
        """
        pdf, warnings = self._made(workshop.pdf, self._order(page))
        for warning in warnings:
            log.warning("the PDF engine says: %s", warning)
        return Print(pdf, warnings)

    def html(self, page: Page) -> str:
        """The page for a browser: one file that needs nothing else. Raises as `pdf`."""
        return str(self._made(workshop.html, self._order(page)))

    def letter(self, page: Page, file_name: str, size: int) -> Letter:
        """The covering letter for a PDF of this name and size. Raises as `pdf`."""
        order = workshop.Order(page, self._folders, {})
        found: Letter = self._made(workshop.letter, order, file_name, size)
        return found

    def check(self) -> tuple[str, ...]:
        """Which walls around the worker this system lacks. Raises RenderingError."""
        self._made(workshop.look_at, {})
        return self._remarks or ()

    def check_logos(self, brand: Brand) -> int:
        """How many logos the brand has. Raises as `pdf` for one that cannot."""
        return int(self._made(workshop.look_at, logos.given(brand)))

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

    @property
    def _folders(self) -> tuple[str, ...]:
        return tuple(str(folder) for folder in self._own)

    def _order(self, page: Page) -> workshop.Order:
        return workshop.Order(page, self._folders, logos.given(page.brand))

    def _made(self, work: Callable[..., Any], *arguments: object) -> Any:
        """What the worker makes; whatever it does to itself ends in one error here."""
        task = self._pool.schedule(
            workshop.at_work, (self._bounds, work, *arguments), timeout=self._bounds.wall
        )
        try:
            made, remarks = task.result(self._bounds.wall + _START)
        except FutureTimeout as error:
            raise RenderingError(
                f"the document was not ready after {self._bounds.wall:g} s and was given up; "
                f"{_CURE}"
            ) from error
        except ProcessExpired as error:
            raise RenderingError(f"{_why(error.exitcode, self._bounds)}; {_CURE}") from error
        self._tell(remarks)
        return made

    def _tell(self, remarks: tuple[str, ...]) -> None:
        """Once for each press."""
        if self._remarks is None and remarks:
            log.info("the document worker is held less than it could be: %s", ", ".join(remarks))
        self._remarks = remarks


def _why(status: int, bounds: Bounds) -> str:
    """What a worker died of."""
    if status == -_signal("SIGXCPU"):
        return f"the document took more than {bounds.processor} s of processor time"
    if status in (workshop.OUT_OF_MEMORY, -_signal("SIGABRT"), -_signal("SIGTRAP")):
        return f"the document needed more than {bounds.memory // 1024**2} MB of memory"
    return f"the process that makes documents died (status {status})"


def _signal(name: str) -> int:
    """Its number; one that no status equals where the system has no such signal."""
    return int(getattr(signal, name, 1000))

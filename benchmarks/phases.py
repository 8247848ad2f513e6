"""Which stage of a document takes how long: the worker's own functions, timed in this process."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import GeneratorType
from typing import Any

import weasyprint
import weasyprint.document
import weasyprint.pdf

from reportgen.rendering import finishing, pace, pdf, workshop
from reportgen.rendering.press import Press
from reportgen.rendering.tuning.swaps import Swap
from reportgen.views import Page

_STAGES: tuple[tuple[Any, str, str], ...] = (
    (workshop, "material", "templates and charts"),
    (weasyprint.HTML, "__init__", "HTML"),
    (weasyprint.document, "get_all_computed_styles", "CSS"),
    (weasyprint.document, "build_formatting_structure", "layout"),
    (weasyprint.document, "layout_document", "layout"),
    (pdf, "flaws", "proofreading"),
    (weasyprint.document.Page, "paint", "drawing"),
    (weasyprint.pdf, "add_tags", "tags"),
    (weasyprint.pdf, "build_fonts_dictionary", "fonts"),
    (finishing, "write", "writing"),
)
"""Whose function, its name, and the stage it belongs to."""
_REST = "all else"


class Stopwatch:
    """Processor time of each stage; what stands inside of another counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open = [_REST]
        self._since = time.process_time()

    def _turn(self) -> None:
        now = time.process_time()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Everything meanwhile belongs to it."""
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time taken; a generator is run to its end."""

        def call(*arguments: Any, **options: Any) -> Any:
            with self.stage(name):
                made = function(*arguments, **options)
                return iter(tuple(made)) if isinstance(made, GeneratorType) else made

        return call


def phases(page: Page, rounds: int = 9) -> dict[str, float]:
    """Median seconds of each stage, under the worker's own pace."""
    with Press() as press:
        order = press._order(page)
    workshop.pdf(order)
    pace.settled()
    found = [_once(order) for _ in range(rounds)]
    return {name: statistics.median(one[name] for one in found) for name in found[0]}


def _once(order: Any) -> dict[str, float]:
    watch = Stopwatch()
    watch.seconds.update((stage, 0.0) for _owner, _name, stage in _STAGES)
    swaps = [Swap((owner,), name, partial(watch.timed, stage)) for owner, name, stage in _STAGES]
    for swap in swaps:
        swap.put_in()
    try:
        with watch.stage(_REST):
            pace.unhindered(workshop.pdf, order)
    finally:
        for swap in swaps:
            swap.take_out()
    return {**watch.seconds, "together": sum(watch.seconds.values())}

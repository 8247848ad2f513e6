"""Of the end of a document: what it was laid out with is taken apart at once.

Its parts hold each other; left to the collector they cost a fortieth of a render.
"""

from collections.abc import Callable
from typing import Any

from weasyprint.document import Document

from reportgen.rendering.tuning.swaps import Swap

_under_way: list[Any] = []
"""Layout contexts of documents that are not done with."""


def _noted(original: Any) -> Any:
    build: Callable[..., Any] = original.__func__

    def noted(cls: type[Document], *arguments: Any, **options: Any) -> Any:
        context = build(cls, *arguments, **options)
        _under_way.append(context)
        return context

    return classmethod(noted)


def let_go() -> None:
    """Take apart what documents that are done with have left."""
    while _under_way:
        context = _under_way.pop()
        for style in context.style_for._computed_styles.values():
            vars(style).clear()
            style.clear()
        vars(context).clear()


SWAPS = (Swap((Document,), "_build_layout_context", _noted),)

"""The life of a worker: into the cage, then one piece of work after the other."""

import os
from typing import Any

from reportgen.errors import RenderingError, TemplateError
from reportgen.rendering import cage
from reportgen.rendering.orders import OUT_OF_MEMORY


def begin(walls: cage.Cage) -> None:
    """Into the cage, with what the work needs loaded before. Raises nothing."""
    import reportgen.rendering.kit  # noqa: F401 - the engine, loaded while files may be read

    cage.enter(walls)


def at_work(bounds: cage.Bounds, work: str, *arguments: object) -> tuple[Any, tuple[str, ...]]:
    """What a function of `workshop` gives, and what the cage lacks.

    A worker out of memory ends itself. Raises RenderingError outside of a cage, or without engine.
    """
    from reportgen.rendering import kit

    if kit.trouble:
        raise RenderingError(
            f"the PDF engine cannot be loaded ({kit.trouble}); install the libraries it needs, see "
            "Installation in docs/operating.md"
        )
    from reportgen.rendering import pace, workshop  # the engine: here alone, never in the press

    if cage.trouble:
        raise RenderingError(f"the process that makes documents is not caged: {cage.trouble}")
    cage.allow_time(bounds)
    try:
        return pace.unhindered(getattr(workshop, work), *arguments), cage.remarks
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except RecursionError:
        raise TemplateError(
            "a template or logo nests its parts too deeply; make it flatter"
        ) from None

"""Quicker ways to the same bytes inside the PDF engine.

Each module here holds replacements for functions of WeasyPrint and pydyf that a profile named. They
reach into what is not documented, so they are used with exactly the versions they were tested with;
with any other the engine runs as it comes, only slower. Tests print the same documents both ways
and compare the bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from reportgen.rendering.tuning import (
    cascade,
    drawing,
    glyphs,
    layout,
    parsing,
    parting,
    pictures,
    sheets,
    values,
    writing,
)

TESTED = {
    "weasyprint": "70.0",
    "pydyf": "0.13.0",
    "cssselect2": "0.10.1",
    "tinycss2": "1.5.1",
    "tinyhtml5": "2.1.0",
}
SWAPS = (
    *parsing.SWAPS,
    *sheets.SWAPS,
    *cascade.SWAPS,
    *values.SWAPS,
    *layout.SWAPS,
    *drawing.SWAPS,
    *glyphs.SWAPS,
    *pictures.SWAPS,
    *writing.SWAPS,
    *parting.SWAPS,
)
let_go = parting.let_go


def fitting() -> bool:
    """True with the versions that the replacements were tested with."""
    return all(version(name) == tested for name, tested in TESTED.items())


def tune() -> bool:
    """Put the replacements in, if they fit. For the life of the process; repeating is harmless."""
    if not fitting():
        return False
    for swap in SWAPS:
        swap.put_in()
    return True


@contextmanager
def untuned() -> Iterator[None]:
    """The engine as it comes, to compare with."""
    for swap in reversed(SWAPS):
        swap.take_out()
    try:
        yield
    finally:
        tune()

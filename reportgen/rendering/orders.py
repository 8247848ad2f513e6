"""What the press and its workers say to each other. Light: the press itself makes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.rendering import logos
from reportgen.views import Page

OUT_OF_MEMORY = 77
"""Exit status of a worker that needed more memory than it may have."""


@dataclass(frozen=True, slots=True)
class Order:
    """One document to be made."""

    page: Page
    folders: tuple[str, ...]
    """The user's own folders of templates; the first one that holds a file wins."""
    logos: Mapping[str, logos.Given]
    """By their names in the document, as they came."""

"""What does not look as it should, found in the finished layout.

Text that leaves its box or its page, and boxes of a fixed height with too much in them. It reads
WeasyPrint's layout tree, which is not a documented interface: with any version it was not tested
with, nothing is found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes

TESTED = "70."
_BLANK = 0.3
"""The width of a blank at the most, in font sizes."""
_SLACK = 1.6
"""CSS pixels that nobody sees."""
_OUT_OF_FLOW = ("absolute", "fixed")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One place that does not look right."""

    page: int
    element: str
    """Tag, class or id, and first words."""
    what: str

    def __str__(self) -> str:
        return f"page {self.page}, {self.element}: {self.what}"


def flaws(document: Any) -> tuple[Flaw, ...]:
    """Everything wrong with a laid-out document, page by page, each thing once."""
    if not str(weasyprint.__version__).startswith(TESTED):
        return ()
    found = (
        flaw
        for number, page in enumerate(document.pages, 1)
        for flaw in _of_page(number, page._page_box)
    )
    return tuple(dict.fromkeys(found))


def _of_page(number: int, page: Any) -> Iterator[Flaw]:
    for box in page.children:
        if not isinstance(box, boxes.MarginBox):
            yield from _of_box(number, page, box)


def _of_box(number: int, page: Any, box: Any) -> Iterator[Flaw]:
    """The box itself, then what is inside it; what is placed freely may go where it likes."""
    if box.style["position"] in _OUT_OF_FLOW:
        return
    if isinstance(box, boxes.BlockContainerBox):
        yield from _of_block(number, page, box)
    for child in _children(box):
        yield from _of_box(number, page, child)


def _children(box: Any) -> list[Any]:
    if not isinstance(box, boxes.ParentBox):
        return []
    return [child for child in box.children if isinstance(child, boxes.Box)]


def _of_block(number: int, page: Any, block: Any) -> Iterator[Flaw]:
    bottom = page.content_box_y() + page.height
    for line in (child for child in _children(block) if isinstance(child, boxes.LineBox)):
        if _leaves_sideways(line, block):
            yield Flaw(number, _named(block), "its text is wider than its box")
        if line.position_y + line.height > bottom + _SLACK:
            yield Flaw(number, _named(block), "its text runs over the end of the page")
    height = block.style["height"]
    if height != "auto" and block.height > 0 and not _may_clip(block):
        lowest = max((_bottoms(block)), default=0.0)
        if lowest > block.content_box_y() + block.height + _SLACK:
            yield Flaw(number, _named(block), "its content is taller than its box")


def _may_clip(box: Any) -> bool:
    return box.element is not None and "data-may-clip" in box.element.attrib


def _in_flow(line: Any) -> list[Any]:
    return [
        child
        for child in _children(line)
        if child.style["float"] == "none" and child.style["position"] not in _OUT_OF_FLOW
    ]


def _leaves_sideways(line: Any, block: Any) -> bool:
    start, end, slack = block.content_box_x(), block.content_box_x() + block.width, _slack(block)
    return any(left < start - slack or right > end + slack for left, right in _spans(line))


def _slack(block: Any) -> float:
    """Right to left the engine moves a line by the blank that it takes off its end."""
    blank = _BLANK * block.style["font_size"] if block.style["direction"] == "rtl" else 0
    return max(_SLACK, blank)


def _spans(line: Any) -> Iterator[tuple[float, float]]:
    """From where to where the texts of a line run."""
    for child in _in_flow(line):
        if isinstance(child, boxes.TextBox):
            if child.text.strip():
                yield child.position_x, child.position_x + child.width
        elif isinstance(child, boxes.InlineBox):
            yield from _spans(child)


def _bottoms(box: Any) -> Iterator[float]:
    """Where the lines and pictures inside end."""
    for child in _children(box):
        if child.style["position"] in _OUT_OF_FLOW:
            continue
        if isinstance(child, boxes.LineBox | boxes.ReplacedBox):
            yield child.position_y + child.height
        else:
            yield from _bottoms(child)


def _named(box: Any) -> str:
    element = box.element
    name = "" if element is None else str(element.tag)
    if element is not None:
        name += "".join(f".{part}" for part in str(element.get("class", "")).split())
        name += f"#{element.get('id')}" if element.get("id") else ""
    words = " ".join(_texts(box)).split()
    return f'{name} "{" ".join(words[:6])}"'


def _texts(box: Any) -> Iterator[str]:
    for child in _children(box):
        if isinstance(child, boxes.TextBox):
            yield child.text
        else:
            yield from _texts(child)

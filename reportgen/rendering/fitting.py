"""Whether the summary fits its one page, worked out from the widths of its words."""

import math
from collections.abc import Iterable

from reportgen.rendering.lettering import text_width
from reportgen.views import Page

_HEIGHT = {"A4": 703.0, "Letter": 673.0}
"""Points from the top margin to the bottom one."""
_WIDE, _HALF = 468.0, 232.0
"""Points a line of the headline or of half a page is long."""
_SPARE = 1.04
"""Words break at spaces, so lines are not filled to their ends."""


def crowded(page: Page) -> bool:
    """True when the summary must say less to stay on its page."""
    return _needed(page) > _HEIGHT[page.page_size]


def _needed(page: Page) -> float:
    """Height of the summary in points, with everything on it."""
    top = 17 + _lines(str(page.headline), 22, _WIDE, bold=True) * 26.5 + 10
    lede = _lines(" ".join(map(str, page.lede)), 10.4, 448) * 15 + 15
    cards = math.ceil(len(page.figures) / 3) * 112
    decision = 24 + _lines(str(page.decision), 9.2, 450) * 13 if page.decision else 0
    return top + lede + cards + 30 + max(_findings(page), _actions(page)) + decision


def _findings(page: Page) -> float:
    return sum(
        _item(str(finding.title), [" ".join(map(str, finding.text[:2])) + " Exhibit 00, p. 00"])
        for finding in page.findings
    )


def _actions(page: Page) -> float:
    return sum(
        _item(f"1. {action.text}", [f"{action.owner}, 00 Xxx. Measured by: {action.measure}."])
        for action in page.actions
    )


def _item(title: str, texts: Iterable[str]) -> float:
    below = sum(_lines(text, 9.2, _HALF) * 12.9 for text in texts)
    return _lines(title, 9.6, _HALF - 12, bold=True) * 13 + below + 15


def _lines(text: str, size: float, width: float, *, bold: bool = False) -> int:
    return max(math.ceil(text_width(text, size, bold=bold) * _SPARE / width), 1)

"""Of pages that are made more than once.

Page numbers in a table of contents are known only when all pages are made, so the engine makes the
pages again that show them; and once more, since the number of all pages is told to them as well,
whether they show it or not. A page that would be made from what it was made from is kept.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from weasyprint.css import targets
from weasyprint.formatting_structure import boxes
from weasyprint.layout import page as pages

from reportgen.rendering.tuning.swaps import Swap

Context = Any
"""What the engine knows of the document while it lays it out."""
_LEFT_BEHIND = (
    "current_footnote_area",
    "current_page",
    "current_page_footnotes",
    "forced_break",
    "page_bottom",
)
"""What the making of a page leaves in the context."""
_MOVING = (
    "broken_out_of_flow",
    "current_page_footnotes",
    "footnotes",
    "rendered_notes",
    "reported_footnotes",
)
"""Where the context holds what moves from page to page."""


@dataclass(frozen=True, slots=True)
class Made:
    """A page, what it was made from, and what its making left behind."""

    order: int
    """Among all makings of pages."""
    source: tuple[Any, ...]
    page: Any
    resume_at: Any
    anchors: list[str]
    lookups: list[int]
    left: dict[str, Any]


def _remake_page(original: Callable[..., tuple[Any, Any]]) -> Callable[..., tuple[Any, Any]]:
    def remake_page(index: int, context: Context, root_box: Any, html: Any) -> tuple[Any, Any]:
        made: dict[int, Made] = context.__dict__.setdefault("made", {})
        if not _is_plain(context):
            made.clear()
            return original(index, context, root_box, html)
        source = _source(index, context)
        if _is_up_to_date(made, index, source) and _is_settled(context):
            return _kept(made[index], context.page_maker[index][-1], context)
        page, resume_at = original(index, context, root_box, html)
        order = 1 + max((one.order for one in made.values()), default=0)
        state = context.page_maker[index][-1]
        left = {name: getattr(context, name) for name in _LEFT_BEHIND}
        anchors, lookups = state["anchors"], state["content_lookups"]
        made[index] = Made(order, source, page, resume_at, anchors, lookups, left)
        return page, resume_at

    return remake_page


def _is_plain(context: Context) -> bool:
    """True if nothing moves from page to page: no footnote, no note, no broken float."""
    running = context.running_elements.values()
    return not any(getattr(context, name) for name in _MOVING) and not any(
        box.is_note() for on_pages in running for found in on_pages.values() for box in found
    )


def _is_settled(context: Context) -> bool:
    """True if no content waits for a number, and none shows the number of all pages."""
    return not any(
        item.pending
        or "pages" in item.missing_counters
        or any("pages" in names for names in item.missing_target_counters.values())
        for item in context.target_collector.counter_lookup_items.values()
    )


def _source(index: int, context: Context) -> tuple[Any, ...]:
    """The state of the contents, where the page begins, and the counters there."""
    changes = context.target_collector.__dict__.get("changes", 0)
    return changes, deepcopy(context.page_maker[index][:-1])


def _is_up_to_date(made: dict[int, Made], index: int, source: tuple[Any, ...]) -> bool:
    """True if since its making neither its source nor any page before it was made anew."""
    page = made.get(index)
    return (
        page is not None
        and page.source == source
        and all(before in made and made[before].order < page.order for before in range(index))
    )


def _kept(made: Made, state: dict[str, Any], context: Context) -> tuple[Any, Any]:
    state["anchors"], state["content_lookups"] = made.anchors, made.lookups
    context.__dict__.update(made.left)
    return made.page, made.resume_at


def _collect_missing_counters(original: Callable[..., None]) -> Callable[..., None]:
    def collect_missing_counters(
        self: Any, box: Any, purpose: str, parse_again: Callable[..., None], *missing: Any
    ) -> None:
        def counted(counters: Any = None) -> None:
            before = _content(box)
            parse_again(counters)
            if purpose != "content" or not _is_same(before, _content(box)):
                self.changes = self.__dict__.get("changes", 0) + 1

        original(self, box, purpose, counted, *missing)

    return collect_missing_counters


def _content(box: Any) -> Sequence[Any]:
    """The boxes that the engine puts in anew."""
    children: Sequence[Any] = box.children
    if len(children) == 1 and isinstance(children[0], boxes.LineBox):
        return children[0].children  # type: ignore[no-any-return]
    return children


def _is_same(before: Sequence[Any], after: Sequence[Any]) -> bool:
    return len(before) == len(after) and all(
        type(one) is type(other) is boxes.TextBox
        and one.text == other.text
        and one.style is other.style
        and one.leading_collapsible_space == other.leading_collapsible_space
        and one.trailing_collapsible_space == other.trailing_collapsible_space
        for one, other in zip(before, after, strict=True)
    )


SWAPS = (
    Swap((pages,), "remake_page", _remake_page),
    Swap((targets.TargetCollector,), "collect_missing_counters", _collect_missing_counters),
)

"""Of style sheets: documents of one brand have the same, and parsing leaves nothing open.

And of variables: the same values in the same declaration mean the same for every element.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import lru_cache
from typing import Any, NamedTuple

from weasyprint import css
from weasyprint.css import tinycss2
from weasyprint.css.tokens import Pending
from weasyprint.css.validation.expanders import PendingExpander
from weasyprint.logger import LOGGER

from reportgen.rendering.tuning.swaps import Swap

_KEPT = 8
"""Style sheets; a report has one."""
_LASTING_RULES = ("font-face", "page")
_LASTING_VALUES = (
    *(str, int, float, type(None), Pending, tinycss2.color5.Color, tinycss2.ast.Node),
)


class _Kept(NamedTuple):
    """A style sheet that can serve more than one document."""

    sheet: Any
    pending: list[Pending]
    faces: list[Any]

    def used(self, options: Any) -> Any:
        """As if it had been parsed for this document."""
        for pending in self.pending:
            pending._reported_error = False
            vars(pending).pop("_solved", None)
        for face in self.faces:
            options["font_config"].add_font_face(face, options["url_fetcher"])
        options["page_rules"].extend(self.sheet.page_rules)
        sheet = copy(self.sheet)
        sheet.page_rules, sheet.layers = options["page_rules"], options["layers"]
        return sheet


class _Faces:
    """Notes the fonts that a style sheet asks for, in place of loading them."""

    def __init__(self) -> None:
        self.noted: list[Any] = []

    def add_font_face(self, descriptors: Any, _: Any) -> None:
        self.noted.append(descriptors)


def _sheet(original: Any) -> Any:
    @lru_cache(maxsize=_KEPT)
    def kept(string: str, base_url: str, media_type: str) -> _Kept | None:
        return _keep(original, string, base_url, media_type)

    def sheet(**options: Any) -> Any:
        found = None
        if options.keys() == _OF_STYLE_ELEMENT:
            found = kept(options["string"], options["base_url"], options["media_type"])
        return original(**options) if found is None else found.used(options)

    return sheet


def _keep(parse: Any, string: str, base_url: str, media_type: str) -> _Kept | None:
    """None for one that warns, takes in others, or would change while it is used."""
    if not all(map(_lasts, tinycss2.parse_stylesheet(string))):
        return None
    faces = _Faces()
    with _silence() as said:
        sheet = parse(string=string, base_url=base_url, media_type=media_type, font_config=faces)
    values = list(_values(sheet))
    if said or not all(map(_stays, values)):
        return None
    return _Kept(sheet, [value for value in values if isinstance(value, Pending)], faces.noted)


_OF_STYLE_ELEMENT = {
    *("string", "base_url", "url_fetcher", "media_type", "font_config", "counter_style"),
    *("page_rules", "color_profiles", "layers"),
}


def _lasts(rule: Any) -> bool:
    """Whether a rule adds to nothing but its own style sheet, and to the fonts."""
    if rule.type != "at-rule":
        return True
    if rule.lower_at_keyword == "media" and rule.content is not None:
        return all(map(_lasts, tinycss2.parse_rule_list(rule.content)))
    return rule.lower_at_keyword in _LASTING_RULES


def _values(sheet: Any) -> Iterator[Any]:
    """All that it declares."""
    matcher = sheet.matcher
    filed = [matcher.lang_attr_selectors, matcher.other_selectors]
    for by_name in (
        matcher.id_selectors,
        matcher.class_selectors,
        matcher.lower_local_name_selectors,
        matcher.namespace_selectors,
    ):
        filed.extend(by_name.values())
    of_elements = [entry[-1][0] for entries in filed for entry in entries]
    of_pages = [declarations for *_, declarations in sheet.page_rules]
    for declarations in (*of_elements, *of_pages):
        yield from (value for _, value, _ in declarations)


def _stays(value: Any) -> bool:
    """Whether the engine never changes it. It does so with gradients."""
    if isinstance(value, (tuple, list)):
        return all(map(_stays, value))
    return isinstance(value, _LASTING_VALUES)


@contextmanager
def _silence() -> Iterator[list[Any]]:
    """Keeps what the engine has to say to itself."""
    said: list[Any] = []
    hear = said.append  # gives nothing back, so nobody else will hear
    LOGGER.addFilter(hear)
    try:
        yield said
    finally:
        LOGGER.removeFilter(hear)


def _expanded(original: Any) -> Any:
    def validate(self: Any, tokens: Any, wanted_key: str, base_url: str) -> Any:
        solved = vars(self).setdefault("_solved", {})
        key = tuple(map(id, tokens))
        kept: Any = solved.pop(key, None) or (tokens, self.validator(tokens), {})
        _, results, found = kept
        while wanted_key not in found:
            name, value = next(results, (None, None))
            if name is None:
                return original(self, tokens, wanted_key, base_url)
            found.setdefault(f"{self.name}{name}" if name.startswith("-") else name, value)
        solved[key] = kept
        value = found[wanted_key]
        return value if _stays(value) else original(self, tokens, wanted_key, base_url)

    return validate


SWAPS: tuple[Swap, ...] = (
    Swap((css,), "CSS", _sheet),
    Swap((PendingExpander,), "validate", _expanded),
)

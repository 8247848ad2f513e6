"""Of the cascade and the boxes."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import lru_cache
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple

from weasyprint import css
from weasyprint.css import (
    AnonymousStyle,
    ComputedStyle,
    InitialStyle,
    StyleFor,
    cssselect2,
    declaration_precedence,
    find_style_attributes,
    preprocess_declarations,
    tinycss2,
)
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_VALUES, Dimension
from weasyprint.css.tokens import Pending
from weasyprint.css.validation.expanders import PendingExpander
from weasyprint.formatting_structure.boxes import Box
from weasyprint.logger import LOGGER, PROGRESS_LOGGER

from reportgen.rendering.tuning.swaps import Swap

Color = tinycss2.color5.Color

# ---- computed values: what nearly every box is asked for stands there from the beginning ----

_SIDES = ("top", "right", "bottom", "left")
_PLAIN_NAMES = (
    *(f"{box}{side}" for box in ("", "margin_", "padding_") for side in _SIDES),
    *(f"border_{side}_style" for side in _SIDES),
    *(f"border_{end}_{side}_radius" for end in ("top", "bottom") for side in ("left", "right")),
    *(f"{bound}{size}" for bound in ("", "min_", "max_") for size in ("width", "height")),
    *("anchor", "appearance", "background_color", "background_image", "bookmark_level"),
    *("bookmark_state", "border_image_source", "box_decoration_break", "box_shadow", "box_sizing"),
    *("break_after", "break_before", "clear", "column_count", "column_width", "continue"),
    *("counter_increment", "counter_reset", "counter_set", "image_orientation"),
    *("mask_border_source", "max_lines", "opacity", "outline_color", "outline_offset"),
    *("outline_style", "overflow", "string_set", "transform", "vertical_align"),
    "z_index",
)
_WIDTHS = {
    **{f"border_{side}_style": f"border_{side}_width" for side in _SIDES},
    "outline_style": "outline_width",
}
"""Nought as long as there is no line."""
_PLAIN = {name: INITIAL_VALUES[name] for name in _PLAIN_NAMES} | dict.fromkeys(_WIDTHS.values(), 0)
_IN_FLOW = {name: INITIAL_VALUES[name] for name in ("position", "float")}
_PLAIN_IN_FLOW = _PLAIN | _IN_FLOW
_LOGICAL = frozenset(
    twin(block="ttb", inline=inline)
    for twin in PHYSICAL_FUNCTIONS.values()
    for inline in ("ltr", "rtl")
)
_FROM_PARENT = frozenset(INHERITED) | {
    *("page", "text_decoration_line", "text_decoration_style", "text_decoration_thickness")
}
"""What is the parent's where nothing is declared."""
_ATOMS = frozenset((str, int, float, type(None), Dimension, Color))


def _fill(style: Any) -> None:
    """Put in what is as it was before any declaration."""
    cascaded = style.cascaded
    if not _LOGICAL.isdisjoint(cascaded) or _turned(cascaded):
        return
    style.update(_PLAIN)
    if "position" not in cascaded and "float" not in cascaded:
        style.update(_IN_FLOW)
        style.specified.update(_IN_FLOW)
    for name in cascaded:
        style.pop(name, None)
        if name in _WIDTHS:
            style.pop(_WIDTHS[name], None)


def _turned(cascaded: Any) -> bool:
    """Whether to resolve the direction may warn, so that it must be asked when the engine would."""
    return "direction" in cascaded and isinstance(cascaded["direction"][0], Pending)


def _computed_value(original: Any) -> Any:
    def missing(self: Any, key: str) -> Any:
        parent = self.parent_style
        if (
            parent is not None
            and (key in _FROM_PARENT or key[:2] == "__")
            and key not in self.cascaded
        ):
            value = parent[key]
            if type(value) in _ATOMS or not check_math(value):
                self[key] = value
                return value
        return original(self, key)

    return missing


def _anonymous(original: Any) -> Any:
    def init(self: Any, parent_style: Any) -> None:
        self.update(_PLAIN_IN_FLOW)
        original(self, parent_style)

    return init


# ---- the cascade: elements that the same rules match share what the rules say ----


_Style = dict[str, Any]
"""Name -> value and weight."""


class _Rule(NamedTuple):
    """A selector with its declarations."""

    identity: int
    """Elements with the same parent's style and the same of these have one style."""
    pseudo: str | None
    declarations: list[tuple[str, Any, Any]]
    """Name, value, weight."""

    def declare(self, style: _Style) -> None:
        """Add what is not outweighed."""
        for name, value, weight in self.declarations:
            if name not in style or style[name][1] <= weight:
                style[name] = value, weight


class _Said(NamedTuple):
    """What the rules that match an element say. Shared, so not to be changed."""

    rules: tuple[_Rule, ...]
    identities: tuple[int, ...]
    styles: dict[str | None, _Style]
    """By pseudo-element."""


class _Rules:
    """The style sheets of one document."""

    def __init__(self, sheets: Any) -> None:
        self._sheets = sheets
        self._rules: dict[tuple[int, int], _Rule] = {}
        self._identities: dict[Any, int] = {}
        self._candidates: dict[Any, tuple[tuple[Any, _Rule], ...]] = {}
        self._said: dict[tuple[int, ...], _Said] = {}

    def about(self, element: Any) -> _Said:
        """All they say about an element."""
        rules = [rule for matches, rule in self._candidates_for(element) if matches(element)]
        key = tuple(map(id, rules))
        if key not in self._said:
            self._said[key] = _said(tuple(rules))
        return self._said[key]

    def _candidates_for(self, element: Any) -> tuple[tuple[Any, _Rule], ...]:
        """Tests and rules that name, id and classes do not rule out, in the engine's order."""
        node = element.etree_element
        key = node.tag, node.get("id"), node.get("class"), "lang" in node.attrib
        if key not in self._candidates:
            self._candidates[key] = tuple(
                (entry[0], self._rule(number, entry))
                for number, (sheet, _, _) in enumerate(self._sheets)
                for entry in sorted(_entries(sheet.matcher, element), key=itemgetter(1, 2))
            )
        return self._candidates[key]

    def _rule(self, number: int, entry: Any) -> _Rule:
        _, specificity, order, pseudo, (declarations, layer) = entry
        if (number, order) not in self._rules:
            sheet, origin, fixed = self._sheets[number]
            place = inf if layer is None else sheet.layers.index(layer)
            identity = sheet, specificity, id(declarations), place
            self._rules[number, order] = _Rule(
                self._identities.setdefault(identity, len(self._identities)),
                pseudo,
                _weighted(declarations, origin, place, fixed or specificity),
            )
        return self._rules[number, order]


def _said(rules: tuple[_Rule, ...]) -> _Said:
    styles: dict[str | None, _Style] = {}
    for rule in rules:
        rule.declare(styles.setdefault(rule.pseudo, {}))
    return _Said(rules, tuple(rule.identity for rule in rules), styles)


def _entries(matcher: Any, element: Any) -> Iterator[Any]:
    """As cssselect2 files them: test, specificity, order, pseudo-element, payload."""
    yield from matcher.id_selectors.get(element.id, ())
    for name in element.classes:
        yield from matcher.class_selectors.get(name, ())
    yield from matcher.lower_local_name_selectors.get(
        cssselect2.ascii_lower(element.local_name), ()
    )
    yield from matcher.namespace_selectors.get(element.namespace_url, ())
    if "lang" in element.etree_element.attrib:
        yield from matcher.lang_attr_selectors
    yield from matcher.other_selectors


def _weighted(
    declarations: Any, origin: str, place: float, specificity: Any
) -> list[tuple[str, Any, Any]]:
    return [
        (name, value, (declaration_precedence(origin, important), place, specificity))
        for name, value, important in declarations
    ]


class _Own(NamedTuple):
    """What an element's attributes declare."""

    style: _Style
    last: tuple[Any, ...]
    """Nobody else has these very declarations."""


def _own(html: Any, hints: bool) -> dict[Any, _Own]:
    """By element."""
    found: dict[Any, _Own] = {}
    for specificity, element, tokens, base_url in find_style_attributes(
        html.etree_element, hints, html.base_url
    ):
        style = found[element].style if element in found else {}
        found[element] = _Own(style, tuple(tokens))
        declarations = preprocess_declarations(base_url, tokens)
        _Rule(0, None, _weighted(declarations, "author", inf, specificity)).declare(style)
    return found


def _with(own: _Own | None, said: _Said) -> _Style:
    """The declarations of an element itself, not of its pseudo-elements."""
    if own is None:
        return said.styles.get(None, {})
    for rule in said.rules:
        if rule.pseudo is None:
            rule.declare(own.style)
    return own.style


def _cascade(original: Any) -> Any:
    def init(
        self: Any, html: Any, sheets: Any, hints: bool, font_config: Any, target_collector: Any
    ) -> None:
        self._said = {}
        if target_collector is None:
            original(self, html, sheets, hints, font_config, target_collector)
            return
        PROGRESS_LOGGER.info("Step 3 - Applying CSS")
        self._sheets = sheets
        self.font_config = font_config
        self.initial_page_sizes = {"box": None, "area": None}
        self._cascaded_styles = {}
        self._computed_styles = {}
        self._html = html
        self._target_collector = target_collector
        _compute_all(self, _own(html, hints), _Rules(sheets))

    return init


def _compute_all(style_for: Any, own: dict[Any, _Own], rules: _Rules) -> None:
    """The styles of all elements; those of pseudo-elements wait until they are asked for."""
    computed = style_for._computed_styles
    shared: dict[Any, Any] = {}
    for element in style_for._html.wrapper_element.iter_subtree():
        node = element.etree_element
        parent = computed[element.parent.etree_element, None] if element.parent else None
        said = style_for._said[node] = rules.about(element)
        key = id(parent), own[node].last if node in own else None, said.identities
        if key not in shared:
            shared[key] = _computed(style_for, parent, _with(own.get(node), said), None)
        computed[node, None] = shared[key]
    for node, said in style_for._said.items():
        for pseudo, cascaded in said.styles.items():
            if pseudo and "anchor" in cascaded:
                style_for(node, pseudo)


def _computed(style_for: Any, parent: Any, cascaded: _Style, pseudo: str | None) -> Any:
    html = style_for._html
    if parent is None:
        root = InitialStyle(style_for.font_config)
    else:
        root = style_for._computed_styles[html.etree_element, None]
    sizes = style_for.initial_page_sizes
    style = ComputedStyle(
        parent, cascaded, pseudo, root, html.base_url, style_for.font_config, sizes
    )
    _fill(style)
    if style["anchor"]:
        style_for._target_collector.collect_anchor(style["anchor"])
    return style


def _asked(original: Any) -> Any:
    def call(self: Any, element: Any, pseudo_type: str | None = None) -> Any:
        key = element, pseudo_type
        if pseudo_type and element in self._said and key not in self._computed_styles:
            cascaded = self._said[element].styles.get(pseudo_type)
            if cascaded is not None:
                parent = self._computed_styles[element, None]
                self._computed_styles[key] = _computed(self, parent, cascaded, pseudo_type)
        style = original(self, element, pseudo_type)
        if style is not None and not style:  # of a page, asked for the first time
            _fill(style)
        return style

    return call


# ---- variables: elements with the same values in the same declaration share what it means ----


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


# ---- style sheets: documents of one brand have the same, and parsing leaves nothing open ----

_KEPT = 8
"""Style sheets; a report has one."""
_LASTING_RULES = ("font-face", "page")
_LASTING_VALUES = (*(str, int, float, type(None), Pending, Color, tinycss2.ast.Node),)


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


# ---- boxes ----


def _in_flow(original: Any) -> Any:
    def is_in_normal_flow(self: Any) -> Any:
        style = self.style
        if style["float"] == "none" and style["position"] in ("static", "relative"):
            return True
        return original(self)

    return is_in_normal_flow


SWAPS: tuple[Swap, ...] = (
    Swap((css,), "CSS", _sheet),
    Swap((PendingExpander,), "validate", _expanded),
    Swap((StyleFor,), "__init__", _cascade),
    Swap((StyleFor,), "__call__", _asked),
    Swap((Box,), "is_in_normal_flow", _in_flow),
    Swap((ComputedStyle,), "__missing__", _computed_value),
    Swap((AnonymousStyle,), "__init__", _anonymous),
)

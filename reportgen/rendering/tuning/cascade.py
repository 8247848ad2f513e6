"""Of the cascade: elements that the same rules match share what the rules say."""

from collections.abc import Iterator
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple

from weasyprint.css import (
    ComputedStyle,
    InitialStyle,
    StyleFor,
    cssselect2,
    declaration_precedence,
    find_style_attributes,
    preprocess_declarations,
)
from weasyprint.logger import PROGRESS_LOGGER

from reportgen.rendering.tuning.swaps import Swap
from reportgen.rendering.tuning.values import fill

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
    fill(style)
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
            fill(style)
        return style

    return call


SWAPS: tuple[Swap, ...] = (
    Swap((StyleFor,), "__init__", _cascade),
    Swap((StyleFor,), "__call__", _asked),
)

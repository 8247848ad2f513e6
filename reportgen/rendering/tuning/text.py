"""Of the measuring of text.

The engine asks Pango anew whenever a text is laid out: for the least width of its column, for the
most, for the line itself, and all of it again where a page is made twice. Here a document remembers
what it was told. What is kept hangs on the document's own styles and goes with them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from weasyprint.layout import inline, preferred
from weasyprint.text import line_break
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p

from reportgen.rendering.tuning.swaps import Swap

Style = Any
"""A computed style of the engine: a dict by property, one per element and document."""
Split = tuple[Any, int, int | None, float, float, float]
"""What the engine says of one line: layout, length, where to go on, width, height, baseline."""
READ = (
    "direction",
    "font_family",
    "font_feature_settings",
    "font_kerning",
    "font_language_override",
    "font_size",
    "font_stretch",
    "font_style",
    "font_variant_alternates",
    "font_variant_caps",
    "font_variant_east_asian",
    "font_variant_ligatures",
    "font_variant_numeric",
    "font_variant_position",
    "font_variation_settings",
    "font_weight",
    "lang",
    "letter_spacing",
    "overflow_wrap",
    "word_spacing",
)
"""Every property that the size of a text depends on which stays on one line, without tabs."""
_WRAPPING = ("normal", "pre-wrap", "pre-line")
_LONGEST = 500
"""Letters of a text worth remembering; each line of it takes the rest of the text along."""
_RATIO = 4
"""By it the engine guesses how many letters fill a line."""


@dataclass(slots=True)
class Look:
    """What styles have in common whose texts look the same."""

    whole: dict[tuple[str, float], Split] = field(default_factory=dict)
    """Texts that stay on one line, however wide it is: by text and justification."""
    fonts: tuple[Any, Any, Any] | None = None
    """Pango's context, language and font description."""


def look(style: Style) -> Look | None:
    """The look of a style; None where it cannot be told from others."""
    known = style.__dict__
    if "look" not in known:
        key = (style["text_decoration_line"] != "none", *map(style.__getitem__, READ))
        try:
            known["look"] = style.cache.setdefault("looks", {}).setdefault(key, Look())
        except TypeError:
            known["look"] = None
    found: Look | None = known["look"]
    return found


def _split_first_line(original: Callable[..., Split]) -> Callable[..., Split]:
    def split_first_line(
        text: str,
        style: Style,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Split:
        shared = look(style)
        if shared is None or len(text) > _LONGEST or "\t" in text:
            return original(
                text, style, context, max_width, justification_spacing, is_line_start, minimum
            )
        width = max_width if style["white_space"] in _WRAPPING else None
        line = shared.whole.get((text, justification_spacing))
        if line is None or not _fits(line, text, width, style):
            lines = style.__dict__.setdefault("lines", {})
            key = (text, width, justification_spacing, is_line_start, minimum, style["white_space"])
            line = lines.get(key)
            if line is None:
                line = original(
                    text, style, context, max_width, justification_spacing, is_line_start, minimum
                )
                if _is_whole(line, text, width):
                    shared.whole[text, justification_spacing] = line
                else:
                    lines[key] = line
        return _copied(line, max_width)

    return split_first_line


def _is_whole(line: Split, text: str, width: float | None) -> bool:
    layout, _, resume_at, taken, _, _ = line
    fits = width is None or taken <= width
    return bool(fits and resume_at is None and layout.text == text)


def _fits(line: Split, text: str, width: float | None, style: Style) -> bool:
    """True if the engine, too, would look at the whole text and find that it fits."""
    if width is None:
        return True
    size = style["font_size"]
    if line[3] > width or not size or style["letter_spacing"] != "normal":
        return False
    if size * _RATIO > width:
        space = text.find(" ")
        return space == -1 or space + 2 >= len(text)
    return bool(width / size * _RATIO >= len(text))


def _copied(line: Split, max_width: float | None) -> Split:
    """Each box gets a layout of its own: drawing changes it."""
    kept, *rest = line
    layout = line_break.Layout.__new__(line_break.Layout)
    layout.__dict__.update(kept.__dict__)
    layout.max_width = max_width
    return (layout, *rest)


def _setup(original: Callable[[Any, Style], None]) -> Callable[[Any, Style], None]:
    def setup(self: Any, style: Style) -> None:
        shared = style.__dict__.get("look")
        if shared is None or style["text_decoration_line"] != "none":
            original(self, style)
            return
        if shared.fonts is None:
            shared.fonts = _fonts(style)
        context, self.language, description = shared.fonts
        self.style = style
        self.first_line_direction = 0
        self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, description)
        self.ascent = self.underline_position = self.strikethrough_position = None
        _set_features(self.layout, style)

    return setup


def _fonts(style: Style) -> tuple[Any, Any, Any]:
    """As the engine does it for every text."""
    context = ffi.gc(
        pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref
    )
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    override = style["font_language_override"]
    name = style["lang"] if override == "normal" else LST_TO_ISO.get(override.lower(), override)
    if name:
        pointer, _kept = unicode_to_char_p(name)
        language = pango.pango_language_from_string(pointer)
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    return context, language, line_break.get_font_description(style)


def _set_features(layout: Any, style: Style) -> None:
    features = line_break.font_features(
        style["font_kerning"],
        style["font_variant_ligatures"],
        style["font_variant_position"],
        style["font_variant_caps"],
        style["font_variant_numeric"],
        style["font_variant_alternates"],
        style["font_variant_east_asian"],
        style["font_feature_settings"],
    )
    if features:
        text = ",".join(f"{key} {value}" for key, value in features.items()).encode()
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, pango.pango_attr_font_features_new(text))
        pango.pango_layout_set_attributes(layout, attributes)
        pango.pango_attr_list_unref(attributes)  # the engine keeps one for each text, for ever


def _strut(original: Callable[[Style], tuple[float, float]]) -> Callable[..., tuple[float, float]]:
    def strut(style: Style) -> tuple[float, float]:
        known = style.__dict__
        if "strut" not in known:
            known["strut"] = original(style)
        found: tuple[float, float] = known["strut"]
        return found

    return strut


def _can_break_text(original: Callable[..., bool]) -> Callable[..., bool]:
    short = lru_cache(maxsize=4096)(original)

    def can_break_text(text: str, lang: str | None) -> bool:
        return short(text, lang) if len(text) <= 2 else original(text, lang)

    return can_break_text


SWAPS = (
    Swap((inline, preferred), "split_first_line", _split_first_line),
    Swap((line_break.Layout,), "setup", _setup),
    Swap((inline,), "strut", _strut),
    Swap((inline, preferred), "can_break_text", _can_break_text),
)

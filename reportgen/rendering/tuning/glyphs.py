"""Of the drawing of text.

A line that was measured is kept as Pango shaped it and drawn as it is, unless it is to be drawn
otherwise. What a glyph adds to a line is remembered with its font, for one document.
"""

from collections.abc import Callable
from typing import Any

from weasyprint.draw import text as drawn
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import Layout

from reportgen.rendering.tuning.swaps import Swap
from reportgen.rendering.tuning.text import READ

Style = Any
"""A computed style of the engine: a dict by property."""
Glyph = tuple[int, int, int]
"""Number, width and shift to the side."""
Run = tuple[Any, Any, float, list[Glyph]]
"""Pango's, with its font, size and glyphs."""
_LOOK = (*READ, "text_decoration_line")
"""Every property that the engine reads to set a line."""
_NUMBERS = 5
"""Of four bytes each: what Pango keeps of a glyph."""
_SIZES_KNOWN = pango.pango_version() >= 14802
"""Older ones do not tell the size of a font."""


def _deactivate(original: Callable[[Any], None]) -> Callable[[Any], None]:
    """The line that Pango shaped is put aside instead of given up, until it was drawn."""

    def deactivate(self: Any) -> None:
        if not vars(self).get("was_drawn"):
            self.aside = self.layout, self.style
        original(self)

    return deactivate


def _reactivate(original: Callable[[Any, Style], None]) -> Callable[[Any, Style], None]:
    """Take up the line that was put aside, if setting it anew would give the same."""

    def reactivate(self: Any, style: Style) -> None:
        aside = vars(self).pop("aside", None)
        self.was_drawn = True
        if aside and not self.justification_spacing and _plain(self.text):
            layout, known = aside
            if _alike(known, style) and not pango.pango_layout_get_line_readonly(layout, 1):
                self.layout, self.style, self.language = layout, style, None
                self.as_measured = True
                return
        original(self, style)

    return reactivate


def _plain(text: str) -> bool:
    """True for a text without tabs and anything that may end a line."""
    return "\t" not in text and text.splitlines() == [text]


def _alike(one: Style, other: Style) -> bool:
    return one is other or (
        one.font_config is other.font_config and all(one[name] == other[name] for name in _LOOK)
    )


def _draw_first_line(original: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """The usual line: no ellipsis, every glyph found, none above the base line, no pictures."""

    def draw_first_line(
        stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any
    ) -> list[Any]:
        if not textbox.text.strip() or textbox.style["font_size"] < 1e-6:
            return []
        layout = textbox.pango_layout
        usual = text_overflow != "ellipsis" and block_ellipsis == "none" and _plain(layout.text)
        runs = _runs(stream, layout) if usual and _SIZES_KNOWN else None
        as_measured = vars(layout).pop("as_measured", False)
        if runs is None:
            if as_measured:
                layout.setup(textbox.style)
                layout.set_text(layout.text, justify=True)
            return original(stream, textbox, text_overflow, block_ellipsis, matrix)
        stream.set_text_matrix(*matrix.values)
        _show(stream, layout.text, runs)
        return []

    return draw_first_line


def _show(stream: Any, text: str, runs: list[Run]) -> None:
    string, last = "", None
    for run, font, size, glyphs in runs:
        pango_font = run.item.analysis.font
        if pango_font != last:
            last = pango_font
            if string:
                stream.show_text(string)
                string = ""
            stream.set_font_size(font.hash, size)
        string += f"<{_pieces(stream, text, run, font, size, glyphs)}"
        string = string[:-1] if string[-1] == "<" else string + ">"
    stream.show_text(string)


def _pieces(stream: Any, text: str, run: Any, font: Any, size: float, glyphs: list[Glyph]) -> str:
    known = _known(font, size)
    try:
        return "".join([known[glyph] for glyph in glyphs])
    except KeyError:
        _learn(stream, text, run, font, size, glyphs)
        return "".join([known[glyph] for glyph in glyphs])


def _runs(stream: Any, layout: Any) -> list[Run] | None:
    """None for a line that is not usual.

    A page remembers its fonts by their place in memory. It holds their lines, so that no other font
    can come to that place.
    """
    known = vars(stream).setdefault("known_fonts", {})
    found, new = [], {}
    line, _ = layout.get_first_line()
    run = line.runs[0]
    while run != ffi.NULL:
        item = run.data
        pango_font = item.item.analysis.font
        font, size, _ = known.get(pango_font) or (*stream.add_font(pango_font), layout.layout)
        glyphs = None if font.bitmap or font.png or font.svg or font.colr else _glyphs(item.glyphs)
        if glyphs is None:
            return None
        new[pango_font] = font, size, layout.layout
        found.append((item, font, size, glyphs))
        run = run.next
    known.update(new)
    return found


def _glyphs(string: Any) -> list[Glyph] | None:
    """None where one is missing in the font or moved up or down."""
    count = string.num_glyphs
    numbers = memoryview(ffi.buffer(string.glyphs, count * _NUMBERS * 4)).cast("i").tolist()
    if any(numbers[3::_NUMBERS]):
        return None
    glyphs = numbers[0::_NUMBERS]
    if max(glyphs, default=0) >= pango.PANGO_GLYPH_UNKNOWN_FLAG:
        return None
    return list(zip(glyphs, numbers[1::_NUMBERS], numbers[2::_NUMBERS], strict=True))


def _known(font: Any, size: float) -> dict[Glyph, str]:
    """What glyphs of this font add to a line."""
    found: dict[Glyph, str] = vars(font).setdefault("pieces", {}).setdefault(size, {})
    return found


def _learn(stream: Any, text: str, run: Any, font: Any, size: float, glyphs: list[Glyph]) -> None:
    """As the engine does it for every glyph."""
    known = _known(font, size)
    for place, glyph in enumerate(glyphs):
        number, width, shift = glyph
        if number == pango.PANGO_GLYPH_EMPTY:
            known[glyph] = f">{-width / size}<"
            continue
        if number not in font.to_unicode:
            font.to_unicode[number] = _letters(text, run, place, len(glyphs))
        if number not in font.widths:
            pango.pango_font_get_glyph_extents(
                run.item.analysis.font, number, stream.ink_rect, stream.logical_rect
            )
            wide = stream.logical_rect.width
            font.widths[number] = round(wide * 1000 * FROM_UNITS / size)
        offset = shift / size
        kerning = font.widths[number] + offset - width * 1000 * FROM_UNITS / size
        before = f">{-offset}<" if offset else ""
        after = f">{int(kerning)}<" if kerning else ""
        known[glyph] = f"{before}{number:04x}{after}"


def _letters(text: str, run: Any, place: int, count: int) -> str:
    """What a glyph stands for."""
    clusters, item = run.glyphs.log_clusters, run.item
    start = clusters[place]
    if item.analysis.level % 2:
        end = item.length if place == 0 else clusters[place - 1]
    else:
        end = item.length if place == count - 1 else clusters[place + 1]
    return text.encode()[item.offset + start : item.offset + end].decode()


SWAPS = (
    Swap((Layout,), "deactivate", _deactivate),
    Swap((Layout,), "reactivate", _reactivate),
    Swap((drawn,), "draw_first_line", _draw_first_line),
)

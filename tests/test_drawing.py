"""The laws of drawings and palettes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import ConfigError
from reportgen.rendering.charts import steps
from reportgen.rendering.lettering import fitted, spread, text_width
from reportgen.rendering.palette import BAD, contrast, palette, to_lch

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@given(colours, colours)
def test_every_text_of_every_palette_can_be_read(primary: str, accent: str) -> None:
    if max(contrast(text, primary) for text in ("#FFFFFF", "#111111")) < 4.5:
        with pytest.raises(ConfigError, match="try #"):
            palette(primary, accent)
        return
    made = palette(primary, accent)
    for colour in (made.ink, made.text, made.muted, made.brand_text, made.bench):
        assert contrast(colour, "#FFFFFF") >= 4.5
    assert contrast(made.data, "#FFFFFF") >= 4.9
    assert contrast(made.on_primary, made.primary) >= 4.5
    assert contrast(made.accent_on_primary, made.primary) >= 4.4


def test_a_red_brand_does_not_colour_the_data_red() -> None:
    made = palette("#A8321F", "#5E636B")
    assert to_lch(made.data)[1] < 0.05
    assert made.bad == BAD


@given(st.floats(0.001, 1e7))
def test_an_axis_has_few_round_steps_and_reaches_its_maximum(maximum: float) -> None:
    levels = steps(maximum)
    assert 2 <= len(levels) <= 6
    assert levels[0] == 0
    assert levels[-1] >= maximum * 0.999999


@given(st.lists(st.floats(0, 200), min_size=1, max_size=5))
def test_labels_are_pushed_apart_and_keep_their_order(places: list[float]) -> None:
    moved = spread(places, 25, 0, 200)
    ordered = sorted(zip(places, moved, strict=True))
    assert [place for _, place in ordered] == sorted(moved)
    assert all(b - a >= 24.999 for a, b in pairwise(sorted(moved)))
    assert max(moved) <= 200


@given(st.text(max_size=80), st.floats(12, 200))
def test_a_fitted_text_fits(text: str, width: float) -> None:
    assert text_width(fitted(text, width, 8), 8) <= max(width, text_width("…", 8))


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_the_fonts_own(bold: bool) -> None:
    assert text_width("iiii", 10, bold=bold) < text_width("WWWW", 10, bold=bold) / 2

"""How much room words take, by the metrics of the fonts they are printed in."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate

from fontTools.ttLib import TTFont

from reportgen import bundled

_UNKNOWN_WIDTH = 0.62
"""Width in ems of a letter no bundled font has."""


class _Widths(dict[str, float]):
    """In ems by letter, of those that a bundled font has; it tells those of others as well."""

    def __missing__(self, letter: str) -> float:
        return 1.0 if unicodedata.east_asian_width(letter) in "WF" else _UNKNOWN_WIDTH


def _font(file: str) -> dict[str, float]:
    with TTFont(bundled.TEMPLATES / "fonts" / file) as font:
        units, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        names = font.getBestCmap()
        return {chr(point): metrics[name][0] / units for point, name in names.items()}


@cache
def _widths(bold: bool) -> _Widths:
    """The document falls back from the first of its fonts to the next."""
    if bold:
        return _Widths(_font("NotoSansArabic-Bold.ttf") | _font("SourceSans3-Semibold.otf"))
    return _Widths(_font("NotoSansArabic-Regular.ttf") | _font("SourceSans3-Regular.otf"))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points; at most a little too wide for letters that join."""
    return sum(map(_widths(bold).__getitem__, text)) * size


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, cut in the middle with an ellipsis where it is wider than `width` points."""
    if text_width(text, size, bold=bold) <= width:
        return text
    widths = _widths(bold)
    upto = (0.0, *accumulate(widths[letter] for letter in text))
    room = width / size - widths["…"]
    for keep in range(len(text) - 1, 1, -1):
        head = len(text[: (keep + 1) // 2].rstrip())
        tail = text[len(text) - keep // 2 :].lstrip()
        if upto[head] + upto[-1] - upto[len(text) - len(tail)] <= room:
            return f"{text[:head]}…{tail}"
    return "…"


def shared_room(wanted: Sequence[float], room: float) -> tuple[float, ...]:
    """So much for each that those who want little leave the rest to the others."""
    given = [0.0] * len(wanted)
    ascending = sorted(range(len(wanted)), key=lambda place: wanted[place])
    for done, place in enumerate(ascending):
        given[place] = min(wanted[place], room / (len(wanted) - done))
        room -= given[place]
    return tuple(given)


def spread(places: Iterable[float], gap: float, low: float, high: float) -> list[float]:
    """The places pushed apart to at least `gap`, order kept, inside `low` to `high`."""
    wanted = list(places)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    moved = [min(max(wanted[index], low), high) for index in order]
    for place in range(1, len(moved)):
        moved[place] = max(moved[place], moved[place - 1] + gap)
    for place in range(len(moved) - 1, -1, -1):
        ceiling = high if place == len(moved) - 1 else moved[place + 1] - gap
        moved[place] = min(moved[place], ceiling)
    result = [0.0] * len(wanted)
    for index, found in zip(order, moved, strict=True):
        result[index] = found
    return result


def joins(text: str) -> bool:
    """True for scripts whose letters change with their neighbours or run from right to left."""
    return any(
        unicodedata.bidirectional(letter) in ("R", "AL") or 0x900 <= ord(letter) < 0x1800
        for letter in text
    )


def right_to_left(text: str) -> bool:
    """True where the first letter with a direction runs from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)

"""Two brand colours in, the report's whole palette out, with its contrast guaranteed.

Colours are moved in OKLCH, so that hue and apparent lightness stay apart. The matrices are those
of Björn Ottosson's OKLab; contrast is the ratio of WCAG 2.
"""

import math
from dataclasses import dataclass

from reportgen.errors import ConfigError

_WHITE, _BLACK = "#FFFFFF", "#111111"
GOOD, BAD, FLAT = "#0B6B63", "#B23A0E", "#525C69"
"""Fixed, never the brand's: a red brand must not make everything look bad."""
_TEXT_CONTRAST = 4.5
_COLLISION = 32.0
"""Degrees of hue within which a brand colour would be read as `BAD`."""

Lch = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of a report, as #RRGGBB."""

    primary: str
    on_primary: str
    on_primary_soft: str
    on_primary_line: str
    brand_text: str
    accent: str
    accent_on_primary: str
    data: str
    """The company's series: 5.0 on white."""
    data_mid: str
    data_soft: str
    mark: str
    """The latest value's dot."""
    ink: str
    text: str
    muted: str
    rule: str
    hair: str
    paper: str
    rest: str
    bench: str
    good: str = GOOD
    bad: str = BAD
    flat: str = FLAT


def palette(primary: str, accent: str) -> Palette:
    """
    The palette of a brand.

    Raises ConfigError when neither white nor black can be read on the primary colour.
    """
    on_primary = max((_WHITE, _BLACK), key=lambda colour: contrast(colour, primary))
    better = readable(primary)
    if better != primary:
        raise ConfigError(f"no text can be read on the brand colour {primary}; try {better}")
    _, chroma, hue = to_lch(primary)
    grey = min(chroma, 0.012)
    data = _data(primary, accent)
    _, data_chroma, data_hue = to_lch(data)
    return Palette(
        primary=primary,
        on_primary=on_primary,
        on_primary_soft=mix(on_primary, primary, 0.28),
        on_primary_line=mix(on_primary, primary, 0.66),
        brand_text=reach(primary, _WHITE, 5.5),
        accent=accent,
        accent_on_primary=reach(accent, primary, _TEXT_CONTRAST),
        data=data,
        data_mid=from_lch(0.66, data_chroma * 0.62, data_hue),
        data_soft=from_lch(0.86, min(data_chroma * 0.32, 0.05), data_hue),
        mark=accent if contrast(accent, data) >= 2.2 else _WHITE,
        ink=from_lch(0.23, min(chroma, 0.03), hue),
        text=from_lch(0.34, grey, hue),
        muted=from_lch(0.47, grey, hue),
        rule=from_lch(0.89, grey * 0.7, hue),
        hair=from_lch(0.93, grey * 0.6, hue),
        paper=from_lch(0.975, grey * 0.4, hue),
        rest=from_lch(0.90, grey, hue),
        bench=from_lch(0.50, grey, hue),
    )


def readable(primary: str) -> str:
    """The colour itself where white or black text can be read on it; else the nearest that can."""
    if any(contrast(text, primary) >= _TEXT_CONTRAST for text in (_WHITE, _BLACK)):
        return primary
    return reach(primary, _WHITE, _TEXT_CONTRAST)


def _data(primary: str, accent: str) -> str:
    """The primary, unless it could be read as the `worse` colour; then the accent, then ink."""
    colour = reach(primary, _WHITE, 5.0)
    if _collides(primary):
        _, chroma, hue = to_lch(primary)
        ink = from_lch(0.32, min(chroma, 0.012), hue)
        colour = reach(ink if _collides(accent) else accent, _WHITE, 7.0)
    lightness, chroma, hue = to_lch(colour)
    if lightness < 0.34 and chroma > 0.02:  # a very dark brand loses its hue in thin bars
        colour = from_lch(0.36, max(chroma, 0.075), hue)
    if to_lch(colour)[1] < 0.03:  # a grey series must stand clear of the grey benchmark
        colour = from_lch(0.30, chroma, hue)
    return colour


def _collides(colour: str) -> bool:
    gap = abs(to_lch(colour)[2] - to_lch(BAD)[2]) % 360
    return to_lch(colour)[1] > 0.05 and min(gap, 360 - gap) < _COLLISION


# ---- colour arithmetic ---------------------------------------------------------------------


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def reach(colour: str, background: str, ratio: float) -> str:
    """The colour with its lightness moved, hue kept, until the contrast holds."""
    lightness, chroma, hue = to_lch(colour)
    step = -0.01 if _luminance(background) > 0.18 else 0.01
    while contrast(colour, background) < ratio and 0 <= lightness + step <= 1:
        lightness += step
        colour = from_lch(lightness, chroma, hue)
    return colour


def mix(one: str, other: str, share: float) -> str:
    """`one` with this share of `other`, in plain RGB."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return _hex(tuple(a + (b - a) * share for a, b in pairs))


def to_lch(colour: str) -> Lch:
    """Lightness 0 to 1, chroma, hue in degrees."""
    red, green, blue = (_linear(channel) for channel in _rgb(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_lch(lightness: float, chroma: float, hue: float) -> str:
    """The colour, with as much of the chroma as a screen can show."""
    for _ in range(60):
        linear = _raw(lightness, chroma, hue)
        if all(-0.0005 <= channel <= 1.0005 for channel in linear):
            break
        chroma *= 0.94
    return _hex(tuple(_gamma(min(max(channel, 0), 1)) for channel in linear))


def _raw(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))


def _hex(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{min(max(round(channel * 255), 0), 255):02X}" for channel in channels)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else math.pow((channel + 0.055) / 1.055, 2.4)


def _gamma(channel: float) -> float:
    if channel <= 0.0031308:
        return 12.92 * channel
    return 1.055 * math.pow(channel, 1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

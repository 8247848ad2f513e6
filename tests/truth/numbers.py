"""Numbers as a reader sees them, worked out without the program's own words."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any


def number(value: Any) -> float | None:
    """A number, or text that is one; else None."""
    if isinstance(value, str):
        match = re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?)\s*%?\s*", value)
        return float(match[1]) if match else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 else None


def whole(value: float) -> int:
    return int(Decimal(repr(value)).quantize(Decimal(1), ROUND_HALF_EVEN))


def hundredths(value: float) -> int:
    return int(Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_EVEN) * 100)


def percent(value: float | None) -> str | None:
    return None if value is None else f"{whole(value):,}%".replace("-", "\N{MINUS SIGN}")


def minutes(value: float | None) -> str | None:
    return None if value is None else f"{whole(value):,} min"


def score(value: float | None) -> str | None:
    return None if value is None else f"{hundredths(value) / 100:.2f} of 5"


def count(value: float | None) -> str | None:
    return None if value is None else f"{whole(value):,}".replace("-", "\N{MINUS SIGN}")


def points(size: float) -> str:
    return f"{abs(whole(size)):,} pt{'' if abs(whole(size)) == 1 else 's'}"


Print = Callable[[float | None], str | None]
SIZES: Mapping[str, Callable[[float, float], str]] = {
    "percent": lambda one, two: points(whole(one) - whole(two)),
    "minutes": lambda one, two: f"{abs(whole(one) - whole(two)):,} min",
    "score": lambda one, two: f"{abs(hundredths(one) - hundredths(two)) / 100:.2f}",
}
PRINTS: Mapping[str, Print] = {"percent": percent, "minutes": minutes, "score": score}

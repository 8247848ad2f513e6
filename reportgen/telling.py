"""Sentences that quote figures.

A number reaches a sentence only as a field of a figure, so that it can be checked afterwards:
`tell` prints it and notes where it came from.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import get_args

from reportgen.views import Claim, Figure, Quoted, Sentence, Words

_LONGEST_NAME = 60
"""Letters of a name inside a sentence."""
_GROUPING = ".,'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
"""What stands between the digits of one number, in one language or another."""
_FIELDS: tuple[Quoted, ...] = get_args(Quoted)


def printed(words: Words, figure: Figure, part: Quoted) -> str | None:
    """A field of a figure as sentences print it; None where the figure has none."""
    match part:
        case "value":
            return words.amount(figure.value, figure.unit)
        case "previous":
            return _amount(words, figure, figure.previous)
        case "change":
            return words.change(figure.delta.amount, figure.unit) if figure.delta else None
        case "goal":
            return _amount(words, figure, figure.goal.value if figure.goal else None)
        case "gap":
            return words.change(figure.goal.gap, figure.unit) if figure.goal else None


def tell(
    words: Words, message: str, about: Figure | None = None, /, **parts: str | Figure
) -> Sentence:
    """
    A sentence from an English message.

    `{value}`, `{previous}`, `{change}`, `{goal}` and `{gap}` are fields of `about`; of `parts`, a
    figure prints its value and a text is a name. Raises KeyError where a placeholder is not given.
    """
    claims = {**_claims(words, about), **_values(words, parts)}
    names = {key: short(text) for key, text in parts.items() if isinstance(text, str)}
    text = words.text(message, **{key: claim.printed for key, claim in claims.items()}, **names)
    return _sentence(text, message, claims, names)


def tell_many(
    words: Words,
    one: str,
    many: str,
    counted: Figure,
    about: Figure | None = None,
    /,
    **parts: str | Figure,
) -> Sentence:
    """
    As `tell`, in the plural form for the value of `counted`, which prints as `{count}`.

    A form may say a small number in words, and need not say all that the others do.
    """
    count = round(counted.value)
    claims = {
        "count": Claim(counted.metric, "value", words.number(count)),
        **_claims(words, about),
        **_values(words, parts),
    }
    names = {key: short(text) for key, text in parts.items() if isinstance(text, str)}
    given = {key: claim.printed for key, claim in claims.items() if key != "count"}
    text = words.plural(one, many, count, **given, **names)
    said = {key: claim for key, claim in claims.items() if standing(claim.printed).search(text)}
    return _sentence(text, many, said, names)


def standing(printed: str) -> re.Pattern[str]:
    """Finds a printed number or name where it stands alone: 7 is in neither 17 nor 7,000."""
    alone = rf"(?<!\d)(?<!\d[{_GROUPING}]){re.escape(printed)}(?![{_GROUPING}]?\d)"
    return re.compile(alone)


def short(name: str, most: int = _LONGEST_NAME) -> str:
    """A name cut in the middle with an ellipsis where it would fill a whole paragraph."""
    if len(name) <= most:
        return name
    half = (most - 1) // 2
    return f"{name[:half].rstrip()}…{_whole_letters(name[-half:])}"


def _whole_letters(tail: str) -> str:
    """Without what belongs to a letter that was cut off, and without white space before it."""
    start = next((place for place, one in enumerate(tail) if not _leans(one)), len(tail))
    return tail[start:]


def _leans(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter)[0] in "MC"


def _sentence(
    text: str, message: str, claims: Mapping[str, Claim], names: Mapping[str, str]
) -> Sentence:
    """With the claims the message really makes."""
    used = tuple(claim for key, claim in claims.items() if "{" + key + "}" in message)
    return Sentence(text, used, tuple(names.values()))


def _claims(words: Words, about: Figure | None) -> dict[str, Claim]:
    if about is None:
        return {}
    return {part: Claim(about.metric, part, text) for part, text in _fields(words, about)}


def _fields(words: Words, about: Figure) -> Iterator[tuple[Quoted, str]]:
    for part in _FIELDS:
        text = printed(words, about, part)
        if text is not None:
            yield part, text


def _values(words: Words, parts: Mapping[str, str | Figure]) -> dict[str, Claim]:
    return {
        key: Claim(given.metric, "value", words.amount(given.value, given.unit))
        for key, given in parts.items()
        if isinstance(given, Figure)
    }


def _amount(words: Words, figure: Figure, value: float | None) -> str | None:
    return None if value is None else words.amount(value, figure.unit)


def _(message: str) -> str:
    """Marks a message id for translators; it is translated where it is used."""
    return message

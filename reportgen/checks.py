"""The gate: whether the report may leave the house."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass

from reportgen.model import Concern, Verdict
from reportgen.telling import printed, standing
from reportgen.views import (
    Figure,
    Histogram,
    Parts,
    Quoted,
    SectionData,
    SectionState,
    SectionView,
    Sentence,
    Trend,
    Words,
)

_LOWEST_SUM, _HIGHEST_SUM = 90.0, 110.0
"""Parts of a whole are rounded up by the platform, so they may add up to a little over 100."""


# ---- the gate ------------------------------------------------------------------------------


def gate(sections: Iterable[SectionView], words: Words) -> tuple[Concern, ...]:
    """Why a person must look at the report; empty when it may go out."""
    views = tuple(sections)
    reasons = [f"{view.name}: {reason}" for view in views for reason in _faults(view, words)]
    if not any(view.state in (SectionState.SHOWN, SectionState.NO_DATA) for view in views):
        reasons.append(words.text("No measure of this report could be shown."))
    return tuple(Concern("data", Verdict.HOLD, reason) for reason in reasons)


def _faults(view: SectionView, words: Words) -> Iterator[str]:
    if view.state is SectionState.FAILED:
        yield view.reason
    wrong = next(_impossible(view), None)
    if wrong is not None:
        yield words.text("The figure {value} cannot be right.", value=f"{wrong:g}")
    total = _total(view.data)
    if total is not None and not _adds_up(total):
        yield words.text(
            "The parts add up to {total}, not to {whole}.",
            total=words.percent(total),
            whole=words.percent(100),
        )


def _impossible(view: SectionView) -> Iterator[float]:
    """The numbers that nothing can measure."""
    yield from (figure.value for figure in view.figures if not _possible(figure))
    yield from (number for number in _numbers(view.data) if not _countable(number))


def _countable(number: float) -> bool:
    return math.isfinite(number) and number >= 0


def _possible(figure: Figure) -> bool:
    share = figure.unit == "percent" and not figure.may_pass_100
    return _countable(figure.value) and not (share and figure.value > _HIGHEST_SUM)


def _numbers(data: object) -> Iterator[float]:
    """Every number a section shows, however deep; the cells of a plain table are text."""
    if isinstance(data, int | float) and not isinstance(data, bool):
        yield data
    elif isinstance(data, tuple):
        for part in data:
            yield from _numbers(part)
    elif is_dataclass(data):
        for field in fields(data):
            yield from _numbers(getattr(data, field.name))


def _adds_up(total: float) -> bool:
    return _LOWEST_SUM <= total <= _HIGHEST_SUM


def _total(data: SectionData | None) -> float | None:
    """The sum of the parts that is farthest from 100; None where there is no whole to judge."""
    if isinstance(data, Parts):
        return sum(part.share for part in data.parts)
    if isinstance(data, Trend) and data.stacked:
        return max(_sums(data), key=lambda total: abs(total - 100), default=None)
    return _spread(data) if isinstance(data, Histogram) else None


def _spread(data: Histogram) -> float:
    """The whole of a histogram, less what rounding each of many shares up may have added."""
    total = sum(bucket.values[0] for bucket in data.buckets)
    return min(total, max(100.0, total - len(data.buckets)))


def _sums(trend: Trend) -> Iterator[float]:
    """Of each month with all three parts; of fewer parts only a sum that is too much."""
    for column in zip(*(series.values for series in trend.series), strict=True):
        known = [value for value in column if value is not None]
        total = sum(known)
        if (total and len(known) > 2) or total > _HIGHEST_SUM:
            yield total


# ---- true sentences ------------------------------------------------------------------------


def untrue(
    sentences: Iterable[Sentence], figures: Iterable[Figure], words: Words
) -> tuple[Concern, ...]:
    """
    Why the report must stay in for what it says: every number of a sentence has to be a field of a
    figure, printed as it is printed everywhere; empty when all of them are.
    """
    known: dict[str, list[Figure]] = {}
    for figure in figures:
        known.setdefault(figure.metric, []).append(figure)
    return tuple(
        Concern(
            "untrue_sentence",
            Verdict.BLOCK,
            words.text(
                "A sentence does not agree with the figures: {sentence}", sentence=sentence.text
            ),
        )
        for sentence in sentences
        if not _true(sentence, known, words)
    )


def _true(sentence: Sentence, known: Mapping[str, Sequence[Figure]], words: Words) -> bool:
    """Every claim is a figure's and stands in the text; beside claims and names are no digits."""
    sound = all(
        any(
            _as_printed(claim.printed, one, claim.part, words)
            for one in known.get(claim.metric, ())
        )
        for claim in sentence.claims
    )
    claimed = tuple(claim.printed for claim in sentence.claims)
    named = tuple(name for name in sentence.names if _has_digits(name))
    return sound and _made_of(sentence.text, claimed, named)


def _made_of(text: str, claimed: Sequence[str], named: Sequence[str]) -> bool:
    """True when every claim stands in the text and, names aside, no other digits do."""
    if not claimed and not named:
        return not _has_digits(text)
    if not claimed and _made_of(text, (), named[1:]):
        return True
    piece = claimed[0] if claimed else named[0]
    rest = (claimed[1:], named) if claimed else ((), named[1:])
    found = standing(piece).finditer(text)
    return any(_made_of(f"{text[: at.start()]}\0{text[at.end() :]}", *rest) for at in found)


def _has_digits(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _as_printed(text: str, figure: Figure, part: Quoted, words: Words) -> bool:
    """Counts may be printed without their unit, where the plural form says it."""
    plain = words.number(round(figure.value)) if part == "value" else None
    return text in (printed(words, figure, part), plain)


def sentences(view: SectionView) -> Iterator[Sentence]:
    """Everything an exhibit says."""
    yield view.title
    yield from view.lead
    for note in view.notes:
        yield from note.text
    for figure in view.figures:
        yield from figure.evidence
    for proposal in view.proposals:
        yield from (proposal.text, proposal.measure)
        if proposal.decision:
            yield proposal.decision

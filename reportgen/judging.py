"""What a figure means: its change, its distance from a goal, and the judgement on both."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from reportgen.telling import _, tell
from reportgen.views import (
    Better,
    Delta,
    Figure,
    Goal,
    Judgement,
    Past,
    Reader,
    Sentence,
    Status,
    Unit,
    Words,
)

GoalKind = Literal["target", "ceiling", "industry", "all_industries", "average"]

_FAR = 0.5
"""A miss of half the goal or more calls for action now."""
_CROWD = 1 / 3
"""When the people behind a figure change by more than this share, it is not compared."""


def judged(figure: Figure, reader: Reader, before: Past | None = None) -> Figure:
    """
    The figure with its goal, change and status.

    `before` is the month before, for measures by month; others are compared with the earlier
    edition the reader brings. A customer's own target stands before the goal the figure came with.
    """
    figure = replace(figure, goal=_own_goal(figure, reader) or figure.goal)
    past = before or reader.earlier.get(figure.metric)
    if past is not None:
        drifted = reader.drifted and before is None
        figure = _compared(figure, past, reader, drifted=drifted)
    return replace(figure, status=_status(figure))


def goal(
    kind: GoalKind, value: float | None, now: float, better: Better, unit: Unit
) -> Goal | None:
    """A goal with the gap to it; None where there is no value."""
    if value is None or value < 0:
        return None
    gap = difference(value, now, unit)
    return Goal(kind, value, gap if better == "higher" else -gap)


def difference(one: float, other: float, unit: Unit) -> float:
    """One less the other, each as it is printed: what a reader works out from the page."""
    step = Decimal("0.01") if unit == "score" else Decimal(1)
    return float(_rounded(one, step) - _rounded(other, step))


def _rounded(value: float, step: Decimal) -> Decimal:
    return Decimal(repr(value)).quantize(step, ROUND_HALF_EVEN)


def miss(aim: Goal | None) -> float:
    """The gap as a share of the goal; a goal of nought is missed wholly by anything."""
    if aim is None or aim.gap <= 0:
        return 0.0
    return aim.gap / aim.value if aim.value > 0 else 1.0


def _own_goal(figure: Figure, reader: Reader) -> Goal | None:
    kind: GoalKind = "ceiling" if figure.better == "lower" else "target"
    wanted = reader.targets.get(figure.metric)
    return goal(kind, wanted, figure.value, figure.better, figure.unit)


def _compared(figure: Figure, past: Past, reader: Reader, *, drifted: bool) -> Figure:
    """With the earlier value and the change; without where comparing would mislead."""
    reason = _why_not(figure, past, reader, drifted=drifted)
    if reason:
        return replace(figure, withheld=reason)
    amount = difference(figure.value, past.value, figure.unit)
    return replace(
        figure,
        previous=past.value,
        previous_day=past.day,
        previous_edition=past.edition,
        delta=Delta(amount, _judgement(figure, amount)),
    )


def _why_not(figure: Figure, past: Past, reader: Reader, *, drifted: bool) -> str:
    """Months of one answer are defined alike, whatever the edition before meant."""
    if drifted:
        return reader.words.text("Not compared: the platform has changed how it is defined.")
    if not figure.people or not past.people:
        return ""
    if abs(figure.people - past.people) / past.people > _CROWD:
        return reader.words.text("Not compared: it is about very different numbers of people.")
    return ""


def _judgement(figure: Figure, amount: float) -> Judgement:
    if figure.better == "neither":
        return "neither"
    if abs(amount) < figure.smallest - 1e-9:
        return "unchanged"
    return "better" if (amount < 0) == (figure.better == "lower") else "worse"


def _status(figure: Figure) -> Status:
    if figure.better == "neither" or (figure.goal is None and figure.delta is None):
        return Status.NONE
    worse = figure.delta is not None and figure.delta.judgement == "worse"
    missed = miss(figure.goal)
    if missed >= _FAR:
        return Status.ACT_NOW
    return Status.WATCH if missed > 0 or worse else Status.ON_TRACK


# ---- the judgement in words ----------------------------------------------------------------


def said(words: Words, figure: Figure) -> Sentence:
    """One sentence: the change where one is known, a missed goal or the plain value elsewhere."""
    phrases = figure.phrases
    judgement = figure.delta.judgement if figure.delta else "neither"
    if phrases is None or judgement == "neither":
        return _plain(words, figure)
    message = {"better": phrases.better, "worse": phrases.worse}.get(judgement, phrases.unchanged)
    return tell(words, message, figure)


def _plain(words: Words, figure: Figure) -> Sentence:
    if figure.phrases and figure.phrases.over and figure.goal and figure.goal.gap > 0:
        return tell(words, figure.phrases.over, figure)
    return tell(words, "{label}: {value}.", figure, label=figure.label)


def against_goal(words: Words, figure: Figure) -> Iterator[Sentence]:
    """The value, the goal and the distance, in words that fit the kind of goal; at most one."""
    aim = figure.goal
    if aim is None:
        return
    if aim.kind in _OWN:
        met, missed = _OWN[aim.kind]
        yield tell(words, met if aim.gap <= 0 else missed, figure)
        return
    higher, lower, level = _PEERS[aim.kind]
    if not aim.gap:
        yield tell(words, level, figure)
    else:
        above = (aim.gap > 0) == (figure.better == "higher")
        yield tell(words, higher if above else lower, figure)


def with_evidence(figure: Figure, *evidence: Sentence) -> Figure:
    """The figure with what else is to be said about it."""
    return replace(figure, evidence=evidence)


_OWN = {
    "target": (
        _("{value} meets the target of {goal}."),
        _("{value} is {gap} short of the target of {goal}."),
    ),
    "ceiling": (
        _("{value} is within the ceiling of {goal}."),
        _("{value} is {gap} over the ceiling of {goal}."),
    ),
}
_PEERS = {
    "industry": (
        _("The industry average is {gap} higher, at {goal}."),
        _("The industry average is {gap} lower, at {goal}."),
        _("The industry average is the same, {goal}."),
    ),
    "all_industries": (
        _("The average of all industries is {gap} higher, at {goal}."),
        _("The average of all industries is {gap} lower, at {goal}."),
        _("The average of all industries is the same, {goal}."),
    ),
    "average": (
        _("The average is {gap} higher, at {goal}."),
        _("The average is {gap} lower, at {goal}."),
        _("The average is the same, {goal}."),
    ),
}

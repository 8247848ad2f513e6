"""What the figures mean: change, status, and the sentences of the summary.

Every number in a sentence is printed from a field of its figure; no cause is ever claimed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.model import Period
from reportgen.views import Delta, Figure, Finding, Goal, Status, Words

FINDINGS = 3
"""How many findings the summary has room for."""
_FAR = 0.5
"""A miss of half the goal or more calls for action now."""

SMALLEST_CHANGE = {
    "risk_score": 1.0,
    "report_rate": 1.0,
    "repeat_offenders": 1.0,
    "training_completion": 1.0,
}
"""The smallest change that counts, in each metric's unit; anything less is `unchanged`."""


def distinct(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Each metric once: a saved report may draw the same measure twice."""
    found: dict[str, Figure] = {}
    for figure in figures:
        found.setdefault(figure.metric, figure)
    return tuple(found.values())


# ---- judgement -----------------------------------------------------------------------------


def judged(figure: Figure) -> Figure:
    """The figure with its change and status filled in."""
    delta = _delta(figure)
    return replace(figure, delta=delta, status=_status(figure, delta))


def _delta(figure: Figure) -> Delta | None:
    if figure.previous is None:
        return None
    amount = figure.value - figure.previous
    return Delta(amount, _judgement(figure, amount))


def _judgement(figure: Figure, amount: float) -> Literal["better", "worse", "unchanged", "neither"]:
    if figure.better == "neither":
        return "neither"
    if abs(amount) < SMALLEST_CHANGE.get(figure.metric, 1.0):
        return "unchanged"
    return "better" if (amount < 0) == (figure.better == "lower") else "worse"


def _status(figure: Figure, delta: Delta | None) -> Status:
    if figure.better == "neither" or (figure.goal is None and delta is None):
        return Status.NONE
    worse = delta is not None and delta.judgement == "worse"
    miss = _miss(figure.goal) if figure.goal else 0.0
    if miss >= _FAR:
        return Status.ACT_NOW
    return Status.WATCH if miss > 0 or worse else Status.ON_TRACK


def _miss(goal: Goal) -> float:
    """The gap as a share of the goal; a goal of nought is missed wholly by anything."""
    if goal.gap <= 0:
        return 0.0
    return goal.gap / goal.value if goal.value > 0 else 1.0


# ---- sentences -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pattern:
    """The clauses of one metric. They are English message ids, marked for extraction below."""

    better: str
    worse: str
    unchanged: str
    good: str
    """Half a headline when the figure moved the right way; `bad` when it did not."""
    bad: str
    met: str
    """Half a headline when the goal is met; `missed` when it is not."""
    missed: str
    over: str
    """Title of a finding about a missed goal."""


def _(message: str) -> str:
    """Marks a message id for translators; it is translated where it is used."""
    return message


_PATTERNS = {
    "risk_score": _Pattern(
        better=_("Risk fell {change} to {value}."),
        worse=_("Risk rose {change} to {value}."),
        unchanged=_("Risk stays at {value}."),
        good=_("phishing risk has fallen"),
        bad=_("phishing risk has risen"),
        met=_("phishing risk is at or below its benchmark"),
        missed=_("phishing risk is above its benchmark"),
        over=_("Risk is above its benchmark."),
    ),
    "report_rate": _Pattern(
        better=_("Reporting rose {change} to {value}."),
        worse=_("Reporting slipped {change} to {value}."),
        unchanged=_("Reporting stays at {value}."),
        good=_("more people are raising the alarm"),
        bad=_("fewer people are raising the alarm"),
        met=_("reporting is on target"),
        missed=_("too few people raise the alarm"),
        over=_("Too few people raise the alarm."),
    ),
    "repeat_offenders": _Pattern(
        better=_("Repeat offending fell {change} to {value}."),
        worse=_("Repeat offending rose {change} to {value}."),
        unchanged=_("Repeat offending stays at {value}."),
        good=_("repeat offending has fallen"),
        bad=_("repeat offending has risen"),
        met=_("repeat offending is within its ceiling"),
        missed=_("a small group keeps failing"),
        over=_("A small group keeps failing."),
    ),
    "training_completion": _Pattern(
        better=_("Training completion rose {change} to {value}."),
        worse=_("Training completion fell {change} to {value}."),
        unchanged=_("Training completion stays at {value}."),
        good=_("more training is completed"),
        bad=_("less training is completed"),
        met=_("training is on target"),
        missed=_("training lags behind its target"),
        over=_("Training lags behind its target."),
    ),
}


def headline(figures: tuple[Figure, ...], words: Words, period: Period) -> str:
    """The strongest good news, "but", the strongest bad one; one clause where there is one kind."""
    if not figures:
        return words.text("No figures are available for {period}.", period=words.period(period))
    good, bad = _strongest(figures, "good"), _strongest(figures, "bad")
    if good and bad:
        sentence = words.text("{good}, but {bad}.", good=words.text(good), bad=words.text(bad))
    elif good or bad:
        sentence = words.text("{clause}.", clause=words.text(good or bad))
    else:
        sentence = words.text("no figure moved by more than it normally does.")
    return _capital(sentence)


def lede(figures: tuple[Figure, ...], words: Words) -> str:
    """The values behind the headline, in two or three sentences."""
    return " ".join(_said(figure, words) for figure in _chosen(figures))


def findings(figures: tuple[Figure, ...], words: Words) -> tuple[Finding, ...]:
    """What changed, by weight; anything that needs action comes first."""
    return tuple(_finding(figure, words) for figure in _chosen(figures))


def _finding(figure: Figure, words: Words) -> Finding:
    return Finding(
        status=figure.status,
        title=_title(figure, words),
        text=_against_goal(figure, words) or _against_before(figure, words),
        metric=figure.metric,
    )


def _title(figure: Figure, words: Words) -> str:
    pattern = _PATTERNS.get(figure.metric)
    if pattern and figure.delta is None and figure.goal and figure.goal.gap > 0:
        return words.text(pattern.over)
    return _said(figure, words)


def _said(figure: Figure, words: Words) -> str:
    """One sentence: the change where one is known, the plain value elsewhere."""
    value = words.amount(figure.value, figure.unit)
    pattern = _PATTERNS.get(figure.metric)
    if pattern is None or figure.delta is None or figure.delta.judgement == "neither":
        return words.text("{label}: {value}.", label=figure.label, value=value)
    message = {"better": pattern.better, "worse": pattern.worse}.get(
        figure.delta.judgement, pattern.unchanged
    )
    return words.text(message, change=words.change(figure.delta.amount, figure.unit), value=value)


def _against_before(figure: Figure, words: Words) -> str:
    if figure.previous is None or figure.previous_day is None:
        if len(figure.spark) == 1:
            return words.text("This is the first value; there is nothing to compare it with yet.")
        return words.text("No earlier value is at hand to compare it with.")
    return words.text(
        "It was {value} in {month}.",
        value=words.amount(figure.previous, figure.unit),
        month=words.month(figure.previous_day),
    )


def _against_goal(figure: Figure, words: Words) -> str:
    """The value, the goal and the distance, in words that fit the kind of goal."""
    goal = figure.goal
    if goal is None:
        return ""
    gap, value = words.change(goal.gap, figure.unit), words.amount(goal.value, figure.unit)
    now = words.amount(figure.value, figure.unit)
    met = goal.gap <= 0
    if goal.kind in ("target", "ceiling"):
        return _against_own(goal, words, now=now, gap=gap, value=value, met=met)
    if goal.gap == 0:
        return words.text("{now} is level with the average of {value}.", now=now, value=value)
    if met:
        return words.text(
            "{now} is {gap} better than the average of {value}.", now=now, gap=gap, value=value
        )
    return words.text(
        "{now} is {gap} worse than the average of {value}.", now=now, gap=gap, value=value
    )


def _against_own(goal: Goal, words: Words, *, now: str, gap: str, value: str, met: bool) -> str:
    if goal.kind == "ceiling":
        if met:
            return words.text("{now} is within the ceiling of {value}.", now=now, value=value)
        return words.text(
            "{now} is {gap} over the ceiling of {value}.", now=now, gap=gap, value=value
        )
    if met:
        return words.text("{now} meets the target of {value}.", now=now, value=value)
    return words.text(
        "{now} is {gap} short of the target of {value}.", now=now, gap=gap, value=value
    )


# ---- ranking -------------------------------------------------------------------------------


def _ranked(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Anything that needs action first, then by size of change against the smallest that counts."""
    return tuple(sorted(figures, key=_weight, reverse=True))


def _chosen(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The first few by weight; a warning that would fall off the end takes the last place."""
    ranked = _ranked(figures)
    first, rest = ranked[:FINDINGS], ranked[FINDINGS:]
    warnings = [figure for figure in rest if _warns(figure)]
    if warnings and not any(_warns(figure) for figure in first):
        return (*first[:-1], warnings[0])
    return first


def _warns(figure: Figure) -> bool:
    return figure.status in (Status.WATCH, Status.ACT_NOW)


def _weight(figure: Figure) -> tuple[bool, float, float]:
    change = abs(figure.delta.amount) if figure.delta else 0.0
    miss = _miss(figure.goal) if figure.goal else 0.0
    return (
        figure.status is Status.ACT_NOW,
        change / SMALLEST_CHANGE.get(figure.metric, 1.0),
        miss,
    )


def _clause(figure: Figure) -> tuple[Literal["good", "bad"], str] | None:
    """Half a headline and which half; None where the figure gives no news."""
    pattern = _PATTERNS.get(figure.metric)
    if pattern is None:
        return None
    if figure.status is Status.ACT_NOW:
        return "bad", pattern.missed
    if figure.delta and figure.delta.judgement in ("better", "worse"):
        return (
            ("good", pattern.good) if figure.delta.judgement == "better" else ("bad", pattern.bad)
        )
    if figure.goal:
        return ("bad", pattern.missed) if figure.goal.gap > 0 else ("good", pattern.met)
    return None


def _strongest(figures: Iterable[Figure], kind: str) -> str:
    clauses = (_clause(figure) for figure in _ranked(figures))
    return next((clause[1] for clause in clauses if clause and clause[0] == kind), "")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]

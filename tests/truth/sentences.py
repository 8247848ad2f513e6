"""How a sentence is read by its pattern, and what every measure may say."""

import re
from collections.abc import Callable, Mapping, Sequence

from reportgen.views import SectionView
from tests.truth.company import Company, Fact, Untrue

Values = Mapping[str, str]
"""What a sentence quotes, by the name of its place."""

Rule = Callable[[Company, Values], object]
"""Raises Untrue, or answers False, where the raw answers do not bear the sentence out."""


def need(*facts: bool) -> bool:
    return all(facts)


def wrong(
    text: str, rules: Mapping[str, Rule], company: Company, view: SectionView | None = None
) -> str:
    """What is wrong with a sentence; empty where it is true."""
    if view is not None and text == view.name:
        return ""
    reasons = []
    for pattern, rule in rules.items():
        match = compiled(pattern).fullmatch(text)
        if match:
            try:
                if rule(company, match.groupdict()) is not False:
                    return ""
                reasons.append(pattern)
            except _NOTHING_THERE as error:
                reasons.append(f"{pattern}: {error!r}")
    return f"{text!r} is " + (f"untrue: {reasons}" if reasons else "not understood")


_NOTHING_THERE = (Untrue, TypeError, ValueError, LookupError, StopIteration, ZeroDivisionError)
"""What a rule runs into where the raw answers hold nothing to say."""
_SEEN: dict[str, re.Pattern[str]] = {}


def compiled(pattern: str) -> re.Pattern[str]:
    if pattern not in _SEEN:
        escaped = re.escape(pattern)
        _SEEN[pattern] = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", escaped), re.DOTALL)
    return _SEEN[pattern]


# ---- what every measure may say ------------------------------------------------------------


def quotes(metric: str) -> Rule:
    """The value, goal, gap, change and earlier value as the raw answers give them."""

    def rule(company: Company, said: Values) -> bool:
        known = company.fact(metric)
        wanted: dict[str, Callable[[], str | None]] = {
            "value": lambda: known.printed,
            "previous": lambda: known.show(known.before),
            "goal": lambda: known.show(known.goal),
            "gap": lambda: known.size(known.goal or 0.0),
            "change": lambda: known.size(known.before or 0.0),
        }
        return all(said[key] == wanted[key]() for key in said if key in wanted)

    return rule


def when(metric: str, fits: Callable[[Fact], bool]) -> Rule:
    """The numbers, and the words around them."""
    quoted = quotes(metric)
    return lambda company, said: bool(quoted(company, said)) and fits(company.fact(metric))


def common(metric: str) -> dict[str, Rule]:
    always: dict[str, Rule] = {
        "The newest month is still open; its figures may change.": lambda company, _: (
            company.today < company.month_over
        ),
        "No earlier value is at hand to compare it with.": lambda *_: True,
        "Not compared: it is about very different numbers of people.": lambda *_: True,
        "Not compared: the platform has changed how it is defined.": lambda *_: True,
    }
    if not metric:
        return always
    goals: dict[str, Callable[[Fact], bool]] = {
        "{value} meets the target of {goal}.": lambda one: aims(one, "target", missed=False),
        "{value} is {gap} short of the target of {goal}.": lambda one: aims(
            one, "target", missed=True
        ),
        "{value} is within the ceiling of {goal}.": lambda one: aims(one, "ceiling", missed=False),
        "{value} is {gap} over the ceiling of {goal}.": lambda one: aims(
            one, "ceiling", missed=True
        ),
        "The industry average is {gap} higher, at {goal}.": lambda one: peers(one, "industry", 1),
        "The industry average is {gap} lower, at {goal}.": lambda one: peers(one, "industry", -1),
        "The industry average is the same, {goal}.": lambda one: peers(one, "industry", 0),
        "The average of all industries is {gap} higher, at {goal}.": lambda one: peers(
            one, "all industries", 1
        ),
        "The average of all industries is {gap} lower, at {goal}.": lambda one: peers(
            one, "all industries", -1
        ),
        "The average of all industries is the same, {goal}.": lambda one: peers(
            one, "all industries", 0
        ),
    }
    return {
        **always,
        **{pattern: when(metric, fits) for pattern, fits in goals.items()},
        "It was {previous} in {month}.": quotes(metric),
        "{label}: {value}.": quotes(metric),
        "{label}: {value}, after {previous} in {month}.": quotes(metric),
    }


def aims(one: Fact, kind: str, *, missed: bool) -> bool:
    return one.kind == kind and (one.off > 0) == missed


def peers(one: Fact, kind: str, side: int) -> bool:
    """Whether the average of the others lies above (1), below (-1) or level (0)."""
    above = -one.off if one.lower else one.off
    return one.kind == kind and (above > 0) - (above < 0) == side


def judged_as(judged: str) -> Callable[[Fact], bool]:
    return lambda one: one.judged == judged


def moves(metric: str, better: str, worse: str, unchanged: str, over: str) -> dict[str, Rule]:
    rules = {
        sentence: when(metric, judged_as(judged))
        for sentence, judged in ((better, "better"), (worse, "worse"), (unchanged, "unchanged"))
    }
    return rules | {over: when(metric, lambda one: one.off > 0)}


def newest_month(company: Company, said: Values) -> bool:
    return said["month"] == f"{company.spans.period.last_day:%B %Y}"


def is_named(said: str | None, known: Sequence[str]) -> bool:
    """A long name is cut in the middle; an empty one is called so."""
    if said is None or said.startswith("No name on file"):
        return True
    head, _, tail = said.partition("…")
    return any(
        name == said or ("…" in said and name.startswith(head) and name.endswith(tail))
        for name in known
    )

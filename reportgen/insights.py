"""What the figures mean together: headline, lede, findings, and what to do next.

Which figure matters is the same for every metric; how a metric speaks stands with its section.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from reportgen.judging import against_goal, difference, miss, said
from reportgen.model import ActionRule, Period
from reportgen.telling import _, tell
from reportgen.views import (
    NOTHING,
    Action,
    Exhibit,
    Figure,
    Finding,
    Proposal,
    SectionView,
    Sentence,
    Status,
    Words,
)

CARDS = 6
"""How many figures the summary has room for."""
FINDINGS = 3
ACTIONS = 3
_LONGEST_LEDE = 3
_WEEKEND = 5


def distinct(views: Iterable[SectionView]) -> tuple[Figure, ...]:
    """Each metric once: a saved report may draw the same measure twice."""
    found: dict[str, Figure] = {}
    for view in views:
        for figure in view.figures:
            found.setdefault(figure.metric, figure)
    return tuple(found.values())


def cards(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures of the summary, in the order of the cards."""
    wanted = sorted((one for one in figures if one.card is not None), key=lambda one: one.card or 0)
    return tuple(wanted[:CARDS])


# ---- headline and lede ---------------------------------------------------------------------


def headline(figures: tuple[Figure, ...], words: Words, period: Period) -> Sentence:
    """The strongest good news, "but", the strongest bad one; one clause where there is one kind."""
    speaking = tuple(figure for figure in figures if figure.phrases)
    if not speaking:
        return tell(words, "No figures are available for {period}.", period=words.period(period))
    good, bad = _strongest(speaking, "good", words), _strongest(speaking, "bad", words)
    if not (good or bad):
        return _no_news(speaking, words)
    if good and bad:
        text = words.text("{good}, but {bad}.", good=good, bad=bad)
    else:
        text = words.text("{clause}.", clause=good or bad)
    return Sentence(words.capital(text))


def _no_news(speaking: Iterable[Figure], words: Words) -> Sentence:
    if any(figure.delta for figure in speaking):
        return tell(words, "No figure has changed noticeably.")
    return tell(words, "There are no earlier figures to compare with yet.")


def lede(
    figures: tuple[Figure, ...], views: Iterable[SectionView], words: Words
) -> tuple[Sentence, ...]:
    """The values behind the headline: what the sections that hold them say first."""
    said_first = {
        figure.metric: view.lead[0] for view in views for figure in view.figures[:1] if view.lead
    }
    weightiest = set(_ranked(figures)[:_LONGEST_LEDE])
    chosen = [figure for figure in figures if figure in weightiest]
    return tuple(said_first.get(figure.metric) or _stated(figure, words) for figure in chosen)


def _stated(figure: Figure, words: Words) -> Sentence:
    """Value and earlier value where there is one, so that a finding may tell the rest."""
    if figure.previous is None or figure.previous_day is None:
        return next(against_goal(words, figure), said(words, figure))
    return tell(
        words,
        "{label}: {value}, after {previous} in {month}.",
        figure,
        label=figure.label,
        month=words.month(figure.previous_day),
    )


# ---- findings ------------------------------------------------------------------------------


def findings(
    figures: tuple[Figure, ...], exhibits: Iterable[Exhibit], words: Words
) -> tuple[Finding, ...]:
    """What changed, by weight; anything that needs action comes first."""
    numbers = _numbers(exhibits)
    return tuple(_finding(figure, numbers, words) for figure in _chosen(figures))


def _numbers(exhibits: Iterable[Exhibit]) -> Mapping[str, int]:
    """The first exhibit that shows each metric."""
    found: dict[str, int] = {}
    for exhibit in exhibits:
        for figure in exhibit.view.figures:
            found.setdefault(figure.metric, exhibit.number)
    return found


def _finding(figure: Figure, numbers: Mapping[str, int], words: Words) -> Finding:
    title = said(words, figure)
    evidence = figure.evidence or tuple(against_goal(words, figure))
    text = tuple(one for one in evidence if one.text != title.text)
    return Finding(
        status=figure.status,
        title=title,
        text=text or (_without_past(figure, words),),
        metric=figure.metric,
        exhibit=numbers.get(figure.metric),
    )


def _without_past(figure: Figure, words: Words) -> Sentence:
    if figure.withheld:
        return Sentence(figure.withheld)
    if figure.previous is None or figure.previous_day is None:
        return tell(words, "No earlier value is at hand to compare it with.")
    return tell(
        words,
        "It was {previous} in {month}.",
        figure,
        month=words.month(figure.previous_day),
    )


# ---- what to do next -----------------------------------------------------------------------


def actions(
    proposals: Iterable[Proposal],
    figures: tuple[Figure, ...],
    rules: Mapping[str, ActionRule],
    made: date,
) -> tuple[tuple[Action, ...], Sentence | None]:
    """The weightiest proposals with their days, and the one decision asked for."""
    weights = {figure.metric: place for place, figure in enumerate(_ranked(figures))}
    wanted = [one for one in proposals if not rules.get(one.metric, ActionRule()).skip]
    ranked = sorted(wanted, key=lambda one: weights.get(one.metric, len(weights)))[:ACTIONS]
    decision = next((one.decision for one in ranked if one.decision), None)
    return tuple(_action(one, rules.get(one.metric), made) for one in ranked), decision


def _action(proposal: Proposal, rule: ActionRule | None, made: date) -> Action:
    rule = rule or ActionRule()
    days = proposal.days if rule.days is None else rule.days
    return Action(
        proposal.text,
        rule.owner or proposal.owner,
        _working_day(made + timedelta(days=days), made),
        proposal.measure,
    )


def _working_day(day: date, made: date) -> date:
    """Nothing is due on a Saturday or Sunday: the Friday before, unless that is past already."""
    friday = day - timedelta(days=max(day.weekday() - _WEEKEND + 1, 0))
    return friday if friday >= made else day + timedelta(days=7 - day.weekday())


# ---- ranking -------------------------------------------------------------------------------


def _ranked(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Anything that needs action first, then by size of change against the smallest that counts."""
    speaking = (figure for figure in figures if figure.phrases)
    return tuple(sorted(speaking, key=_weight, reverse=True))


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
    return figure.status is Status.ACT_NOW, change / figure.smallest, miss(figure.goal)


def _clause(figure: Figure) -> tuple[str, str] | None:
    """Half a headline and which half; None where the figure gives no news."""
    phrases = figure.phrases
    if phrases is None:
        return None
    if figure.status is Status.ACT_NOW:
        return "bad", phrases.missed
    judgement = figure.delta.judgement if figure.delta else "unchanged"
    if judgement == "better":
        return "good", phrases.good
    if judgement == "worse":
        return "bad", phrases.bad
    if figure.goal:
        return ("bad", phrases.missed) if figure.goal.gap > 0 else ("good", phrases.met)
    return None


def _strongest(figures: Iterable[Figure], kind: str, words: Words) -> str:
    clauses = (_clause(figure) for figure in _ranked(figures))
    found = next(
        (clause[1] for clause in clauses if clause and clause[0] == kind and clause[1]), ""
    )
    return words.text(found) if found else ""


def cover(figures: tuple[Figure, ...], words: Words) -> Sentence:
    """The one sentence of the cover: the leading figure, now and at the start of its series."""
    known = {figure.metric: figure for figure in figures}
    now, start = known.get("risk_score"), known.get("risk_score_start")
    if now is None:
        return NOTHING
    if start is None or start.day is None:
        return tell(words, "Risky actions came to {value} of the simulated attacks.", now)
    moved = difference(now.value, start.value, now.unit)
    return tell(
        words,
        _COVER_LEVEL if not moved else _COVER_RISEN if moved > 0 else _COVER_FALLEN,
        now,
        start=start,
        month=words.month(start.day),
    )


_COVER_FALLEN = _(
    "Risky actions came to {value} of the simulated attacks, down from {start} in {month}."
)
_COVER_RISEN = _(
    "Risky actions came to {value} of the simulated attacks, up from {start} in {month}."
)
_COVER_LEVEL = _("Risky actions came to {value} of the simulated attacks, as in {month}.")


def in_full(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Figures as a machine reads them: without the words made of them."""
    return tuple(replace(figure, evidence=(), phrases=None) for figure in figures)

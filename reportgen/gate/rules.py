"""Every rule of the gate by its name: how it is set, and how it is asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from reportgen.gate import answers, changes, figures
from reportgen.gate.case import Case
from reportgen.gate.standard import STANDARD
from reportgen.model import Concern, Rule, Verdict

_ASKED: Mapping[str, Callable[[Case], Iterator[str]]] = {
    "empty": answers.empty,
    "widget_failed": answers.widget_failed,
    "nothing_shown": answers.nothing_shown,
    "same_as_before": changes.same_as_before,
    "people_changed": changes.people_changed,
    "activity_zero": changes.activity_zero,
    "out_of_range": figures.out_of_range,
    "parts": figures.parts,
    "stale": answers.stale,
    "licence_expired": answers.licence_expired,
    "drifted": changes.drifted,
}
"""Those about data; a flaw is found in print, an untrue sentence when the page is composed."""


def concerns(case: Case) -> tuple[Concern, ...]:
    """What the rules find; empty when the report may go out without a word."""
    return tuple(
        concern
        for name, ask in _ASKED.items()
        if _is_on(name, case.rules)
        for concern in named(name, ask(case), case.rules)
    )


def named(name: str, found: Iterable[str], rules: Mapping[str, Rule]) -> tuple[Concern, ...]:
    """Whatever was found, as a concern of this rule; nothing when the rule is off."""
    verdict = rules[name].verdict if _is_on(name, rules) else None
    return tuple(Concern(name, verdict, text) for text in found) if verdict else ()


def _is_on(name: str, rules: Mapping[str, Rule]) -> bool:
    return name in rules and rules[name].verdict not in (None, Verdict.OFF)


def settled(*layers: Mapping[str, Rule]) -> dict[str, Rule]:
    """Every rule as the last layer wants it that says anything about it."""
    rules = dict(STANDARD)
    for layer in layers:
        for name, wish in layer.items():
            rules[name] = _over(rules[name], wish)
    return rules


def _over(rule: Rule, wish: Rule) -> Rule:
    return replace(
        rule,
        verdict=rule.verdict if wish.verdict is None else wish.verdict,
        share=rule.share if wish.share is None else wish.share,
    )

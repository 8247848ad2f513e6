"""The rules of the gate by name, as they are set when nobody says otherwise."""

from collections.abc import Mapping

from reportgen.model import Rule, Verdict

STANDARD: Mapping[str, Rule] = {
    "empty": Rule(Verdict.HOLD),
    "widget_failed": Rule(Verdict.HOLD),
    "nothing_shown": Rule(Verdict.HOLD),
    "same_as_before": Rule(Verdict.HOLD),
    "people_changed": Rule(Verdict.HOLD, share=1 / 3),
    "activity_zero": Rule(Verdict.HOLD),
    "out_of_range": Rule(Verdict.HOLD),
    "parts": Rule(Verdict.HOLD),
    "stale": Rule(Verdict.HOLD),
    "licence_expired": Rule(Verdict.NOTE),
    "drifted": Rule(Verdict.NOTE),
    "flaw": Rule(Verdict.HOLD),
    "untrue_sentence": Rule(Verdict.BLOCK),
}
"""The rules, as they are set when nobody says otherwise."""

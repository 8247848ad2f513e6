"""The rules of the gate in a configuration: what may be written, and whose wish wins."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reportgen.config import ConfigProblems, Settings, customers, gate_rules, load
from reportgen.config.reference import schema
from reportgen.gate import STANDARD
from reportgen.model import Company, Rule, Verdict

Write = Callable[[str], Path]
CONFIG = """\
source: {{kind: demo}}
brands: {{halvorn: {{name: Halvorn Cyber}}}}
defaults: {{gate: {defaults}}}
customers:
  - {{company: Harbourline Logistics, gate: {customer}}}
discover:
  - {{all: true, gate: {discover}}}
reports:
  monthly: {{title: Report, widgets: [risk_score_trend], gate: {report}}}
"""
LISTED = (
    Company("c1", "Harbourline Logistics", licence_expired=True),
    Company("c2", "Nordhafen Klinikum GmbH"),
)


def settings(config: Write, **parts: str) -> Settings:
    usual = dict.fromkeys(("defaults", "customer", "discover", "report"), "{}")
    return load(config(CONFIG.format(**(usual | parts))), {})


def rules(config: Write, **parts: str) -> tuple[dict[str, Rule], dict[str, Rule]]:
    """Of the customer that is named, and of the one that was found."""
    loaded = settings(config, **parts)
    report = loaded.reports["monthly"]
    named, found = (each.customer for each in customers(loaded, LISTED)[0])
    return gate_rules(loaded, report, named), gate_rules(loaded, report, found)


def test_without_a_word_every_rule_is_as_usual(config: Write) -> None:
    assert rules(config) == (STANDARD, STANDARD)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_may_stand_alone(config: Write, verdict: Verdict) -> None:
    named, _ = rules(config, defaults=f"{{stale: {verdict}, empty: {{verdict: {verdict}}}}}")
    assert named["stale"] == named["empty"] == Rule(verdict)


def test_the_customers_wish_wins_over_the_reports_and_that_over_all(config: Write) -> None:
    named, found = rules(
        config,
        defaults="{stale: note, empty: note, parts: note, drifted: off}",
        report="{empty: block, parts: block}",
        customer="{parts: off}",
        discover="{empty: off}",
    )
    said = {name: named[name].verdict for name in ("stale", "empty", "parts", "drifted")}
    assert said == {"stale": "note", "empty": "block", "parts": "off", "drifted": "off"}
    assert (found["empty"].verdict, found["parts"].verdict) == ("off", "block")


def test_verdict_and_share_are_said_apart(config: Write) -> None:
    named, found = rules(
        config,
        defaults="{people_changed: {share: 0.5}}",
        report="{people_changed: block}",
        customer="{people_changed: {verdict: note, share: 2}}",
    )
    assert named["people_changed"] == Rule(Verdict.NOTE, 2)
    assert found["people_changed"] == Rule(Verdict.BLOCK, 0.5)


def test_what_the_platform_says_of_the_licence_reaches_the_customer(config: Write) -> None:
    named, found = (each.customer for each in customers(settings(config), LISTED)[0])
    assert (named.licence_expired, found.licence_expired) == (True, False)


WRONG = [
    ("{emty: off}", "'emty' is not a rule of the gate; did you mean 'empty'?"),
    ("{pepole_changed: {share: 0.5}}", "did you mean 'people_changed'?"),
    ("{untrue_sentence: off}", "untrue_sentence cannot be 'off': a sentence that its figures"),
    ("{untrue_sentence: {verdict: hold}}", "never goes out; take it out, or write block"),
    ("{flaw: note}", "what is found in print cannot be noted in it"),
    ("{empty: maybe}", "write 'off', 'note', 'hold' or 'block'"),
    ("{empty: {share: 0.5}}", "empty knows no `share`; take it out"),
    ("{people_changed: {share: 0}}", "people_changed.share: is too small; write more than 0"),
    ("{people_changed: {shar: 1}}", "is no key of this part; did you mean `share`?"),
    ("[empty]", "is not a part with keys"),
]


@pytest.mark.parametrize("part", ["defaults", "customer", "discover", "report"])
@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_cannot_be_meant_is_one_line_with_its_cure(
    config: Write, part: str, text: str, said: str
) -> None:
    with pytest.raises(ConfigProblems) as caught:
        settings(config, **{part: text})
    (problem,) = caught.value.problems
    assert said in str(problem)
    assert ".gate" in problem.key


def test_the_one_thing_that_must_be_so_may_be_written(config: Write) -> None:
    named, _ = rules(config, defaults="{untrue_sentence: block, flaw: block}")
    assert named["untrue_sentence"].verdict is named["flaw"].verdict is Verdict.BLOCK


@pytest.mark.parametrize(
    ("wish", "valid"),
    [
        ({"empty": "off"}, True),
        ({"people_changed": {"verdict": "note", "share": 0.5}}, True),
        ({"people_changed": {"share": 0.5}}, True),
        ({"empty": "maybe"}, False),
        ({"emty": "off"}, False),
        ({"empty": {"shar": 1}}, False),
    ],
)
def test_editors_know_the_rules(wish: dict[str, Any], valid: bool) -> None:
    written = {
        "source": {"kind": "demo"},
        "brands": {"halvorn": {"name": "Halvorn Cyber"}},
        "reports": {"monthly": {"title": "R", "widgets": ["report_rates"], "gate": wish}},
        "defaults": {"gate": wish},
    }
    checker = jsonschema.Draft202012Validator(json.loads(json.dumps(schema())))
    assert checker.is_valid(written) is valid

"""Whatever a company's answers are, its report says nothing they do not bear out."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.language import available
from reportgen.model import Customer, Widget
from reportgen.pipeline import draft
from reportgen.sections import NAMES, kind, parse
from reportgen.views import Page, Sentence
from tests.inventing import Invented, Told, bent, companies
from tests.sample_pages import BRAND, DATA, SAMPLES, job, recorded, spans
from tests.truth import Company, complaints

TARGETS = st.sampled_from(
    [
        {},
        {"training_completion": 80.0, "report_rate": 30.0},
        {"risk_score": 10.0, "repeat_offenders": 0.0, "dwell_time": 30.0, "culture_score": 3.5},
        {"simulation_coverage": 100.0, "open_share": 20.0, "click_time": 20.0},
    ]
)
SAMPLE_TARGETS = dict(SAMPLES.targets)
NOW, THEN = spans("2026-11"), spans("2026-10")
TURNS = ("empty", "people_changed", "activity_zero", "stale", "same_as_before")
"""What the gate sees in months that are strangers to each other; tests/test_gate_invented.py."""


def page_and_truth(
    raw: Invented, targets: dict[str, float], earlier: Invented | None, language: str = "en"
) -> tuple[Page, Company]:
    customer = Customer(
        "inv",
        "Invented Ltd",
        language=language,
        targets=targets,
        brand=BRAND,
        date_format="dd/MM/yyyy",
    )
    ticket = job(customer, items=NAMES)
    past = _widgets(earlier, customer) if earlier is not None else ()
    page = draft(ticket, Told(raw), past).page
    before = Company(earlier, THEN, targets) if earlier is not None else None
    return page, Company(raw, NOW, targets, before)


def unsound(page: Page) -> list[str]:
    """Why the page is held, for what a single answer says."""
    return [each.text for each in page.concerns if each.rule not in (*TURNS, "drifted")]


def _widgets(raw: Invented, customer: Customer) -> tuple[Widget, ...]:
    asked = tuple(parse(name).request(THEN) for name in NAMES)
    return Told(raw).fetch(customer, asked).widgets


@settings(max_examples=250)
@given(companies(), TARGETS, st.none() | companies(date(2026, 10, 1)))
def test_a_report_of_sound_answers_is_true_and_goes_out(
    raw: Invented, targets: dict[str, float], earlier: Invented | None
) -> None:
    page, company = page_and_truth(raw, targets, earlier)
    assert complaints(page, company) == []
    assert unsound(page) == [] or not raw


@settings(max_examples=250)
@given(bent(), TARGETS, st.none() | companies(date(2026, 10, 1)))
def test_a_report_of_bent_answers_is_true_and_held_only_for_what_is_bent(
    answers: tuple[Invented, set[str]], targets: dict[str, float], earlier: Invented | None
) -> None:
    raw, kinds = answers
    page, company = page_and_truth(raw, targets, earlier)
    assert complaints(page, company) == []
    names = [view.name for view in page.sections if set(kind(view.kind).WIDGETS) & kinds]
    blamed = [reason for reason in unsound(page) if reason.startswith(tuple(names))]
    assert unsound(page) == blamed or not any(view.figures for view in page.sections)


@settings(max_examples=100)
@given(companies(), TARGETS, st.sampled_from(available()))
def test_no_language_holds_a_report_of_sound_answers(
    raw: Invented, targets: dict[str, float], language: str
) -> None:
    page, _ = page_and_truth(raw, targets, None, language)
    assert unsound(page) == [] or not raw


# ---- the checker itself --------------------------------------------------------------------


def samples() -> Invented:
    return {
        file.stem: json.loads(file.read_text("utf-8"))["widgetDatas"]
        for file in (DATA / "widgets").glob("*.json")
    }


CLAIMS = [
    (view.kind, sentence.text)
    for view in recorded().sections
    for sentence in (view.title, *view.lead)
    if sentence.claims
]


@pytest.mark.parametrize(("kind", "text"), CLAIMS)
def test_the_checker_sees_every_digit_that_is_not_as_sent(kind: str, text: str) -> None:
    known = Company(samples(), NOW, SAMPLE_TARGETS)
    for place, letter in enumerate(text):
        if letter.isdigit():
            wrong = text[:place] + str((int(letter) + 1) % 10) + text[place + 1 :]
            assert complaints(_saying(kind, wrong), known), wrong


def _saying(kind: str, text: str) -> Page:
    """The page of the samples, one section of which says something else."""
    page = recorded()
    views = tuple(
        replace(view, title=Sentence(text)) if view.kind == kind else view for view in page.sections
    )
    return replace(page, sections=views)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("risk_score_trend", "Risk rose 6 pts to 11%."),
        ("risk_score_trend", "Risk went from 11%, above the industry, to 24%, below it."),
        ("report_rates", "24% of people reported, up from 21%."),
        ("time_to_failure",
         "People click later than at peers: after 19 min on average, against 22 min."),
        ("riskiest_departments",
         "Warehouse Operations is the place to start: 26% against an average of 31%."),
        ("riskiest_departments",
         "Finance is the place to start: 31% against an average of 26%."),
        ("reaction_times", "People took longest over Payroll Portal Update: a median of 55 min."),
        ("security_culture", "Security culture: Strong, 0.18 ahead of the industry."),
        ("security_culture", "Security culture: Moderate, 0.18 behind the industry."),
        ("simulation_coverage", "All 480 people were tested."),
        ("repeat_offenders_rate", "Repeat offending is within the ceiling of 5%."),
        ("impact_of_training", "Risk rose from 44% in December 2025 to 11% in November 2026."),
        ("impact_of_training", "Risk fell from 44% in November 2026 to 11% in December 2025."),
        ("phishing_activity",
         "Risky actions outnumbered reports in November 2026: 45 to 64."),
        ("phishing_activity",
         "Reports outnumbered risky actions in October 2026: 64 to 45."),
        ("reported_mails", "The training of these months caused it."),
    ],
)  # fmt: skip
def test_the_checker_sees_words_that_do_not_fit_their_numbers(kind: str, text: str) -> None:
    assert complaints(_saying(kind, text), Company(samples(), NOW, SAMPLE_TARGETS))


@pytest.mark.parametrize(
    ("headline", "cover"),
    [
        ("Phishing risk has risen.", ""),
        ("People raise the alarm more often.", ""),
        ("Phishing risk has fallen, but people react later.", ""),
        ("No figure has changed noticeably.", ""),
        ("There are no earlier figures to compare with yet.", ""),
        ("All is well.", ""),
        ("Phishing risk has fallen.", "Risky actions came to 11% of the simulated attacks."[:-2]),
        ("Phishing risk has fallen.",
         "Risky actions came to 11% of the simulated attacks, up from 24% in September 2026."),
        ("Phishing risk has fallen.",
         "Risky actions came to 11% of the simulated attacks, down from 24% in October 2026."),
    ],
)  # fmt: skip
def test_the_checker_sees_a_headline_that_is_not_borne_out(headline: str, cover: str) -> None:
    page = recorded()
    wrong = replace(page, headline=Sentence(headline), cover=Sentence(cover) or page.cover)
    assert complaints(wrong, Company(samples(), NOW, SAMPLE_TARGETS))

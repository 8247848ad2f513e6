"""Whether what a report says is true."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from reportgen import checks
from reportgen.composing import Heading, compose
from reportgen.language import words
from reportgen.model import Concern
from reportgen.sources.recorded import RecordedSource
from reportgen.views import Claim, Figure, Page, SectionView, Sentence
from tests.sample_pages import DATA, SAMPLES, Fixed, job, recorded

ENGLISH = words("en")


def texts(concerns: Iterable[Concern]) -> tuple[str, ...]:
    return tuple(concern.text for concern in concerns)


# ---- true sentences ------------------------------------------------------------------------

RISK = Figure("risk", "Risk", 17, "percent", "lower", previous=11)
PEOPLE = Figure("people", "People", 1210, "count", "neither")


def said(text: str, *claims: tuple[str, Any, str], names: tuple[str, ...] = ()) -> Sentence:
    return Sentence(text, tuple(Claim(*claim) for claim in claims), names)


NOW, BEFORE = ("risk", "value", "17%"), ("risk", "previous", "11%")


@pytest.mark.parametrize(
    "sentence",
    [
        said("Nothing is claimed."),
        said("Risk is 17%.", NOW),
        said("Risk went from 11% to 17%.", NOW, BEFORE),
        said("1,210 people.", ("people", "value", "1,210")),
        said("7 has 17%.", NOW, names=("7",)),
        said("17 has 17%.", NOW, names=("17",)),
        said("17% has 17%.", NOW, names=("17%",)),
        said("17% against has 17% against 11%.", NOW, BEFORE, names=("17% against",)),
        said("In November 2026 it was 17%.", NOW, names=("November 2026", "Team 5")),
        said("17 of them.", ("risk", "value", "17")),
    ],
)
def test_a_sentence_of_figures_and_names_is_true(sentence: Sentence) -> None:
    assert checks.untrue([sentence], [RISK, PEOPLE], ENGLISH) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        said("Risk is 17%."),
        said("Risk is 71%.", NOW),
        said("Risk is 17% of 3.", NOW),
        said("Risk is low.", NOW),
        said("Risk is 117%.", NOW),
        said("Risk is 17%.", ("risk", "value", "18%")),
        said("Risk is 18%.", ("risk", "value", "18%")),
        said("Risk was 17%.", ("risk", "previous", "17%")),
        said("Risk fell 6 pts.", ("risk", "change", "6 pts")),
        said("Culture is 17%.", ("culture", "value", "17%")),
        said("7 has 7%.", NOW, names=("7",)),
        said("17% has it.", NOW, BEFORE, names=("17%",)),
        said("1 210 people.", ("people", "value", "1,210")),
        said("Risk is \u0661\u0667.", names=("7",)),
    ],
)
def test_any_other_number_holds_the_report(sentence: Sentence) -> None:
    reasons = texts(checks.untrue([sentence], [RISK, PEOPLE], ENGLISH))
    assert reasons == (f"A sentence does not agree with the figures: {sentence.text}",)


def test_a_measure_drawn_twice_may_be_quoted_with_either_value() -> None:
    other = replace(RISK, value=30)
    found = [said("Risk is 17%.", NOW), said("Risk is 30%.", ("risk", "value", "30%"))]
    assert checks.untrue(found, [RISK, other], ENGLISH) == ()
    assert len(checks.untrue(found, [RISK], ENGLISH)) == 1


# ---- whole reports that were tampered with -------------------------------------------------


def told(views: tuple[SectionView, ...]) -> Page:
    """The page of the samples, composed from these views instead of its own."""
    ticket = job(SAMPLES)
    answers = Fixed(RecordedSource(DATA)).fetch(SAMPLES, ())
    heading = Heading(
        ticket.title, ticket.template, ticket.customer, ticket.key, ticket.spans, answers
    )
    return compose(heading, views, ENGLISH)


SHOWN = recorded().sections
QUOTED = sorted(
    {claim.metric for view in SHOWN for one in checks.sentences(view) for claim in one.claims}
)


def test_the_untouched_report_goes_out() -> None:
    assert told(SHOWN).reasons == ()


@pytest.mark.parametrize("metric", QUOTED)
def test_a_figure_changed_after_the_telling_holds_the_report(metric: str) -> None:
    assert "does not agree" in " ".join(told(_changed(metric)).reasons)


def _changed(metric: str) -> tuple[SectionView, ...]:
    """Every view, the figure of this metric one more than it was."""
    return tuple(
        replace(
            view,
            figures=tuple(
                replace(one, value=one.value + 1, previous=(one.previous or 0) + 1, goal=None)
                if one.metric == metric
                else one
                for one in view.figures
            ),
        )
        for view in SHOWN
    )


@pytest.mark.parametrize("kind", [view.kind for view in SHOWN if any(view.title.claims)])
def test_a_digit_changed_in_a_title_holds_the_report(kind: str) -> None:
    for place, title in _mutants(next(view.title for view in SHOWN if view.kind == kind)):
        changed = tuple(replace(v, title=title) if v.kind == kind else v for v in SHOWN)
        assert told(changed).mark == "held", (place, title)


def _mutants(title: Sentence) -> Iterator[tuple[int, Sentence]]:
    """The sentence with one digit of its claims changed, once for each of them."""
    named = [at for name in title.names for at in _places(title.text, name)]
    for place, letter in enumerate(title.text):
        if letter.isdigit() and place not in named:
            other = str((int(letter) + 1) % 10)
            yield place, replace(title, text=title.text[:place] + other + title.text[place + 1 :])


def _places(text: str, name: str) -> range:
    start = text.find(name)
    return range(start, start + len(name)) if start >= 0 else range(0)

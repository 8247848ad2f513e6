"""Sentences quote figures: what they print, what they claim, and what is only a name."""

from typing import get_args

import pytest

from reportgen.language import words
from reportgen.telling import printed, short, standing, tell, tell_many
from reportgen.views import Claim, Delta, Figure, Goal, Quoted

ENGLISH = words("en")
RISK = Figure("risk", "Risk", 11, "percent", "lower", previous=17, delta=Delta(-6, "better"),
              goal=Goal("industry", 18, -7))  # fmt: skip
BARE = Figure("bare", "Bare", 1210, "count", "neither")


def people(count: float) -> Figure:
    return Figure("people", "People", count, "count", "neither")


def test_a_sentence_claims_what_it_quotes_and_nothing_else() -> None:
    said = tell(ENGLISH, "{value} in {month}, after {previous}.", RISK, month="November 2026")
    assert said.text == "11% in November 2026, after 17%."
    assert set(said.claims) == {Claim("risk", "value", "11%"), Claim("risk", "previous", "17%")}
    assert said.names == ("November 2026",)


def test_another_figure_stands_under_its_own_name() -> None:
    said = tell(ENGLISH, "{value} of {all}.", RISK, all=BARE)
    assert said.text == "11% of 1,210."
    assert Claim("bare", "value", "1,210") in said.claims


@pytest.mark.parametrize("message", ["{previous}.", "{change}.", "{goal}.", "{gap}.", "{nobody}."])
def test_what_a_figure_does_not_have_cannot_be_quoted(message: str) -> None:
    with pytest.raises(KeyError):
        tell(ENGLISH, message, BARE)


def test_every_field_is_printed_with_its_unit() -> None:
    parts = get_args(Quoted)
    assert [printed(ENGLISH, RISK, part) for part in parts] == [
        "11%", "17%", "6 pts", "18%", "7 pts",
    ]  # fmt: skip
    assert [printed(ENGLISH, BARE, part) for part in parts] == ["1,210", None, None, None, None]


@pytest.mark.parametrize(
    ("count", "text", "claimed"),
    [(1, "One of 11%.", ["11%"]), (2, "2 of 11%.", ["2", "11%"]), (1.4, "One of 11%.", ["11%"])],
)
def test_a_plural_form_may_say_its_number_in_words(
    count: float, text: str, claimed: list[str]
) -> None:
    said = tell_many(ENGLISH, "One of {value}.", "{count} of {value}.", people(count), RISK)
    assert said.text == text
    assert [claim.printed for claim in said.claims] == claimed


def test_a_one_inside_a_thousand_is_no_claim() -> None:
    said = tell_many(ENGLISH, "All {all} but one.", "All {all} but {count}.", people(1), all=BARE)
    assert [claim.printed for claim in said.claims] == ["1,210"]


@pytest.mark.parametrize(
    ("piece", "text", "found"),
    [
        ("7", "7 people", True),
        ("7", "17 people", False),
        ("7", "7,000 people", False),
        ("7", "1.7 people", False),
        ("7", "7\u202f000 people", False),
        ("7", "7, 8 and 9", True),
        ("7", "it was 7.", True),
        ("7%", "17%", False),
        ("", "", True),
    ],
)
def test_a_number_stands_alone_or_not_at_all(piece: str, text: str, found: bool) -> None:
    assert bool(standing(piece).search(text)) is found


def test_a_name_that_would_fill_the_paragraph_is_cut_in_the_middle() -> None:
    assert short("x" * 60) == "x" * 60
    assert short("a" * 50 + "b" * 50) == "a" * 29 + "…" + "b" * 29
    assert len(short("word " * 40)) <= 60


def test_a_name_is_never_a_pattern() -> None:
    said = tell(ENGLISH, "{name}: {value}.", RISK, name="{value} {0} %s \\d")
    assert said.text == "{value} {0} %s \\d: 11%."

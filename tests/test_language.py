"""Every message exists in every language, and numbers and dates are printed its way."""

import string
from datetime import date

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import ConfigError
from reportgen.language import available, words
from reportgen.model import Period
from reportgen.views import Unit
from tests.messages import ROOT, messages

OTHERS = [code for code in available() if code != "en"]
UNITS: tuple[Unit, ...] = ("percent", "count", "minutes", "score")


@pytest.mark.parametrize("code", OTHERS)
def test_no_message_is_missing_and_none_is_left_over(code: str) -> None:
    with (ROOT / f"reportgen/languages/{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    known = {
        tuple(entry.id) if isinstance(entry.id, list | tuple) else entry.id
        for entry in catalogue
        if entry.id
    }
    empty = [entry.id for entry in catalogue if entry.id and not all(_forms(entry.string))]
    assert known == messages()
    assert empty == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_fills_in_what_the_message_fills_in(code: str) -> None:
    with (ROOT / f"reportgen/languages/{code}.po").open("rb") as file:
        for entry in read_po(file, locale=code):
            if entry.id:
                wanted = [_fields(form) for form in _forms(entry.id)]
                assert all(_fields(form) in wanted for form in _forms(entry.string)), entry.id


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_english_is_printed_the_english_way() -> None:
    said = words("en")
    assert said.percent(11) == "11%"
    assert said.number(1210) == "1,210"
    assert said.number(-3.4, 1) == "\N{MINUS SIGN}3.4"
    assert (said.number(-0.4), said.number(-0.001, 2)) == ("0", "0.00")
    assert said.amount(3.43, "score") == "3.43 of 5"
    assert said.amount(38, "minutes") == "38 min"
    assert (said.change(-6, "percent"), said.change(1, "percent")) == ("6 pts", "1 pt")
    assert said.day(date(2026, 12, 1)) == "1 December 2026"
    assert said.month(date(2026, 9, 8), short=True) == "Sep"


def test_german_is_printed_the_german_way() -> None:
    said = words("de")
    assert said.percent(11) == "11\N{NO-BREAK SPACE}%"
    assert said.number(1210) == "1.210"
    assert said.amount(3.43, "score") == "3,43 von 5"
    assert said.day(date(2026, 12, 1)) == "1. Dezember 2026"
    assert said.plural("{count} pt", "{count} pts", 6) == "6 Pkt."


@pytest.mark.parametrize(
    ("first", "end", "said"),
    [
        (date(2026, 10, 1), date(2026, 11, 1), "October 2026"),
        (date(2026, 9, 1), date(2026, 12, 1), "September to November 2026"),
        (date(2025, 12, 1), date(2026, 2, 1), "December 2025 to January 2026"),
        (date(2026, 11, 1), date(2026, 11, 24), "1 to 23 November 2026"),
        (date(2026, 9, 28), date(2026, 10, 5), "28 September to 4 October 2026"),
        (date(2025, 12, 28), date(2026, 1, 4), "28 December 2025 to 3 January 2026"),
        (date(2026, 11, 5), date(2026, 11, 6), "5 November 2026"),
    ],
)
def test_a_period_is_printed_with_its_last_day(first: date, end: date, said: str) -> None:
    assert words("en").period(Period(first, end)) == said


def test_a_german_period_says_a_shared_month_and_year_once() -> None:
    said = words("de")
    week = Period(date(2026, 11, 16), date(2026, 11, 23))
    across = Period(date(2026, 9, 28), date(2026, 10, 5))
    assert said.period(week) == "16. bis 22. November 2026"
    assert said.period(across) == "28. September bis 4. Oktober 2026"


def test_a_language_nobody_wrote_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="'xx'; choose one of en, de"):
        words("xx")


@given(st.floats(-1e9, 1e9), st.sampled_from(available()))
def test_any_number_is_printed_without_a_hyphen_for_minus(value: float, code: str) -> None:
    said = words(code)
    printed = [said.number(value), said.number(value, 2), said.percent(value)]
    printed += [said.amount(value, unit) for unit in UNITS]
    assert not any("-" in text for text in printed)
    assert not any(mark in said.change(value, unit) for unit in UNITS for mark in "-\N{MINUS SIGN}")

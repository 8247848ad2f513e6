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
from reportgen.rendering.lettering import text_width
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
                spoken = [fields - {"count"} for fields in wanted]  # one and two may be words
                allowed = [*wanted, *(spoken if len(wanted) > 1 else [])]
                assert all(_fields(form) in allowed for form in _forms(entry.string)), entry.id


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


CARD = 151.0
"""Points a card of the summary is wide."""
PLACES: tuple[tuple[str, dict[str, str], float, float, bool], ...] = (
    ("On track", {}, 62, 7.8, True),
    ("Watch", {}, 62, 7.8, True),
    ("Act now", {}, 62, 7.8, True),
    ("not compared", {}, 80, 8, True),
    ("first value", {}, 80, 8, True),
    ("Earlier", {}, 60, 8, False),
    ("Ceiling {value}", {"value": "100 %"}, 85, 8, False),
    ("Target {value}", {"value": "100 %"}, 85, 8, False),
    ("Industry {value}", {"value": "100 %"}, 85, 8, False),
    ("Start", {}, 34.3, 7.8, True),
    ("Sent", {}, 32.6, 7.8, True),
    ("Risky", {}, 32.6, 7.8, True),
    ("Reports", {}, 46.7, 7.8, True),
    ("Channel", {}, 47, 7.8, True),
    ("People", {}, 39.7, 7.8, True),
    ("Change", {}, 44, 7.8, True),
    ("Benchmark", {}, 70, 7.8, True),
    ("Change is", {}, 70, 7.8, True),
    ("From average", {}, 66, 7.8, True),
    ("critical", {}, 52, 8.6, False),
    ("below the line", {}, 66, 8.6, False),
    ("Definition.", {}, 60, 7.7, True),
    ("DRAFT", {}, 800, 150, True),
    ("HELD", {}, 800, 150, True),
)
"""Words that stand where there is no room to break a line: message, values, points, type size."""


@pytest.mark.parametrize("code", available())
@pytest.mark.parametrize(("message", "values", "room", "size", "bold"), PLACES)
def test_words_fit_their_places(
    code: str, message: str, values: dict[str, str], room: float, size: float, bold: bool
) -> None:
    said = words(code).text(message, **values)
    assert text_width(said, size, bold=bold) <= room, said


@pytest.mark.parametrize("code", available())
@pytest.mark.parametrize(
    "label",
    [
        "Phishing risk score",
        "Report rate",
        "Median dwell time",
        "Repeat offenders",
        "Training completion",
        "Security culture",
        "Simulation coverage",
    ],
)
def test_the_label_of_a_card_takes_two_lines_at_most_beside_any_status(
    code: str, label: str
) -> None:
    said = words(code)
    status = max(
        text_width(said.text(word), 7.8, bold=True) for word in ("On track", "Watch", "Act now")
    )
    first = CARD - status - 18
    assert text_width(said.text(label), 8.8, bold=True) <= first + CARD


@pytest.mark.parametrize("code", available())
@pytest.mark.parametrize("unit", ["percent", "minutes", "score"])
def test_the_lines_of_a_card_keep_value_and_verdict_apart(code: str, unit: Unit) -> None:
    said = words(code)
    amount, change = said.amount(43, unit), said.change(22, unit)
    was = said.text("{month} edition", month=said.month(date(2026, 9, 1), short=True))
    for judgement in ("{change} better", "{change} worse"):
        verdict = said.text(judgement, change=change)
        wide = text_width(f"{was} {amount}", 8) + text_width(verdict, 8, bold=True) + 14
        joined = 0.9 if said.direction == "rtl" else 1.0  # joined letters are narrower
        assert wide * joined <= CARD, f"{was} {amount} / {verdict}"


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
    with pytest.raises(ConfigError, match="'xx'; choose one of en, ar, de"):
        words("xx")


@given(st.floats(-1e9, 1e9), st.sampled_from(available()))
def test_any_number_is_printed_without_a_hyphen_for_minus(value: float, code: str) -> None:
    said = words(code)
    printed = [said.number(value), said.number(value, 2), said.percent(value)]
    printed += [said.amount(value, unit) for unit in UNITS]
    assert not any("-" in text for text in printed)
    assert not any(mark in said.change(value, unit) for unit in UNITS for mark in "-\N{MINUS SIGN}")

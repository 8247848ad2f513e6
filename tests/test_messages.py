"""The list of messages that translators work from holds every message the program uses."""

import string
from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from reportgen.language import CatalogueWords
from reportgen.model import Customer
from reportgen.pipeline import draft
from reportgen.sections import NAMES, parse
from tests.inventing import Invented, Told, bent, companies
from tests.messages import Message, messages
from tests.sample_pages import BRAND, job, recorded, spans

KNOWN = messages()


class Listening(CatalogueWords):
    """English that remembers what it was asked to translate."""

    def __init__(self) -> None:
        super().__init__("en")
        self.asked: set[Message] = set()

    def text(self, message: str, /, **values: object) -> str:
        self.asked.add(message)
        return super().text(message, **values)

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        self.asked.add((one, many))
        return super().plural(one, many, count, **values)


@settings(max_examples=60)
@given(bent(), companies(date(2026, 10, 1)))
def test_every_message_a_report_asks_for_is_in_the_list(
    answers: tuple[Invented, set[str]], earlier: Invented
) -> None:
    raw, _ = answers
    listening = Listening()
    targets = {"report_rate": 30.0, "dwell_time": 30.0, "culture_score": 3.0}
    customer = Customer("inv", "Invented Ltd", brand=BRAND, targets=targets)
    asked = tuple(parse(name).request(spans("2026-10")) for name in NAMES)
    past = Told(earlier).fetch(customer, asked).widgets
    draft(replace(job(customer), words=listening), Told(raw), past)
    assert listening.asked - KNOWN == set()
    assert len(listening.asked) > len(NAMES)


def test_singular_and_plural_say_nothing_different() -> None:
    for message in KNOWN:
        if isinstance(message, tuple):
            one, many = ({name for _, name, *_ in string.Formatter().parse(form)} - {None}
                         for form in message)  # fmt: skip
            assert one <= many, message


def test_no_singular_is_a_message_of_its_own() -> None:
    """A catalogue has one entry for each of them."""
    plurals = [message[0] for message in KNOWN if isinstance(message, tuple)]
    assert len(plurals) == len(set(plurals))
    assert not set(plurals) & {message for message in KNOWN if isinstance(message, str)}


def test_sentences_end_like_sentences() -> None:
    said = {sentence.text for view in recorded().sections for sentence in (view.title, *view.lead)}
    names = {view.name for view in recorded().sections}
    assert all(text.endswith(".") for text in said - names if text)

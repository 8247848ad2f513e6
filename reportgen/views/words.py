"""For whom a report is written: language, goals, and what is known from before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from reportgen.model import Period
from reportgen.views.figures import Past
from reportgen.views.forms import Unit


class Words(Protocol):
    """The reader's language: sentences, numbers and dates."""

    @property
    def language(self) -> str:
        """Code such as `en` or `de`."""

    def text(self, message: str, /, **values: object) -> str:
        """Translate an English message and fill in its `{placeholders}` (already printed)."""

    def capital(self, text: str) -> str:
        """The text with a capital first letter, by the rules of the language."""

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """Translate by the language's plural rule; `{count}` is filled in."""

    def number(self, value: float, decimals: int = 0) -> str:
        """`1,210` or `1.210`."""

    def percent(self, value: float) -> str:
        """`11%` or `11 %` of a value from 0 to 100."""

    def amount(self, value: float, unit: Unit) -> str:
        """A value with its unit: `11%`, `38 min`, `3.43 of 5`, `1,210`."""

    def change(self, amount: float, unit: Unit) -> str:
        """A size of change without sign: `6 pts`, `2 min`, `0.12`."""

    def day(self, day: date, *, short: bool = False) -> str:
        """`1 December 2026`; short `1 Dec`."""

    def month(self, day: date, *, short: bool = False) -> str:
        """`November 2026`; short `Nov`."""

    def period(self, period: Period) -> str:
        """`October 2026`, `1 to 23 November 2026`; the last day is included in print."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a section is written."""

    words: Words
    targets: Mapping[str, float] = field(default_factory=dict)
    """The customer's goals, by metric."""
    today: date = date.min
    """The day of the report, where the customer is."""
    company: str = ""
    """The customer's name, as charts print it beside the company's own values."""
    earlier: Mapping[str, Past] = field(default_factory=dict)
    """Values of the earlier edition, by metric."""
    drifted: bool = False
    """True when the measure was defined otherwise in the earlier edition."""

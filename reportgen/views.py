"""The view model: what a template may read.

Texts are already in the reader's language. Numbers stay numbers and dates stay dates; the template
filters `number`, `percent`, `date` and their kin print them the reader's way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Protocol

from reportgen.model import Brand, Period

Unit = Literal["percent", "count", "minutes", "score"]
Better = Literal["lower", "higher", "neither"]


class Words(Protocol):
    """The reader's language: sentences, numbers and dates."""

    @property
    def language(self) -> str:
        """Code such as `en` or `de`."""

    def text(self, message: str, /, **values: object) -> str:
        """Translate an English message and fill in its `{placeholders}` (already printed)."""

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


class SectionState(StrEnum):
    """Which kind of something or nothing a section shows."""

    SHOWN = "shown"
    NO_DATA = "no_data"
    NOT_LICENSED = "not_licensed"
    REFUSED = "refused"
    FAILED = "failed"


class Status(StrEnum):
    """The judgement on one figure."""

    ON_TRACK = "on_track"
    WATCH = "watch"
    ACT_NOW = "act_now"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Delta:
    """The change against an earlier value."""

    amount: float
    """Now minus then, in the figure's unit (percentages: points)."""
    judgement: Literal["better", "worse", "unchanged", "neither"]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is measured against."""

    kind: Literal["target", "ceiling", "industry", "all_industries"]
    value: float
    gap: float
    """How far the figure is from the goal in the bad direction; negative means it is met."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure: a card on the summary page."""

    metric: str
    """Such as `risk_score`: the name that customers' targets use."""
    label: str
    value: float
    unit: Unit
    better: Better
    previous: float | None = None
    previous_day: date | None = None
    """A day in the month the earlier value belongs to."""
    delta: Delta | None = None
    goal: Goal | None = None
    status: Status = Status.NONE
    spark: tuple[float, ...] = ()
    """Earlier values, oldest first, this one last; empty when there is no series."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the summary, composed in the reader's language."""

    status: Status
    title: str
    text: str
    metric: str = ""


# ---- what a section shows ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one stack part over time; as many values as the trend has days."""

    label: str
    role: Literal["company", "industry", "all_industries", "part"]
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Values over months (or other steps), oldest first."""

    days: tuple[date, ...]
    series: tuple[Series, ...]
    unit: Unit
    stacked: bool = False
    """True when the series are parts of a whole."""
    notes: tuple[tuple[date, str], ...] = ()
    """The platform's annotations of the first series."""


@dataclass(frozen=True, slots=True)
class Level:
    """One value against a ceiling or a target."""

    value: float
    unit: Unit
    goal: float | None = None
    goal_kind: Literal["target", "ceiling"] = "target"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole."""

    name: str
    share: float
    """0 to 100."""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole and its parts, in reading order."""

    parts: tuple[Part, ...]
    target: float | None = None
    """Goal of the first part, 0 to 100."""


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of a ranking."""

    name: str
    """Empty when the platform has no name on file."""
    value: float
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows by falling value."""

    rows: tuple[Rank, ...]
    unit: Unit
    average: float | None = None
    critical: float | None = None
    """Values above this count as critical."""
    more: int = 0
    """Rows left out."""


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table of text cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...] = ()
    """Which columns hold figures (set at the end edge)."""
    more: int = 0
    """Rows left out."""


SectionData = Trend | Level | Parts | Ranking | Table


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section of the document."""

    kind: str
    """Name of the template: `templates/sections/<kind>.html`."""
    title: str
    """Heading in the reader's language, or the customer's own words from a saved report."""
    lead: str
    """One or two sentences on what the figures show; empty when there are none."""
    definition: str
    """What the measure means, in the reader's language or the platform's words."""
    window: Period
    state: SectionState
    reason: str = ""
    """Why nothing is shown, in the reader's language; empty when something is."""
    data: SectionData | None = None
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The whole document."""

    title: str
    customer: str
    brand: Brand
    language: str
    page_size: Literal["A4", "Letter"]
    period: Period
    time_zone: str
    data_as_of: datetime
    edition: int
    headline: str
    lede: str
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    sections: tuple[SectionView, ...]
    mark: Literal["", "draft", "held"] = ""
    reasons: tuple[str, ...] = ()
    """Why it is held."""
    template: str = "report.html"

"""The shapes a section's figures come in: what each form of chart or table is drawn from.

Names are printed as they stand here, in the reader's language or as the platform sent them.
Numbers stay numbers and days stay days.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["percent", "count", "minutes", "score"]
Role = Literal[
    "company",
    "industry",
    "all_industries",
    "part",
    "sent",
    "risky",
    "reported",
    "completed",
    "open",
]


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one stack part over time; as many values as the trend has days."""

    label: str
    role: Role
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
    """A remark on a day of the first series; at most one is printed in a chart."""


@dataclass(frozen=True, slots=True)
class Level:
    """One value against a ceiling or a target."""

    value: float
    unit: Unit
    goal: float | None = None
    goal_kind: Literal["target", "ceiling"] = "target"
    previous: float | None = None
    previous_label: str = ""
    """Such as `Oct edition`."""


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
class Crowd:
    """People, some of whom are marked: drawn as one dot a person."""

    total: int
    marked: int
    marked_name: str
    other_name: str
    marked_is: Literal["bad", "missing"]
    """`bad`: the marked ones stand out, filled; `missing`: they are the hollow ones, at the end."""


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of a ranking."""

    name: str
    """Empty when the platform has no name on file."""
    value: float
    people: int | None = None
    detail: str = ""
    """Such as the department of a person."""


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
    more_mean: float | None = None
    """Mean of the rows left out."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One run of a simulated attack."""

    name: str
    channel: str
    """In the reader's language: Phishing, Smishing, …"""
    score: float
    day: date | None = None
    sent: int | None = None
    risky: int | None = None
    reported: int | None = None
    """None where the channel cannot be reported."""


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Campaign runs, oldest first, beside the industry's score."""

    rows: tuple[Campaign, ...]
    industry: float | None = None
    more: int = 0
    more_mean: float | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """How long people took over one campaign, in minutes."""

    name: str
    median: float
    quickest: float | None = None
    detail: str = ""
    """Such as `10 Nov, callback`; empty where unknown."""


@dataclass(frozen=True, slots=True)
class Reactions:
    """Reaction times, one row a campaign; the slowest one is marked where there are several."""

    rows: tuple[Reaction, ...]
    more: int = 0
    more_mean: float | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of minutes and what falls into it."""

    start: float
    end: float | None
    """None: open-ended."""
    values: tuple[float, ...]
    """One number for each kind the histogram counts."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """A spread over time: the area of a column is its share."""

    buckets: tuple[Bucket, ...]
    """One value each, percent of people; they do not overlap and grow."""
    median: float | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """One of the company's times beside its industry's, in minutes."""

    label: str
    value: float
    industry: float | None = None
    verdict: str = ""
    """In words, such as `3 min faster than peers: worse`."""
    judgement: Literal["better", "worse", "unchanged", "neither"] = "neither"


@dataclass(frozen=True, slots=True)
class FailureTimes:
    """How soon people fail: counts by minutes since delivery, beside the averages."""

    buckets: tuple[Bucket, ...]
    """Two values each: clicked, submitted."""
    names: tuple[str, str]
    """What the two values are called."""
    peers: tuple[Peer, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the culture scale."""

    start: float
    end: float
    label: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey of the culture score."""

    name: str
    score: float
    answers: int


@dataclass(frozen=True, slots=True)
class Culture:
    """The culture score on its scale from 0 to 5, and the surveys it is the mean of."""

    score: float
    bands: tuple[Band, ...]
    band: int | None
    """Place of the band the score lies in."""
    company: str
    """Label of the score's own mark."""
    benchmark: float | None = None
    benchmark_label: str = ""
    previous: float | None = None
    surveys: tuple[Survey, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some of the reported mails."""

    name: str
    share: float
    count: int
    threat: bool = False
    """True for confirmed threats, which are drawn dark."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Reported mails by outcome, the most frequent first, and where the simulated ones were."""

    rows: tuple[Outcome, ...]
    total: int
    sources: tuple[tuple[str, int], ...] = ()
    sources_more: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table of text cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...] = ()
    """Which columns hold figures (set at the end edge)."""
    more: int = 0
    """Rows left out."""


SectionData = (
    Trend
    | Level
    | Parts
    | Crowd
    | Ranking
    | Campaigns
    | Reactions
    | Histogram
    | FailureTimes
    | Culture
    | Outcomes
    | Table
)

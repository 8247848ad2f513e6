"""Key figures, what they are measured against, and the sentences that quote them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from reportgen.views.forms import Unit

Better = Literal["lower", "higher", "neither"]
Judgement = Literal["better", "worse", "unchanged", "neither"]
Quoted = Literal["value", "previous", "change", "goal", "gap"]
"""What of a figure a sentence may quote."""


class Status(StrEnum):
    """The judgement on one figure."""

    ON_TRACK = "on_track"
    WATCH = "watch"
    ACT_NOW = "act_now"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Claim:
    """A number a sentence quotes: of which figure, which of its fields, how it was printed."""

    metric: str
    part: Quoted
    printed: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in the reader's language with the numbers it quotes.

    Names, months and the like stand in `names`: whatever digits they hold are no claims.
    """

    text: str
    claims: tuple[Claim, ...] = ()
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Sentence("")
"""No sentence at all."""


@dataclass(frozen=True, slots=True)
class Delta:
    """The change against an earlier value."""

    amount: float
    """Now minus then, in the figure's unit (percentages: points)."""
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is measured against."""

    kind: Literal["target", "ceiling", "industry", "all_industries", "average"]
    value: float
    gap: float
    """How far the figure is from the goal in the bad direction; negative means it is met."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """How a metric speaks: English message ids, translated where they are used.

    They may quote `{value}`, `{previous}`, `{change}`, `{goal}` and `{gap}`.
    """

    better: str
    worse: str
    unchanged: str
    good: str = ""
    """Half a headline when the figure moved the right way; `bad` when it did not."""
    bad: str = ""
    met: str = ""
    """Half a headline when the goal is met; `missed` when it is not."""
    missed: str = ""
    over: str = ""
    """A whole sentence about a missed goal."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier value to compare with."""

    value: float
    day: date
    """A day in the month it belongs to, or the last day of the earlier edition's window."""
    people: int | None = None
    edition: bool = True
    """True when it is the value of an earlier edition; False when it is the month before."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report; some of them are cards on the summary page."""

    metric: str
    """Such as `risk_score`: the name that customers' targets use."""
    label: str
    value: float
    unit: Unit
    better: Better
    day: date | None = None
    """A day in the month it belongs to, where that is not the report's newest one."""
    previous: float | None = None
    previous_day: date | None = None
    """A day in the month the earlier value belongs to."""
    previous_edition: bool = False
    """True when the earlier value is an earlier edition's, not the month's before."""
    delta: Delta | None = None
    goal: Goal | None = None
    status: Status = Status.NONE
    spark: tuple[float, ...] = ()
    """Earlier values, oldest first, this one last; empty when there is no series."""
    smallest: float = 1.0
    """The smallest change that counts, in the figure's unit; anything less is `unchanged`."""
    card: int | None = None
    """Place among the cards of the summary; None: never a card."""
    phrases: Phrases | None = None
    people: int | None = None
    """How many people it speaks about."""
    aside: bool = False
    """True for a figure that is only quoted: no row in the table of all figures."""
    may_pass_100: bool = False
    """True for shares of actions: one person may take several."""
    withheld: str = ""
    """Why an earlier value is not compared, in the reader's language."""
    evidence: tuple[Sentence, ...] = ()
    """What else is to be said about it, as the text of a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the things that changed."""

    status: Status
    title: Sentence
    text: tuple[Sentence, ...] = ()
    metric: str = ""
    exhibit: int | None = None
    """Number of the exhibit that proves it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a section would have done about its figure."""

    metric: str
    """The figure it moves: its weight is the proposal's."""
    text: Sentence
    owner: str
    """A role, in the reader's language."""
    days: int
    """From the making of the report to its due day."""
    measure: Sentence
    """How one will see that it helped."""
    decision: Sentence | None = None
    """What the reader is asked to decide for it."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do next."""

    text: Sentence
    owner: str
    due: date
    measure: Sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of all figures."""

    label: str
    unit: Unit
    values: Mapping[date, float] = field(default_factory=dict)
    """By the first day of the month; a window's figure under the window's last month."""
    change: float | None = None
    benchmark: float | None = None
    benchmark_kind: str = ""
    judgement: Judgement = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure means: one row of the definitions."""

    name: str
    formula: str
    unit: str
    better: Better

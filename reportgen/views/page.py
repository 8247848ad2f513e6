"""The view model of sections and of the whole document: what a template may read."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from reportgen.model import Brand, Concern, Period, Verdict
from reportgen.views.figures import (
    NOTHING,
    Action,
    Figure,
    Finding,
    Measure,
    Proposal,
    Row,
    Sentence,
)
from reportgen.views.forms import SectionData


class SectionState(StrEnum):
    """Which kind of something or nothing a section shows."""

    SHOWN = "shown"
    NO_DATA = "no_data"
    NOT_LICENSED = "not_licensed"
    REFUSED = "refused"
    FAILED = "failed"


class Chapter(StrEnum):
    """The parts of a report, in reading order."""

    PHISHING = "phishing"
    REPORTING = "reporting"
    TRAINING = "training"
    CULTURE = "culture"
    PEOPLE = "people"
    OTHER = "other"
    """Measures nobody has placed yet."""


class Width(StrEnum):
    """How much of the twelve columns an exhibit takes."""

    FULL = "full"
    SIDE = "side"
    """Eight columns, with its notes beside it in the other four."""
    HALF = "half"
    """Six columns; two of them stand side by side."""


@dataclass(frozen=True, slots=True)
class Note:
    """A word beside an exhibit."""

    title: str
    text: tuple[Sentence, ...]
    care: bool = False
    """True for a caveat, which is set apart."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """One exhibit of the document, or the reason why there is none."""

    kind: str
    """Name of the template: `templates/sections/<kind>.html`."""
    name: str
    """What is measured, in a few words, or the customer's own title from a saved report."""
    window: Period
    state: SectionState
    chapter: Chapter = Chapter.OTHER
    width: Width = Width.FULL
    title: Sentence = NOTHING
    """What the figures say, in one sentence."""
    subtitle: str = ""
    """Measure, unit and span."""
    lead: tuple[Sentence, ...] = ()
    """One or two sentences for the opening of the chapter."""
    definition: str = ""
    """What the measure means, in the reader's language or the platform's words."""
    notes: tuple[Note, ...] = ()
    reason: str = ""
    """Why nothing is shown, in the reader's language; empty when something is."""
    cure: str = ""
    """When it comes back, or whom to ask; empty when something is shown."""
    data: SectionData | None = None
    figures: tuple[Figure, ...] = ()
    """Every figure a sentence of this view may quote, the leading one first."""
    proposals: tuple[Proposal, ...] = ()
    measures: tuple[Measure, ...] = ()
    rows: tuple[Row, ...] = ()
    """What the table of all figures says of it."""

    @property
    def figure(self) -> Figure | None:
        """The leading figure."""
        return self.figures[0] if self.figures else None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A section with its number in the document."""

    number: int
    view: SectionView


@dataclass(frozen=True, slots=True)
class ChapterView:
    """One numbered chapter; without rows it has no figures this time."""

    number: int
    chapter: Chapter
    title: str
    lead: tuple[Sentence, ...]
    rows: tuple[tuple[Exhibit, ...], ...] = ()
    """Exhibits from top to bottom; two halves share a row."""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Every figure behind the charts, by month."""

    months: tuple[date, ...]
    """First days; a window's figures stand under the last one."""
    groups: tuple[tuple[str, tuple[Row, ...]], ...] = ()
    """Title of a chapter and its rows."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that the replaced edition printed otherwise."""

    label: str
    month: date | None
    """First day of the month it stands under in the table of all figures."""
    then: str
    """As the replaced edition printed it, or that it was not shown."""
    now: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Which edition this one replaces, and what differs between the two."""

    edition: int
    """The one that is replaced."""
    day: date
    """When that one was made, where the customer is."""
    groups: tuple[tuple[str, tuple[Change, ...]], ...] = ()
    """Title of a chapter and its figures that have changed, appeared or disappeared."""
    exhibits: tuple[int, ...] = ()
    """Numbers of the exhibits that are drawn from other values."""
    on_file: bool = True
    """False: its answers cannot be read any more, so nobody can tell what has changed."""

    @property
    def count(self) -> int:
        """How many figures have changed."""
        return sum(len(changes) for _title, changes in self.groups)


@dataclass(frozen=True, slots=True)
class Page:
    """The whole document."""

    title: str
    customer: str
    brand: Brand
    language: str
    page_size: Literal["A4", "Letter"]
    period: Period
    window: Period
    """What measures without months look back over; it ends with the period."""
    time_zone: str
    data_as_of: datetime
    edition: int
    reference: str
    """How the document is called in letters and on the phone."""
    headline: Sentence
    lede: tuple[Sentence, ...]
    figures: tuple[Figure, ...]
    """The cards of the summary, at most six."""
    findings: tuple[Finding, ...]
    sections: tuple[SectionView, ...]
    chapters: tuple[ChapterView, ...] = ()
    missing: tuple[SectionView, ...] = ()
    """Sections without figures, for the chapter that says why."""
    actions: tuple[Action, ...] = ()
    decision: Sentence | None = None
    measures: tuple[tuple[Measure, tuple[int, ...]], ...] = ()
    """Definitions with the numbers of the exhibits that use them."""
    table: FigureTable = field(default_factory=lambda: FigureTable(()))
    cover: Sentence = NOTHING
    """The sentence on the cover."""
    fingerprint: str = ""
    """SHA-256 of the answers the document was made from."""
    confirmed: tuple[tuple[str, int], ...] = ()
    """Who confirmed whose figures these are, with the number of measures each spoke about:
    `names`, `record`, `saved_report`, `second_look`, `unscoped`."""
    mark: Literal["", "draft", "held"] = ""
    """`held`: this file must never go out. What only waits for approval has no mark, since exactly
    it goes out then."""
    concerns: tuple[Concern, ...] = ()
    """What the gate found: notes are for the reader, the rest for whoever releases it."""
    template: str = "report.html"
    protected: bool = False
    """True when the PDF leaves under a password, which the reader has from elsewhere."""
    correction: Correction | None = None
    """None for a first edition."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it does not go out by itself."""
        return tuple(each.text for each in self.concerns if each.verdict is not Verdict.NOTE)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader is told about the data."""
        return tuple(each.text for each in self.concerns if each.verdict is Verdict.NOTE)

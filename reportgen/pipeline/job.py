"""The ticket of one report, and what comes of it on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from reportgen import gate
from reportgen.model import (
    Answers,
    Customer,
    Receipt,
    Rule,
    RunKey,
    SavedReport,
    Spans,
    Widget,
)
from reportgen.pipeline.world import Archive, Channel, Ledger, Press, RunState, Section, Source
from reportgen.proof import Witness
from reportgen.views import Page, Words


@dataclass(frozen=True, slots=True)
class Replaced:
    """The edition that a corrected one replaces."""

    edition: int
    made_at: datetime
    widgets: tuple[Widget, ...] | None
    """What it was made from; None: no longer on file."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was fetched for one report."""

    answers: Answers
    earlier: tuple[Widget, ...] = ()
    """What the figures are compared with."""
    edition: bool = False
    """True: those are the answers of the edition before; False: of the platform, asked again."""
    saved_report: SavedReport | None = None
    """The customer's saved report as it was, where the report follows one."""
    witnesses: tuple[Witness, ...] | None = None
    """Who confirmed whose answers these are; None where nobody could be asked."""
    replaced: Replaced | None = None
    """The earlier edition of the same period, where there is one."""


@dataclass(frozen=True, slots=True)
class Job:
    """One report for one customer over one period: the ticket."""

    key: RunKey
    customer: Customer
    title: str
    template: str
    spans: Spans
    sections: tuple[Section, ...]
    saved_report: str | None
    """Follow the customer's saved report of this name instead of `sections`."""
    words: Words
    channels: tuple[Channel, ...]
    file_name: str
    hand_over: bool = True
    """False: the document stays in the archive, whatever the channels."""
    gathered: Gathered | None = None
    """What was fetched before, to be used again; None: the source is asked."""
    rules: Mapping[str, Rule] = field(default_factory=gate.settled)
    """How the rules of the gate are set for it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everybody the path talks to."""

    source: Source
    press: Press
    archive: Archive
    ledger: Ledger
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job."""

    key: RunKey
    customer: str
    state: RunState | None
    """None: nothing was done, because it is done already or someone else is at it."""
    reasons: tuple[str, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    until: datetime | None = None
    """When a document that is ready goes out by itself; None: now, or not at all."""
    mixed: tuple[str, ...] = ()
    """Whose figures were mixed up: this customer, and whoever else is named; empty if nobody's."""

    @property
    def well(self) -> bool:
        """True when nobody has to look at it."""
        waits = self.state is RunState.READY and self.until is not None
        return waits or self.state in (None, RunState.SUCCEEDED, RunState.KEPT)

    @property
    def to_release(self) -> bool:
        """True for a document that may go out now."""
        return self.state is RunState.READY and self.until is None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a page was made from, besides the customer."""

    title: str
    template: str
    language: str
    spans: Spans
    sections: tuple[Section, ...]
    saved_report: str | None
    gathered: Gathered
    rules: Mapping[str, Rule] = field(default_factory=gate.settled)


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed page, and all that it was composed from."""

    page: Page
    job: Job
    gathered: Gathered

    @property
    def snapshot(self) -> dict[str, Any]:
        """What is kept of it: the exchange as it was, what was read from it, and the settings."""
        answers, gathered, job = self.gathered.answers, self.gathered, self.job
        return {
            "answers": answers.raw,
            "widgets": answers.widgets,
            "company_id": answers.company_id,
            "fetched_at": answers.fetched_at,
            "earlier": {"edition": gathered.edition, "widgets": gathered.earlier},
            "saved_report": gathered.saved_report,
            "witnesses": gathered.witnesses,
            "replaced": gathered.replaced,
            "report": {
                "title": job.title,
                "template": job.template,
                "language": job.words.language,
                "spans": job.spans,
                "widgets": job.sections,
                "saved_report": job.saved_report,
                "rules": job.rules,
            },
        }


class Step(StrEnum):
    """How far a run goes."""

    MAKE = "make"
    """To the door: made and kept, so that a whole round can be compared before anything leaves."""
    COMPARE = "compare"
    """What was made is compared with the rest of the round; it stays in front of the door."""
    ALL = "all"
    """Through it."""

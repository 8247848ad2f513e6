"""How one report comes about, top to bottom.

`produce` makes the document and lets nothing out of the house; `release` hands exactly that
document over; `run` puts both under the ledger's claim. No I/O happens here: the world is asked
through the protocols in this file, and `app` alone knows who answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from reportgen import checks, insights
from reportgen.errors import (
    DeliveryError,
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
    ReportgenError,
)
from reportgen.model import (
    Answers,
    Customer,
    Document,
    DocumentState,
    Letter,
    Period,
    Receipt,
    RunKey,
    SavedReport,
    Widget,
    WidgetRequest,
)
from reportgen.sections import for_saved_report
from reportgen.views import Page, Reader, SectionView, Words

# ---- what the path asks of the world -------------------------------------------------------


class Source(Protocol):
    """Where widgets come from. Every call is scoped to one customer."""

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        """One widget per request, in order. Raises SourceError when there is nothing at all."""

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        """The customer's saved report of exactly that name."""


class Section(Protocol):
    """One block of the document."""

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """Which widget to fetch, for the report's own period or its longer history."""

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """What the template shows. Never raises for odd data."""


class Press(Protocol):
    """Turns a page into what is handed over."""

    def pdf(self, page: Page) -> bytes: ...

    def letter(self, page: Page, file_name: str) -> Letter: ...


class Archive(Protocol):
    """Keeps every document with the answers it was made from."""

    def keep(self, document: Document, snapshot: Mapping[str, Any]) -> str:
        """Store durably; answers where."""

    def load(self, place: str) -> Document:
        """The document exactly as kept. Raises StorageError when damaged or gone."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One handing-over to be done: one recipient, or one file in one place."""

    channel: str
    """Label of the channel."""
    target: str
    """An address, or the URL of the file."""
    reference: str
    """Message-ID or file name: the same on every attempt."""
    content: bytes
    """The frozen message or file."""


class Channel(Protocol):
    """A way out."""

    @property
    def label(self) -> str: ...

    def deliveries(self, document: Document) -> tuple[Delivery, ...]:
        """What is to be handed over. Pure: the same document gives the same bytes."""

    def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
        """Hand one over.

        `commit` is called once, right before the point of no return (a mail's final dot).
        Raises DeliveryUnavailable, DeliveryRefused or DeliveryUnknown.
        """


class DeliveryState(StrEnum):
    """What became of one handing-over."""

    READY = "ready"
    SENDING = "sending"
    """Under way, nothing accepted yet."""
    COMMITTING = "committing"
    """Past the point of no return, no answer recorded yet."""
    SENT = "sent"
    WAITING = "waiting"
    """Not accepted this time; another attempt follows."""
    REFUSED = "refused"
    """Not accepted for good; a person acts."""
    UNKNOWN = "unknown"
    """Accepted or not: nobody can tell; never sent again by itself."""


class RunState(StrEnum):
    """Where a run stands."""

    WORKING = "working"
    WAITING = "waiting"
    """Failed for now; tried again at `next_try_at`."""
    DELIVERING = "delivering"
    """The document is in the archive; handing over."""
    HELD = "held"
    """The document is in the archive and must not go out; a person decides."""
    FAILED = "failed"
    """Needs a person: nothing will change by waiting."""
    SUCCEEDED = "succeeded"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a run, until its lease ends."""

    run_id: int
    key: RunKey
    fence: int
    """Grows with every claim; writes with an old fence are refused."""
    attempt: int
    document: str | None = None
    """Where an earlier attempt left the finished document, if it did."""


class Ledger(Protocol):
    """The record of runs and deliveries. Every write is conditional on the claim."""

    def claim(self, key: RunKey, customer: str, period: Period) -> Claim | None:
        """Take the key. None: it is done, held, or someone else works on it."""

    def produced(self, claim: Claim, document: Document, place: str) -> None: ...

    def begin(self, claim: Claim, delivery: Delivery) -> bool:
        """Open the row of one delivery. False: it needs no more work, or must not get any."""

    def committing(self, claim: Claim, delivery: Delivery) -> None: ...

    def settle(
        self, claim: Claim, delivery: Delivery, state: DeliveryState, proof: str
    ) -> None: ...

    def finish(self, claim: Claim, state: RunState, error: Exception | None = None) -> None:
        """Close the attempt."""


# ---- the path ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One report for one customer over one period: the ticket."""

    key: RunKey
    customer: Customer
    title: str
    template: str
    period: Period
    history: Period
    """The longer window that trends are drawn over; it ends with the period."""
    sections: tuple[Section, ...]
    saved_report: str | None
    """Follow the customer's saved report of this name instead of `sections`."""
    words: Words
    channels: tuple[Channel, ...]
    file_name: str


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
    sent: tuple[Receipt, ...] = ()
    pages: int = 0

"""What the path asks of the world: protocols, and the nouns that go with them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import SecretStr

from reportgen.model import (
    Answers,
    Customer,
    Document,
    Letter,
    Period,
    Print,
    Receipt,
    RunKey,
    SavedReport,
    Spans,
    Testimony,
    Widget,
    WidgetRequest,
)

if TYPE_CHECKING:
    from reportgen.views import Page, Reader, SectionView


class Source(Protocol):
    """Where widgets come from. Every call is scoped to one customer."""

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        """One widget per request, in order. Raises SourceError when there is nothing at all."""

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        """The customer's saved report of exactly that name."""

    def testimony(self, customer: Customer, answers: Answers) -> Testimony | None:
        """What independent witnesses say about whose these answers are. None: there are none."""

    def owner(self, customer: Customer, widget: Widget) -> str:
        """The name of another company that has exactly these figures; empty if none is found."""


class Section(Protocol):
    """One block of the document."""

    def request(self, spans: Spans) -> WidgetRequest:
        """Which widget to fetch, over which of the report's windows."""

    def view(self, widget: Widget, reader: "Reader") -> "SectionView":
        """What the template shows. Never raises for odd data."""


class Press(Protocol):
    """Turns a page into what is handed over."""

    def expect(self) -> None:
        """A page will come soon."""

    def pdf(self, page: "Page", file_name: str = "") -> Print:
        """With a name also the letter that goes with the file."""

    def letter(self, page: "Page", file_name: str, size: int) -> Letter: ...

    def protect(self, pdf: bytes, password: SecretStr) -> bytes:
        """A copy that opens with this password only. Raises RenderingError."""

    def made_with(self) -> Mapping[str, str]:
        """Versions and digests of whatever shapes the bytes of a document."""


class Archive(Protocol):
    """Keeps every document with the answers it was made from."""

    def keep(self, document: Document, snapshot: Mapping[str, Any]) -> str:
        """Store durably; answers where."""

    def load(self, place: str) -> Document:
        """The document exactly as kept. Raises StorageError when damaged or gone."""

    def widgets(self, place: str) -> tuple[Widget, ...]:
        """What the document at this place was made from. Raises StorageError."""


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
    refusal: str = ""
    """Why it must not be handed over, and has no content; empty when it may."""


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
    READY = "ready"
    """The document is in the archive and goes out at `next_try_at`, unless a person objects."""
    DELIVERING = "delivering"
    """The document is in the archive; handing over."""
    HELD = "held"
    """The document is in the archive and does not go out; a person decides."""
    FAILED = "failed"
    """Needs a person: nothing will change by waiting."""
    SUCCEEDED = "succeeded"
    KEPT = "kept"
    """In the archive on request, never handed over."""
    SKIPPED = "skipped"
    """A person decided that it is not made."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a run, until its lease ends."""

    run_id: int
    key: RunKey
    fence: int
    """Grows with every claim; writes with an old fence are refused."""
    attempt: int
    document: str | None = None
    """Where an earlier attempt left a document that may go out, if it did."""
    sha256: str = ""
    """Of exactly that document, as it was when it was made or approved."""
    approved: bool = False
    """True: people have approved it."""


@dataclass(frozen=True, slots=True)
class PastEdition:
    """An earlier edition of the same report, company and period."""

    number: int
    made_at: datetime
    place: str | None
    """Where it is kept; None once it was removed from the archive."""


class Ledger(Protocol):
    """The record of runs and deliveries. Every write is conditional on the claim."""

    def claim(
        self,
        key: RunKey,
        customer: str,
        period: Period,
        *,
        manual: bool = False,
        revive: bool = False,
        kept_only: bool = False,
        letting_go: bool = False,
    ) -> Claim | None:
        """Take the key. None: it is done, or not to be tried now, or someone else is at it.

        `manual`: a person asked, so a failed, held or resting run is taken up again. `revive`: and
        one that was called off. `kept_only`: it is for the archive, and no schedule may send it.
        `letting_go`: its round goes on with what it has just made.
        """

    def earlier(self, key: RunKey, period: Period) -> str | None:
        """Where the newest document of an earlier period of the same report is kept."""

    def first(self, key: RunKey) -> bool:
        """True while none of this report has gone out to this company."""

    def noted(self, claim: Claim) -> frozenset[str]:
        """The fingerprints of what this run has made; empty where none are on record."""

    def alike(
        self, key: RunKey, digests: frozenset[str]
    ) -> Mapping[tuple[str, str], frozenset[str]]:
        """Other companies, id and name, with those of these fingerprints that they have, too."""

    def replaced(self, key: RunKey) -> PastEdition | None:
        """The newest earlier edition of the same period that went out or was kept on request."""

    def keeping(self, claim: Claim) -> AbstractContextManager[None]:
        """Give signs of life while the work on the claim goes on."""

    def produced(
        self,
        claim: Claim,
        document: Document,
        place: str,
        handing_over: tuple[Delivery, ...] = (),
        prints: frozenset[str] = frozenset(),
    ) -> None:
        """Record where the finished document lies, and every handing-over that is to follow.

        `prints` are the fingerprints of its figures, for comparison with other companies'.
        """

    def expect(self, claim: Claim, handing_over: tuple[Delivery, ...]) -> None:
        """Record every handing-over that is to follow, before the first is begun."""

    def block(self, claim: Claim, why: str) -> None:
        """What was made is another company's, too: it never goes out, and nothing else does.

        Another attempt makes it anew, when a person has let everything go out again.
        """

    def unknown_recipients(self, company_id: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Those that never accepted a message of this customer and that nobody has approved."""

    def begin(self, claim: Claim, delivery: Delivery) -> bool:
        """Open the row of one delivery. False: it was handed over before.

        Raises DeliveryUnknown when an earlier attempt ended past the point of no return without
        an answer: it must not be handed over again until a person settles it.
        """

    def committing(self, claim: Claim, delivery: Delivery) -> None: ...

    def settle(
        self, claim: Claim, delivery: Delivery, state: DeliveryState, proof: str
    ) -> None: ...

    def finish(
        self,
        claim: Claim,
        state: RunState,
        reasons: tuple[str, ...] = (),
        until: datetime | None = None,
    ) -> RunState:
        """Close the attempt. WAITING becomes FAILED when the attempts are used up.

        READY goes on at `until`, None for at once.
        """

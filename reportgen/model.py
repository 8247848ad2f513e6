"""The nouns: values only, all frozen.

Days are `date`, moments are aware UTC `datetime`. A period's end is not part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import SecretStr

from reportgen.errors import DeliveryRefused


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period needs at least one day: {self.start} to {self.end}")

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period, as readers expect it printed."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose face the report wears: the reseller's, or one of its sub-brands."""

    name: str
    legal_name: str = ""
    primary: str = "#0B1F3A"
    """Cover and company series, as #RRGGBB."""
    accent: str = "#B5E61D"
    """Marks and bars, as #RRGGBB; never used for text on white."""
    logo: str | None = None
    """Path of an SVG, PNG or JPEG file for light backgrounds."""
    logo_on_primary: str | None = None
    """Path of a variant for the cover; without one the logo stands on a white plate."""
    headings: str = "serif"
    """`serif` or `sans`."""
    website: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    confidentiality: str = ""
    """Overrides the footer's confidentiality label; empty means the standard words."""


@dataclass(frozen=True, slots=True)
class ActionRule:
    """A customer's own wishes for what is to be done about one metric."""

    owner: str | None = None
    """Who does it, instead of the usual role."""
    days: int | None = None
    """Days from the making of the report to the due day, instead of the usual ones."""
    skip: bool = False
    """True: never propose it."""


@dataclass(frozen=True, slots=True)
class Approval:
    """When a report waits for a person before it goes out."""

    wanted: str = "never"
    """`never`, `first` (until one has gone out to this customer) or `always`."""
    people: int = 1
    """How many different people have to approve."""
    grace_hours: float = 0.0
    """A scheduled report that is ready waits so long for an objection, then goes by itself."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What leaves for a customer opens with a password only."""

    password: SecretStr | None = None
    """None in what comes from the archive, which keeps no password."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom a report is about."""

    company_id: str
    """The platform's resource id: the scope of every call and part of every key."""
    name: str
    """As printed on the report."""
    company_name: str = ""
    """As the platform lists the company; empty when not looked up."""
    recipients: tuple[str, ...] = ()
    language: str = "en"
    time_zone: str = "UTC"
    page_size: str = "A4"
    """`A4` or `Letter`."""
    brand: Brand = Brand(name="reportgen")
    targets: Mapping[str, float] = field(default_factory=dict)
    """Goal per metric, such as `training_completion` → 80."""
    actions: Mapping[str, ActionRule] = field(default_factory=dict)
    """Wishes for what to do next, per metric."""
    approval: Approval = Approval()
    same_figures: tuple[str, ...] = ()
    """Companies, by id or name, that may rightly have the same figures."""
    allowed_domains: tuple[str, ...] = ()
    """Where its mail may go, such as `acme.example` or `*.acme.example`; empty: anywhere."""
    approve_new_recipients: bool = False
    """True: a person allows the first message to each address."""
    withdrawn: tuple[str, ...] = ()
    """Recipients that were taken out since its document was made: nothing goes there any more."""
    date_format: str | None = None
    """The platform's own date format for this company, in .NET style, if known."""
    protection: Protection | None = None
    """None: what leaves for it opens without a password."""
    licence_expired: bool = False
    """As the platform lists the company."""
    gate: Mapping[str, "Rule"] = field(default_factory=dict)
    """The customer's own wishes for the rules of the gate, by name."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company as the platform lists it."""

    company_id: str
    name: str
    reseller: str = ""
    industry: str = ""
    people: int | None = None
    tags: tuple[str, ...] = ()
    access_granted: bool = True
    """False when the company has closed its account to the reseller."""
    licence_expired: bool = False
    depth: int = 0
    """0 for a company of the reseller itself, 1 and up below a sub-reseller."""


@dataclass(frozen=True, slots=True, order=True)
class RunKey:
    """Identity of a run: asking twice for the same key is asking once."""

    report: str
    company_id: str
    period: str
    """Text such as `2026-10`; see `periods.key`."""
    edition: int = 1

    def __str__(self) -> str:
        edition = f"/{self.edition}" if self.edition > 1 else ""
        return f"{self.report}/{self.company_id}/{self.period}{edition}"


@dataclass(frozen=True, slots=True)
class Spans:
    """The windows of one report; all end with the period."""

    period: Period
    window: Period
    """What measures without months look back over: the period, or some months more."""
    history: Period
    """The longest one, which trends are drawn over."""


# ---- what a source answers -----------------------------------------------------------------


class Availability(StrEnum):
    """What became of one widget that was asked for."""

    ANSWERED = "answered"
    NOT_LICENSED = "not_licensed"
    """Not in the company's catalogue."""
    REFUSED = "refused"
    """The platform refuses this widget to these credentials."""
    FAILED = "failed"
    """No usable answer after all attempts: the report is held."""


@dataclass(frozen=True, slots=True)
class WidgetRequest:
    """One widget to fetch."""

    widget_type: str
    window: Period
    chart_type: str | None = None
    """Preferred drawing where the catalogue has several; compared without case."""
    resource_id: str | None = None
    """Known id, as in a saved report; otherwise the catalogue is asked."""


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a widget, with the three ways to address it (its place is the third)."""

    number: float | None
    name: str = ""
    label: str = ""
    note: str = ""
    """The platform's annotation, if any."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of a widget's data: a month, a campaign, a bucket, a person."""

    day: date | None = None
    values: tuple[Value, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The platform's untyped `dataObject`."""
    columns: tuple[tuple[str, str], ...] = ()
    """Table definitions: (name, label)."""
    rows: tuple[Mapping[str, Any], ...] = ()
    """Table values, by column name."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One named answer of the platform, read but not yet interpreted."""

    request: WidgetRequest
    availability: Availability
    resource_id: str = ""
    title: str = ""
    description: str = ""
    chart_type: str = ""
    entries: tuple[Entry, ...] = ()
    reason: str = ""
    """Why there is no answer, for people; empty when there is one."""


@dataclass(frozen=True, slots=True)
class SavedReport:
    """A report as the customer arranged it in the platform's portal."""

    resource_id: str
    name: str
    company_name: str = ""
    """As the platform prints it: proof of whose report this is."""
    widgets: tuple["SavedWidget", ...] = ()
    """In reading order."""


@dataclass(frozen=True, slots=True)
class SavedWidget:
    """One tile of a saved report."""

    resource_id: str
    widget_type: str
    title: str
    chart_type: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a source gave for one report: one widget for each request, in order."""

    company_id: str
    fetched_at: datetime
    widgets: tuple[Widget, ...]
    raw: tuple[Mapping[str, Any], ...] = ()
    """The exchange as it was: request, status, answer. Kept as the run's snapshot."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """What was asked besides, to prove whose the answers are."""

    record: tuple[str, str] | None = None
    """Id and name in the company's own record; None where it may not be read."""
    again: tuple[Widget, ...] = ()
    """The same requests, scoped another way; none where the platform does not know that way."""
    unscoped: tuple[Widget, ...] = ()
    """The same requests without any scope: the reseller's own figures; none if it has no others."""
    reseller: str = ""
    """Whose those are."""


# ---- what is made and handed over ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Print:
    """What the press made of a page."""

    pdf: bytes
    flaws: tuple[str, ...] = ()
    """What does not look as it should: page, element, what is wrong. Empty for a clean print."""
    letter: "Letter | None" = None
    """The covering letter, where one was asked for."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The covering letter: what a mail says."""

    subject: str
    text: str
    html: str


class Verdict(StrEnum):
    """What a rule of the gate wants done about what it found."""

    OFF = "off"
    """Nothing: the rule is not asked."""
    NOTE = "note"
    """The report says it, and goes out."""
    HOLD = "hold"
    """A person looks first, and may let exactly this document go."""
    BLOCK = "block"
    """Nobody may let it go: the cause is mended, and the report made anew."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a rule of the gate is set; what is None here is said elsewhere."""

    verdict: Verdict | None = None
    share: float | None = None
    """How large a change it lets pass, as a share of the earlier value."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What one rule of the gate found."""

    rule: str
    """Its name, as in the configuration."""
    verdict: Verdict
    text: str
    """For people, in the reader's language."""


class DocumentState(StrEnum):
    """Where a document stands between production and delivery."""

    READY = "ready"
    HELD = "held"
    """Made and kept; goes out when a person approves exactly this file."""
    BLOCKED = "blocked"
    """Made and kept to be looked at; it never goes out."""


@dataclass(frozen=True, slots=True)
class Document:
    """A finished PDF with its letter, as the archive keeps it."""

    key: RunKey
    customer: Customer
    report_title: str
    period: Period
    file_name: str
    pdf: bytes
    sha256: str
    letter: Letter
    state: DocumentState = DocumentState.READY
    reasons: tuple[str, ...] = ()
    """Why it is held, for people."""
    made_at: datetime | None = None
    made_with: Mapping[str, str] = field(default_factory=dict)
    """Versions and digests of whatever shapes its bytes, by name."""
    protected: bytes | None = None
    """The copy that opens with the customer's password only; made once, with the document."""

    @property
    def outgoing(self) -> bytes:
        """What is handed over. Raises DeliveryRefused before the PDF leaves without a password."""
        if self.protected is not None:
            return self.protected
        if self.customer.protection is not None:
            raise DeliveryRefused(
                f"{self.key}: the customer has a PDF password, and this document was made without "
                "one; make a new edition with `reportgen run --again`"
            )
        return self.pdf


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of one handing-over."""

    target: str
    """An address, or where a file was stored."""
    proof: str
    """The server's last words, or the file's SHA-256."""

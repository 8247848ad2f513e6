"""Pages made by the real path: from the sandbox, and from recorded answers."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from reportgen import bundled, periods
from reportgen.language import words
from reportgen.model import (
    Answers,
    Brand,
    Customer,
    RunKey,
    SavedReport,
    Spans,
    Testimony,
    Widget,
    WidgetRequest,
)
from reportgen.pipeline import Job, Section, Source, draft
from reportgen.sections import NAMES, parse
from reportgen.sources.recorded import RecordedSource
from reportgen.views import Page

MOMENT = datetime(2026, 12, 1, 6, tzinfo=UTC)
DATA = Path(__file__).parent / "data"
"""Invented answers of the platform, one folder for each invented company."""
BRAND = Brand(
    "Halvorn Cyber",
    logo=str(bundled.TEMPLATES / "brands/halvorn.svg"),
    contact_email="reports@halvorn.example",
)
EXTRA = ("PhishingCampaignTrendWidget", "PhishingCampaignRiskiestUsersTableWidget")
SAMPLES = Customer(
    "widgets",
    "Harbourline Logistics",
    company_name="Harbourline Logistics",
    targets={"training_completion": 80, "report_rate": 30},
    brand=BRAND,
)
"""The company of `DATA/widgets`: November 2026, with the two months before."""


class Fixed:
    """A source whose moment stands still, so that pages can be compared."""

    def __init__(self, source: Source, moment: datetime = MOMENT) -> None:
        self._source = source
        self._moment = moment

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        return replace(self._source.fetch(customer, requests), fetched_at=self._moment)

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        return self._source.saved_report(customer, name)

    def testimony(self, customer: Customer, answers: Answers) -> Testimony | None:
        return self._source.testimony(customer, answers)

    def owner(self, customer: Customer, widget: Widget) -> str:
        return self._source.owner(customer, widget)


def spans(period: str, months: int = 12, window: int = 3) -> Spans:
    """The windows of a report about this period."""
    days = periods.parse(period)
    return Spans(days, periods.history(days, window), periods.history(days, months))


def job(
    customer: Customer,
    *,
    months: int = 12,
    window: int = 3,
    period: str = "2026-11",
    items: tuple[object, ...] = (*NAMES, *EXTRA),
) -> Job:
    """A report with these sections, which nobody receives."""
    sections: tuple[Section, ...] = tuple(parse(item) for item in items)
    return Job(
        key=RunKey("monthly", customer.company_id, period),
        customer=replace(customer, brand=BRAND if customer.brand.logo is None else customer.brand),
        title="Human risk report",
        template="report.html",
        spans=spans(period, months, window),
        sections=sections,
        saved_report=None,
        words=words(customer.language),
        channels=(),
        file_name="report.pdf",
    )


def page_of(
    source: Source,
    customer: Customer,
    *,
    months: int = 12,
    window: int = 3,
    period: str = "2026-11",
    items: tuple[object, ...] = (*NAMES, *EXTRA),
    earlier: tuple[Widget, ...] | None = None,
) -> Page:
    """The page of a report about this customer."""
    ticket = job(customer, months=months, window=window, period=period, items=items)
    return draft(ticket, Fixed(source), earlier).page


def recorded(
    company: str = "widgets",
    *,
    language: str = "en",
    earlier: tuple[Widget, ...] = (),
    months: int = 12,
    window: int = 3,
) -> Page:
    """The page of a recorded company, read from its files; without an earlier edition."""
    customer = replace(SAMPLES, company_id=company, language=language)
    return page_of(RecordedSource(DATA), customer, earlier=earlier, months=months, window=window)

"""Pages made by the real path from the sandbox, with words bent to be hard to print."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from reportgen import bundled, periods
from reportgen.language import words
from reportgen.model import Answers, Brand, Customer, RunKey, SavedReport, WidgetRequest
from reportgen.pipeline import Job, draft
from reportgen.sections import NAMES, parse
from reportgen.sources.keepnet import KeepnetSource
from reportgen.views import Page

MOMENT = datetime(2026, 11, 1, 6, tzinfo=UTC)
BRAND = Brand(
    "Halvorn Cyber",
    logo=str(bundled.TEMPLATES / "brands/halvorn.svg"),
    contact_email="reports@halvorn.example",
)
EXTRA = ("PhishingCampaignTrendWidget", "PhishingCampaignRiskiestUsersTableWidget")

Bend = Callable[[Customer], Customer]


class Fixed:
    """A source whose moment stands still, so that pages can be compared."""

    def __init__(self, source: KeepnetSource) -> None:
        self._source = source

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        return replace(self._source.fetch(customer, requests), fetched_at=MOMENT)

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        return self._source.saved_report(customer, name)


def page_of(
    source: KeepnetSource, customer: Customer, *, months: int = 12, period: str = "2026-10"
) -> Page:
    """The page of a report about this customer."""
    days = periods.parse(period)
    job = Job(
        key=RunKey("monthly", customer.company_id, period),
        customer=replace(customer, brand=BRAND if customer.brand.logo is None else customer.brand),
        title="Human risk report",
        template="report.html",
        period=days,
        history=periods.history(days, months),
        sections=tuple(parse(name) for name in (*NAMES, *EXTRA)),
        saved_report=None,
        words=words(customer.language),
        channels=(),
        file_name="report.pdf",
    )
    return draft(job, Fixed(source)).page

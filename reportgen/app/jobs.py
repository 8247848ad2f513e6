"""From a ticket to the job of the pipeline."""

from reportgen import periods
from reportgen.app.house import House
from reportgen.app.orders import Ticket
from reportgen.config import Report, gate_rules
from reportgen.language import words
from reportgen.model import Customer, Period, RunKey, Spans
from reportgen.names import file_part
from reportgen.pipeline import Channel, Job


def job(
    house: House, ticket: Ticket, channels: tuple[Channel, ...], *, hand_over: bool = True
) -> Job:
    """Everything the path needs to make this report and hand it over through these channels."""
    report, customer = ticket.subscription.report, ticket.subscription.customer
    key = ticket.key
    return Job(
        key=key,
        customer=customer,
        title=report.titles.get(customer.language, report.title),
        template=report.template,
        spans=_spans(ticket.period, report),
        sections=report.sections,
        saved_report=report.saved_report,
        words=words(customer.language),
        channels=channels,
        file_name=file_name(customer, key),
        hand_over=hand_over,
        rules=gate_rules(house.settings, report, customer),
    )


def _spans(period: Period, report: Report) -> Spans:
    """The windows of a report over this period."""
    months = report.window_months
    return Spans(
        period,
        periods.history(period, months) if months else period,
        periods.history(period, report.history_months),
    )


def file_name(customer: Customer, key: RunKey) -> str:
    """The name of the attachment."""
    edition = f"-{key.edition}" if key.edition > 1 else ""
    return f"{file_part(customer.name)}-{key.report}-{key.period}{edition}.pdf"

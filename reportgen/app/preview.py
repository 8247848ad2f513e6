"""A look at a report, which leaves no trace."""

from dataclasses import replace
from pathlib import PurePath

from reportgen.app.house import House
from reportgen.app.jobs import job
from reportgen.app.orders import Order, ordered
from reportgen.errors import ConfigError
from reportgen.pipeline import draft
from reportgen.views import Page


def preview_page(house: House, order: Order) -> tuple[Page, str]:
    """The page of the first report that the order names, marked as a draft, and a file name.

    Touches neither ledger nor archive. Raises ConfigError when the order names nothing.
    """
    tickets, problems = ordered(house, order, house.clock())
    if not tickets:
        cause = problems[0] if problems else "no customer gets this report"
        raise ConfigError(f"there is nothing to preview: {cause}")
    wanted = job(house, tickets[0], ())
    page = draft(wanted, house.source).page
    return replace(page, mark="draft"), PurePath(wanted.file_name).stem

"""The one place that knows everybody: opens the house, turns what is due into jobs, runs them."""

from reportgen.app.house import House
from reportgen.app.inspection import Remark, inspect
from reportgen.app.rounds import (
    Order,
    Plan,
    Ticket,
    ordered,
    plan,
    preview_page,
    run_round,
    tick,
)
from reportgen.planning import upcoming

__all__ = [
    "House",
    "Order",
    "Plan",
    "Remark",
    "Ticket",
    "inspect",
    "ordered",
    "plan",
    "preview_page",
    "run_round",
    "tick",
    "upcoming",
]

"""The one place that knows everybody: opens the house, turns what is due into jobs, runs them."""

from reportgen.app.decisions import Pair, call_off, pairs, resume_pair, run_key
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
    scheduled,
    tick,
    to_backfill,
)
from reportgen.planning import upcoming

__all__ = [
    "House",
    "Order",
    "Pair",
    "Plan",
    "Remark",
    "Ticket",
    "call_off",
    "inspect",
    "ordered",
    "pairs",
    "plan",
    "preview_page",
    "resume_pair",
    "run_key",
    "run_round",
    "scheduled",
    "tick",
    "to_backfill",
    "upcoming",
]

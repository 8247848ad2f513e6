"""The one place that knows everybody: opens the house, turns what is due into jobs, runs them."""

from reportgen.app.decisions import Pair, call_off, pairs, resume_pair, run_key
from reportgen.app.house import House
from reportgen.app.inspection import Remark, inspect
from reportgen.app.orders import (
    Order,
    Plan,
    Ticket,
    ordered,
    plan,
    scheduled,
    subscribed,
    to_backfill,
)
from reportgen.app.outbox import approve, let_go, waiting
from reportgen.app.preview import preview_page
from reportgen.app.recipients import Recipient, approve_recipient, recipients
from reportgen.app.rounds import run_round
from reportgen.app.sent_items import Search, look_up, look_up_again
from reportgen.app.ticking import did_something, telling, tick
from reportgen.app.watch import Survey, survey, watch
from reportgen.planning import upcoming

__all__ = [
    "House",
    "Order",
    "Pair",
    "Plan",
    "Recipient",
    "Remark",
    "Search",
    "Survey",
    "Ticket",
    "approve",
    "approve_recipient",
    "call_off",
    "did_something",
    "inspect",
    "let_go",
    "look_up",
    "look_up_again",
    "ordered",
    "pairs",
    "plan",
    "preview_page",
    "recipients",
    "resume_pair",
    "run_key",
    "run_round",
    "scheduled",
    "subscribed",
    "survey",
    "telling",
    "tick",
    "to_backfill",
    "upcoming",
    "waiting",
    "watch",
]

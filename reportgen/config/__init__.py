"""`config.yaml` → settings: every problem said at once, with its line and its cure."""

from reportgen.config.customers import ResolvedCustomer, brand_of, customers, gate_rules
from reportgen.config.doubts import Doubt, doubts
from reportgen.config.loading import load
from reportgen.config.problems import ConfigProblems, Problem
from reportgen.config.settings import Report, Retention, Settings

__all__ = [
    "ConfigProblems",
    "Doubt",
    "Problem",
    "Report",
    "ResolvedCustomer",
    "Retention",
    "Settings",
    "brand_of",
    "customers",
    "doubts",
    "gate_rules",
    "load",
]

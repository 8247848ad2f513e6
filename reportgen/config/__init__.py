"""`config.yaml` → settings: every problem said at once, with its line and its cure."""

from reportgen.config.customers import ResolvedCustomer, customers
from reportgen.config.doubts import Doubt, doubts
from reportgen.config.loading import load
from reportgen.config.problems import ConfigProblems, Problem
from reportgen.config.reference import reference, schema
from reportgen.config.settings import Report, Retention, Settings

__all__ = [
    "ConfigProblems",
    "Doubt",
    "Problem",
    "Report",
    "ResolvedCustomer",
    "Retention",
    "Settings",
    "customers",
    "doubts",
    "load",
    "reference",
    "schema",
]

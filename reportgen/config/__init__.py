"""`config.yaml` → settings: every problem said at once, with its line and its cure."""

from reportgen.config.customers import ResolvedCustomer, brand_of, customers
from reportgen.config.loading import load
from reportgen.config.problems import ConfigProblems, Problem
from reportgen.config.reference import reference, schema
from reportgen.config.settings import Report, Retention, Settings

__all__ = [
    "ConfigProblems",
    "Problem",
    "Report",
    "ResolvedCustomer",
    "Retention",
    "Settings",
    "brand_of",
    "customers",
    "load",
    "reference",
    "schema",
]

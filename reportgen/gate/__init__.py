"""The gate: rules that decide whether a report may leave the house, each with a name."""

from reportgen.gate.case import Case, Measured
from reportgen.gate.rules import STANDARD, concerns, named, settled

__all__ = ["STANDARD", "Case", "Measured", "concerns", "named", "settled"]

"""The gate: rules that decide whether a report may leave the house, each with a name."""

from typing import TYPE_CHECKING

from reportgen.gate.standard import STANDARD

if TYPE_CHECKING:
    from reportgen.gate.case import Case, Measured
    from reportgen.gate.rules import concerns, named, settled
else:
    from reportgen.later import offered

    __getattr__ = offered(
        __name__,
        {"case": ("Case", "Measured"), "rules": ("concerns", "named", "settled")},
    )

__all__ = ["STANDARD", "Case", "Measured", "concerns", "named", "settled"]

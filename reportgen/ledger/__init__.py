"""The record of runs and deliveries, in SQLite or PostgreSQL."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.ledger.artifacts import KeptRun, WaitingDocument
    from reportgen.ledger.opening import file_of, open_ledger
    from reportgen.ledger.reading import DeliveryRow, Doubt, PastRun, Pause, Standing
    from reportgen.ledger.recipients import Known
    from reportgen.ledger.sql import SqlLedger
else:
    from reportgen.later import offered

    __getattr__ = offered(
        __name__,
        {
            "artifacts": ("KeptRun", "WaitingDocument"),
            "opening": ("file_of", "open_ledger"),
            "reading": ("DeliveryRow", "Doubt", "PastRun", "Pause", "Standing"),
            "recipients": ("Known",),
            "sql": ("SqlLedger",),
        },
    )

__all__ = [
    "DeliveryRow",
    "Doubt",
    "KeptRun",
    "Known",
    "PastRun",
    "Pause",
    "SqlLedger",
    "Standing",
    "WaitingDocument",
    "file_of",
    "open_ledger",
]

"""The record of runs and deliveries, in SQLite or PostgreSQL."""

from reportgen.ledger.artifacts import KeptRun, WaitingDocument
from reportgen.ledger.opening import file_of, open_ledger
from reportgen.ledger.reading import DeliveryRow, Doubt, PastRun, Pause, Standing
from reportgen.ledger.recipients import Known
from reportgen.ledger.sql import SqlLedger

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

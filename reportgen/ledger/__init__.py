"""The record of runs and deliveries, in SQLite or PostgreSQL."""

from reportgen.ledger.artifacts import KeptRun
from reportgen.ledger.opening import file_of, open_ledger
from reportgen.ledger.reading import DeliveryRow, PastRun, Pause, Standing
from reportgen.ledger.sql import SqlLedger

__all__ = [
    "DeliveryRow",
    "KeptRun",
    "PastRun",
    "Pause",
    "SqlLedger",
    "Standing",
    "file_of",
    "open_ledger",
]

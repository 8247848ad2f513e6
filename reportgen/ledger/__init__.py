"""The record of runs and deliveries, in SQLite or PostgreSQL."""

from reportgen.ledger.artifacts import KeptRun
from reportgen.ledger.opening import open_ledger
from reportgen.ledger.reading import DeliveryRow, Doubt, PastRun, Pause, Standing
from reportgen.ledger.sql import SqlLedger

__all__ = [
    "DeliveryRow",
    "Doubt",
    "KeptRun",
    "PastRun",
    "Pause",
    "SqlLedger",
    "Standing",
    "open_ledger",
]

"""Runs and deliveries: every change of state is one conditional write in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy import text as statement
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)

from reportgen.errors import StorageError, StorageUnavailable
from reportgen.ledger import artifacts, claims, deliveries, reading, tables
from reportgen.ledger.artifacts import KeptRun
from reportgen.ledger.reading import PastRun
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import Writer
from reportgen.model import Document, Period, RunKey
from reportgen.pipeline import Claim, Delivery, DeliveryState, RunState

_LONGEST_CAUSE = 160  # letters
_PASSING = (OperationalError, InternalError, IntegrityError)
"""Busy, unreachable, or beaten by another process."""


class SqlLedger:
    """`pipeline.Ledger` over SQLAlchemy; safe under threads and processes."""

    def __init__(self, engine: Engine, worker: str, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._worker = worker[:120]
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.dispose()

    # ---- runs ------------------------------------------------------------------------------

    def claim(
        self, key: RunKey, customer: str, period: Period, *, manual: bool = False
    ) -> Claim | None:
        """Take the key, or None. Two may read the same past; only one can write the next row."""
        try:
            with self._writing() as writer:
                return claims.take(writer, key, customer, period, manual=manual)
        except StorageError as error:
            if isinstance(error.__cause__, IntegrityError):
                return None  # another process inserted the row between our look and our write
            raise

    def kept(self) -> tuple[KeptRun, ...]:
        """Every run that made a document, and where that is kept."""
        with self._writing() as writer:
            return artifacts.kept(writer.connection)

    def removed(self, run: KeptRun, why: str) -> None:
        """Note that a document was taken out of the archive, and why."""
        with self._writing() as writer:
            artifacts.removed(writer, run, why)

    def earlier(self, key: RunKey, period: Period) -> str | None:
        """Where the newest document of an earlier period of the same report is kept."""
        with self._writing() as writer:
            return reading.earlier(writer.connection, key, period)

    def produced(self, claim: Claim, document: Document, place: str) -> None:
        """Record where the finished document lies."""
        with self._writing() as writer:
            claims.produced(writer, claim, document, place)

    def finish(self, claim: Claim, state: RunState, reasons: tuple[str, ...] = ()) -> RunState:
        """Close the attempt; a run that failed too often needs a person."""
        with self._writing() as writer:
            return claims.finish(writer, claim, state, reasons)

    # ---- deliveries ------------------------------------------------------------------------

    def begin(self, claim: Claim, delivery: Delivery) -> bool:
        """Open the row of one delivery. False: handed over before.

        Raises DeliveryUnknown for one that must not be handed over again by itself, and
        DeliveryRefused for one that was refused for good and no person has asked for since.
        """
        with self._writing() as writer:
            return deliveries.begin(writer, claim, delivery)

    def committing(self, claim: Claim, delivery: Delivery) -> None:
        """Mark, on disk, that the next byte may make the other side accept."""
        with self._writing() as writer:
            deliveries.committing(writer, claim, delivery)

    def settle(self, claim: Claim, delivery: Delivery, state: DeliveryState, proof: str) -> None:
        """Record what became of it."""
        with self._writing() as writer:
            deliveries.settle(writer, claim, delivery, state, proof)

    def resolve(self, run: PastRun, channel: str, target: str, *, sent: bool, by: str) -> None:
        """A person says whether a delivery in doubt arrived; if not, the next attempt sends it.

        Raises StorageError when it is not in doubt.
        """
        with self._writing() as writer:
            claim = Claim(run.run_id, run.key, fence=run.fence, attempt=run.attempts)
            deliveries.resolve(writer, claim, channel, target, sent=sent, by=by)

    # ---- reading ---------------------------------------------------------------------------

    def past(self) -> tuple[PastRun, ...]:
        """Every run, oldest first."""
        with self._transaction() as connection:
            return reading.past(connection)

    def next_edition(self, report: str, company_id: str, period: str) -> int:
        """One more than the newest edition; 1 when there is none."""
        table = tables.run
        query = select(func.max(table.c.edition)).where(
            table.c.report == report, table.c.company_id == company_id, table.c.period == period
        )
        with self._transaction() as connection:
            return int(connection.execute(query).scalar() or 0) + 1

    def noticed(
        self, pairs: Iterable[tuple[str, str]], now: datetime
    ) -> Mapping[tuple[str, str], datetime]:
        """When each pair of report and company was first seen; new ones are seen now."""
        table = tables.schedule
        with self._transaction() as connection:
            known = {
                (row.report, row.company_id): row.first_seen
                for row in connection.execute(select(table))
            }
            fresh = [pair for pair in dict.fromkeys(pairs) if pair not in known]
            for report, company_id in fresh:
                connection.execute(
                    table.insert().values(report=report, company_id=company_id, first_seen=now)
                )
        return known | dict.fromkeys(fresh, now)

    def check(self) -> str:
        """Make sure that the ledger can be read and, on SQLite, is sound. Raises StorageError."""
        with self._transaction() as connection:
            if connection.dialect.name == "sqlite":
                found = connection.execute(statement("PRAGMA quick_check")).scalar()
                if found != "ok":
                    raise StorageError(f"the ledger is damaged: {found}; restore a backup")
            runs = connection.execute(select(func.count()).select_from(tables.run)).scalar()
        return f"{runs} runs on record"

    # ---- transactions ----------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        with self._transaction() as connection:
            yield Writer(connection, self._worker, self._clock())

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _translated(error) from error


def _translated(error: SQLAlchemyError) -> StorageError:
    """Waiting helps against a busy or unreachable database, not against a damaged one."""
    cause = clean(str(error.orig if isinstance(error, DBAPIError) else error), _LONGEST_CAUSE)
    lasting = isinstance(error, DatabaseError) and not isinstance(error, _PASSING)
    if lasting:
        return StorageError(f"the ledger is damaged or not ours: {cause}; restore a backup")
    return StorageUnavailable(f"the ledger cannot be used: {cause}")

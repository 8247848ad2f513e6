"""Runs and deliveries: every change of state is one conditional write in one transaction."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, Row, and_, func, select
from sqlalchemy import text as statement
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from reportgen.errors import DeliveryUnknown, StorageError, StorageUnavailable
from reportgen.ledger import reading, tables
from reportgen.ledger.reading import PastRun
from reportgen.model import Document, DocumentState, Period, RunKey
from reportgen.pipeline import Claim, Delivery, DeliveryState, RunState

LEASE = timedelta(minutes=30)
"""How long a claim holds without a recorded step; longer than any step may take."""
ATTEMPTS = 8
"""After so many, a run that keeps failing needs a person."""
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
_LONGEST_TEXT = 500
_DOCUMENT = "document"
_OPEN = (RunState.WORKING, RunState.DELIVERING)
_FOR_PEOPLE = (RunState.FAILED, RunState.HELD)
_DONE = (DeliveryState.SENT,)


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

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
            raise StorageUnavailable(f"the ledger cannot be written: {cause[:160]}") from error

    # ---- claims ----------------------------------------------------------------------------

    def claim(
        self, key: RunKey, customer: str, period: Period, *, manual: bool = False
    ) -> Claim | None:
        """Take the key, or None. Two may read the same past; only one can write the next row."""
        try:
            with self._transaction() as connection:
                row = _find(connection, key)
                if row is None:
                    return self._insert(connection, key, customer, period)
                return self._take_over(connection, key, row, manual=manual)
        except IntegrityError:
            return None  # another process inserted the row between our look and our write

    def _insert(self, connection: Connection, key: RunKey, customer: str, period: Period) -> Claim:
        now = self._clock()
        inserted = connection.execute(
            tables.run.insert().values(
                report=key.report,
                company_id=key.company_id,
                period=key.period,
                edition=key.edition,
                customer=customer,
                data_from=period.start.isoformat(),
                data_to=period.last_day.isoformat(),
                state=RunState.WORKING,
                fence=1,
                lease_owner=self._worker,
                lease_until=now + LEASE,
                attempts=1,
                reason="",
                created_at=now,
            )
        )
        run_id = int((inserted.inserted_primary_key or (0,))[0])
        claim = Claim(run_id, key, fence=1, attempt=1)
        self._note(connection, claim, RunState.WORKING)
        return claim

    def _take_over(
        self, connection: Connection, key: RunKey, row: Row[Any], *, manual: bool
    ) -> Claim | None:
        if not self._free(row, manual=manual):
            return None
        fence = row.fence + 1
        changed = connection.execute(
            tables.run.update()
            .where(tables.run.c.run_id == row.run_id, tables.run.c.fence == row.fence)
            .values(
                state=RunState.WORKING,
                fence=fence,
                lease_owner=self._worker,
                lease_until=self._clock() + LEASE,
                attempts=row.attempts + 1,
                next_try_at=None,
                finished_at=None,
            )
        )
        if changed.rowcount != 1:
            return None
        document = _document(connection, row.run_id)
        claim = Claim(row.run_id, key, fence, row.attempts + 1, document)
        self._note(connection, claim, RunState.WORKING)
        self._doubt(connection, claim)
        return claim

    def _free(self, row: Row[Any], *, manual: bool) -> bool:
        state, now = RunState(row.state), self._clock()
        if state in _OPEN:
            return row.lease_until is None or row.lease_until <= now
        if state is RunState.WAITING:
            return manual or row.next_try_at is None or row.next_try_at <= now
        return manual and state in _FOR_PEOPLE

    def _doubt(self, connection: Connection, claim: Claim) -> None:
        """What an earlier attempt left past the point of no return is unknown, for good."""
        table = tables.delivery
        found = and_(
            table.c.run_id == claim.run_id, table.c.state == DeliveryState.COMMITTING.value
        )
        connection.execute(
            table.update()
            .where(found)
            .values(
                state=DeliveryState.UNKNOWN,
                fence=claim.fence,
                proof="stopped while the server had the message",
            )
        )

    # ---- steps of a run --------------------------------------------------------------------

    def produced(self, claim: Claim, document: Document, place: str) -> None:
        """Record where the finished document lies."""
        held = document.state is DocumentState.HELD
        values = {
            "place": place,
            "state": document.state.value,
            "name": document.file_name,
            "size": len(document.pdf),
            "sha256": document.sha256,
            "stored_at": self._clock(),
        }
        with self._transaction() as connection:
            self._step(connection, claim, RunState.WORKING if held else RunState.DELIVERING)
            known = and_(
                tables.artifact.c.run_id == claim.run_id, tables.artifact.c.kind == _DOCUMENT
            )
            changed = connection.execute(tables.artifact.update().where(known).values(values))
            if changed.rowcount == 0:
                connection.execute(
                    tables.artifact.insert().values(
                        run_id=claim.run_id,
                        kind=_DOCUMENT,
                        company_id=claim.key.company_id,
                        **values,
                    )
                )

    def finish(self, claim: Claim, state: RunState, reasons: tuple[str, ...] = ()) -> RunState:
        """Close the attempt; a run that failed too often needs a person."""
        now = self._clock()
        if state is RunState.WAITING and claim.attempt >= ATTEMPTS:
            state = RunState.FAILED
        resting = state is RunState.WAITING
        with self._transaction() as connection:
            self._step(
                connection,
                claim,
                state,
                reason="; ".join(reasons)[:_LONGEST_TEXT],
                lease_until=None,
                next_try_at=now + _pause(claim.attempt) if resting else None,
                finished_at=None if resting else now,
            )
        return state

    def _step(self, connection: Connection, claim: Claim, state: RunState, **values: Any) -> None:
        """Change the run, if the claim still holds it; every step renews the lease."""
        values.setdefault("lease_until", self._clock() + LEASE)
        changed = connection.execute(
            tables.run.update()
            .where(tables.run.c.run_id == claim.run_id, tables.run.c.fence == claim.fence)
            .values(state=state, **values)
        )
        if changed.rowcount != 1:
            raise StorageError(f"{claim.key}: another worker has taken this run over")
        self._note(connection, claim, state, note=values.get("reason", ""))

    # ---- deliveries ------------------------------------------------------------------------

    def begin(self, claim: Claim, delivery: Delivery) -> bool:
        """Open the row of one delivery. False: handed over before.

        Raises DeliveryUnknown for one that must not be handed over again by itself.
        """
        with self._transaction() as connection:
            row = _delivery(connection, claim, delivery)
            if row is not None and row.state == DeliveryState.SENT:
                return False
            if row is not None and row.state == DeliveryState.UNKNOWN:
                raise DeliveryUnknown(
                    f"{delivery.target}: an earlier attempt may have been accepted; "
                    f"look for {delivery.reference} before sending again"
                )
            self._step(connection, claim, RunState.DELIVERING)
            if row is None:
                self._open(connection, claim, delivery)
            else:
                self._move(connection, claim, delivery, DeliveryState.SENDING, more=1)
        return True

    def _open(self, connection: Connection, claim: Claim, delivery: Delivery) -> None:
        digest = sha256(delivery.content).hexdigest()
        connection.execute(
            tables.delivery.insert().values(
                run_id=claim.run_id,
                company_id=claim.key.company_id,
                channel=delivery.channel,
                target=delivery.target,
                reference=delivery.reference,
                sha256=digest,
                state=DeliveryState.SENDING,
                fence=claim.fence,
                attempts=1,
                proof="",
            )
        )

    def committing(self, claim: Claim, delivery: Delivery) -> None:
        """Mark, on disk, that the next byte may make the other side accept."""
        with self._transaction() as connection:
            self._step(connection, claim, RunState.DELIVERING)
            self._move(
                connection,
                claim,
                delivery,
                DeliveryState.COMMITTING,
                committed_at=self._clock(),
            )

    def settle(self, claim: Claim, delivery: Delivery, state: DeliveryState, proof: str) -> None:
        """Record what became of it."""
        with self._transaction() as connection:
            self._move(
                connection,
                claim,
                delivery,
                state,
                proof=proof[:_LONGEST_TEXT],
                settled_at=self._clock(),
            )

    def _move(
        self,
        connection: Connection,
        claim: Claim,
        delivery: Delivery,
        state: DeliveryState,
        more: int = 0,
        **values: Any,
    ) -> None:
        table = tables.delivery
        changed = connection.execute(
            table.update()
            .where(
                table.c.run_id == claim.run_id,
                table.c.channel == delivery.channel,
                table.c.target == delivery.target,
                table.c.state.not_in([state.value for state in _DONE]),
                table.c.fence <= claim.fence,
            )
            .values(state=state, fence=claim.fence, attempts=table.c.attempts + more, **values)
        )
        if changed.rowcount != 1:
            raise StorageError(f"{claim.key}: the delivery to {delivery.target} has moved on")
        self._note(connection, claim, state, note=f"{delivery.channel} {delivery.target}")

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

    def _note(
        self,
        connection: Connection,
        claim: Claim,
        state: RunState | DeliveryState,
        note: str = "",
    ) -> None:
        connection.execute(
            tables.event.insert().values(
                run_id=claim.run_id,
                at=self._clock(),
                worker=self._worker,
                fence=claim.fence,
                state=state,
                text=note[:_LONGEST_TEXT],
            )
        )


def _find(connection: Connection, key: RunKey) -> Row[Any] | None:
    table = tables.run
    return connection.execute(
        select(table).where(
            table.c.report == key.report,
            table.c.company_id == key.company_id,
            table.c.period == key.period,
            table.c.edition == key.edition,
        )
    ).one_or_none()


def _delivery(connection: Connection, claim: Claim, delivery: Delivery) -> Row[Any] | None:
    table = tables.delivery
    return connection.execute(
        select(table).where(
            table.c.run_id == claim.run_id,
            table.c.channel == delivery.channel,
            table.c.target == delivery.target,
        )
    ).one_or_none()


def _document(connection: Connection, run_id: int) -> str | None:
    """Where an earlier attempt left a document that may go out."""
    table = tables.artifact
    return connection.execute(
        select(table.c.place).where(
            table.c.run_id == run_id,
            table.c.kind == _DOCUMENT,
            table.c.state == DocumentState.READY.value,
        )
    ).scalar_one_or_none()


def _pause(attempt: int) -> timedelta:
    """Doubling from a minute to six hours, each with up to as much again by chance."""
    base = min(_FIRST_PAUSE * (1 << min(attempt - 1, 20)), _LONGEST_PAUSE)
    return min(base + base * random.random(), _LONGEST_PAUSE)  # noqa: S311 - spreads load only

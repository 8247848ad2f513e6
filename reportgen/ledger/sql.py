"""Runs and deliveries: every change of state is one conditional write in one transaction."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from reportgen.ledger import (
    artifacts,
    claims,
    decisions,
    deliveries,
    door,
    fingerprints,
    memory,
    notices,
    reading,
    recipients,
    releasing,
    tables,
)
from reportgen.ledger.artifacts import KeptRun, WaitingDocument
from reportgen.ledger.reading import Doubt, PastRun, Pause, Standing
from reportgen.ledger.recipients import Known
from reportgen.ledger.redaction import clean
from reportgen.ledger.workers import Worker
from reportgen.ledger.writing import BEAT, Writer
from reportgen.model import Company, Document, Period, RunKey
from reportgen.pipeline import Claim, Delivery, DeliveryState, PastEdition, RunState

log = logging.getLogger(__name__)

_LONGEST_CAUSE = 160  # letters
_PASSING = (OperationalError, InternalError, IntegrityError)
"""Busy, unreachable, or beaten by another process."""


class SqlLedger:
    """`pipeline.Ledger` over SQLAlchemy; safe under threads and processes."""

    def __init__(self, engine: Engine, worker: Worker, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._worker = worker
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
        self,
        key: RunKey,
        customer: str,
        period: Period,
        *,
        manual: bool = False,
        revive: bool = False,
        kept_only: bool = False,
        letting_go: bool = False,
    ) -> Claim | None:
        """Take the key, or None. Two may read the same past; only one can write the next row."""
        wish = claims.Wish(manual, revive, kept_only, letting_go)
        try:
            with self._writing() as writer:
                return claims.take(writer, key, customer, period, wish)
        except StorageError as error:
            if isinstance(error.__cause__, IntegrityError):
                return None  # another process inserted the row between our look and our write
            raise

    def kept(self) -> tuple[KeptRun, ...]:
        """Every run that made a document, and where that is kept."""
        with self._reading() as connection:
            return artifacts.kept(connection)

    def removed(self, run: KeptRun, why: str) -> None:
        """Note that a document was taken out of the archive, and why."""
        with self._writing() as writer:
            artifacts.removed(writer, run, why)

    def earlier(self, key: RunKey, period: Period) -> str | None:
        """Where the newest document of an earlier period of the same report is kept."""
        with self._reading() as connection:
            return reading.earlier(connection, key, period)

    @contextmanager
    def reserving(self, ready: Callable[[], Iterable[RunKey]]) -> Iterator[None]:
        """Keep what a round has made for that round, however long it goes on making."""
        ended = threading.Event()
        keeper = threading.Thread(target=self._reserve, args=(ready, ended), daemon=True)
        keeper.start()
        try:
            yield
        finally:
            ended.set()
            keeper.join()

    def _reserve(self, ready: Callable[[], Iterable[RunKey]], ended: threading.Event) -> None:
        while not ended.wait(BEAT.total_seconds()):
            try:
                with self._writing() as writer:
                    claims.reserve(writer, tuple(ready()))
            except StorageError as error:
                log.warning("the round could not keep what it has made: %s", error)

    def first(self, key: RunKey) -> bool:
        """True while none of this report has gone out to this company."""
        with self._reading() as connection:
            return reading.first(connection, key)

    def alike(
        self, key: RunKey, digests: frozenset[str]
    ) -> Mapping[tuple[str, str], frozenset[str]]:
        """Other companies, id and name, with those of these fingerprints that they have, too."""
        with self._reading() as connection:
            return fingerprints.alike(connection, key, digests)

    def noted(self, claim: Claim) -> frozenset[str]:
        """The fingerprints of what this run has made; empty where none are on record."""
        with self._reading() as connection:
            return fingerprints.noted(connection, claim)

    def shared(self, keys: Iterable[RunKey]) -> frozenset[RunKey]:
        """Those of these ready runs that share a fingerprint with any other company."""
        with self._reading() as connection:
            return fingerprints.shared(connection, frozenset(keys))

    def replaced(self, key: RunKey) -> PastEdition | None:
        """The newest earlier edition of the same period that went out or was kept on request."""
        with self._reading() as connection:
            return reading.replaced(connection, key)

    @contextmanager
    def keeping(self, claim: Claim) -> Iterator[None]:
        """Give signs of life while the work on a claim goes on, however long a step takes."""
        ended = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(claim, ended), daemon=True)
        keeper.start()
        try:
            yield
        finally:
            ended.set()
            keeper.join()

    def _keep(self, claim: Claim, ended: threading.Event) -> None:
        while not ended.wait(BEAT.total_seconds()):
            try:
                with self._writing() as writer:
                    if not writer.renew(claim):
                        return
            except StorageError as error:
                log.warning("no sign of life for %s: %s", claim.key, error)

    def produced(
        self,
        claim: Claim,
        document: Document,
        place: str,
        handing_over: tuple[Delivery, ...] = (),
        prints: frozenset[str] = frozenset(),
    ) -> None:
        """Record where the finished document lies, and every handing-over that is to follow."""
        with self._writing() as writer:
            claims.produced(writer, claim, document, place, handing_over, prints)

    def expect(self, claim: Claim, handing_over: tuple[Delivery, ...]) -> None:
        """Record every handing-over that is to follow, before the first is begun."""
        with self._writing() as writer:
            deliveries.expect(writer, claim, handing_over)

    def block(self, claim: Claim, why: str) -> None:
        """What was made is another company's, too: it never goes out, and nothing else does."""
        with self._writing() as writer:
            claims.block(writer, claim)
            door.halt(writer, why)

    def finish(
        self,
        claim: Claim,
        state: RunState,
        reasons: tuple[str, ...] = (),
        until: datetime | None = None,
    ) -> RunState:
        """Close the attempt; a run that failed too often needs a person."""
        with self._writing() as writer:
            return claims.finish(writer, claim, state, reasons, until)

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

    # ---- people's decisions ----------------------------------------------------------------

    def resolve(
        self,
        key: RunKey,
        target: str,
        *,
        sent: bool,
        by: str,
        reason: str,
        at_once: bool = False,
    ) -> RunState:
        """A person says whether a delivery arrived; see `decisions.resolve`."""
        with self._writing() as writer:
            return decisions.resolve(
                writer, key, target, sent=sent, by=by, reason=reason, at_once=at_once
            )

    def doubts(self) -> tuple[Doubt, ...]:
        """The deliveries nobody can tell about that no server will accept any more."""
        with self._reading() as connection:
            return reading.doubts(connection, self._clock() - decisions.SETTLED_AFTER)

    def looked_up(self, doubt: Doubt, *, sent: bool, proof: str) -> RunState | None:
        """A look at the sent items told; see `decisions.looked_up`."""
        with self._writing() as writer:
            return decisions.looked_up(writer, doubt, sent=sent, proof=proof)

    def skip(self, key: RunKey, customer: str, period: Period, *, by: str, reason: str) -> None:
        """A person calls a report off; see `decisions.skip`."""
        with self._writing() as writer:
            decisions.skip(writer, key, customer, period, by=by, reason=reason)

    def approve(
        self, key: RunKey, sha256: str, *, by: str, reason: str, people: int
    ) -> tuple[str, ...]:
        """A person lets exactly this document go; see `releasing.approve`."""
        with self._writing() as writer:
            return releasing.approve(writer, key, sha256, by=by, reason=reason, people=people)

    def hold(self, key: RunKey, *, by: str, reason: str) -> None:
        """A person stops a document that is ready; see `releasing.hold`."""
        with self._writing() as writer:
            releasing.hold(writer, key, by=by, reason=reason)

    def reject(self, key: RunKey, *, by: str, reason: str) -> None:
        """A person decides that a document never goes out; see `releasing.reject`."""
        with self._writing() as writer:
            releasing.reject(writer, key, by=by, reason=reason)

    def outbox(self) -> tuple[WaitingDocument, ...]:
        """Every document that waits for a person or for its time, oldest first."""
        with self._reading() as connection:
            return artifacts.waiting(connection)

    def halt(self, reason: str) -> bool:
        """Stop everything from going out until a person resumes. False: it was stopped before."""
        with self._writing() as writer:
            return door.halt(writer, reason)

    def halted(self) -> str:
        """Since when and why nothing goes out; empty while everything may."""
        with self._reading() as connection:
            return door.halted(connection)

    def go_on(self, *, by: str, reason: str) -> bool:
        """Let things go out again. False: nothing was stopped."""
        with self._writing() as writer:
            return door.go_on(writer, by=by, reason=reason)

    def pause(self, report: str, company_id: str, *, by: str, reason: str) -> bool:
        """Stop a customer's report until it is resumed. False: it was paused before."""
        with self._writing() as writer:
            return decisions.pause(writer, report, company_id, by=by, reason=reason)

    def resume(self, report: str, company_id: str) -> bool:
        """Let it go on. False: it was not paused."""
        with self._writing() as writer:
            return decisions.resume(writer, report, company_id)

    def pauses(self) -> Mapping[tuple[str, str], Pause]:
        """Every pair of report and company that is paused, with since when, by whom and why."""
        with self._reading() as connection:
            return reading.pauses(connection)

    # ---- recipients ------------------------------------------------------------------------

    def unknown_recipients(self, company_id: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Those that never accepted a message of this customer and that nobody has approved."""
        with self._reading() as connection:
            return recipients.unknown(connection, company_id, addresses)

    def known_recipients(self, company_id: str) -> Mapping[str, Known]:
        """Every address, in small letters, that may get this customer's reports, and why."""
        with self._reading() as connection:
            return recipients.known(connection, company_id)

    def approve_recipient(self, company_id: str, address: str, *, by: str, reason: str) -> bool:
        """A person allows an address. False: it was known before; see `recipients.approve`."""
        with self._writing() as writer:
            return recipients.approve(writer, company_id, address, by=by, reason=reason)

    # ---- notices ---------------------------------------------------------------------------

    def tell_once(self, name: str, content: str) -> bool:
        """True for the one process that is to tell this; False when it was told already.

        A notice of the same name with another content is news again.
        """
        try:
            with self._writing() as writer:
                return notices.take(writer, name, content)
        except StorageError as error:
            if isinstance(error.__cause__, IntegrityError):
                return False
            raise

    def untold(self, name: str) -> None:
        """It could not be told after all: whoever comes next tries again."""
        with self._writing() as writer:
            notices.forget(writer, name)

    # ---- memory ----------------------------------------------------------------------------

    def last_tick(self) -> datetime | None:
        """When something was planned last, as far as `ticked` was told."""
        return memory.moment(self._recalled(memory.LAST_TICK))

    def ticked(self, moment: datetime) -> None:
        """Something is planned now."""
        self._store(memory.LAST_TICK, moment.isoformat())

    def companies(self) -> tuple[Company, ...]:
        """The companies that the platform listed last, as far as they make customers."""
        return memory.companies(self._recalled(memory.COMPANIES))

    def listed(self, companies: Iterable[Company]) -> None:
        """The platform listed these."""
        text = memory.as_text(companies)
        if text != self._recalled(memory.COMPANIES):
            self._store(memory.COMPANIES, text)

    def _recalled(self, name: str) -> str:
        with self._reading() as connection:
            return memory.recall(connection, name)

    def _store(self, name: str, value: str) -> None:
        try:
            with self._writing() as writer:
                memory.keep(writer, name, value)
        except StorageError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise  # else another process kept its own at the same moment

    # ---- reading ---------------------------------------------------------------------------

    def past(
        self,
        *,
        limit: int | None = None,
        reports: Sequence[str] = (),
        customers: Sequence[str] = (),
        states: Sequence[RunState] = (),
    ) -> tuple[PastRun, ...]:
        """The newest runs of these reports, customers and states, oldest first; default all."""
        with self._reading() as connection:
            return reading.past(connection, reading.Wanted(limit, reports, customers, states))

    def run(self, key: RunKey) -> PastRun | None:
        """The run of this key."""
        with self._reading() as connection:
            return reading.one(connection, key)

    def standing(self, keys: Iterable[RunKey]) -> Mapping[RunKey, Standing]:
        """Where these runs stand, and when a resting or abandoned one may be taken up again."""
        with self._reading() as connection:
            return reading.standing(connection, keys, self._worker, self._clock())

    def unfinished(self) -> Mapping[RunKey, Standing]:
        """Where the runs stand whose document may go out, and has not reached everybody."""
        with self._reading() as connection:
            return reading.unfinished(connection, self._worker, self._clock())

    def counts(self) -> Mapping[RunState, int]:
        """How many runs there are in each state."""
        with self._reading() as connection:
            return reading.counts(connection)

    def next_edition(self, report: str, company_id: str, period: str) -> int:
        """One more than the newest edition; 1 when there is none."""
        table = tables.run
        query = select(func.max(table.c.edition)).where(
            table.c.report == report, table.c.company_id == company_id, table.c.period == period
        )
        with self._reading() as connection:
            return int(connection.execute(query).scalar() or 0) + 1

    def noticed(
        self, pairs: Iterable[tuple[str, str]], now: datetime
    ) -> Mapping[tuple[str, str], datetime]:
        """
        From when on each pair of report and company is to be looked after.

        That is when it was first seen, new ones now, or until when all of it is settled.
        """
        wanted = tuple(dict.fromkeys(pairs))
        with self._reading() as connection:
            known = reading.since(connection)
        if known.keys() >= set(wanted):
            return known
        with self._writing() as writer:
            known = reading.since(writer.connection)
            fresh = [pair for pair in wanted if pair not in known]
            for report, company_id in fresh:
                row = {"report": report, "company_id": company_id, "first_seen": now}
                writer.connection.execute(tables.schedule.insert().values(row))
        return {**known, **dict.fromkeys(fresh, now)}

    def known(self) -> Mapping[tuple[str, str], datetime]:
        """As `noticed`, of every pair that was ever seen; notes nothing."""
        with self._reading() as connection:
            return reading.since(connection)

    def settled(self, until: Mapping[tuple[str, str], datetime]) -> None:
        """Up to these moments nothing of these pairs will ever be due again."""
        if not until:
            return
        c = tables.schedule.c
        with self._writing() as writer:
            for (report, company_id), moment in until.items():
                writer.connection.execute(
                    tables.schedule.update()
                    .where(c.report == report, c.company_id == company_id)
                    .values(settled_until=moment)
                )

    def check(self) -> str:
        """Make sure that the ledger can be read and, on SQLite, is sound. Raises StorageError."""
        with self._reading() as connection:
            if connection.dialect.name == "sqlite":
                found = connection.execute(statement("PRAGMA quick_check")).scalar()
                if found != "ok":
                    raise StorageError(f"the ledger is damaged: {found}; restore a backup")
            runs = sum(reading.counts(connection).values())
        return f"{runs} runs on record"

    # ---- transactions ----------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        with self._transaction(self._engine) as connection:
            yield Writer(connection, self._worker, self._clock())

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One consistent look, which keeps no writer waiting."""
        with self._transaction(self._reader) as connection:
            yield connection

    @staticmethod
    @contextmanager
    def _transaction(engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
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

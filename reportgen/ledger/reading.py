"""What the ledger tells: past runs and their deliveries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from reportgen.ledger import tables
from reportgen.ledger.artifacts import REMOVED
from reportgen.ledger.chunks import chunks
from reportgen.ledger.workers import Worker
from reportgen.ledger.writing import LEASE, OPEN, in_other_hands
from reportgen.model import DocumentState, Period, RunKey
from reportgen.pipeline import DeliveryState, PastEdition, RunState


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One handing-over as it stands."""

    channel: str
    target: str
    reference: str
    state: DeliveryState
    attempts: int
    proof: str

    @property
    def needs_person(self) -> bool:
        """True for what nobody can tell, and for what was refused."""
        return self.state in (DeliveryState.UNKNOWN, DeliveryState.REFUSED)


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run as it stands."""

    run_id: int
    key: RunKey
    customer: str
    state: RunState
    attempts: int
    fence: int
    reason: str
    created_at: datetime
    finished_at: datetime | None
    next_try_at: datetime | None
    lease_until: datetime | None
    worker: str
    """Who claimed it last."""
    deliveries: tuple[DeliveryRow, ...]
    kept_only: bool = False
    """Made for the archive; it is never sent."""

    @property
    def handed_over(self) -> str:
        """Such as `2 of 3`; empty where nothing was to be handed over yet."""
        if not self.deliveries:
            return ""
        sent = sum(row.state is DeliveryState.SENT for row in self.deliveries)
        return f"{sent} of {len(self.deliveries)}"

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "run": str(self.key),
            "report": self.key.report,
            "company_id": self.key.company_id,
            "customer": self.customer,
            "period": self.key.period,
            "edition": self.key.edition,
            "state": self.state.value,
            "attempts": self.attempts,
            "reason": self.reason,
            "created_at": _moment(self.created_at),
            "finished_at": _moment(self.finished_at),
            "next_try_at": _moment(self.next_try_at),
            "deliveries": [
                {
                    "channel": row.channel,
                    "target": row.target,
                    "reference": row.reference,
                    "state": row.state.value,
                    "attempts": row.attempts,
                    "proof": row.proof,
                }
                for row in self.deliveries
            ],
        }


@dataclass(frozen=True, slots=True)
class Doubt:
    """A delivery nobody can tell about."""

    delivery_id: int
    key: RunKey
    customer: str
    channel: str
    target: str
    reference: str
    committed_at: datetime
    """When the next byte could make the other side accept."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs to read; names are compared without case, and empty means all."""

    limit: int | None = None
    reports: Sequence[str] = ()
    customers: Sequence[str] = ()
    """Names or company ids."""
    states: Sequence[RunState] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands, in short."""

    state: RunState
    free_at: datetime | None
    """When it may be taken up again; None for what waits for nothing."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A person's wish that a report does not leave."""

    paused_at: datetime
    said_by: str
    reason: str

    def __str__(self) -> str:
        return f"paused {self.paused_at:%Y-%m-%d} by {self.said_by}: {self.reason}"


_PERHAPS_SENT = (DeliveryState.SENT, DeliveryState.COMMITTING, DeliveryState.UNKNOWN)


def past(connection: Connection, wanted: Wanted) -> tuple[PastRun, ...]:
    """The newest runs of those wanted, oldest first."""
    table = tables.run
    query = select(table).order_by(table.c.created_at.desc(), table.c.run_id.desc())
    if wanted.reports:
        query = query.where(table.c.report.in_(_reports(connection, wanted.reports)))
    if wanted.customers:
        query = query.where(table.c.company_id.in_(_companies(connection, wanted.customers)))
    if wanted.states:
        query = query.where(table.c.state.in_(wanted.states))
    rows = connection.execute(query.limit(wanted.limit)).all()[::-1]
    found = _deliveries(connection, [row.run_id for row in rows])
    return tuple(_run(row, tuple(found.get(row.run_id, ()))) for row in rows)


def one(connection: Connection, key: RunKey) -> PastRun | None:
    """The run of this key."""
    table = tables.run
    row = connection.execute(
        select(table).where(
            table.c.report == key.report,
            table.c.company_id == key.company_id,
            table.c.period == key.period,
            table.c.edition == key.edition,
        )
    ).one_or_none()
    if row is None:
        return None
    return _run(row, tuple(_deliveries(connection, [row.run_id]).get(row.run_id, ())))


def _reports(connection: Connection, names: Iterable[str]) -> list[str]:
    wanted = {name.casefold() for name in names}
    known = connection.execute(select(tables.run.c.report).distinct()).scalars()
    return [name for name in known if name.casefold() in wanted]


def _companies(connection: Connection, names: Iterable[str]) -> list[str]:
    wanted = {name.casefold() for name in names}
    table = tables.run
    known = connection.execute(select(table.c.company_id, table.c.customer).distinct())
    return [company for company, name in known if wanted & {company.casefold(), name.casefold()}]


def _deliveries(connection: Connection, runs: Iterable[int]) -> dict[int, list[DeliveryRow]]:
    table = tables.delivery
    found: dict[int, list[DeliveryRow]] = {}
    for some in chunks(runs):
        query = select(table).where(table.c.run_id.in_(some)).order_by(table.c.delivery_id)
        for row in connection.execute(query):
            found.setdefault(row.run_id, []).append(_delivery(row))
    return found


def doubts(connection: Connection, before: datetime) -> tuple[Doubt, ...]:
    """What is in doubt since a moment before this one, oldest first."""
    run, row = tables.run, tables.delivery
    found = connection.execute(
        select(
            run, row.c.delivery_id, row.c.channel, row.c.target, row.c.reference, row.c.committed_at
        )
        .join(row, row.c.run_id == run.c.run_id)
        .where(row.c.state == DeliveryState.UNKNOWN, row.c.committed_at <= before)
        .order_by(row.c.delivery_id)
    )
    return tuple(
        Doubt(
            each.delivery_id,
            RunKey(each.report, each.company_id, each.period, each.edition),
            each.customer,
            each.channel,
            each.target,
            each.reference,
            each.committed_at,
        )
        for each in found
    )


def standing(
    connection: Connection, keys: Iterable[RunKey], worker: Worker, now: datetime
) -> Mapping[RunKey, Standing]:
    """Where the runs of these keys stand; what nobody made is left out."""
    c = tables.run.c
    parts = (c.report, c.company_id, c.period, c.edition)
    columns = (*parts, c.state, c.next_try_at, c.lease_owner, c.lease_until, c.lease_beat)
    found = {}
    for some in chunks(sorted(set(keys))):
        near = (
            column.in_({getattr(key, column.name) for key in some}) for column in parts
        )  # neighbours share most of their parts, and the index of the unique key is used
        wanted = set(some)
        for row in connection.execute(select(*columns).where(*near)):
            key = RunKey(row.report, row.company_id, row.period, row.edition)
            if key in wanted:
                found[key] = Standing(RunState(row.state), _free_at(row, worker, now))
    return found


def unfinished(connection: Connection, worker: Worker, now: datetime) -> Mapping[RunKey, Standing]:
    """Where the runs stand whose document may go out, and has not reached everybody."""
    table, kept = tables.run, tables.artifact
    going_on = (*OPEN, RunState.WAITING, RunState.READY)
    query = (
        select(table)
        .join(kept, kept.c.run_id == table.c.run_id)
        .where(
            table.c.state.in_(going_on),
            func.coalesce(table.c.kept_only, 0) == 0,
            kept.c.state.in_((DocumentState.READY.value, tables.APPROVED)),
        )
    )
    return {
        RunKey(row.report, row.company_id, row.period, row.edition): Standing(
            RunState(row.state), _free_at(row, worker, now)
        )
        for row in connection.execute(query)
    }


def _free_at(row: Any, worker: Worker, now: datetime) -> datetime | None:
    state = RunState(row.state)
    if state in OPEN:
        return now + LEASE if in_other_hands(row, worker, now) else now
    moment: datetime | None = row.next_try_at
    return moment


def counts(connection: Connection) -> Mapping[RunState, int]:
    """How many runs there are in each state."""
    state = tables.run.c.state
    rows = connection.execute(select(state, func.count()).group_by(state))
    return {RunState(name): int(count) for name, count in rows}


def since(connection: Connection) -> dict[tuple[str, str], datetime]:
    """From when on each pair of report and company is to be looked after."""
    rows = connection.execute(select(tables.schedule))
    return {(row.report, row.company_id): row.settled_until or row.first_seen for row in rows}


def pauses(connection: Connection) -> Mapping[tuple[str, str], Pause]:
    """What is paused, by report and company id."""
    return {
        (row.report, row.company_id): Pause(row.paused_at, row.said_by, row.reason)
        for row in connection.execute(select(tables.pause))
    }


def earlier(connection: Connection, key: RunKey, period: Period) -> str | None:
    """Where the newest document of an earlier period of the same report is kept, if it was sent."""
    run, kept = tables.run, tables.artifact
    newest = (
        select(kept.c.place)
        .join(run, run.c.run_id == kept.c.run_id)
        .where(
            run.c.report == key.report,
            run.c.company_id == key.company_id,
            run.c.state.in_((RunState.SUCCEEDED, RunState.KEPT)),
            run.c.data_to < period.last_day.isoformat(),
            kept.c.kind == tables.DOCUMENT,
        )
        .order_by(run.c.data_to.desc(), run.c.edition.desc())
        .limit(1)
    )
    return connection.execute(newest).scalar()


def first(connection: Connection, key: RunKey) -> bool:
    """True while none of this report has gone out to this company."""
    table = tables.run
    sent = select(table.c.run_id).where(
        table.c.report == key.report,
        table.c.company_id == key.company_id,
        table.c.state == RunState.SUCCEEDED,
    )
    return connection.execute(sent.limit(1)).first() is None


def replaced(connection: Connection, key: RunKey) -> PastEdition | None:
    """The newest earlier edition of the same period that went out, perhaps, or was kept."""
    run, kept, event = tables.run, tables.artifact, tables.event
    made_at = (
        select(func.min(event.c.at))
        .where(event.c.run_id == run.c.run_id, event.c.state == RunState.DELIVERING)
        .scalar_subquery()
    )
    newest = (
        select(run.c.edition, made_at.label("made_at"), kept.c.place, kept.c.state)
        .join(kept, run.c.run_id == kept.c.run_id)
        .where(
            run.c.report == key.report,
            run.c.company_id == key.company_id,
            run.c.period == key.period,
            run.c.edition < key.edition,
            kept.c.kind == tables.DOCUMENT,
            or_(run.c.state.in_((RunState.SUCCEEDED, RunState.KEPT)), _has_reached_somebody()),
        )
        .order_by(run.c.edition.desc())
        .limit(1)
    )
    row = connection.execute(newest).one_or_none()
    if row is None:
        return None
    return PastEdition(row.edition, row.made_at, None if row.state == REMOVED else row.place)


def _has_reached_somebody() -> Any:
    """Whether at least one recipient of a run has the document, or may have it."""
    table = tables.delivery
    return (
        select(table.c.delivery_id)
        .where(table.c.run_id == tables.run.c.run_id, table.c.state.in_(_PERHAPS_SENT))
        .exists()
    )


def _delivery(row: Row[Any]) -> DeliveryRow:
    return DeliveryRow(
        row.channel,
        row.target,
        row.reference,
        DeliveryState(row.state),
        row.attempts,
        row.proof,
    )


def _run(row: Row[Any], deliveries: tuple[DeliveryRow, ...]) -> PastRun:
    return PastRun(
        run_id=row.run_id,
        key=RunKey(row.report, row.company_id, row.period, row.edition),
        customer=row.customer,
        state=RunState(row.state),
        attempts=row.attempts,
        fence=row.fence,
        reason=row.reason,
        created_at=row.created_at,
        finished_at=row.finished_at,
        next_try_at=row.next_try_at,
        lease_until=row.lease_until,
        worker=row.lease_owner,
        deliveries=deliveries,
        kept_only=bool(row.kept_only),
    )


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None

"""The nothing-missing watch: what ought to be on record, what is, and who has to act."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from reportgen.app.clock import likeliest
from reportgen.app.house import House
from reportgen.app.orders import Order, remembered, subscribed
from reportgen.errors import ClockDoubted, OperatorNotTold, ReportgenError, SourceError
from reportgen.ledger import PastRun, Standing
from reportgen.model import RunKey
from reportgen.pipeline import DeliveryState, RunState
from reportgen.planning import UNFINISHED, Due, Subscription, expected, settled

log = logging.getLogger(__name__)

HINDRANCES = (SourceError, ClockDoubted)
"""What keeps everything from being planned."""
_GRACE = timedelta(hours=1)
"""A report that nobody started so long after its moment is missing."""
_RESUME = "when it is mended: reportgen resume --round --reason …"
_LINES = 60
"""Troubles that one message lists; `reportgen status` shows all."""


class Place(StrEnum):
    """Where one report of the matrix stands, as an operator sees it."""

    SENT = "sent"
    KEPT = "kept"
    SKIPPED = "called off"
    DUE = "due"
    """Its moment has just come."""
    WORKING = "working"
    WAITING = "waiting"
    """Failed for now; tried again by itself."""
    READY = "ready"
    """Made; goes out by itself unless a person objects."""
    PAUSED = "paused"
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Some delivery may or may not have arrived."""
    LEFT = "left"
    """Begun, and nobody has gone on with it for long."""
    MISSING = "missing"


_NEEDS_PERSON = (Place.HELD, Place.FAILED, Place.UNKNOWN, Place.LEFT, Place.MISSING)
_PLACES = {
    RunState.SUCCEEDED: Place.SENT,
    RunState.KEPT: Place.KEPT,
    RunState.SKIPPED: Place.SKIPPED,
    RunState.WORKING: Place.WORKING,
    RunState.DELIVERING: Place.WORKING,
    RunState.WAITING: Place.WAITING,
    RunState.READY: Place.READY,
    RunState.HELD: Place.HELD,
    RunState.FAILED: Place.FAILED,
}
_OPEN = tuple(
    state
    for state, place in _PLACES.items()
    if place not in (Place.SENT, Place.KEPT, Place.SKIPPED)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One report of one customer over one period."""

    run: str
    customer: str
    place: Place
    reason: str = ""
    cure: str = ""

    @property
    def needs_person(self) -> bool:
        return self.place in _NEEDS_PERSON

    def __str__(self) -> str:
        text = f"{self.customer}, {self.run}: {self.place}"
        if self.reason:
            text += f": {self.reason}"
        return f"{text}\n    {self.cure}" if self.cure else text


@dataclass(frozen=True, slots=True)
class Survey:
    """What became of everything that ought to be."""

    newest: tuple[Line, ...]
    """The newest period of every customer and report."""
    open: tuple[Line, ...]
    """Whatever is not settled, of any age."""
    problems: tuple[str, ...]
    """Customers of the configuration that the platform does not know."""
    stopped: str = ""
    """Since when and why nothing goes out to anybody; empty while everything may."""
    hindrance: ReportgenError | None = None
    """Why nothing can be planned; the customers are then those that were listed last."""

    @property
    def troubles(self) -> tuple[Line, ...]:
        """What waits for a person."""
        return tuple(line for line in self.open if line.needs_person)

    @property
    def well(self) -> bool:
        """True when nobody has to act."""
        free = self.hindrance is None and not self.stopped
        return free and not self.troubles and not self.problems

    @property
    def settled(self) -> bool:
        """True when nothing is under way right now."""
        return not any(line.place in (Place.WORKING, Place.DUE) for line in self.open)

    def summary(self) -> str:
        """Such as `48 sent, 1 held`: the newest period of each report, and older troubles."""
        newest = {line.run for line in self.newest}
        older = (line for line in self.troubles if line.run not in newest)
        counts = Counter(line.place for line in (*self.newest, *older))
        told = [f"{counts[place]} {place}" for place in Place if counts[place]]
        told += [f"{len(self.problems)} left out"] if self.problems else []
        return ", ".join(told) or "nothing was due yet"

    def text(self) -> str:
        """The message: figures, then each trouble with its reason and its cure."""
        lines = [f"NOTHING GOES OUT: {self.stopped}\n    {_RESUME}"] if self.stopped else []
        lines += [f"nothing can be planned: {self.hindrance}"] if self.hindrance else []
        lines += [str(line) for line in self.troubles]
        lines += [f"left out: {problem}" for problem in self.problems]
        more = len(lines) - _LINES
        shown = lines[:_LINES] + ([f"and {more} more: reportgen status"] if more > 0 else [])
        return "\n".join((f"{self.summary()}.", *shown)) if lines else f"{self.summary()}."

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {
            "well": self.well,
            "summary": self.summary(),
            "hindrance": str(self.hindrance or ""),
            "newest": [asdict(line) for line in self.newest],
            "open": [asdict(line) for line in self.open],
            "left_out": list(self.problems),
            "stopped": self.stopped,
        }


# ---- looking -------------------------------------------------------------------------------


def survey(house: House, now: datetime, hindrance: ReportgenError | None = None) -> Survey:
    """
    Compare the calendar's matrix, worked out without the scheduler, with the ledger.

    Where the platform cannot be asked or the clock is in doubt, or with a `hindrance` that is
    known already, the matrix is that of the customers who were listed last.
    """
    if hindrance is None:
        try:
            return _surveyed(house, *subscribed(house, Order(), now), now)
        except HINDRANCES as error:
            hindrance = error
    return _surveyed(house, *remembered(house), likeliest(house, now), hindrance)


def _surveyed(
    house: House,
    subscriptions: tuple[Subscription, ...],
    problems: tuple[str, ...],
    now: datetime,
    hindrance: ReportgenError | None = None,
) -> Survey:
    matrix = expected(subscriptions, now)
    standing = house.ledger.standing(item.key for item in matrix)
    if hindrance is None:
        house.ledger.settled(settled(matrix, standing))
    runs = {run.key: run for run in house.ledger.past(states=_OPEN)}
    lines = {
        key: _line(item, standing.get(key), runs.get(key), now)
        for item in matrix
        for key in (item.key,)
    }
    paused = {(e.report.name, e.customer.company_id) for e in subscriptions if e.paused}
    others = (
        _of_run(run, now, paused=(key.report, key.company_id) in paused)
        for key, run in runs.items()
        if key not in lines
    )
    newest = _newest(matrix)
    unsettled = (
        line
        for line in (*lines.values(), *others)
        if line.place not in (Place.SENT, Place.KEPT, Place.SKIPPED)
    )
    return Survey(
        tuple(lines[key] for key in newest),
        tuple(unsettled),
        problems,
        house.ledger.halted(),
        hindrance,
    )


def _newest(matrix: Iterable[Due]) -> list[RunKey]:
    """The last period of each report and customer; the matrix ascends."""
    found: dict[tuple[str, str], RunKey] = {}
    for item in matrix:
        found[item.key.report, item.key.company_id] = item.key
    return list(found.values())


def _line(item: Due, standing: Standing | None, run: PastRun | None, now: datetime) -> Line:
    if run is not None:
        return _of_run(run, now, paused=item.subscription.paused)
    customer = item.subscription.customer.name
    if standing is not None:
        return Line(str(item.key), customer, _PLACES[standing.state])
    if item.subscription.paused:
        return Line(str(item.key), customer, Place.PAUSED)
    if now - item.due_at < _GRACE:
        return Line(str(item.key), customer, Place.DUE)
    key = item.key
    return Line(
        str(key),
        customer,
        Place.MISSING,
        f"was due {item.due_at:%Y-%m-%d %H:%M} UTC and nobody made it",
        f'reportgen run --report {key.report} --customer "{customer}" --period {key.period}   '
        f"or   reportgen skip {key} --reason …",
    )


def _of_run(run: PastRun, now: datetime, *, paused: bool = False) -> Line:
    place, key = Place.FAILED if _rests_for_good(run) else _PLACES[run.state], str(run.key)
    if place is not Place.FAILED and _is_left(run, now):
        place = Place.PAUSED if paused else Place.LEFT
    if any(row.state is DeliveryState.UNKNOWN for row in run.deliveries):
        place = Place.UNKNOWN
    return Line(key, run.customer, place, run.reason, _cure(place, run))


def _is_left(run: PastRun, now: datetime) -> bool:
    """Free for long, and no round has taken it up."""
    resting = run.state in (RunState.WAITING, RunState.READY)
    free = run.next_try_at if resting else run.lease_until
    return run.state in UNFINISHED and free is not None and now - free > _GRACE


def _rests_for_good(run: PastRun) -> bool:
    """A corrected edition that failed before it was made: rounds make none."""
    return run.key.edition > 1 and run.state is RunState.WAITING and not run.deliveries


def _cure(place: Place, run: PastRun) -> str:
    key = run.key
    again = f'reportgen run --report {key.report} --customer "{run.customer}" --period {key.period}'
    again += " --again" if key.edition > 1 else ""
    if place is Place.UNKNOWN:
        doubt = next(row for row in run.deliveries if row.state is DeliveryState.UNKNOWN)
        return f"reportgen resolve {key} --to {doubt.target} --sent|--resend --reason …"
    if place is Place.HELD:
        return (
            f"reportgen outbox   shows it; then   reportgen approve|reject {key} --reason …   or "
            f"  {again}"
        )
    if place is Place.LEFT and run.kept_only:
        again = (
            f"reportgen backfill --from {key.period} --to {key.period} --report {key.report} "
            f'--customer "{run.customer}"'
        )
    if place in (Place.FAILED, Place.LEFT):
        return f"mend the cause, then   {again}   or   reportgen skip {key} --reason …"
    return ""


# ---- telling -------------------------------------------------------------------------------


def watch(house: House, *, worked: bool, hindrance: ReportgenError | None = None) -> None:
    """
    After a round: tell the operator what is news, once a day tell all, and give a sign of life.

    A `hindrance` is why there was no round: told once a day, and no sign of life. Whatever goes
    wrong here is logged and hinders no report.
    """
    try:
        hindered = _tell(house, worked, hindrance)
    except ReportgenError as error:
        log.warning("%s", error)
        return
    lost = None if hindered else house.operator.beat()
    if lost:
        log.warning("%s", lost)


def _tell(house: House, worked: bool, hindrance: ReportgenError | None) -> bool:
    """Tell what is to be told; True when nothing can be planned."""
    wishes, now = house.settings.operator, house.clock()
    local = now.astimezone(house.settings.operator_zone)
    daily = local.time() >= wishes.time
    if not wishes.notify or not (worked or daily or hindrance):
        return hindrance is not None
    found = survey(house, now, hindrance)
    news = {}
    if worked and found.settled:
        news["round"] = found.text()
    if daily:
        news["day"] = f"{local:%Y-%m-%d}"
    if found.hindrance:
        began = timedelta(hours=wishes.time.hour, minutes=wishes.time.minute)
        news[f"hindered {type(found.hindrance).__name__}"] = f"{local - began:%Y-%m-%d}"
    _tell_once(house, news, found)
    return found.hindrance is not None


def _tell_once(house: House, news: Mapping[str, str], found: Survey) -> None:
    """
    Tell each address for which any of it is news: one message for all.

    Of many processes one tells it; what fails is left to the next round.
    """
    fresh = {
        address: [name for name, text in news.items() if _is_news(house, name, address, text)]
        for address in house.operator.addresses
    }
    try:
        house.operator.inform(
            _subject(found), found.text(), [address for address in fresh if fresh[address]]
        )
    except OperatorNotTold as error:
        for address in error.failed:
            for name in fresh[address]:
                house.ledger.untold(_about(name, address))
        raise


def _is_news(house: House, name: str, address: str, text: str) -> bool:
    return house.ledger.tell_once(_about(name, address), _digest(text))


def _about(name: str, address: str) -> str:
    """The name of a notice to one address; addresses may be longer than a name."""
    return f"{name} {_digest(address)[:16]}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _subject(found: Survey) -> str:
    if found.stopped:
        return "Reports: STOPPED, figures of customers were mixed up"
    need = len(found.troubles) + len(found.problems)
    if found.hindrance:
        return "Reports: nothing can be planned" + (f", {need} need you" if need else "")
    return f"Reports: {need} need you" if need else "Reports: all well"

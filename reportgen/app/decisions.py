"""What people decide about runs: which one they mean, calling off, pauses and their end."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reportgen import periods
from reportgen.app.house import House
from reportgen.app.orders import Order, subscribed
from reportgen.errors import ConfigError
from reportgen.ledger import Pause
from reportgen.model import RunKey
from reportgen.planning import Subscription, expected


@dataclass(frozen=True, slots=True)
class Pair:
    """One report of one customer."""

    subscription: Subscription

    @property
    def key(self) -> tuple[str, str]:
        """Report and company id."""
        return self.subscription.report.name, self.subscription.customer.company_id

    def __str__(self) -> str:
        return f"{self.subscription.customer.name}, {self.subscription.report.name}"


def pairs(house: House, reports: Iterable[str], customers: Iterable[str]) -> tuple[Pair, ...]:
    """The pairs of these reports and customers; empty means all. Raises ConfigError."""
    order = Order(tuple(reports), tuple(customers))
    return tuple(Pair(each) for each in subscribed(house, order, house.clock())[0])


# ---- which run -----------------------------------------------------------------------------

_EDITION = re.compile(r"[1-9]\d{0,5}", re.ASCII)


def run_key(house: House, text: str) -> RunKey:
    """
    The key that a person wrote: report/company/period[/edition], the company by id or name.

    Raises ConfigError for what is no key and for a company nobody knows.
    """
    parts = text.strip().split("/")
    edition = 1
    if len(parts) > 3 and _EDITION.fullmatch(parts[-1]) and _is_period(parts[-2]):
        edition = int(parts.pop())
    if len(parts) < 3 or not _is_period(parts[-1]) or not _is_text(text):
        raise ConfigError(
            f"{text!r} names no run; write report/company/period, such as monthly/COMPANY/2026-10"
        )
    report, company, period = parts[0], "/".join(parts[1:-1]), parts[-1]
    return RunKey(report, _company_id(house, report, company), period, edition)


def _is_text(text: str) -> bool:
    """False for bytes of the command line that no letters stand behind; no ledger takes those."""
    return text == text.encode("utf-8", "ignore").decode("utf-8")


def _is_period(text: str) -> bool:
    try:
        return periods.key(periods.parse(text)) == text
    except ConfigError:
        return False


def _company_id(house: House, report: str, company: str) -> str:
    """By the ledger first, so that the record can be read without the platform."""
    runs = house.ledger.past(reports=[report], customers=[company])
    found = {run.key.company_id for run in runs}
    if company in found:
        return company
    if len(found) > 1:
        raise ConfigError(f"{company!r} is more than one company; write one of the ids: {found}")
    return found.pop() if found else house.customer(company).company_id


# ---- decisions -----------------------------------------------------------------------------


def call_off(house: House, key: RunKey, *, by: str, reason: str) -> None:
    """Settle that a report is not made. Raises StorageError for one that has gone out."""
    run = house.ledger.run(key)
    customer = run.customer if run else house.customer(key.company_id).name
    house.ledger.skip(key, customer, periods.parse(key.period), by=by, reason=reason)


def resume_pair(house: House, pair: Pair, *, by: str, catch_up: bool) -> tuple[str, ...] | None:
    """
    Let a paused pair go on; answers the periods that were called off, None where none was paused.

    With `catch_up` nothing is called off: what fell due goes out as after a stop of the service.
    """
    pause = house.ledger.pauses().get(pair.key)
    if pause is None:
        return None
    called_off = () if catch_up else _held_back(house, pair, pause)
    for key in called_off:
        call_off(house, key, by=by, reason=str(pause))
    house.ledger.resume(*pair.key)
    return tuple(key.period for key in called_off)


def _held_back(house: House, pair: Pair, pause: Pause) -> tuple[RunKey, ...]:
    """What fell due during the pause and nobody made."""
    items = expected([pair.subscription], house.clock())
    late = [item.key for item in items if item.due_at >= pause.paused_at]
    known = house.ledger.standing(late)
    return tuple(key for key in late if key not in known)

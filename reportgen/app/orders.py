"""What is to be done: by the schedules, by a person's order, or for the archive."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from reportgen import periods
from reportgen.app.clock import confirm, note
from reportgen.app.house import House
from reportgen.config import Report, ResolvedCustomer, customers
from reportgen.errors import ConfigError
from reportgen.ledger import Standing
from reportgen.model import Customer, Period, RunKey
from reportgen.pipeline import RunState
from reportgen.planning import Due, Past, Subscription, due, expected, key_of, settled, upcoming

_DONE = (RunState.SUCCEEDED, RunState.KEPT, RunState.SKIPPED)
Customers = tuple[tuple[ResolvedCustomer, ...], tuple[str, ...]]
"""All customers, and a line for each that could not be matched."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, and what cannot even be planned."""

    subscriptions: tuple[Subscription, ...]
    items: tuple[Due, ...]
    problems: tuple[str, ...]
    """Customers of the configuration that the platform does not know, for people."""
    begun: tuple["Ticket", ...] = ()
    """What no schedule names: made on request, and not yet with everybody it is for."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for on the command line."""

    reports: tuple[str, ...] = ()
    """Empty: every report a customer gets."""
    customers: tuple[str, ...] = ()
    """Names or company ids; empty: all."""
    period: str | None = None
    """A period rule; None: the report's own."""
    again: bool = False
    """Make a new edition of what is already done."""
    clock_is_right: bool = False
    """Plan by this machine's clock, whoever contradicts it."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One run to do: whose, over which days, in which edition."""

    subscription: Subscription
    period: Period
    edition: int = 1
    due_at: datetime | None = None
    """The moment its schedule named; None for what a person ordered."""

    @property
    def key(self) -> RunKey:
        return key_of(self.subscription, self.period, self.edition)

    @property
    def deadline(self) -> datetime | None:
        """When it should have left."""
        hours = self.subscription.report.deadline_hours
        return None if self.due_at is None else self.due_at + timedelta(hours=hours)


# ---- what is to be done --------------------------------------------------------------------


def plan(house: House, now: datetime) -> Plan:
    """What the schedules call for at this moment, and what was begun and has not ended.

    Raises SourceError, ClockDoubted.
    """
    subscriptions, problems = subscribed(house, Order(), now)
    return _planned(house, subscriptions, problems, now)


def _planned(
    house: House, subscriptions: tuple[Subscription, ...], problems: tuple[str, ...], now: datetime
) -> Plan:
    note(house, now)
    items = due(subscriptions, history(house, subscriptions, now), now)
    begun = _begun(house, subscriptions, {item.key for item in items}, now)
    return Plan(subscriptions, items, problems, tuple(begun))


def _begun(
    house: House, subscriptions: Iterable[Subscription], planned: set[RunKey], now: datetime
) -> Iterator[Ticket]:
    """Further editions and other periods that a person had made: rounds hand over, make none."""
    known = {(each.report.name, each.customer.company_id): each for each in subscriptions}
    for key, standing in sorted(house.ledger.unfinished().items()):
        subscription = known.get((key.report, key.company_id))
        free = standing.free_at is None or standing.free_at <= now
        if subscription and free and not subscription.paused and key not in planned:
            yield Ticket(subscription, periods.parse(key.period), key.edition)


def _subscriptions(
    house: House, pairs: Iterable[tuple[Report, Customer]], now: datetime
) -> tuple[Subscription, ...]:
    """Each pair with the moment since when its reports are due; new pairs are noted."""
    known = tuple(pairs)
    since = house.ledger.noticed(
        [(report.name, customer.company_id) for report, customer in known], now
    )
    paused = house.ledger.pauses()
    return tuple(
        Subscription(report, customer, since[key], paused=key in paused)
        for report, customer in known
        for key in ((report.name, customer.company_id),)
    )


def _pairs(house: House, resolved: ResolvedCustomer) -> Iterator[tuple[Report, Customer]]:
    for name in resolved.reports:
        yield house.settings.reports[name], resolved.customer


def history(
    house: House, subscriptions: Iterable[Subscription], now: datetime
) -> Mapping[RunKey, Past]:
    """What became of everything that ought to be, as planning wants to know it.

    What turns out to be done with is not looked at again: a ledger of many years is as quick as
    a new one.
    """
    matrix = expected(subscriptions, now)
    standing = house.ledger.standing(item.key for item in matrix)
    past = {key: Past(each.state, each.free_at) for key, each in standing.items()}
    house.ledger.settled(settled(matrix, past))
    return past


def ordered(
    house: House, order: Order, now: datetime
) -> tuple[tuple[Ticket, ...], tuple[str, ...]]:
    """The tickets of an order, and what cannot be planned. Raises ConfigError for unknown names."""
    pairs, problems = _ordered_pairs(house, order, house.customers)
    tickets = (_ticket(house, Subscription(*pair, now), order, now) for pair in pairs)
    return tuple(tickets), problems


def _ordered_pairs(
    house: House, order: Order, looked_up: Callable[[], Customers]
) -> tuple[tuple[tuple[Report, Customer], ...], tuple[str, ...]]:
    _known_reports(house, order.reports)
    resolved, problems = looked_up()
    pairs = (
        (report, customer)
        for each in _chosen(resolved, order.customers)
        for report, customer in _pairs(house, each)
        if not order.reports or report.name in order.reports
    )
    return tuple(pairs), problems if not order.customers else ()


def subscribed(
    house: House, order: Order, now: datetime
) -> tuple[tuple[Subscription, ...], tuple[str, ...]]:
    """
    Whose reports an order names, and which customers are left out.

    Raises ConfigError for unknown names, SourceError where the platform does not list the
    companies, ClockDoubted where it contradicts the clock.
    """
    pairs, problems = _ordered_pairs(house, order, lambda: _listed(house))
    if not order.clock_is_right:
        confirm(house, now)
    return _subscriptions(house, pairs, now), problems


def _listed(house: House) -> Customers:
    """All customers as the platform knows them now; what it lists is remembered."""
    companies = house.source.companies()
    house.ledger.listed(companies)
    return customers(house.settings, companies)


def remembered(house: House) -> tuple[tuple[Subscription, ...], tuple[str, ...]]:
    """As `subscribed`, from what the ledger knows; asks no platform and notes nothing."""
    companies, known = house.ledger.companies(), house.ledger.known()
    resolved, problems = customers(house.settings, companies)
    paused = house.ledger.pauses()
    subscriptions = (
        Subscription(report, customer, known[key], paused=key in paused)
        for report, customer in chain.from_iterable(_pairs(house, each) for each in resolved)
        for key in ((report.name, customer.company_id),)
        if key in known
    )
    return tuple(subscriptions), problems if companies else ()


def scheduled(
    house: House, order: Order, now: datetime
) -> tuple[tuple[Ticket, ...], tuple[str, ...]]:
    """The tickets that the schedules call for, of the reports and customers an order names."""
    subscriptions, problems = subscribed(house, order, now)
    return due_now(_planned(house, subscriptions, problems, now)), problems


def to_backfill(
    house: House, order: Order, first: str, last: str | None, now: datetime
) -> tuple[tuple[Ticket, ...], tuple[str, ...]]:
    """
    One ticket for each past period from `first` to `last`, oldest first, nothing of it to be sent.

    The newest period that a schedule sends, now or next, is left to it. Raises ConfigError.
    """
    subscriptions, problems = subscribed(house, order, now)
    past = history(house, subscriptions, now)
    wanted = [
        ticket
        for each in subscriptions
        for ticket in _past_tickets(each, first, last, now)
        if not _is_the_schedules(ticket, past, now)
    ]
    known = house.ledger.standing(ticket.key for ticket in wanted)
    tickets = (ticket for ticket in wanted if _is_open(known.get(ticket.key), now))
    return tuple(sorted(tickets, key=lambda ticket: ticket.period)), problems


def _is_open(standing: Standing | None, now: datetime) -> bool:
    """True for what was never made, could not be, or was left half way."""
    if standing is None or standing.state in (RunState.WAITING, RunState.FAILED):
        return True
    left = standing.free_at is not None and standing.free_at <= now
    return standing.state in (RunState.WORKING, RunState.DELIVERING) and left


def _past_tickets(
    subscription: Subscription, first: str, last: str | None, now: datetime
) -> Iterator[Ticket]:
    today = now.astimezone(subscription.zone).date()
    newest = periods.parse(last) if last else periods.resolve(subscription.report.period, today)
    period = periods.parse(first)
    if period.start > newest.start or newest.end > today:
        raise ConfigError(
            f"{first} to {periods.key(newest)} is no stretch of past periods; "
            "write such as --from 2026-01 --to 2026-06"
        )
    while period.start <= newest.start:
        yield Ticket(subscription, period)
        period = periods.following(period)


def _is_the_schedules(ticket: Ticket, past: Mapping[RunKey, Past], now: datetime) -> bool:
    coming = (*due([ticket.subscription], past, now), *upcoming([ticket.subscription], now))
    return any(item.key == ticket.key and item.why != "missed" for item in coming)


def _known_reports(house: House, names: Iterable[str]) -> None:
    for name in names:
        if name not in house.settings.reports:
            known = ", ".join(house.settings.reports)
            raise ConfigError(f"there is no report {name!r} in the configuration; known: {known}")


def _chosen(
    resolved: tuple[ResolvedCustomer, ...], names: tuple[str, ...]
) -> tuple[ResolvedCustomer, ...]:
    if not names:
        return resolved
    wanted = [name.casefold() for name in names]
    for name in wanted:
        if not any(_is(each.customer, name) for each in resolved):
            raise ConfigError(
                f"no customer is called {name!r}; `reportgen companies` lists names and ids"
            )
    return tuple(each for each in resolved if any(_is(each.customer, name) for name in wanted))


def _is(customer: Customer, name: str) -> bool:
    known = (customer.company_id, customer.name, customer.company_name)
    return name in tuple(text.casefold() for text in known)


def _ticket(house: House, subscription: Subscription, order: Order, now: datetime) -> Ticket:
    today = now.astimezone(subscription.zone).date()
    period = periods.resolve(order.period or subscription.report.period, today)
    ticket = Ticket(subscription, period)
    if not order.again:
        return ticket
    return replace(ticket, edition=_edition_to_make(house, ticket.key))


def _edition_to_make(house: House, key: RunKey) -> int:
    """The newest one while it is not done with, else the one after it."""
    following = house.ledger.next_edition(key.report, key.company_id, key.period)
    newest = house.ledger.run(replace(key, edition=following - 1))
    return following - 1 if newest and newest.state not in _DONE else following


def due_now(planned: Plan) -> tuple[Ticket, ...]:
    """What goes out by itself now, the most urgent first.

    What was missed or is paused goes out only by a person's wish.
    """
    scheduled = (
        Ticket(item.subscription, item.period, due_at=item.due_at)
        for item in planned.items
        if item.why in ("due", "retry")
    )
    return tuple(sorted((*planned.begun, *scheduled), key=_urgency))


def _urgency(ticket: Ticket) -> datetime:
    """What was begun before, and has no moment of its own, comes first."""
    return ticket.deadline or datetime.min.replace(tzinfo=UTC)

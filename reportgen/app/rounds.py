"""One round: every report is made, all are compared, and then they leave."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from reportgen.app.forecast import Forecast, Load, Outlook
from reportgen.app.hands import SideBySide
from reportgen.app.house import House
from reportgen.app.jobs import job
from reportgen.app.orders import Ticket
from reportgen.channels import Email
from reportgen.errors import ReportgenError, RoundStopped
from reportgen.model import RunKey
from reportgen.pipeline import Outcome, RunState, Step, run

log = logging.getLogger(__name__)

_NAMED = 5
"""Mix-ups that are named where the round is stopped; `reportgen status` lists all."""
_DOORS = 3
"""Reports that are handed over at once: Microsoft 365 takes three connections of a mailbox."""
_LOOKS = 1.0
"""Seconds between two forecasts at least."""


def run_round(
    house: House,
    tickets: Iterable[Ticket],
    done: Callable[[Outcome], None],
    *,
    manual: bool = False,
    revive: bool = False,
    hand_over: bool = True,
    stopping: Callable[[], bool] = lambda: False,
    outlook: Callable[[Forecast], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """
    Make every report, compare them all, then let them go; one's trouble never stops the others.

    With `revive` also what was called off is made. `done` hears of each report that is made, and of
    each that has come to its end; `outlook` how the round gets on. Where the figures of two
    customers were mixed up nothing leaves at all. Raises RoundStopped while an earlier round waits
    for a person for that reason.
    """
    if hand_over:
        refuse_if_stopped(house)
    begin = partial(_run_one, house, manual=manual, revive=revive, hand_over=hand_over)
    one_round = _Round(house, tuple(tickets), begin, done, outlook, manual=manual)
    with house.ledger.reserving(one_round.to_release):
        one_round.make(stopping)
        one_round.compare()
        one_round.release(stopping)
    return one_round.outcomes()


class _Round:
    """The reports of one round, and what has become of each so far."""

    def __init__(
        self,
        house: House,
        tickets: tuple[Ticket, ...],
        begin: Callable[..., Outcome],
        done: Callable[[Outcome], None],
        tell: Callable[[Forecast], None],
        *,
        manual: bool,
    ) -> None:
        self._house = house
        self._tickets = tickets
        self._begin = begin
        self._done = done
        self._tell = tell
        self._manual = manual
        self._outcomes: dict[RunKey, Outcome] = {}
        self._outlook = Outlook(_loads(house, tickets), house.clock)
        self._looked = 0.0

    def outcomes(self) -> tuple[Outcome, ...]:
        """In the order of the tickets."""
        found = (self._outcomes.get(ticket.key) for ticket in self._tickets)
        return tuple(outcome for outcome in found if outcome is not None)

    def to_release(self) -> tuple[RunKey, ...]:
        """What was made and may go out now. Also asked from another thread."""
        return tuple(key for key, one in tuple(self._outcomes.items()) if one.to_release)

    def make(self, stopping: Callable[[], bool]) -> None:
        """Each up to the door, several at once: some are asked for while others are made.

        Periods of one report and customer are made in their order: later ones compare with them.
        """
        first = Step.MAKE if len(self._tickets) > 1 else Step.COMPARE
        self._house.open_up()
        with self._house.staffed(len(self._tickets)):
            SideBySide(
                partial(self._begin, step=first),
                self._made,
                hands=min(self._house.hands, max(len(self._tickets), 1)),
                kind=lambda ticket: (ticket.key.report, ticket.key.company_id),
            ).run(self._tickets, stopping=stopping, give_up=self._house.stop)

    def _made(self, ticket: Ticket, outcome: Outcome) -> None:
        self._outlook.made(ticket.key, leaves=outcome.to_release)
        self._note(ticket, outcome)

    def compare(self) -> None:
        """Look once more at those whose figures turned up in another company's report by now."""
        ready = self.to_release()
        if len(ready) > 1:
            suspects = self._house.ledger.shared(ready)
            for ticket in self._tickets:
                if ticket.key in suspects:
                    outcome = self._begin(ticket, step=Step.COMPARE, going_on=True)
                    self._outcomes[ticket.key] = outcome
        self._stop_if_mixed_up()

    def release(self, stopping: Callable[[], bool]) -> None:
        """Let them go, in order, a few at a time."""
        ready = set(self.to_release())
        SideBySide(self._released, self._gone, hands=_DOORS, kind=lambda ticket: ticket.key).run(
            (ticket for ticket in self._tickets if ticket.key in ready),
            stopping=stopping,
            give_up=self._house.stop,
        )

    def _gone(self, ticket: Ticket, outcome: Outcome) -> None:
        self._outlook.gone(ticket.key)
        self._note(ticket, outcome)

    def _released(self, ticket: Ticket) -> Outcome:
        """Hand one over, unless the door was closed meanwhile, by anybody, or its report paused."""
        why = self._house.ledger.halted()
        if why:
            return replace(self._outcomes[ticket.key], reasons=(f"nothing goes out: {why}",))
        pair = (ticket.key.report, ticket.key.company_id)
        if not self._manual and pair in self._house.ledger.pauses():
            return Outcome(ticket.key, ticket.subscription.customer.name, None, ("paused",))
        return self._begin(ticket, step=Step.ALL, going_on=True)

    def _note(self, ticket: Ticket, outcome: Outcome) -> None:
        self._outcomes[ticket.key] = outcome
        if outcome.mixed:
            self._stop_if_mixed_up()
        self._done(outcome)
        if time.monotonic() - self._looked >= _LOOKS:
            self._tell(self._outlook.forecast())
            self._looked = time.monotonic()

    def _stop_if_mixed_up(self) -> None:
        """Two known companies in one matter, or two matters: nothing can be trusted any more."""
        mixed = [outcome for outcome in self._outcomes.values() if outcome.mixed]
        affected = {outcome.customer.casefold() for outcome in mixed}
        others = {name.casefold() for outcome in mixed for name in outcome.mixed} - affected
        if len(affected) > 1 or (others and _is_known(self._house, others)):
            self._house.ledger.halt("; ".join(map(_in_short, mixed[:_NAMED])))


def _loads(house: House, tickets: Iterable[Ticket]) -> dict[RunKey, Load]:
    """What each takes; a deadline that has passed already cannot be warned of any more."""
    now = house.clock()
    minutes = sum(
        1 / channel.messages_per_minute
        for channel in house.settings.delivery
        if isinstance(channel, Email) and channel.messages_per_minute
    )
    return {
        ticket.key: Load(
            _ahead(ticket.deadline, now),
            timedelta(minutes=minutes * len(ticket.subscription.customer.recipients)),
        )
        for ticket in tickets
    }


def _ahead(deadline: datetime | None, now: datetime) -> datetime | None:
    return deadline if deadline and deadline > now else None


def _in_short(outcome: Outcome) -> str:
    """What happened, without what is to be done: `status` says that beside each report."""
    return "; ".join(reason.partition(";")[0] for reason in outcome.reasons)


def _is_known(house: House, names: set[str]) -> bool:
    """Whether one is of the reseller's companies, or itself: else it is an old name of the same.

    When in doubt it is known.
    """
    try:
        companies = house.source.companies()
    except ReportgenError:
        return True
    listed = {name for each in companies for name in (each.name, each.company_id)}
    return not names.isdisjoint(name.casefold() for name in (*listed, house.source.reseller))


def refuse_if_stopped(house: House) -> None:
    """Raises RoundStopped while nothing may go out to anybody."""
    why = house.ledger.halted()
    if why:
        raise RoundStopped(
            f"nothing goes out: {why}; when it is mended: reportgen resume --round --reason …"
        )


def _run_one(
    house: House,
    ticket: Ticket,
    *,
    manual: bool,
    revive: bool,
    hand_over: bool,
    step: Step,
    going_on: bool = False,
) -> Outcome:
    customer = ticket.subscription.customer.name
    failed = partial(Outcome, ticket.key, customer, RunState.FAILED)
    try:
        channels = house.channels if hand_over else ()
        wanted = job(house, ticket, channels, hand_over=hand_over)
        outcome = run(
            wanted, house.desk, manual=manual, revive=revive, step=step, going_on=going_on
        )
        return _explained(house, outcome) if outcome.state is None else outcome
    except ReportgenError as error:
        return failed((str(error),))
    except Exception as error:  # anything at all: the others must go on
        log.exception("internal error", extra={"run": str(ticket.key)})
        return failed((f"internal error: {type(error).__name__}; see the log",))


def _explained(house: House, outcome: Outcome) -> Outcome:
    """Why nothing was done, where a person decided so."""
    past = house.ledger.run(outcome.key)
    if past is None or past.state not in (RunState.SKIPPED, RunState.HELD):
        return outcome
    reason = f"{past.reason}; `--period {outcome.key.period}` makes it nevertheless"
    return replace(outcome, reasons=(reason,))

"""Scheduler, ledger and mail in any order, with faults at any step; and mutants that must show."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from reportgen import planning
from reportgen.channels import Email
from reportgen.errors import ReportgenError
from reportgen.ledger import SqlLedger, decisions, deliveries, open_ledger, tables, writing
from reportgen.ledger.workers import Worker
from reportgen.ledger.writing import LEASE
from reportgen.model import Document, Period, RunKey
from reportgen.pipeline import Claim, DeliveryState, RunState, release
from reportgen.planning import Past, Subscription, due, expected
from tests.papers import document
from tests.test_schedules_laws import subscription

START = datetime(2026, 1, 10, tzinfo=UTC)
MAIL = Email(server="demo", sender="r@halvorn.example").with_server("127.0.0.1", 25)
FATES = ("250 kept", "250 kept", "451 later", "554 no", "lost", "lost before")
IDLE = timedelta(minutes=5)
"""After so long a mail server drops a client that says nothing."""
HERE = threading.local()
"""The actor that the thread belongs to."""


class Killed(BaseException):
    """The process is gone: no line of it runs any more."""


class Actor:
    """One process, which goes on only when told, from one step to the next."""

    def __init__(self, world: "World", key: RunKey, fate: str, act: Callable[[], None]) -> None:
        self.key = key
        self.fate = fate
        self.world = world
        self.seen_at = world.now
        self.alive = True
        self._killed = False
        self._act = act
        self._go = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        HERE.actor = self
        self._go.acquire()
        try:
            if not self._killed:
                self._act()
        except Killed:
            pass
        except ReportgenError:
            pass  # the claim was lost: this one leaves the run alone
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.error = error
        self.alive = False
        self._stopped.release()

    def pause(self) -> None:
        """A place where the process may be frozen or killed."""
        self._stopped.release()
        self._go.acquire()
        if self._killed:
            raise Killed

    def step(self) -> None:
        """Go on to the next such place."""
        if self.alive:
            self.seen_at = self.world.now
            self._go.release()
            self._stopped.acquire()
        if self.error:
            raise self.error

    def kill(self) -> None:
        """No line of it runs any more."""
        self._killed = True
        while self.alive:
            self.step()


class Line:
    """The stand-in where our house ends: a connection to a mail server."""

    esmtp_features: dict[str, str] = {}  # noqa: RUF012 - as the library has it

    def __init__(self) -> None:
        self._actor: Actor = HERE.actor
        self._touched = self._actor.world.now
        self._to = ""
        self._id = ""
        self._reply = (354, b"go on")
        self._actor.pause()

    def ehlo_or_helo_if_needed(self) -> None:
        """Nothing to say."""

    def has_extn(self, _name: str) -> bool:
        return False

    def mail(self, _sender: str, _options: list[str]) -> tuple[int, bytes]:
        return 250, b"ok"

    def rcpt(self, _recipient: str) -> tuple[int, bytes]:
        return 250, b"ok"

    def putcmd(self, _command: str) -> None:
        self._reply = (354, b"go on")

    def getreply(self) -> tuple[int, bytes]:
        if self._reply[0] == 0:
            raise ConnectionResetError
        return self._reply

    def send(self, content: bytes) -> None:
        """The message, then its dot."""
        world = self._actor.world
        self._actor.pause()
        if world.now - self._touched > IDLE:
            raise ConnectionResetError
        self._touched = world.now
        if content != b".\r\n":
            self._id = content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
            return
        fate = self._actor.fate
        if fate.startswith("250") or fate == "lost":
            world.accepted[self._id] += 1
        code = {"lost": 0, "lost before": 0}.get(fate) if "lost" in fate else int(fate[:3])
        self._reply = (code or 0, fate.encode())
        self._actor.pause()

    def quit(self) -> None:
        """Nothing to say."""

    def close(self) -> None:
        """Nothing to close."""


class World:
    """Time, what the mail server accepted, and the archive."""

    def __init__(self, folder: Path) -> None:
        self.now = START
        self.accepted: Counter[str] = Counter()
        self.archive: dict[str, Document] = {}
        self.actors: list[Actor] = []
        self.names = iter(range(10**6))
        url = f"sqlite:///{folder}/ledger.db"
        self.ledger = open_ledger(url, clock=lambda: self.now, worker="person")
        self.ledger._engine.dispose()
        event.listen(self.ledger._engine, "connect", _quick)

    def open(self, name: str) -> SqlLedger:
        """The ledger as another process uses it."""
        return SqlLedger(self.ledger._engine, Worker(name), lambda: self.now)


def _quick(connection: Any, _record: object) -> None:
    """Nobody cuts the power here."""
    connection.execute("PRAGMA synchronous=OFF")


def work(world: World, ledger: SqlLedger, key: RunKey, period: Period, claim: Claim) -> None:
    """The path of `pipeline.run` from its claim on, with a document that is made at once."""
    actor: Actor = HERE.actor
    made = world.archive.get(claim.document or "")
    actor.pause()
    if made is None:
        made = document(key=key, period=period)
        place = f"{key}/{claim.fence}"
        world.archive[place] = made
        actor.pause()
        ledger.produced(claim, made, place, MAIL.deliveries(made))
        actor.pause()
    _, failures = release(made, (MAIL,), claim, ledger)
    actor.pause()
    retry = any(failure.retry for failure in failures)
    state = RunState.WAITING if retry else RunState.FAILED if failures else RunState.SUCCEEDED
    ledger.finish(claim, state, tuple(str(failure) for failure in failures))


class Machine(RuleBasedStateMachine):
    """Any number of services, people who decide, and time."""

    @initialize()
    def begin(self) -> None:
        self._folder = TemporaryDirectory()
        self.world = World(Path(self._folder.name))
        self.each: Subscription = subscription(
            {"every": "month", "on": 1, "at": "06:00"}, "last-month", "UTC"
        )
        self.each = replace(self.each, since=START - timedelta(days=30))

    # ---- rules -----------------------------------------------------------------------------

    @rule(fate=st.sampled_from(FATES))
    def tick(self, fate: str) -> None:
        """A service looks at what is due, and begins with the first."""
        items = [item for item in self._due() if item.why in ("due", "retry")]
        if items:
            self._start(items[0].key, items[0].period, fate, manual=False)

    @rule(fate=st.sampled_from(FATES))
    def person_runs(self, fate: str) -> None:
        """Somebody asks for the newest report by hand."""
        items = expected([self.each], self.world.now)[-1:]
        for item in items:
            self._start(item.key, item.period, fate, manual=True)

    @precondition(lambda self: any(actor.alive for actor in self.world.actors))
    @rule(data=st.data(), steps=st.integers(1, 12))
    def go_on(self, data: st.DataObject, steps: int) -> None:
        """Some process goes on for a while."""
        actor = data.draw(st.sampled_from([one for one in self.world.actors if one.alive]))
        for _ in range(steps):
            actor.step()

    @precondition(lambda self: any(actor.alive for actor in self.world.actors))
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        """Some process ends at once, wherever it is."""
        data.draw(st.sampled_from([one for one in self.world.actors if one.alive])).kill()

    @rule(minutes=st.sampled_from([0.5, 2.1, 2.1, 2.1, 16, 60 * 13, 60 * 24 * 40]))
    def wait(self, minutes: float) -> None:
        """Time goes by, for frozen processes as well."""
        self.world.now += timedelta(minutes=minutes)

    @rule()
    def person_decides(self) -> None:
        """Somebody looks into the mail server's log and settles what is in doubt."""
        for run in self.world.ledger.past():
            for row in run.deliveries:
                if row.needs_person:
                    self._settle(run.key, row.target, sent=bool(self.world.accepted[row.reference]))

    @rule()
    def mailbox_is_looked_into(self) -> None:
        """Some process looks into a complete mailbox of sent items."""
        for doubt in self.world.ledger.doubts():
            with suppress(ReportgenError):  # a worker is at it
                sent = bool(self.world.accepted[doubt.reference])
                self.world.ledger.looked_up(doubt, sent=sent, proof="looked")

    # ---- what always holds -----------------------------------------------------------------

    @invariant()
    def nobody_has_two_copies(self) -> None:
        if hasattr(self, "world"):
            assert not [each for each, count in self.world.accepted.items() if count > 1]

    @invariant()
    def what_is_said_to_be_sent_was_accepted(self) -> None:
        if not hasattr(self, "world"):
            return
        for run in self.world.ledger.past():
            for row in run.deliveries:
                if row.state is DeliveryState.SENT:
                    assert self.world.accepted[row.reference] == 1
            if run.state is RunState.SUCCEEDED:
                assert {row.state for row in run.deliveries} == {DeliveryState.SENT}

    def teardown(self) -> None:
        """When all is quiet, each report is with all its recipients, or listed as missed."""
        if not hasattr(self, "world"):
            return
        try:
            self._calm_down()
            self._reckon()
        finally:
            for actor in self.world.actors:
                actor.kill()
            self.world.ledger.__exit__(None, None, None)
            self._folder.cleanup()

    def _calm_down(self) -> None:
        for actor in self.world.actors:
            actor.kill()
        for _ in range(12):
            self.world.now += timedelta(hours=7)
            self.person_decides()
            for item in self._due():
                if item.why in ("due", "retry"):
                    self._start(item.key, item.period, "250 kept", manual=False)
                    while self.world.actors[-1].alive:
                        self.world.actors[-1].step()

    def _reckon(self) -> None:
        self.nobody_has_two_copies()
        runs = {run.key: run for run in self.world.ledger.past()}
        missed = {item.key for item in self._due() if item.why == "missed"}
        assert {item.key for item in expected([self.each], self.world.now)} == {*runs, *missed}
        for run in runs.values():
            assert run.state is RunState.SUCCEEDED, (run.key, run.state, run.reason)
            for row in run.deliveries:
                assert self.world.accepted[row.reference] == 1

    # ---- parts -----------------------------------------------------------------------------

    def _due(self) -> tuple[planning.Due, ...]:
        keys = [item.key for item in expected([self.each], self.world.now)]
        standing = self.world.ledger.standing(keys)
        history = {key: Past(one.state, one.free_at) for key, one in standing.items()}
        return due([self.each], history, self.world.now)

    def _start(self, key: RunKey, period: Period, fate: str, *, manual: bool) -> None:
        world = self.world
        ledger = world.open(f"worker {next(world.names)}")
        claim = ledger.claim(key, "Sirket", period, manual=manual)
        if claim is None:
            return
        for other in world.actors:
            fresh = world.now - other.seen_at < LEASE
            assert not (other.alive and other.key == key and fresh), "taken from a living worker"
        world.actors.append(
            Actor(world, key, fate, lambda: work(world, ledger, key, period, claim))
        )

    def _settle(self, key: RunKey, target: str, *, sent: bool) -> None:
        with suppress(ReportgenError):  # too early, or a worker is at it
            self.world.ledger.resolve(key, target, sent=sent, by="ann", reason="looked")


@contextmanager
def stage() -> Iterator[pytest.MonkeyPatch]:
    """Mail goes to the world's server; the machine's clock is the world's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reportgen.channels.smtp._connection", lambda _way: Line())
        patch.setattr("reportgen.channels.smtp.since_boot", _boot_clock)
        yield patch


def _boot_clock() -> float:
    actor: Actor = HERE.actor
    return (actor.world.now - START).total_seconds()


def run(examples: int, *, shrink: bool = True) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_in_any_order_each_report_arrives_once_or_waits_for_a_person() -> None:
    with stage():
        run(60)


# ---- mutants: each safety rule, taken out, must show ----------------------------------------


def without_fences(patch: pytest.MonkeyPatch) -> None:
    """Writes of a worker that has lost its claim go through."""

    def change(self: writing.Writer, claim: Claim, *conditions: Any, **values: Any) -> bool:
        table = tables.run
        self.connection.execute(
            table.update().where(table.c.run_id == claim.run_id).values(**values)
        )
        return True

    def in_flight(writer: Any, claim: Claim, delivery: Any, _states: Any) -> Any:
        return deliveries._row(writer, claim, delivery.channel, delivery.target)

    patch.setattr(writing.Writer, "_change", change)
    patch.setattr(deliveries, "_in_flight", in_flight)


def without_leases(patch: pytest.MonkeyPatch) -> None:
    """A run is taken from whoever is at it."""
    patch.setattr("reportgen.ledger.claims.in_other_hands", lambda *_: False)


def with_endless_leases(patch: pytest.MonkeyPatch) -> None:
    """A dead worker's run is never taken over."""
    patch.setattr("reportgen.ledger.claims.in_other_hands", lambda *_: True)


def with_a_late_mark(patch: pytest.MonkeyPatch) -> None:
    """The point of no return is noted after it."""

    def deliver(self: Email, delivery: Any, commit: Callable[[], None]) -> Any:
        def nothing() -> None:
            pass

        receipt = original(self, delivery, nothing)
        commit()
        return receipt

    original = Email.deliver
    patch.setattr(Email, "deliver", deliver)


def without_settle_time(patch: pytest.MonkeyPatch) -> None:
    """What a frozen worker may still finish is sent again at once."""
    patch.setattr(decisions, "SETTLED_AFTER", timedelta(0))


def without_memory(patch: pytest.MonkeyPatch) -> None:
    """What nobody can tell is tried again."""
    patch.setattr(deliveries, "_check", lambda *_: None)
    patch.setattr(deliveries, "doubt", lambda *_: None)


def with_the_newest_period_only(patch: pytest.MonkeyPatch) -> None:
    """Planning forgets what was missed."""
    original = planning._why

    def newest_only(item: Any, past: Any, now: Any, *, newest: bool) -> Any:
        return original(item, past, now, newest=newest) if newest else None

    patch.setattr(planning, "_why", newest_only)


MUTANTS = (
    without_fences,
    without_leases,
    with_endless_leases,
    with_a_late_mark,
    without_settle_time,
    without_memory,
    with_the_newest_period_only,
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.__name__)
def test_a_safety_rule_that_is_taken_out_shows(mutant: Callable[[Any], None]) -> None:
    with stage() as patch:
        mutant(patch)
        with pytest.raises(AssertionError):
            run(600, shrink=False)

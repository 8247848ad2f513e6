"""The ledger, one suite over SQLite and PostgreSQL: who may work, and what is never done twice."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from reportgen.errors import DeliveryRefused, DeliveryUnknown, StorageError
from reportgen.ledger import PastRun, SqlLedger, claims, open_ledger
from reportgen.ledger.claims import ATTEMPTS, pause
from reportgen.ledger.redaction import clean
from reportgen.ledger.writing import LEASE
from reportgen.model import DocumentState, Period
from reportgen.pipeline import Claim, Delivery, DeliveryState, PastEdition, RunState
from tests.papers import KEY, OCTOBER, document
from tests.postgres import private_server

MAIL = Delivery("email", "ana@sirket.example", "<1@halvorn.example>", b"frozen")
OTHER = Delivery("email", "ben@sirket.example", "<2@halvorn.example>", b"frozen, too")


class Clock:
    """Time that moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with private_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    url = str(request.getfixturevalue("server"))
    with raw(url) as connection:
        connection("DROP SCHEMA public CASCADE")
        connection("CREATE SCHEMA public")
    return url


@contextmanager
def raw(url: str) -> Iterator[Callable[[str], object]]:
    """SQL past the ledger."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA foreign_keys = ON")
            yield lambda statement: connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(url: str, clock: Clock) -> Iterator[SqlLedger]:
    with open_ledger(url, clock=clock, worker="one") as ledger:
        yield ledger


def take(ledger: SqlLedger, *, manual: bool = False) -> Claim:
    claim = ledger.claim(KEY, "Şirket A.Ş.", OCTOBER, manual=manual)
    assert claim is not None
    return claim


def is_free(ledger: SqlLedger, *, manual: bool = False) -> bool:
    return ledger.claim(KEY, "Şirket A.Ş.", OCTOBER, manual=manual) is not None


def only(ledger: SqlLedger) -> PastRun:
    (run,) = ledger.past()
    return run


# ---- claims --------------------------------------------------------------------------------


def test_a_key_is_taken_once(ledger: SqlLedger) -> None:
    assert take(ledger).attempt == 1
    assert not is_free(ledger)
    assert not is_free(ledger, manual=True)


def test_another_company_or_period_is_another_run(ledger: SqlLedger) -> None:
    take(ledger)
    for change in ({"company_id": "xC5kq2"}, {"period": "2026-09"}, {"edition": 2}):
        assert ledger.claim(replace(KEY, **change), "Other", OCTOBER)


def test_twelve_ask_at_once_and_one_gets_it(url: str, clock: Clock) -> None:
    def ask(number: int) -> bool:
        with open_ledger(url, clock=clock, worker=str(number)) as ledger:
            return is_free(ledger)

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(ask, range(12))) == 1


def test_twelve_take_over_at_once_and_one_gets_it(
    ledger: SqlLedger, url: str, clock: Clock
) -> None:
    take(ledger)
    clock.move(LEASE)

    def ask(_: int) -> bool:
        return is_free(ledger)

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(ask, range(12))) == 1


def test_what_is_done_is_never_taken_again(ledger: SqlLedger, clock: Clock) -> None:
    assert ledger.finish(take(ledger), RunState.SUCCEEDED) is RunState.SUCCEEDED
    clock.move(timedelta(days=400))
    assert not is_free(ledger)
    assert not is_free(ledger, manual=True)


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.HELD])
def test_what_needs_a_person_waits_for_one(
    ledger: SqlLedger, clock: Clock, state: RunState
) -> None:
    ledger.finish(take(ledger), state, ("because",))
    clock.move(timedelta(days=400))
    assert not is_free(ledger)
    assert is_free(ledger, manual=True)


def test_a_resting_run_is_free_when_its_pause_is_over(ledger: SqlLedger, clock: Clock) -> None:
    ledger.finish(take(ledger), RunState.WAITING, ("busy",))
    assert not is_free(ledger)
    rest = only(ledger).next_try_at
    assert rest is not None
    clock.now = rest - timedelta(microseconds=1)
    assert not is_free(ledger)
    clock.now = rest
    assert take(ledger).attempt == 2


def test_a_person_need_not_wait_for_the_pause(ledger: SqlLedger) -> None:
    ledger.finish(take(ledger), RunState.WAITING, ("busy",))
    assert is_free(ledger, manual=True)


def test_a_run_that_keeps_failing_ends_with_a_person(ledger: SqlLedger, clock: Clock) -> None:
    states = []
    for _ in range(ATTEMPTS):
        states.append(ledger.finish(take(ledger), RunState.WAITING, ("busy",)))
        clock.move(timedelta(hours=6))
    assert states == [RunState.WAITING] * (ATTEMPTS - 1) + [RunState.FAILED]
    assert not is_free(ledger)
    assert only(ledger).reason == "busy; given up after 8 attempts"


def test_a_run_that_ends_the_program_each_time_ends_with_a_person(
    ledger: SqlLedger, clock: Clock
) -> None:
    for _ in range(ATTEMPTS):
        take(ledger)
        clock.move(LEASE)
    assert not is_free(ledger)
    assert only(ledger).state is RunState.FAILED
    assert "stopped in each of 8 attempts" in only(ledger).reason
    assert is_free(ledger, manual=True)


@given(attempt=st.integers(1, 100))
def test_pauses_are_a_minute_at_least_and_six_hours_at_most(attempt: int) -> None:
    assert timedelta(minutes=1) <= pause(attempt) <= timedelta(hours=6)


# ---- leases and fences ---------------------------------------------------------------------


def test_a_dead_workers_run_is_free_after_its_lease(ledger: SqlLedger, clock: Clock) -> None:
    take(ledger)
    clock.move(LEASE - timedelta(microseconds=1))
    assert not is_free(ledger)
    clock.move(timedelta(microseconds=1))
    assert take(ledger).fence == 2


def test_every_step_renews_the_lease(ledger: SqlLedger, clock: Clock) -> None:
    claim, beat = take(ledger), LEASE * 0.9
    for step in (
        lambda: ledger.produced(claim, document(), "place"),
        lambda: ledger.begin(claim, MAIL),
        lambda: ledger.committing(claim, MAIL),
    ):
        clock.move(beat)
        step()
    clock.move(beat)
    assert not is_free(ledger)


STEPS: dict[str, Callable[[SqlLedger, Claim], object]] = {
    "produced": lambda ledger, claim: ledger.produced(claim, document(), "place"),
    "begin": lambda ledger, claim: ledger.begin(claim, OTHER),
    "committing": lambda ledger, claim: ledger.committing(claim, MAIL),
    "settle": lambda ledger, claim: ledger.settle(claim, MAIL, DeliveryState.SENT, "250"),
    "finish": lambda ledger, claim: ledger.finish(claim, RunState.SUCCEEDED),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_worker_that_comes_back_too_late_changes_nothing(
    ledger: SqlLedger, clock: Clock, step: Callable[[SqlLedger, Claim], object]
) -> None:
    late = take(ledger)
    ledger.begin(late, MAIL)
    clock.move(LEASE)
    ledger.begin(take(ledger), MAIL)
    before = only(ledger)
    with pytest.raises(StorageError, match="claim lost"):
        step(ledger, late)
    assert only(ledger) == before


# ---- documents -----------------------------------------------------------------------------


def test_the_next_attempt_finds_the_finished_document(ledger: SqlLedger) -> None:
    claim = take(ledger)
    ledger.produced(claim, document(), "archive/1")
    ledger.finish(claim, RunState.WAITING, ("mail server busy",))
    assert take(ledger, manual=True).document == "archive/1"


def test_a_held_document_is_made_anew(ledger: SqlLedger) -> None:
    claim = take(ledger)
    ledger.produced(claim, document(state=DocumentState.HELD), "archive/1")
    ledger.finish(claim, RunState.HELD, ("a widget failed",))
    again = take(ledger, manual=True)
    assert again.document is None
    ledger.produced(again, document(), "archive/2")
    ledger.finish(again, RunState.WAITING)
    assert take(ledger, manual=True).document == "archive/2"


# ---- deliveries ----------------------------------------------------------------------------


def send(ledger: SqlLedger, claim: Claim, delivery: Delivery) -> None:
    assert ledger.begin(claim, delivery)
    ledger.committing(claim, delivery)
    ledger.settle(claim, delivery, DeliveryState.SENT, "250 kept")


def test_what_was_sent_is_not_sent_again(ledger: SqlLedger) -> None:
    claim = take(ledger)
    send(ledger, claim, MAIL)
    assert not ledger.begin(claim, MAIL)
    ledger.finish(claim, RunState.FAILED)
    again = take(ledger, manual=True)
    assert not ledger.begin(again, MAIL)
    assert ledger.begin(again, OTHER)


def test_a_stop_before_the_point_of_no_return_is_harmless(ledger: SqlLedger, clock: Clock) -> None:
    ledger.begin(take(ledger), MAIL)
    clock.move(LEASE)
    assert ledger.begin(take(ledger), MAIL)


@pytest.mark.parametrize("manual", [False, True])
def test_a_stop_past_the_point_of_no_return_is_never_sent_again_by_itself(
    ledger: SqlLedger, clock: Clock, manual: bool
) -> None:
    claim = take(ledger)
    ledger.begin(claim, MAIL)
    ledger.committing(claim, MAIL)
    clock.move(LEASE)
    again = take(ledger, manual=manual)
    with pytest.raises(DeliveryUnknown, match="<1@halvorn"):
        ledger.begin(again, MAIL)
    assert only(ledger).deliveries[0].state is DeliveryState.UNKNOWN


@pytest.mark.parametrize("sent", [True, False])
def test_a_person_settles_what_nobody_could_tell(ledger: SqlLedger, sent: bool) -> None:
    claim = take(ledger)
    ledger.begin(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.UNKNOWN, "no answer")
    ledger.finish(claim, RunState.FAILED)
    state = ledger.resolve(KEY, MAIL.target, sent=sent, by="ann", reason="looked", at_once=True)
    assert state is (RunState.SUCCEEDED if sent else RunState.WAITING)
    assert "ann" in only(ledger).reason
    assert "looked" in only(ledger).deliveries[0].proof
    assert is_free(ledger) is not sent


def test_what_is_to_be_sent_again_is_due_at_once(ledger: SqlLedger) -> None:
    claim = take(ledger)
    ledger.begin(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.UNKNOWN, "no answer")
    ledger.finish(claim, RunState.FAILED)
    ledger.resolve(KEY, MAIL.target, sent=False, by="ann", reason="looked")
    assert ledger.begin(take(ledger), MAIL)


def test_only_what_is_in_doubt_can_be_settled_by_a_person(ledger: SqlLedger) -> None:
    claim = take(ledger)
    send(ledger, claim, MAIL)
    ledger.finish(claim, RunState.SUCCEEDED)
    with pytest.raises(StorageError, match="nothing is to be decided"):
        ledger.resolve(KEY, MAIL.target, sent=False, by="ann", reason="looked")
    with pytest.raises(StorageError, match="there is no run"):
        ledger.resolve(replace(KEY, period="2020-01"), "x", sent=True, by="ann", reason="looked")


def test_nobody_decides_while_a_worker_is_at_it(ledger: SqlLedger, clock: Clock) -> None:
    claim = take(ledger)
    ledger.begin(claim, MAIL)
    ledger.committing(claim, MAIL)
    with pytest.raises(StorageError, match="being worked on"):
        ledger.resolve(KEY, MAIL.target, sent=True, by="ann", reason="looked")
    clock.move(LEASE)
    state = ledger.resolve(KEY, MAIL.target, sent=True, by="ann", reason="looked")
    assert state is RunState.SUCCEEDED


def test_what_was_put_off_is_tried_again(ledger: SqlLedger) -> None:
    claim = take(ledger)
    ledger.begin(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.WAITING, "451 later")
    ledger.finish(claim, RunState.WAITING)
    assert ledger.begin(take(ledger, manual=True), MAIL)
    assert only(ledger).deliveries[0].attempts == 2


def test_what_was_refused_for_good_waits_for_a_person(ledger: SqlLedger, clock: Clock) -> None:
    claim = take(ledger)
    ledger.begin(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.REFUSED, "550 no such mailbox")
    ledger.finish(claim, RunState.WAITING, ("another recipient was put off",))
    clock.move(timedelta(hours=6))
    second = take(ledger)
    with pytest.raises(DeliveryRefused, match="550 no such mailbox"):
        ledger.begin(second, MAIL)
    ledger.finish(second, RunState.FAILED)
    assert ledger.begin(take(ledger, manual=True), MAIL)


def test_a_delivery_can_only_be_settled_while_it_is_under_way(ledger: SqlLedger) -> None:
    claim = take(ledger)
    send(ledger, claim, MAIL)
    with pytest.raises(StorageError):
        ledger.settle(claim, MAIL, DeliveryState.WAITING, "451")
    with pytest.raises(StorageError):
        ledger.committing(claim, MAIL)
    assert only(ledger).deliveries[0].state is DeliveryState.SENT


def test_a_delivery_cannot_join_another_companys_run(ledger: SqlLedger, url: str) -> None:
    ledger.begin(take(ledger), MAIL)
    with pytest.raises(IntegrityError), raw(url) as execute:
        execute("UPDATE delivery SET company_id = 'another'")


# ---- looking back --------------------------------------------------------------------------


def test_history_tells_what_became_of_a_run(ledger: SqlLedger, clock: Clock) -> None:
    claim, started = take(ledger), clock.now
    send(ledger, claim, MAIL)
    ledger.begin(claim, OTHER)
    clock.move(timedelta(minutes=1))
    ledger.finish(claim, RunState.FAILED, ("one", "two"))
    run = only(ledger)
    assert (run.key, run.customer, run.state) == (KEY, "Şirket A.Ş.", RunState.FAILED)
    assert (run.handed_over, run.reason) == ("1 of 2", "one; two")
    assert (run.created_at, run.finished_at) == (started, clock.now)
    assert run.created_at.tzinfo is not None
    assert run.lease_until is None
    assert json.loads(json.dumps(run.as_dict()))["created_at"] == "2026-11-01T06:00:00+00:00"


def test_every_step_leaves_a_line_in_the_audit_trail(ledger: SqlLedger, url: str) -> None:
    claim = take(ledger)
    send(ledger, claim, MAIL)
    ledger.finish(claim, RunState.SUCCEEDED)
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT state, delivery_id FROM event ORDER BY event_id"))
        steps = [row.state for row in rows if row.delivery_id is not None]
    engine.dispose()
    assert steps == ["sending", "committing", "sent"]


def test_secrets_in_errors_are_not_written_down(ledger: SqlLedger, url: str) -> None:
    secret = "tr0ub4dor"
    claim = take(ledger)
    ledger.begin(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.WAITING, f"451 password={secret}\nx")
    ledger.finish(claim, RunState.FAILED, (f"https://ann:{secret}@host/ said no",))
    assert secret not in repr(ledger.past())
    engine = create_engine(url)
    with engine.connect() as connection:
        trail = connection.execute(text("SELECT text FROM event")).scalars().all()
    engine.dispose()
    assert secret not in repr(trail)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Authorization: Bearer abc.def-ghi_jkl", "Authorization: *** ***"),
        ('{"client_secret": "abc"}', '{"client_secret": ***}'),
        ("smtp://a:b@host:25/x", "smtp://***@host:25/x"),
        ("two\nlines\0", "two lines"),
        ("the token has expired", "the token has expired"),
    ],
)
def test_what_looks_like_a_secret_is_blotted_out(said: str, kept: str) -> None:
    assert clean(said) == kept


def test_a_long_text_is_cut() -> None:
    assert len(clean("x" * 10_000)) == 500


def test_editions_count_from_one(ledger: SqlLedger) -> None:
    asked = (KEY.report, KEY.company_id, KEY.period)
    assert ledger.next_edition(*asked) == 1
    take(ledger)
    assert ledger.next_edition(*asked) == 2
    assert ledger.next_edition(KEY.report, "another", KEY.period) == 1


def test_a_customer_is_noticed_once(ledger: SqlLedger, clock: Clock) -> None:
    first, later = clock.now, clock.now + timedelta(days=30)
    old, new = ("monthly", "old"), ("monthly", "new")
    assert ledger.noticed([old, old], first) == {old: first}
    seen = ledger.noticed([old, new], later)
    assert (seen[old], seen[new]) == (first, later)


def test_a_sound_ledger_says_so(ledger: SqlLedger) -> None:
    take(ledger)
    assert ledger.check() == "1 runs on record"


# ---- the edition before --------------------------------------------------------------------


def made(ledger: SqlLedger, month: int, edition: int = 1, state: RunState = RunState.SUCCEEDED
         ) -> None:  # fmt: skip
    key = replace(KEY, period=f"2026-{month:02}", edition=edition)
    claim = ledger.claim(key, "Şirket A.Ş.", span(month))
    assert claim is not None
    ledger.produced(claim, document(key=key), f"archive/{month}/{edition}")
    ledger.finish(claim, state)


def span(month: int) -> Period:
    return Period(date(2026, month, 1), date(2026, month + 1, 1))


def test_the_edition_before_is_the_newest_earlier_one_that_went_out(ledger: SqlLedger) -> None:
    assert ledger.earlier(KEY, OCTOBER) is None
    made(ledger, 7)
    made(ledger, 8)
    made(ledger, 8, edition=2)
    made(ledger, 9, state=RunState.HELD)
    made(ledger, 10)
    assert ledger.earlier(KEY, OCTOBER) == "archive/8/2"
    assert ledger.earlier(KEY, span(8)) == "archive/7/1"
    assert ledger.earlier(replace(KEY, company_id="Other"), OCTOBER) is None
    assert ledger.earlier(replace(KEY, report="board"), OCTOBER) is None


# ---- the edition that is replaced ----------------------------------------------------------


def replaced(ledger: SqlLedger, edition: int) -> int | None:
    found = ledger.replaced(replace(KEY, edition=edition))
    return found and found.number


def test_an_edition_replaces_the_newest_before_it_that_went_out_or_was_kept(
    ledger: SqlLedger,
) -> None:
    for edition, state in enumerate(
        (RunState.SUCCEEDED, RunState.KEPT, RunState.HELD, RunState.FAILED, RunState.SUCCEEDED), 1
    ):
        made(ledger, 10, edition, state)
    assert [replaced(ledger, edition) for edition in range(1, 7)] == [None, 1, 2, 2, 2, 5]
    other = replace(KEY, edition=9)
    assert ledger.replaced(replace(other, company_id="Other")) is None
    assert ledger.replaced(replace(other, report="board")) is None
    assert ledger.replaced(replace(other, period="2026-09")) is None


@pytest.mark.parametrize("state", list(DeliveryState))
def test_one_that_reached_somebody_or_may_have_is_replaced_though_it_failed(
    ledger: SqlLedger, state: DeliveryState
) -> None:
    claim = take(ledger)
    ledger.produced(claim, document(), "archive/1", (MAIL, OTHER))
    if state is not DeliveryState.READY:
        ledger.begin(claim, MAIL)
    if state is DeliveryState.COMMITTING:
        ledger.committing(claim, MAIL)
    elif state not in (DeliveryState.READY, DeliveryState.SENDING):
        ledger.settle(claim, MAIL, state, "")
    ledger.finish(claim, RunState.FAILED)
    reached = state in (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.COMMITTING)
    assert replaced(ledger, 2) == (1 if reached else None)


def test_when_the_replaced_one_was_made_stays_though_it_is_settled_later_and_removed(
    ledger: SqlLedger, clock: Clock
) -> None:
    day = clock.now
    claim = take(ledger)
    ledger.produced(claim, document(), "archive/1", (MAIL,))
    clock.move(timedelta(days=1))
    ledger.begin(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.SENT, "250")
    ledger.finish(claim, RunState.SUCCEEDED)
    assert ledger.replaced(replace(KEY, edition=2)) == PastEdition(1, day, "archive/1")
    clock.move(timedelta(days=400))
    ledger.removed(ledger.kept()[0], "for a test")
    assert ledger.replaced(replace(KEY, edition=2)) == PastEdition(1, day, None)


# ---- the unique key ------------------------------------------------------------------------


@pytest.mark.parametrize("unique", [True, False])
def test_of_two_that_look_at_once_the_unique_key_lets_one_through(
    server: str, clock: Clock, unique: bool
) -> None:
    """Without the key the same two would both go ahead: it is the key that stops the second."""
    with raw(server) as connection:
        connection("DROP SCHEMA public CASCADE")
        connection("CREATE SCHEMA public")
    with (
        open_ledger(server, clock=clock, worker="one") as one,
        open_ledger(server, clock=clock, worker="other") as other,
        ThreadPoolExecutor(1) as pool,
    ):
        if not unique:
            with raw(server) as connection:
                connection(
                    "ALTER TABLE run DROP CONSTRAINT run_report_company_id_period_edition_key"
                )
        with one._writing() as writer:
            assert claims.take(writer, KEY, "A", OCTOBER, claims.Wish())
            late = pool.submit(other.claim, KEY, "A", OCTOBER)
            waits = _is_waiting(server) if unique else late.result(30) is None
        assert (late.result(30) is None) is unique
        assert waits is unique
        assert len(one.past()) == (1 if unique else 2)


def _is_waiting(url: str) -> bool:
    """Until the server says that somebody waits for somebody else's transaction."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'transactionid'"
    engine = create_engine(url)
    try:
        for _ in range(10_000):
            with engine.connect() as connection:
                if connection.execute(text(query)).scalar():
                    return True
    finally:
        engine.dispose()
    return False

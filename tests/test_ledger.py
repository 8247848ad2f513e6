"""One suite over every database: a key is granted once, and nothing is handed over twice."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, text

from reportgen.errors import ConfigError, DeliveryUnknown, StorageError
from reportgen.ledger import SqlLedger, open_ledger
from reportgen.ledger.sql import ATTEMPTS, LEASE
from reportgen.model import Document, DocumentState, Letter, Period, RunKey
from reportgen.pipeline import Claim, Delivery, DeliveryState, RunState
from tests.conftest import HARBOURLINE

KEY = RunKey("monthly", HARBOURLINE.company_id, "2026-10")
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
DELIVERY = Delivery("email", "ceo@harbourline.example", "<1@x>", b"a message")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


Open = Callable[[], SqlLedger]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A private server on a socket of its own; ends with the tests."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL's programs are not installed")
    with TemporaryDirectory(prefix="reportgen-pg-", ignore_cleanup_errors=True) as name:
        yield from _server(programs[-1], Path(name))


def _server(programs: Path, folder: Path) -> Iterator[str]:
    as_other: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        shutil.chown(folder, 65534, 65534)

    def do(program: str, *arguments: str, check: bool = True) -> None:
        command = [*as_other, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=check, stdout=subprocess.DEVNULL, cwd=folder)

    do("initdb", "-U", "reportgen", "-A", "trust", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    do("pg_ctl", "-o", options, "-w", "-l", f"{folder}/log", "start")
    try:
        yield f"postgresql+psycopg://reportgen@/postgres?host={folder}"
    finally:
        do("pg_ctl", "-m", "immediate", "-w", "stop", check=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def open_(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Open]:
    """Opens the same fresh ledger again and again, as several processes would."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/ledger.db"
    else:
        url = request.getfixturevalue("postgresql")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    with ExitStack() as stack:
        yield lambda: stack.enter_context(open_ledger(url, clock=clock))


def claimed(ledger: SqlLedger, *, manual: bool = False) -> Claim:
    claim = ledger.claim(KEY, "Harbourline Logistics", OCTOBER, manual=manual)
    assert claim is not None
    return claim


def document(state: DocumentState = DocumentState.READY) -> Document:
    return Document(
        KEY,
        HARBOURLINE,
        "Report",
        OCTOBER,
        "r.pdf",
        b"%PDF",
        "0" * 64,
        Letter("s", "t", "h"),
        state,
    )


def test_of_many_that_claim_a_key_at_once_one_gets_it(open_: Open) -> None:
    ledgers = [open_() for _ in range(4)]

    def claim(place: int) -> Claim | None:
        return ledgers[place % 4].claim(KEY, "Harbourline Logistics", OCTOBER)

    with ThreadPoolExecutor(12) as pool:
        claims = list(pool.map(claim, range(12)))
    assert sum(claim is not None for claim in claims) == 1


def test_what_is_done_is_not_granted_again(open_: Open) -> None:
    ledger = open_()
    ledger.finish(claimed(ledger), RunState.SUCCEEDED)
    assert open_().claim(KEY, "x", OCTOBER, manual=True) is None


@pytest.mark.parametrize("state", [RunState.HELD, RunState.FAILED])
def test_what_needs_a_person_is_granted_to_a_person_only(open_: Open, state: RunState) -> None:
    ledger = open_()
    ledger.finish(claimed(ledger), state, ("a reason",))
    assert ledger.claim(KEY, "x", OCTOBER) is None
    assert claimed(ledger, manual=True).attempt == 2


def test_a_resting_run_is_granted_when_its_pause_is_over(open_: Open, clock: Clock) -> None:
    ledger = open_()
    ledger.finish(claimed(ledger), RunState.WAITING, ("busy",))
    assert ledger.claim(KEY, "x", OCTOBER) is None
    clock.forward(timedelta(minutes=2))
    assert claimed(ledger).attempt == 2


def test_a_run_that_keeps_failing_needs_a_person(open_: Open, clock: Clock) -> None:
    ledger = open_()
    for attempt in range(1, ATTEMPTS + 1):
        claim = claimed(ledger)
        assert claim.attempt == attempt
        state = ledger.finish(claim, RunState.WAITING, ("busy",))
        clock.forward(timedelta(hours=6))
    assert state is RunState.FAILED
    assert ledger.claim(KEY, "x", OCTOBER) is None


def test_a_dead_workers_run_is_taken_over_and_the_dead_can_no_longer_write(
    open_: Open, clock: Clock
) -> None:
    dead, alive = open_(), open_()
    old = claimed(dead)
    dead.produced(old, document(), "archive/place")
    assert alive.claim(KEY, "x", OCTOBER) is None
    clock.forward(LEASE)
    new = claimed(alive)
    assert (new.document, new.fence) == ("archive/place", old.fence + 1)
    with pytest.raises(StorageError, match="taken this run over"):
        dead.finish(old, RunState.SUCCEEDED)
    with pytest.raises(StorageError):
        dead.begin(old, DELIVERY)


def test_a_held_document_is_made_anew(open_: Open) -> None:
    ledger = open_()
    claim = claimed(ledger)
    ledger.produced(claim, document(DocumentState.HELD), "archive/place")
    ledger.finish(claim, RunState.HELD, ("a widget is missing",))
    assert claimed(ledger, manual=True).document is None


def test_a_delivery_that_was_made_is_not_made_again(open_: Open, clock: Clock) -> None:
    ledger = open_()
    claim = claimed(ledger)
    assert ledger.begin(claim, DELIVERY)
    ledger.committing(claim, DELIVERY)
    ledger.settle(claim, DELIVERY, DeliveryState.SENT, "250 OK")
    ledger.finish(claim, RunState.WAITING, ("another recipient was busy",))
    clock.forward(timedelta(minutes=5))
    assert ledger.begin(claimed(ledger), DELIVERY) is False


def test_a_delivery_that_stopped_before_the_point_of_no_return_is_made_again(
    open_: Open, clock: Clock
) -> None:
    ledger = open_()
    assert ledger.begin(claimed(ledger), DELIVERY)
    clock.forward(LEASE)
    assert ledger.begin(claimed(ledger), DELIVERY)


def test_a_delivery_that_stopped_after_the_point_of_no_return_is_never_made_again(
    open_: Open, clock: Clock
) -> None:
    ledger = open_()
    claim = claimed(ledger)
    ledger.begin(claim, DELIVERY)
    ledger.committing(claim, DELIVERY)
    clock.forward(LEASE)
    for _ in range(2):
        again = claimed(ledger, manual=True)
        with pytest.raises(DeliveryUnknown, match="<1@x>"):
            ledger.begin(again, DELIVERY)
        ledger.finish(again, RunState.FAILED)
    assert ledger.past()[0].deliveries[0].state is DeliveryState.UNKNOWN


def test_history_tells_what_became_of_a_run(open_: Open) -> None:
    ledger = open_()
    claim = claimed(ledger)
    ledger.begin(claim, DELIVERY)
    ledger.settle(claim, DELIVERY, DeliveryState.REFUSED, "550 no such mailbox")
    ledger.finish(claim, RunState.FAILED, ("550 no such mailbox",))
    (past,) = ledger.past()
    assert (past.key, past.state, past.handed_over) == (KEY, RunState.FAILED, "0 of 1")
    assert past.as_dict()["deliveries"][0]["proof"] == "550 no such mailbox"
    assert past.created_at.tzinfo is not None
    assert "1 runs" in ledger.check()


def test_editions_count_up(open_: Open) -> None:
    ledger = open_()
    assert ledger.next_edition("monthly", HARBOURLINE.company_id, "2026-10") == 1
    claimed(ledger)
    assert ledger.next_edition("monthly", HARBOURLINE.company_id, "2026-10") == 2


def test_a_customer_is_noticed_once(open_: Open, clock: Clock) -> None:
    ledger = open_()
    first = clock.now
    assert ledger.noticed([("monthly", "c1")], clock.now) == {("monthly", "c1"): first}
    clock.forward(timedelta(days=3))
    seen = open_().noticed([("monthly", "c1"), ("monthly", "c2")], clock.now)
    assert seen == {("monthly", "c1"): first, ("monthly", "c2"): clock.now}


def test_opening_twice_at_once_is_harmless(open_: Open) -> None:
    with ThreadPoolExecutor(6) as pool:
        ledgers = list(pool.map(lambda _: open_(), range(6)))
    assert {ledger.check() for ledger in ledgers} == {"0 runs on record"}


def test_a_ledger_of_a_newer_program_is_left_alone(open_: Open) -> None:
    ledger = open_()
    with ledger._engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = '99' WHERE name = 'schema_version'"))
    with pytest.raises(StorageError, match="newer reportgen"):
        open_()


def test_a_ledger_that_cannot_be_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not a database URL"):
        open_ledger("not a url")
    (tmp_path / "ledger.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match="cannot be opened"):
        open_ledger(f"sqlite:///{tmp_path}/ledger.db")


def test_only_the_owner_can_read_the_ledger(tmp_path: Path) -> None:
    with open_ledger("sqlite:///new/ledger.db", tmp_path):
        assert (tmp_path / "new").stat().st_mode & 0o077 == 0
        assert (tmp_path / "new/ledger.db").stat().st_mode & 0o077 == 0

"""What the archive lets go, and what it never does."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import periods
from reportgen.app.house import House
from reportgen.app.retention import Daily, Removal, overdue, prune
from reportgen.archive import FileArchive
from reportgen.config import Retention, load
from reportgen.ledger import KeptRun, SqlLedger, open_ledger
from reportgen.model import Period, RunKey
from reportgen.pipeline import DeliveryState, RunState
from tests.papers import CUSTOMER, KEY, document
from tests.postgres import private_server
from tests.program import CONFIG, reportgen

TODAY = date(2026, 11, 24)
EVERY = Retention(keep_months=1, keep_editions=1)
COMPARED = (RunState.SUCCEEDED, RunState.KEPT)
ACTIVE = tuple(state for state in RunState if state not in (*COMPARED, RunState.SKIPPED))


def kept(number: int, **changes: object) -> KeptRun:
    """A run whose report was about the so many-th month before this one."""
    first = periods.months_before(TODAY, number)
    usual = KeptRun(
        run_id=number,
        key=RunKey("monthly", "A", f"{first:%Y-%m}"),
        customer="Acme",
        state=RunState.SUCCEEDED,
        fence=1,
        last_day=periods.months_after(first, 1) - timedelta(days=1),
        place=f"archive/{number}",
        removed_at=None,
        settled=True,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def numbers(removals: tuple[Removal, ...]) -> list[int]:
    return [removal.run.run_id for removal in removals]


SERIES = tuple(kept(number) for number in range(1, 7))


def test_without_limits_everything_is_kept() -> None:
    assert overdue(SERIES, Retention(), TODAY) == ()


def test_what_ended_more_whole_months_ago_is_removed_oldest_first() -> None:
    found = overdue(SERIES, Retention(keep_months=4), TODAY)
    assert numbers(found) == [6, 5]
    assert {removal.why for removal in found} == {"older than 4 months"}


def test_of_each_report_of_a_customer_the_newest_are_kept() -> None:
    others = [kept(n, run_id=n + 10, key=RunKey("board", "A", "x", n)) for n in range(1, 4)]
    found = overdue((*SERIES, *others), Retention(keep_editions=3), TODAY)
    assert numbers(found) == [6, 5, 4]
    assert found[0].why == "more than 3 editions"


def test_either_limit_is_enough() -> None:
    assert numbers(overdue(SERIES, Retention(keep_months=5, keep_editions=4), TODAY)) == [6, 5]
    assert numbers(overdue(SERIES, Retention(keep_months=2, keep_editions=9), TODAY)) == [
        6,
        5,
        4,
        3,
    ]


def test_the_newest_one_that_went_out_stays_however_old_it_is() -> None:
    assert overdue((kept(90),), EVERY, TODAY) == ()
    anew = kept(80, state=RunState.KEPT)
    assert overdue((kept(90), anew), EVERY, TODAY) == ()
    assert numbers(overdue((kept(95), kept(90), anew), EVERY, TODAY)) == [95]


@pytest.mark.parametrize("state", ACTIVE)
def test_a_run_that_is_not_done_stays(state: RunState) -> None:
    series = (kept(1), kept(50, state=state), kept(60))
    assert numbers(overdue(series, EVERY, TODAY)) == [60]


def test_a_run_with_a_delivery_that_did_not_arrive_stays() -> None:
    assert overdue((kept(1), kept(50, settled=False)), EVERY, TODAY) == ()


def test_what_is_gone_is_not_removed_again() -> None:
    gone = kept(50, removed_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert overdue((kept(1), gone), EVERY, TODAY) == ()


some_runs = st.lists(
    st.builds(
        lambda number, state, settled, customer, edition: kept(
            number,
            state=state,
            settled=settled,
            key=RunKey("monthly", customer, "x", edition),
        ),
        st.integers(1, 40),
        st.sampled_from(RunState),
        st.booleans(),
        st.sampled_from("AB"),
        st.integers(1, 3),
    ),
    unique_by=lambda run: run.run_id,
)


@given(some_runs, st.integers(1, 50), st.integers(1, 9))
def test_whatever_happened_what_is_needed_stays(
    runs: list[KeptRun], months: int, editions: int
) -> None:
    rule = Retention(keep_months=months, keep_editions=editions)
    gone = {removal.run.run_id for removal in overdue(runs, rule, TODAY)}
    left = [run for run in runs if run.run_id not in gone]
    for customer in "AB":
        mine = [run for run in runs if run.key.company_id == customer and run.settled]
        sent = [run for run in mine if run.state is RunState.SUCCEEDED]
        if sent:
            assert max(sent, key=lambda run: (run.last_day, run.key.edition)) in left
        compared = [run for run in mine if run.state in COMPARED]
        if compared:
            assert max(compared, key=lambda run: (run.last_day, run.key.edition)) in left
        done = [run for run in left if run in mine and run.state not in ACTIVE]
        assert len(done) <= editions + 2
    assert all(run in left for run in runs if run.state in ACTIVE or not run.settled)


# ---- with a ledger, an archive and the program ---------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house with retention, and reports from January to October; the one of February is held."""
    text = CONFIG.format(api="http://127.0.0.1:1", smtp=1) + "retention: {keep_months: 3}\n"
    (tmp_path / "config.yaml").write_text(text, "utf-8")
    settings = load(tmp_path / "config.yaml", {"API_SECRET": "x"})
    with House(settings, clock) as opened:
        for month in range(1, 11):
            state = RunState.HELD if month == 2 else RunState.SUCCEEDED
            past(opened.ledger, opened.archive, month, state)
        yield opened


def past(ledger: SqlLedger, archive: FileArchive, month: int, state: RunState) -> str:
    """A run that made a document."""
    key = replace(KEY, period=f"2026-{month:02}")
    period = Period(date(2026, month, 1), date(2026, month + 1, 1))
    claim = ledger.claim(key, CUSTOMER.name, period)
    assert claim is not None
    made = document(key=key, period=period)
    place = archive.keep(made, {"widgets": []})
    ledger.produced(claim, made, place)
    ledger.finish(claim, state)
    return place


def there(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("archive/*/*/*/1"))


def months(*which: int) -> list[str]:
    return [f"2026-{month:02}" for month in which]


def test_pruning_removes_bundles_and_the_ledger_remembers_them(
    house: House, tmp_path: Path, clock: Clock
) -> None:
    assert len(prune(house, dry_run=True)) == 6
    assert there(tmp_path) == months(*range(1, 11))
    removed = prune(house)
    assert [removal.run.key.period for removal in removed] == months(1, 3, 4, 5, 6, 7)
    assert not any(removal.trouble for removal in removed)
    assert there(tmp_path) == months(2, 8, 9, 10)
    assert len(house.ledger.past()) == 10
    gone = {run.key.period: run.removed_at for run in house.ledger.kept() if run.removed_at}
    assert gone == dict.fromkeys(months(1, 3, 4, 5, 6, 7), clock.now)
    assert prune(house) == ()
    with sqlite3.connect(tmp_path / "ledger.db") as ledger:
        noted = ledger.execute("SELECT at, text FROM event WHERE text LIKE 'removed%'").fetchall()
    ledger.close()
    assert len(noted) == 6
    assert noted[0][1] == "removed from the archive: older than 3 months"


def test_a_process_that_ended_between_archive_and_ledger_is_made_good(
    house: House, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "archive/monthly/xC5kQ2/2026-01")
    assert not any(removal.trouble for removal in prune(house))
    assert sum(run.removed_at is not None for run in house.ledger.kept()) == 6


def test_one_documents_trouble_stops_no_other_and_is_made_good(
    house: House, tmp_path: Path
) -> None:
    """The ledger cannot be written for one of them."""
    house.ledger.check()
    with sqlite3.connect(tmp_path / "ledger.db") as ledger:
        ledger.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON artifact WHEN old.run_id = 3 "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    troubled = {removal.run.key.period: removal.trouble for removal in prune(house)}
    assert [period for period, trouble in troubled.items() if trouble] == ["2026-03"]
    assert there(tmp_path) == months(2, 8, 9, 10)
    ledger.execute("DROP TRIGGER full")
    ledger.close()
    (again,) = prune(house)
    assert (again.run.key.period, again.trouble) == ("2026-03", "")
    assert prune(house) == ()


def test_what_was_removed_is_not_compared_with_and_does_not_stop_a_report(house: House) -> None:
    prune(house)
    key = replace(KEY, period="2026-08")
    place = house.ledger.earlier(key, Period(date(2026, 8, 1), date(2026, 9, 1)))
    assert place is not None
    newest = house.ledger.earlier(KEY, Period(date(2026, 11, 1), date(2026, 12, 1)))
    assert newest is not None
    assert house.archive.widgets(newest) == ()


def test_serve_prunes_once_a_day(house: House, tmp_path: Path, clock: Clock) -> None:
    daily = Daily(house)
    daily()
    assert there(tmp_path) == months(2, 8, 9, 10)
    clock.now += timedelta(days=10)
    daily()
    assert there(tmp_path) == months(2, 9, 10)


def test_without_retention_serve_removes_nothing(house: House, tmp_path: Path) -> None:
    house.settings = house.settings.model_copy(update={"retention": Retention()})
    Daily(house)()
    assert there(tmp_path) == months(*range(1, 11))


def test_the_program_prunes_without_platform_and_credentials(house: House, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(file.read_text("utf-8").replace("API_SECRET", "NOBODY_SETS_THIS"), "utf-8")
    looked = reportgen("prune", "--dry-run", cwd=tmp_path)
    assert (looked.status, there(tmp_path)) == (0, months(*range(1, 11)))
    assert "Nothing was removed. 6 documents would be." in looked.out
    ended = reportgen("prune", "--json", cwd=tmp_path)
    assert ended.status == 0, ended.err
    assert ended.json[0] == {
        "run": "monthly/xC5kQ2/2026-01",
        "customer": CUSTOMER.name,
        "why": "older than 3 months",
        "trouble": "",
    }
    assert there(tmp_path) == months(2, 8, 9, 10)
    refused = reportgen("rerender", "monthly/xC5kQ2/2026-01", cwd=tmp_path)
    assert refused.status == 1
    assert "removed from the archive on" in refused.err


@pytest.mark.parametrize("limit", ["keep_months: 0", "keep_editions: 0", "keep_weeks: 3"])
def test_a_limit_that_would_remove_everything_is_refused(
    limit: str, config: Callable[[str], Path], tmp_path: Path
) -> None:
    text = CONFIG.format(api="http://127.0.0.1:1", smtp=1) + f"retention: {{{limit}}}\n"
    config(text)
    ended = reportgen("prune", cwd=tmp_path)
    assert ended.status == 2
    assert "retention.keep" in ended.err


def test_postgresql_remembers_it_too(tmp_path: Path) -> None:
    with private_server() as url, open_ledger(url, tmp_path) as ledger:
        archive = FileArchive("archive", tmp_path)
        places = [past(ledger, archive, month, RunState.SUCCEEDED) for month in (1, 2)]
        (first, second) = ledger.kept()
        assert [first.place, second.place] == places
        ledger.removed(first, "for a test")
        assert [run.removed_at is None for run in ledger.kept()] == [False, True]


def test_a_delivery_in_doubt_is_told(tmp_path: Path) -> None:
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        archive = FileArchive("archive", tmp_path)
        past(ledger, archive, 1, RunState.SUCCEEDED)
        with sqlite3.connect(tmp_path / "ledger.db") as raw:
            raw.execute(
                "INSERT INTO delivery (run_id, company_id, channel, target, reference, sha256, "
                "state, fence, attempts, proof) VALUES (1, ?, 'email', 'a', 'r', '', ?, 1, 1, '')",
                (KEY.company_id, DeliveryState.UNKNOWN.value),
            )
        raw.close()
        (run,) = ledger.kept()
    assert not run.settled

"""What waits in front of the door: approval of exactly one file, objections, grace."""

import getpass
import json
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen import periods
from reportgen.app.house import House
from reportgen.app.orders import Order, due_now, ordered, plan
from reportgen.app.outbox import approve, let_go
from reportgen.app.rounds import run_round
from reportgen.app.watch import Place, survey
from reportgen.cli.surroundings import settings_from
from reportgen.config import Settings
from reportgen.errors import StorageError
from reportgen.pipeline import Outcome, RunState
from reportgen.sandbox import Sandbox
from reportgen.sandbox.mailbox import Mailbox
from tests.program import CONFIG, reportgen, sandbox_process

RUN = "monthly/xC5kfGz7w2Nz/2026-10"
HARBOURLINE = ("--customer", "Harbourline Logistics", "--period", "2026-10")
FAILING = "widget-fails=TrainingCompletionWidget@xC5kfGz7w2Nz"
ME = f"{getpass.getuser()}@{socket.gethostname()}"


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with Mailbox(tmp_path / "outbox") as server:
        yield server


def write(config: Callable[[str], Path], api: str, mailbox: Mailbox, approval: str = "") -> Path:
    text = CONFIG.format(api=api, smtp=mailbox.port)
    return config(text.replace("defaults: {", f"defaults: {{approval: {{{approval}}}, "))


def digest(place: Path) -> str:
    (row,) = reportgen("outbox", "--json", cwd=place).json
    return str(row["sha256"])


# ---- through the program -------------------------------------------------------------------


def test_what_is_held_goes_out_when_exactly_it_is_approved(
    config: Callable[[str], Path], tmp_path: Path, mailbox: Mailbox
) -> None:
    with sandbox_process(FAILING) as api:
        write(config, api, mailbox)
        assert reportgen("run", *HARBOURLINE, cwd=tmp_path).status == 1
        listed = reportgen("outbox", "--json", cwd=tmp_path)
        assert listed.status == 1
        (row,) = listed.json
        assert (row["run"], row["state"], row["goes_at"]) == (RUN, "held", None)
        assert "Training completion" in row["reason"]
        assert Path(row["document"], "document.pdf").is_file()
        wrong = reportgen(
            "approve", RUN, "--sha256", "0000", "--reason", "looks right", cwd=tmp_path
        )
        assert wrong.status == 1
        assert "another document" in wrong.err
        assert mailbox.messages() == ()
        done = reportgen(
            "approve", RUN, "--sha256", row["sha256"][:8], "--reason", "known gap", cwd=tmp_path
        )
        assert done.status == 0, done.err
        assert reportgen("outbox", cwd=tmp_path).out == "Nothing waits.\n"
        assert reportgen("run", "--due", cwd=tmp_path).status in (0, 1)
    assert len(mailbox.messages()) == 2
    filed = tmp_path / "reports/Harbourline-Logistics/monthly-2026-10.pdf"
    assert filed.read_bytes() == Path(row["document"], "document.pdf").read_bytes()


def test_a_figure_that_changes_voids_the_approval(
    config: Callable[[str], Path], tmp_path: Path, mailbox: Mailbox
) -> None:
    with sandbox_process(FAILING) as api:
        write(config, api, mailbox, "people: 2")
        reportgen("run", *HARBOURLINE, cwd=tmp_path)
        first = digest(tmp_path)
        half = reportgen("approve", RUN, "--reason", "fine", cwd=tmp_path)
        assert "another person" in half.out
    with sandbox_process(FAILING, "over-100@xC5kfGz7w2Nz") as api:
        write(config, api, mailbox, "people: 2")
        reportgen("run", *HARBOURLINE, cwd=tmp_path)
        second = digest(tmp_path)
        assert first != second
        refused = reportgen("approve", RUN, "--sha256", first, "--reason", "fine", cwd=tmp_path)
        assert refused.status == 1
        assert "another document" in refused.err
        again = reportgen("approve", RUN, "--reason", "fine", cwd=tmp_path)
        assert "another person" in again.out, "the first approval was of another file"
    assert mailbox.messages() == ()


def test_a_file_that_was_changed_in_the_archive_is_not_sent(
    config: Callable[[str], Path], tmp_path: Path, mailbox: Mailbox
) -> None:
    """Even where its own manifest was changed with it: the ledger knows what was approved."""
    with sandbox_process(FAILING) as api:
        write(config, api, mailbox)
        reportgen("run", *HARBOURLINE, cwd=tmp_path)
        assert reportgen("approve", RUN, "--later", "--reason", "fine", cwd=tmp_path).status == 0
        _tamper(tmp_path / "archive" / RUN / "1")
        ended = reportgen("run", *HARBOURLINE, cwd=tmp_path)
    assert ended.status == 1
    assert "another one than was made or approved" in ended.err
    assert mailbox.messages() == ()


def _tamper(bundle: Path) -> None:
    from hashlib import sha256

    pdf, manifest = bundle / "document.pdf", bundle / "document.json"
    before = sha256(pdf.read_bytes()).hexdigest()
    pdf.write_bytes(pdf.read_bytes() + b"\n")
    after = sha256(pdf.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text("utf-8").replace(before, after), "utf-8")
    assert json.loads(manifest.read_text("utf-8"))["sha256"] == after


def test_what_is_rejected_is_called_off(
    config: Callable[[str], Path], tmp_path: Path, mailbox: Mailbox
) -> None:
    with sandbox_process(FAILING) as api:
        write(config, api, mailbox)
        reportgen("run", *HARBOURLINE, cwd=tmp_path)
        assert reportgen("reject", RUN, "--reason", "wrong month", cwd=tmp_path).status == 0
        assert reportgen("outbox", cwd=tmp_path).status == 0
        late = reportgen("approve", RUN, "--reason", "no, it is right", cwd=tmp_path)
        assert late.status == 1
        plain = reportgen("run", *HARBOURLINE[:2], cwd=tmp_path)
        assert (plain.status, "wrong month; `--period 2026-10`" in plain.err) == (0, True)
    (run,) = reportgen("history", "--json", cwd=tmp_path).json
    assert (run["state"], run["reason"]) == ("skipped", f"rejected by {ME}: wrong month")
    assert mailbox.messages() == ()


def test_what_must_never_go_out_cannot_be_approved(
    config: Callable[[str], Path], tmp_path: Path, mailbox: Mailbox
) -> None:
    with sandbox_process(FAILING) as api:
        write(config, api, mailbox)
        reportgen("run", *HARBOURLINE, cwd=tmp_path)
        with closing(sqlite3.connect(tmp_path / "ledger.db")) as ledger, ledger:
            ledger.execute("UPDATE artifact SET state = 'blocked'")
        ended = reportgen("approve", RUN, "--reason", "send it anyway", cwd=tmp_path)
    assert ended.status == 1
    assert "cannot be approved" in ended.err
    assert mailbox.messages() == ()


def test_the_first_report_of_a_customer_waits_and_the_next_does_not(
    config: Callable[[str], Path], tmp_path: Path, mailbox: Mailbox
) -> None:
    with sandbox_process() as api:
        write(config, api, mailbox, "wanted: first")
        first = reportgen("run", *HARBOURLINE, cwd=tmp_path)
        assert (first.status, len(mailbox.messages())) == (1, 0)
        assert "the first report of a customer waits for approval" in first.err
        assert reportgen("approve", RUN, "--reason", "looked at", cwd=tmp_path).status == 0
        assert len(mailbox.messages()) == 2
        following = reportgen("run", *HARBOURLINE[:3], "2026-11", cwd=tmp_path)
        assert following.status == 0, following.err
    assert len(mailbox.messages()) == 4


# ---- with a clock of our own ---------------------------------------------------------------


class Office:
    """One house whose clock the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, 12, tzinfo=UTC)
        self.settings: Settings

    def clock(self) -> datetime:
        """The platform's as well."""
        return self.now

    def house(self) -> House:
        return House(self.settings, self.clock)

    def tick(self) -> tuple[Outcome, ...]:
        with self.house() as house:
            return run_round(house, due_now(plan(house, self.now)), lambda _: None)


@pytest.fixture
def office(
    config: Callable[[str], Path],
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Office]:
    """Everything waits twelve hours for an objection."""
    monkeypatch.setenv("API_SECRET", "demo-secret-of-nobody")
    office = Office()
    with Sandbox(clock=office.clock) as api:
        path = write(config, api.url, mailbox, getattr(request, "param", "grace_hours: 12"))
        office.settings = settings_from(path)
        office.tick()  # the schedules are noticed
        office.now = datetime(2026, 12, 1, 12, tzinfo=UTC)
        yield office


def test_a_ready_report_goes_by_itself_after_its_grace(office: Office, mailbox: Mailbox) -> None:
    made = office.tick()
    assert [each.state for each in made] == [RunState.READY] * 3
    assert all(each.well and each.until == office.now + timedelta(hours=12) for each in made)
    office.now += timedelta(hours=11)
    assert office.tick() == ()
    assert mailbox.messages() == ()
    office.now += timedelta(hours=1)
    assert [each.state for each in office.tick()] == [RunState.SUCCEEDED] * 3
    assert len(mailbox.messages()) == 4


def test_an_objection_keeps_it_in_until_it_is_approved(office: Office, mailbox: Mailbox) -> None:
    made = office.tick()
    key = made[0].key
    with office.house() as house:
        house.ledger.hold(key, by="ann@desk", reason="the customer asked")
    office.now += timedelta(hours=13)
    assert [each.state for each in office.tick()] == [RunState.SUCCEEDED] * 2
    with office.house() as house:
        (waiting,) = house.ledger.outbox()
        assert (waiting.key, waiting.state) == (key, "held")
        approve(house, key, waiting.sha256, by="ann@desk", reason="settled")
        (outcome,) = let_go(house, key, lambda _: None)
    assert outcome.state is RunState.SUCCEEDED
    assert len(mailbox.messages()) == 4


def test_what_is_held_while_its_round_goes_on_stays_in(office: Office, mailbox: Mailbox) -> None:
    """A person ordered the round, another one says no before it has come to the door."""
    with office.house() as house:
        tickets = due_now(plan(house, office.now))
        held = tickets[0].key

        def object_to_the_first(outcome: Outcome) -> None:
            if outcome.key == held and outcome.to_release:
                house.ledger.hold(held, by="ann@desk", reason="wrong month")

        run_round(house, tickets, object_to_the_first, manual=True)
        (waiting,) = house.ledger.outbox()
    assert (waiting.key, waiting.state) == (held, "held")
    assert len(mailbox.messages()) == 3


@pytest.mark.parametrize("office", ["wanted: always, people: 2"], indirect=True)
def test_two_different_people_have_to_approve(office: Office, mailbox: Mailbox) -> None:
    key = office.tick()[0].key
    with office.house() as house:
        assert approve(house, key, "", by="ann@desk", reason="fine") == ("ann@desk",)
        assert approve(house, key, "", by="ann@desk", reason="really") == ("ann@desk",)
        assert [each.goes_at for each in house.ledger.outbox()] == [None] * 3
        both = approve(house, key, "", by="bob@desk", reason="fine, too")
        assert both == ("ann@desk", "bob@desk")
    office.now += timedelta(minutes=1)
    assert [each.key for each in office.tick() if each.state is RunState.SUCCEEDED] == [key]
    assert len(mailbox.messages()) == 1


def without_mail(settings: Settings) -> Settings:
    """The same, with a mail server that nobody can reach."""
    folder, mail = settings.delivery
    return settings.model_copy(update={"delivery": (folder, mail.model_copy(update={"port": 1}))})


def test_a_further_edition_that_rests_is_taken_up_by_the_rounds(office: Office) -> None:
    """No schedule names it; a person began it, and its mail server was away."""
    office.tick()
    office.now += timedelta(hours=12)
    office.tick()
    office.settings = without_mail(office.settings)
    with office.house() as house:
        order = Order(customers=("Harbourline Logistics",), again=True)
        tickets, _ = ordered(house, order, office.now)
        (outcome,) = run_round(house, tickets, lambda _: None, manual=True)
    assert (outcome.state, outcome.key.edition) == (RunState.WAITING, 2)
    office.now += timedelta(hours=13)
    (again,) = office.tick()
    assert (again.state, again.key) == (RunState.WAITING, outcome.key)


def test_what_was_made_for_the_archive_is_never_sent_by_a_schedule(office: Office) -> None:
    """Not even when its maker died half way, and the schedule calls for that very period."""
    with office.house() as house:
        tickets = due_now(plan(house, office.now))
        key, period = tickets[0].key, tickets[0].period
        assert house.ledger.claim(key, "Sirket", period, kept_only=True)
    office.now += timedelta(days=1)
    with office.house() as house:
        assert house.ledger.claim(key, "Sirket", period) is None
        with pytest.raises(StorageError):
            house.ledger.hold(key, by="ann", reason="nothing waits")


def test_what_nobody_goes_on_with_needs_a_person(office: Office) -> None:
    """Here a backfill was killed; no schedule takes that up."""
    with office.house() as house:
        ticket = due_now(plan(house, office.now))[0]
        older = periods.parse("2026-08")
        key = replace(ticket.key, period="2026-08")
        assert house.ledger.claim(key, "Sirket", older, kept_only=True)
        office.now += timedelta(minutes=30)
        assert not any(line.place is Place.LEFT for line in survey(house, office.now).open)
        office.now += timedelta(hours=2)
        (left,) = (e for e in survey(house, office.now).troubles if e.place is Place.LEFT)
    assert left.run == str(key)
    assert left.cure.startswith("mend the cause, then   reportgen backfill --from 2026-08")

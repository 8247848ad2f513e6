"""Nothing is silently missing: stops of the service, status, notices, pauses, backfill."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen import periods
from reportgen.app.house import House
from reportgen.app.ticking import tick
from reportgen.app.watch import Survey, survey
from reportgen.cli.surroundings import settings_from
from reportgen.ledger import open_ledger
from reportgen.pipeline import RunState
from reportgen.sandbox import Sandbox
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.crash.reckoning import received
from tests.program import reportgen

CONFIG = """
source: {{kind: keepnet, base_url: "{api}", client_id: demo-client,
         client_secret: demo-secret-of-nobody, requests_per_second: 1000}}
brands: {{halvorn: {{name: Halvorn Cyber}}}}
templates: looks
customers:
  - {{company_id: xC5kfGz7w2Nz, recipients: [ceo@harbourline.example]}}
  - {{company_id: Nk8hF2pLq6Ud, recipients: [ceo@nordhafen.example]}}
reports:
  monthly: {{title: Report, widgets: [repeat_offenders_rate], schedule: {{every: month, on: 1}}}}
delivery:
  - {{channel: email, server: 127.0.0.1, port: {smtp}, sender: r@halvorn.example, security: plain}}
operator: {{notify: ["mailto://127.0.0.1:{ops}?from=r@halvorn.example&to=ops@halvorn.example"],
           at: "08:00"}}
ledger: sqlite:///ledger.db
archive: archive
"""
LOOK = """<!doctype html><html lang="en"><head><title>{{ page.title }}</title></head>
<body><h1>{{ page.customer }}</h1></body></html>"""
HARBOURLINE, NORDHAFEN = "xC5kfGz7w2Nz", "Nk8hF2pLq6Ud"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Place:
    """A configuration, its servers, and services that run at moments of the test's choosing."""

    def __init__(self, folder: Path, operator: Path) -> None:
        self.folder = folder
        self.operator = operator
        self.platform_says = ""
        """The moment it is for the platform; empty: the real one."""

    def platform_time(self) -> datetime:
        return moment(self.platform_says) if self.platform_says else datetime.now(UTC)

    @contextmanager
    def at(self, text: str, platform: str = "") -> Iterator[House]:
        """The house at that moment, by this machine's clock and, unless named, the platform's."""
        self.platform_says = platform or text
        with House(settings_from(self.folder / "config.yaml"), lambda: moment(text)) as house:
            yield house
        self.platform_says = ""

    def serve(self, *moments: str, platform: str = "") -> None:
        """A service that runs at these moments and then stops."""
        for text in moments:
            with self.at(text, platform) as house:
                tick(house, lambda: False)

    def survey(self, text: str) -> Survey:
        """What the watch sees at that moment."""
        with self.at(text) as house:
            return survey(house, house.clock())

    def look(self, text: str) -> dict[str, list[str]]:
        """Runs by where they stand at that moment."""
        found = self.survey(text)
        standing: dict[str, list[str]] = {}
        for line in (*found.newest, *found.open):
            standing.setdefault(line.place, []).append(line.run)
        return {place: sorted(set(runs)) for place, runs in standing.items()}

    def mailed(self) -> list[int]:
        return sorted(received(self.folder / "outbox").values())

    def told(self) -> list[str]:
        files = sorted(self.operator.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_text("utf-8", "replace") for file in files]

    def run(self, *arguments: str) -> Any:
        return reportgen(*arguments, cwd=self.folder)


@contextmanager
def place(folder: Path, manners: MailboxSettings | None = None) -> Iterator[Place]:
    here = Place(folder, folder / "operator")
    with (
        Sandbox(clock=here.platform_time) as sandbox,
        Mailbox(folder / "outbox", settings=manners) as mailbox,
        Mailbox(folder / "operator") as operator,
    ):
        text = CONFIG.format(api=sandbox.url, smtp=mailbox.port, ops=operator.port)
        (folder / "config.yaml").write_text(text)
        (folder / "looks").mkdir(exist_ok=True)
        (folder / "looks/report.html").write_text(LOOK)
        yield here


def runs(month: str) -> list[str]:
    return [f"monthly/{company}/{month}" for company in sorted((HARBOURLINE, NORDHAFEN))]


# ---- stops ---------------------------------------------------------------------------------


def test_a_service_that_was_stopped_over_the_first_makes_each_report_once(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        here.serve("2026-10-15T10:00")
        assert here.mailed() == []
        here.serve("2026-11-03T09:00", "2026-11-03T09:00:30", "2026-11-04T09:00")
        assert here.look("2026-11-04T10:00") == {"sent": runs("2026-10")}
        assert here.mailed() == [1, 1]


def test_after_three_months_only_the_newest_goes_out_and_the_others_are_listed(
    tmp_path: Path,
) -> None:
    with place(tmp_path) as here:
        here.serve("2026-07-15T10:00", "2026-11-03T09:00", "2026-11-03T09:00:30")
        found = here.look("2026-11-03T10:00")
        status = here.run("status")
        ended = here.run("skip", runs("2026-07")[0], "--reason", "the contract began later")
        assert found == {
            "sent": runs("2026-10"),
            "missing": sorted(runs("2026-07") + runs("2026-08") + runs("2026-09")),
        }
        assert here.mailed() == [1, 1]
        assert status.status == 1
        assert "2 sent, 6 missing" in status.out
        assert 'reportgen run --report monthly --customer "' in status.out
        assert ended.status == 0, ended.err
        assert runs("2026-07")[0] not in here.look("2026-11-03T10:00")["missing"]
        assert any("2 sent, 6 missing" in text for text in here.told())


# ---- the period lock -----------------------------------------------------------------------


def test_a_second_edition_of_a_period_is_made_only_when_a_person_asks(tmp_path: Path) -> None:
    asked = ("run", "--customer", "Harbourline Logistics", "--period", "2026-10")
    with place(tmp_path) as here:
        here.serve("2026-10-15T10:00", "2026-11-01T09:00", "2026-11-01T09:01")
        assert here.mailed() == [1, 1]
        assert here.run(*asked).status == 0
        assert here.run("backfill", "--from", "2026-10", "--to", "2026-10").status == 0
        assert editions(tmp_path) == {runs("2026-10")[0]: [1], runs("2026-10")[1]: [1]}
        assert here.run(*asked, "--again").status == 0
        assert sorted(here.mailed()) == [1, 1, 1]
        here.serve("2026-11-02T09:00", "2026-11-20T09:00", "2026-11-30T23:00")
        assert here.run("run", "--due").status == 0
        assert here.run(*asked).status == 0
        here.serve("2026-12-01T09:00")
    found = editions(tmp_path)
    assert found[f"monthly/{HARBOURLINE}/2026-10"] == [1, 2]
    assert found[f"monthly/{NORDHAFEN}/2026-10"] == [1]
    assert all(numbers == [1] for run, numbers in found.items() if not run.endswith("2026-10"))


ASKED = ("run", "--customer", "Harbourline Logistics", "--period", "2026-10")
OCTOBER = runs("2026-10")[1]


def test_a_corrected_edition_that_was_put_off_is_handed_over_by_the_rounds(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    deferring = MailboxSettings(defer=("ceo@harbourline.example",))
    with place(tmp_path) as here, Mailbox(tmp_path / "busy", settings=deferring) as busy:
        assert here.run(*ASKED).status == 0
        text = file.read_text("utf-8")
        file.write_text(re.sub(r"port: \d+", f"port: {busy.port}", text, count=1), "utf-8")
        assert here.run(*ASKED, "--again").status == 1
        file.write_text(text, "utf-8")
        assert here.mailed() == [1]
        here.serve(f"{datetime.now(UTC):%Y-%m-%dT%H:%M}")
        assert here.mailed() == [1], "it rests first"
        here.serve(hours_from_now(7))
        assert here.mailed() == [1, 1]
        here.serve(hours_from_now(8))
        assert here.mailed() == [1, 1]
    assert editions(tmp_path) == {OCTOBER: [1, 2]}


def hours_from_now(hours: int) -> str:
    return f"{datetime.now(UTC) + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def test_a_corrected_edition_that_was_not_made_waits_for_a_person(tmp_path: Path) -> None:
    """Rounds make none, whatever its state; asking again takes the same one up."""
    with place(tmp_path) as here:
        assert here.run(*ASKED).status == 0
        with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as ledger:
            (first,) = ledger.past()
            key, period = replace(first.key, edition=2), periods.parse("2026-10")
            claim = ledger.claim(key, first.customer, period, manual=True)
            assert claim is not None
            ledger.finish(claim, RunState.WAITING, ("no answer in time",))
        here.serve(hours_from_now(7))
        assert here.mailed() == [1]
        status = here.run("status")
        assert status.status == 1
        assert f"{OCTOBER}/2: failed: no answer in time" in status.out
        assert "--period 2026-10 --again" in status.out
        assert here.run(*ASKED, "--again").status == 0
        assert here.mailed() == [1, 1]
    assert editions(tmp_path) == {OCTOBER: [1, 2]}


def editions(folder: Path) -> dict[str, list[int]]:
    """Which editions of each report, customer and period are on record."""
    found: dict[str, list[int]] = {}
    with open_ledger(f"sqlite:///{folder}/ledger.db") as ledger:
        for run in ledger.past():
            first = str(replace(run.key, edition=1))
            found.setdefault(first, []).append(run.key.edition)
    return found


# ---- the operator --------------------------------------------------------------------------


def test_each_round_is_told_once_and_once_a_day_all_of_it(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        here.serve("2026-10-15T05:00", "2026-10-15T05:00:30")
        assert here.told() == []
        here.serve("2026-11-01T06:30", "2026-11-01T06:30:30", "2026-11-01T06:31")
        assert len(here.told()) == 1, "after the round"
        here.serve("2026-11-01T08:00", "2026-11-01T08:00:30", "2026-11-01T12:00")
        assert len(here.told()) == 2, "at eight"
        here.serve("2026-11-02T08:10")
        assert len(here.told()) == 3, "the next day"
        assert all("all well" in text for text in here.told())


def test_an_operator_who_cannot_be_told_now_is_told_by_the_next_round(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        here.serve("2026-10-15T05:00")
        config = (tmp_path / "config.yaml").read_text()
        broken = re.sub(r"mailto://127.0.0.1:\d+", "mailto://127.0.0.1:1", config)
        (tmp_path / "config.yaml").write_text(broken)
        here.serve("2026-10-15T09:00")
        assert here.told() == []
        (tmp_path / "config.yaml").write_text(config)
        here.serve("2026-10-15T09:01")
        assert len(here.told()) == 1


def test_a_refused_recipient_is_a_trouble_until_somebody_settles_it(tmp_path: Path) -> None:
    refusing = MailboxSettings(refuse=("ceo@harbourline.example",))
    run = f"monthly/{HARBOURLINE}/2026-10"
    with place(tmp_path, refusing) as here:
        here.serve("2026-10-15T05:00", "2026-11-01T06:30")
        assert here.look("2026-11-01T07:00")["failed"] == [run]
        listed = here.run("resolve", "--json")
        assert json.loads(listed.out)[0]["recipient"] == "ceo@harbourline.example"
        words = ("--to", "ceo@harbourline.example", "--sent", "--reason", "handed over on paper")
        settled = here.run("resolve", "monthly/Harbourline Logistics/2026-10", *words)
        assert settled.status == 0, settled.err
        assert here.look("2026-11-01T07:00") == {"sent": runs("2026-10")}
        assert any("1 need you" in text for text in here.told())


# ---- pauses --------------------------------------------------------------------------------


@pytest.mark.parametrize("catch_up", [False, True])
def test_a_paused_report_stays_until_it_is_resumed(catch_up: bool, tmp_path: Path) -> None:
    with place(tmp_path) as here, House(settings_from(tmp_path / "config.yaml")) as house:
        here.serve("2026-10-15T05:00")
        with open_ledger(
            f"sqlite:///{tmp_path}/ledger.db", clock=lambda: moment("2026-10-20")
        ) as ledger:
            ledger.pause("monthly", HARBOURLINE, by="ann", reason="merger")
        here.serve("2026-11-03T09:00", "2026-11-03T09:00:30")
        assert here.look("2026-11-03T10:00") == {
            "paused": [f"monthly/{HARBOURLINE}/2026-10"],
            "sent": [f"monthly/{NORDHAFEN}/2026-10"],
        }
        options = ("--catch-up",) if catch_up else ()
        ended = here.run("resume", "--customer", "Harbourline Logistics", *options)
        assert ended.status == 0, ended.err
        here.serve("2026-11-24T09:00")
        run = house.ledger.past(customers=[HARBOURLINE])[0]
        assert run.state is (RunState.SUCCEEDED if catch_up else RunState.SKIPPED)
        assert here.mailed() == ([1, 1] if catch_up else [1])


def test_a_pause_is_for_people_to_see_and_needs_a_reason(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        refused = here.run("pause", "--customer", "Harbourline Logistics")
        paused = here.run("pause", "--customer", "Harbourline Logistics", "--reason", "merger")
        listed = here.run("pause")
        coming = here.run("upcoming", "--count", "2", "--json")
    assert (refused.status, paused.status) == (2, 0)
    assert "--reason" in refused.err
    assert "merger" in listed.out
    assert [row["customer"] for row in coming.json] == ["Nordhafen Klinikum GmbH"] * 2


# ---- the past ------------------------------------------------------------------------------


def test_past_months_are_made_for_the_archive_and_never_mailed(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        here.serve("2026-10-15T05:00", "2026-11-03T09:00")
        words = ("--customer", "Harbourline Logistics", "--from", "2026-08", "--to", "2026-10")
        made = here.run("backfill", *words, "--json")
        again = here.run("backfill", *words)
        history = here.run("history", "--customer", "Harbourline Logistics", "--json")
        assert made.status == 0, made.err
        assert [run["state"] for run in made.json] == ["kept", "kept"]
        assert "nothing to make" in again.out
        assert [run["state"] for run in history.json] == ["kept", "kept", "succeeded"]
        assert here.mailed() == [1, 1]
        assert len(list((tmp_path / "archive").rglob("document.pdf"))) == 4


def test_a_cron_job_makes_what_is_due_and_nothing_else(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with place(tmp_path) as here:
        here.run("run", "--due")
        assert here.mailed() == []
        with open_ledger(f"sqlite:///{tmp_path}/later.db") as ledger:
            long_ago = now - timedelta(days=32)
            ledger.noticed([("monthly", HARBOURLINE), ("monthly", NORDHAFEN)], long_ago)
        text = (tmp_path / "config.yaml").read_text()
        (tmp_path / "config.yaml").write_text(text.replace("ledger.db", "later.db"))
        first, second = here.run("run", "--due"), here.run("run", "--due")
        refused = here.run("run", "--due", "--again")
        assert (first.status, here.mailed()) == (0, [1, 1]), first.err
        assert "Nothing is due" in second.out
        assert refused.status == 2

"""What keeps everything from being planned: the platform away, a clock that cannot be believed."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from reportgen.app.ticking import tick
from reportgen.ledger import SqlLedger, open_ledger
from reportgen.sandbox.mailbox import Mailbox
from reportgen.sources.transport import Call, Limits, Transport
from tests.test_watch import HARBOURLINE, NORDHAFEN, Place, moment, place, runs


def rewrite(here: Place, old: str, new: str) -> str:
    """Change the configuration; answers it as it was."""
    file = here.folder / "config.yaml"
    before = file.read_text()
    file.write_text(re.sub(old, new, before))
    assert file.read_text() != before
    return before


@contextmanager
def platform_away(here: Place) -> Iterator[None]:
    before = rewrite(here, r'base_url: "\S+"', 'attempts: 1, base_url: "http://127.0.0.1:1"')
    yield
    (here.folder / "config.yaml").write_text(before)


@contextmanager
def counting(date: str = "") -> Iterator[tuple[str, list[str]]]:
    """A web server that notes who asks, and answers with this `Date`, or none."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response_only(204)
            if date:
                self.send_header("Date", date)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/beat", asked
        server.shutdown()
        thread.join()


def ledger_of(here: Place) -> SqlLedger:
    return open_ledger(f"sqlite:///{here.folder}/ledger.db")


# ---- the platform is away ------------------------------------------------------------------


def test_the_operator_is_told_once_and_then_once_a_day_and_of_what_is_missing(
    tmp_path: Path,
) -> None:
    with place(tmp_path) as here:
        here.serve("2026-10-15T05:00")
        with platform_away(here):
            here.serve("2026-10-31T22:00", "2026-10-31T22:00:30", "2026-11-01T03:00")
            assert len(here.told()) == 1
            assert "nothing can be planned: listing the companies" in here.told()[0] or (
                "nothing can be planned: signing in" in here.told()[0]
            )
            here.serve("2026-11-01T08:00", "2026-11-01T08:00:30", "2026-11-01T20:00")
            assert len(here.told()) == 2
            assert all(run in here.told()[1] for run in runs("2026-10")), "named, not only counted"
            here.serve("2026-11-02T07:00")
            assert len(here.told()) == 2
            here.serve("2026-11-02T08:10")
            assert len(here.told()) == 3
        here.serve("2026-11-02T09:00", "2026-11-02T09:00:30")
        assert here.mailed() == [1, 1]
        assert len(here.told()) == 4, "the round; that all is well again needs no notice"
        assert "2 sent." in here.told()[3]


def test_no_sign_of_life_is_given_while_nothing_can_be_planned(tmp_path: Path) -> None:
    with place(tmp_path) as here, counting() as (url, beats):
        rewrite(here, "operator: {", f'operator: {{heartbeat: "{url}", ')
        here.serve("2026-10-15T05:00")
        assert len(beats) == 1
        with platform_away(here):
            here.serve("2026-10-15T05:01", "2026-10-15T09:00")
        assert len(beats) == 1


@pytest.mark.parametrize(
    "customers",
    [
        "discover: [{all: true, recipients: [ceo@all.example], "
        "exclude: [Pinecrest Dental Group]}]\nshared_recipients: [ceo@all.example]\n",
        "customers:\n  - {company: Harbourline Logistics, recipients: [ceo@harbourline.example]}\n",
    ],
)
def test_customers_by_rule_and_by_name_are_known_without_the_platform(
    customers: str, tmp_path: Path
) -> None:
    with place(tmp_path) as here:
        rewrite(here, r"customers:\n(  - .*\n)+", customers)
        here.serve("2026-10-15T05:00")
        asked = here.look("2026-11-01T07:30")
        with platform_away(here):
            assert here.look("2026-11-01T07:30") == asked
        assert f"monthly/{HARBOURLINE}/2026-10" in asked["missing"]


def test_status_says_what_it_can_without_the_platform(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        here.serve("2026-10-15T05:00")
        with platform_away(here):
            shown, data = here.run("status"), here.run("status", "--json")
        assert shown.status == data.status == 1
        assert all(run in shown.out for run in runs("2026-10"))
        assert "2 reports need you" in shown.out
        assert "nothing can be planned" in shown.err
        assert data.json["hindrance"]
        assert not data.json["well"]
        assert {line["run"] for line in data.json["open"]} == {*runs("2026-10")}


def test_status_of_a_new_ledger_without_the_platform_is_not_well(tmp_path: Path) -> None:
    with place(tmp_path) as here, platform_away(here):
        shown = here.run("status")
    assert shown.status == 1
    assert "nothing can be planned" in shown.err
    assert "platform lists no company" not in shown.err


def test_a_cron_job_tells_as_well(tmp_path: Path) -> None:
    with place(tmp_path) as here, platform_away(here):
        first, second = here.run("run", "--due"), here.run("run", "--due")
        listed = here.run("run", "--due", "--dry-run")
        assert (first.status, second.status, listed.status) == (1, 1, 1)
        assert "cannot be reached" in first.err
        told = here.told()
        assert len(told) == 1
        assert "Subject: Reports: nothing can be planned" in told[0]


# ---- the clock -----------------------------------------------------------------------------


def test_nothing_is_planned_by_a_clock_that_the_platform_contradicts(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        here.serve("2026-10-15T05:00")
        here.serve("2026-12-01T05:00", "2026-12-01T05:00:30", platform="2026-10-15T05:01")
        assert here.mailed() == []
        assert len(here.told()) == 1
        assert "2026-12-01 05:00 UTC, the platform's 2026-10-15 05:01 UTC" in plain(here.told()[0])
        assert "set the clock" in plain(here.told()[0])
        here.serve("2026-10-15T05:06", platform="2026-10-15T05:02")
        here.serve("2026-11-01T07:30")
        assert here.mailed() == [1, 1]


def test_what_is_missing_is_judged_by_the_platforms_clock_then(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        here.serve("2026-10-15T05:00")
        with here.at("2027-03-01T05:00", platform="2026-10-15T05:01") as house:
            tick(house, lambda: False)
        assert "missing" not in plain(here.told()[0])
        with here.at("2026-10-01T05:00", platform="2026-11-02T05:00") as house:
            tick(house, lambda: False)
        assert "2 missing" in plain(here.told()[1])


def test_a_wrong_clock_does_not_say_since_when_a_customer_is_known(tmp_path: Path) -> None:
    with place(tmp_path) as here, ledger_of(here) as ledger:
        here.serve("2027-12-01T05:00", platform="2026-10-15T05:00")
        assert ledger.known() == {}
        here.serve("2026-10-15T05:00")
        since = moment("2026-10-15T05:00")
        assert ledger.known() == {("monthly", HARBOURLINE): since, ("monthly", NORDHAFEN): since}


RECORDED = """
source: {kind: recorded, folder: answers}
"""


def recorded(here: Place, last_tick: datetime) -> None:
    """Without a platform: answers from files, and a service that planned last at that moment."""
    rewrite(here, r"(?s)source: \{.*?\}\n", RECORDED)
    for company in (HARBOURLINE, NORDHAFEN):
        folder = here.folder / "answers" / company
        folder.mkdir(parents=True)
        (folder / "company.json").write_text(json.dumps({"name": company}))
    with ledger_of(here) as ledger:
        ledger.noticed([("monthly", HARBOURLINE), ("monthly", NORDHAFEN)], last_tick)
        ledger.ticked(last_tick)


def test_without_a_platforms_clock_a_leap_of_the_own_is_asked_about(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        recorded(here, datetime.now(UTC) - timedelta(days=41))
        doubted, status = here.run("run", "--due"), here.run("status")
        assert (doubted.status, status.status) == (1, 1)
        assert "41 days after anything was planned last" in doubted.err
        assert "reportgen run --due --clock-is-right" in doubted.err
        with ledger_of(here) as ledger:
            assert ledger.past() == ()
            here.run("run", "--due", "--clock-is-right")
            assert len(ledger.past()) == 2
            assert "41 days" not in here.run("run", "--due").err, "said once, not each time"


def test_without_a_platforms_clock_a_month_is_no_leap(tmp_path: Path) -> None:
    with place(tmp_path) as here, ledger_of(here) as ledger:
        recorded(here, datetime.now(UTC) - timedelta(days=39))
        assert "planned last" not in here.run("run", "--due").err
        assert len(ledger.past()) == 2


@pytest.mark.parametrize(
    ("date", "minutes"),
    [
        ("Thu, 15 Oct 2026 05:00:00 GMT", 0),
        ("Thu, 15 Oct 2026 07:01:00 +0200", 1),
        ("Thursday, 15-Oct-26 05:00:00 GMT", 0),
        ("", None),
        ("yesterday", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("Thu, 99 Oct 2026 05:00:00 GMT", None),
    ],
)
def test_the_platforms_time_is_read_from_its_answers(date: str, minutes: int | None) -> None:
    with counting(date) as (url, _), closing(Transport()) as transport:
        transport.send(Call("GET", url, "asking", {}, limits=Limits(attempts=1)))
        told = transport.platform_time()
    if minutes is None:
        assert told is None
    else:
        assert told is not None
        late = told - moment("2026-10-15T05:00") - timedelta(minutes=minutes)
        assert timedelta() <= late < timedelta(minutes=5), "and goes on from there"


def test_the_clock_is_right_goes_with_due_alone(tmp_path: Path) -> None:
    with place(tmp_path) as here:
        refused = here.run("run", "--clock-is-right")
    assert refused.status == 2


# ---- several addresses ---------------------------------------------------------------------


def test_who_has_a_notice_does_not_get_it_again_because_another_address_failed(
    tmp_path: Path,
) -> None:
    with place(tmp_path) as here, Mailbox(tmp_path / "second") as second:

        def told() -> tuple[int, int]:
            return len(here.told()), len([*(tmp_path / "second").glob("*.eml")])

        address = f"mailto://127.0.0.1:{second.port}?from=r@halvorn.example&to=b@halvorn.example"
        rewrite(here, r'notify: \["', f'notify: ["{address}", "')
        works = rewrite(here, f"127.0.0.1:{second.port}", "127.0.0.1:1")
        here.serve("2026-10-15T09:00", "2026-10-15T09:00:30", "2026-10-15T09:01")
        assert told() == (1, 0)
        (tmp_path / "config.yaml").write_text(works)
        here.serve("2026-10-15T09:02", "2026-10-15T09:03")
        assert told() == (1, 1)
        here.serve("2026-10-16T09:00")
        assert told() == (2, 2)


def plain(message: str) -> str:
    """A notice on one line, whatever its lines were broken into."""
    return re.sub(r"\s+", " ", message.replace("=\n", ""))

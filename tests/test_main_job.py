"""The main path, as a user walks it: processes, HTTP, SMTP, files."""

import email
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from pypdf import PdfReader

from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.program import CONFIG, SECRET, reportgen, sandbox_process

ROOT = Path(__file__).parent.parent
Write = Callable[[str], Path]


def last_month() -> str:
    first = datetime.now(UTC).date().replace(day=1)
    return f"{first - timedelta(days=1):%Y-%m}"


def test_the_main_job_makes_files_and_mails_every_report_once(
    config: Write, tmp_path: Path
) -> None:
    with sandbox_process() as api, Mailbox(tmp_path / "outbox") as mailbox:
        config(CONFIG.format(api=api, smtp=mailbox.port))
        first = reportgen("run", "--json", "--period", "last-month", cwd=tmp_path)
        second = reportgen("run", cwd=tmp_path)
        messages = mailbox.messages()
    assert (first.status, first.err.count("handed over")) == (0, 3), first.err
    assert [run["state"] for run in first.json] == ["succeeded"] * 3
    assert second.status == 0
    assert "nothing was sent" in second.out
    assert [message.name.partition("-")[0] for message in messages] == [
        "board@pinecrest.example",
        "ceo@harbourline.example",
        "it@harbourline.example",
        "leitung@nordhafen.example",
    ]
    _check_documents(tmp_path)
    _check_message(messages[1], tmp_path)


def _check_documents(folder: Path) -> None:
    harbourline = folder / f"reports/Harbourline-Logistics/monthly-{last_month()}.pdf"
    text = "".join(page.extract_text() for page in PdfReader(harbourline).pages)
    assert "Warehouse Operations" in text
    assert "Nordhafen" not in text
    german = folder / f"reports/Nordhafen-Klinikum-GmbH/monthly-{last_month()}.pdf"
    assert "Zusammenfassung" in "".join(p.extract_text() for p in PdfReader(german).pages)
    letter = PdfReader(folder / f"reports/Pinecrest-Credit-Union/monthly-{last_month()}.pdf")
    assert round(float(letter.pages[0].mediabox.width)) == 612


def _check_message(file: Path, folder: Path) -> None:
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["To"] == "ceo@harbourline.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@halvorn.example>")
    attachment = next(message.iter_attachments())
    stored = folder / f"reports/Harbourline-Logistics/monthly-{last_month()}.pdf"
    assert attachment.get_content() == stored.read_bytes()
    body = message.get_body(("plain",))
    assert body is not None
    assert "The report is attached as a PDF" in body.get_content()


def test_one_customers_trouble_does_not_stop_the_others(config: Write, tmp_path: Path) -> None:
    with (
        sandbox_process("privacy@Nk8hF2pLq6Ud") as api,
        Mailbox(tmp_path / "outbox") as mailbox,
    ):
        config(CONFIG.format(api=api, smtp=mailbox.port))
        ended = reportgen("run", "--json", cwd=tmp_path)
        sent = len(mailbox.messages())
    states = {run["customer"]: run["state"] for run in ended.json}
    assert ended.status == 1
    assert states == {
        "Harbourline Logistics": "succeeded",
        "Nordhafen Klinikum GmbH": "failed",
        "Pinecrest Credit Union": "succeeded",
    }
    assert "has not granted access" in ended.json[1]["reasons"][0]
    assert sent == 3


def test_a_missing_widget_holds_the_report_and_nothing_of_it_leaves(
    config: Write, tmp_path: Path
) -> None:
    fault = "widget-fails=TrainingCompletionWidget@xC5kfGz7w2Nz"
    with sandbox_process(fault) as api, Mailbox(tmp_path / "outbox") as mailbox:
        config(CONFIG.format(api=api, smtp=mailbox.port))
        ended = reportgen("run", "--json", "--customer", "Harbourline Logistics", cwd=tmp_path)
        sent = mailbox.messages()
    assert ended.status == 1
    assert [run["state"] for run in ended.json] == ["held"]
    assert sent == ()
    assert not (tmp_path / "reports").exists()
    kept = tmp_path / f"archive/monthly/xC5kfGz7w2Nz/{last_month()}/1/document.pdf"
    text = PdfReader(kept).pages[0].extract_text()
    assert "not for release" not in text, "exactly this file goes out if somebody approves it"


def test_a_refused_recipient_is_reported_and_the_others_get_theirs(
    config: Write, tmp_path: Path
) -> None:
    refusing = MailboxSettings(refuse=("ceo@harbourline.example",))
    with (
        sandbox_process() as api,
        Mailbox(tmp_path / "outbox", settings=refusing) as mailbox,
    ):
        config(CONFIG.format(api=api, smtp=mailbox.port))
        ended = reportgen("run", "--json", "--customer", "Harbourline Logistics", cwd=tmp_path)
        sent = [message.name.partition("-")[0] for message in mailbox.messages()]
        history = reportgen("history", "--json", cwd=tmp_path)
    assert ended.status == 1
    assert "550" in ended.json[0]["reasons"][0]
    assert sent == ["it@harbourline.example"]
    states = {row["target"]: row["state"] for row in history.json[0]["deliveries"]}
    assert states["ceo@harbourline.example"] == "refused"
    assert states["it@harbourline.example"] == "sent"


def test_no_secret_shows_anywhere(config: Write, tmp_path: Path) -> None:
    """Planted secrets, wrong on purpose, so that errors are told, too."""
    login = "security: plain\n    username: somebody\n    password: ${{SMTP}}"
    text = CONFIG.replace("security: plain", login)
    environ = {"API_SECRET": SECRET, "SMTP": SECRET + "-smtp"}
    said = ""
    with sandbox_process() as api, Mailbox(tmp_path / "outbox") as mailbox:
        config(text.format(api=api, smtp=mailbox.port))
        for command in (("run",), ("check",), ("companies",)):
            ended = reportgen(*command, "--log-level", "debug", cwd=tmp_path, environ=environ)
            assert ended.status == 1, ended.err
            said += ended.out + ended.err
        good = {"API_SECRET": "demo-secret-of-nobody", "SMTP": SECRET + "-smtp"}
        ended = reportgen("run", "--log-level", "debug", cwd=tmp_path, environ=good)
        said += ended.out + ended.err + reportgen("history", "--json", cwd=tmp_path).out
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert ended.status == 1
    assert SECRET not in said
    assert "Bearer" not in said
    assert SECRET.encode() not in stored.replace((tmp_path / "config.yaml").read_bytes(), b"")


def test_the_example_configuration_runs_as_it_is(tmp_path: Path) -> None:
    written = reportgen("init", cwd=tmp_path)
    ended = reportgen("run", "--customer", "Pc3wT9vRm4Ja", cwd=tmp_path)
    assert (written.status, ended.status) == (0, 0), ended.err
    assert len(list((tmp_path / "out/outbox").glob("*.eml"))) == 2
    assert str(tmp_path / "out/reports") in ended.out


def test_a_dry_run_makes_and_sends_nothing(tmp_path: Path) -> None:
    reportgen("init", cwd=tmp_path)
    ended = reportgen("run", "--dry-run", "--json", cwd=tmp_path)
    assert ended.status == 0
    assert len(ended.json) == 3
    assert not (tmp_path / "out").exists()


def test_a_preview_records_and_sends_nothing(tmp_path: Path) -> None:
    reportgen("init", cwd=tmp_path)
    ended = reportgen("preview", "--html", "-o", "page.html", cwd=tmp_path)
    assert ended.status == 0, ended.err
    assert "Draft, not for release" in (tmp_path / "page.html").read_text("utf-8")
    assert not (tmp_path / "out").exists()


def test_looking_commands_answer_in_json(tmp_path: Path) -> None:
    reportgen("init", cwd=tmp_path)
    companies = reportgen("companies", "--json", cwd=tmp_path).json
    widgets = reportgen("widgets", "--customer", "Harbourline Logistics", "--json", cwd=tmp_path)
    saved = reportgen("reports", "--customer", "Harbourline Logistics", "--json", cwd=tmp_path)
    assert {"name": "Harbourline Logistics", "id": "xC5kfGz7w2Nz"}.items() <= next(
        row for row in companies if row["id"] == "xC5kfGz7w2Nz"
    ).items()
    assert len(widgets.json) == 26
    assert [row["name"] for row in saved.json] == ["Board pack", "Campaign detail"]


def test_a_report_can_follow_what_the_customer_saved(tmp_path: Path) -> None:
    reportgen("init", cwd=tmp_path)
    config = tmp_path / "config.yaml"
    config.write_text(config.read_text().replace("reports: [monthly]", "reports: [board]"))
    ended = reportgen(
        "run", "--customer", "Harbourline Logistics", "--period", "2026-Q3", cwd=tmp_path
    )
    assert ended.status == 0, ended.err
    pdf = PdfReader(tmp_path / "out/reports/Harbourline-Logistics/board-2026-Q3.pdf")
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "Where we stand" in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_serve_makes_what_is_due_and_ends_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    reportgen("init", cwd=tmp_path)
    reportgen("due", cwd=tmp_path)  # notices the customers, as a service that ran before would
    _turn_back_the_ledger(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "reportgen", "serve", "--log-format", "json", "--every", "0.5"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if "handed over" in line and sum("handed over" in one for one in lines) == 3:
            process.send_signal(number)
    assert process.wait(60) == 0, "".join(lines)
    process.stderr.close()
    assert all(line.startswith("{") for line in lines), "".join(lines)
    assert '"stopped"' in lines[-1]
    assert len(list((tmp_path / "out/outbox").glob("*.eml"))) == 5


def _turn_back_the_ledger(folder: Path) -> None:
    import sqlite3

    with sqlite3.connect(folder / "out/ledger.db") as ledger:
        ledger.execute("UPDATE schedule SET first_seen = '2026-01-01T00:00:00.000000Z'")
    ledger.close()


def test_a_report_is_compared_with_the_edition_before_and_not_where_its_meaning_changed(
    config: Write, tmp_path: Path
) -> None:
    """The first month's answers are kept; the second month is compared with them."""
    with sandbox_process() as api, Mailbox(tmp_path / "outbox") as mailbox:
        config(CONFIG.format(api=api, smtp=mailbox.port))
        options = ("--customer", "Harbourline Logistics", "--period")
        first = reportgen("run", *options, "2026-08", cwd=tmp_path)
        second = reportgen("run", *options, "2026-09", cwd=tmp_path)
        for snapshot in (tmp_path / "archive").rglob("2026-09/1/snapshot.json"):
            said = snapshot.read_text("utf-8")
            snapshot.write_text(said.replace('"description":"', '"description":"Formerly: '))
        third = reportgen("run", *options, "2026-10", cwd=tmp_path)
    assert [ended.status for ended in (first, second, third)] == [0, 0, 0], third.err
    texts = {
        period: "".join(
            page.extract_text()
            for page in PdfReader(
                tmp_path / f"reports/Harbourline-Logistics/monthly-{period}.pdf"
            ).pages
        )
        for period in ("2026-08", "2026-09", "2026-10")
    }
    assert "Aug edition" in texts["2026-09"]
    assert "edition" not in texts["2026-08"].split("What changed")[0].split("Edition")[-1]
    assert "Sep edition" not in texts["2026-10"]
    assert "the platform has changed how it is defined" in " ".join(texts["2026-10"].split())

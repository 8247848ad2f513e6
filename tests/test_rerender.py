"""A kept report is made again, to the byte, from the archive alone."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pypdf import PdfReader

from reportgen import bundled
from reportgen.sandbox.mailbox import Mailbox
from tests.program import CONFIG, Ended, reportgen, sandbox_process

HARBOURLINE, NORDHAFEN, PINECREST = "xC5kfGz7w2Nz", "Nk8hF2pLq6Ud", "Pc3wT9vRm4Ja"
REPORTS = """reports:
  board:
    title: Board report
    saved_report: Board pack
  monthly:"""
RUNS = {
    "the first one, compared with the platform": f"monthly/{HARBOURLINE}/2026-08",
    "one compared with the edition before": f"monthly/{HARBOURLINE}/2026-09",
    "one in German": f"monthly/{NORDHAFEN}/2026-09",
    "one that is held": f"monthly/{PINECREST}/2026-09",
    "one that follows a saved report": f"board/{HARBOURLINE}/2026-09",
}
CORRECTED = f"monthly/{HARBOURLINE}/2026-08/2"
"""Made once more after the platform had changed its figures."""
OFFLINE = """
import sys

def refuse(event, arguments):
    if event == "socket.connect" and arguments[0].family.name == "AF_UNIX":
        return  # another process of the program's own on this machine
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        raise SystemExit(f"contacted somebody: {event} {arguments}")

sys.addaudithook(refuse)
from reportgen.cli import main
main()
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where reports were made and mailed; platform and mail server are gone since."""
    folder = tmp_path_factory.mktemp("office")
    fault = f"widget-fails=TrainingCompletionWidget@{PINECREST}"
    (folder / "own").mkdir()
    shutil.copy(bundled.TEMPLATES / "brands/halvorn.svg", folder / "mark.svg")
    with sandbox_process(fault) as api, Mailbox(folder / "outbox") as mailbox:
        text = CONFIG.format(api=api, smtp=mailbox.port)
        text = text.replace("reports:\n  monthly:", REPORTS).replace(
            "brands/halvorn.svg", "mark.svg"
        )
        text += "templates: own\n"
        (folder / "config.yaml").write_text(text, "utf-8")
        harbourline = ("--customer", "Harbourline Logistics")
        reportgen("run", "--report", "monthly", *harbourline, "--period", "2026-08", cwd=folder)
        reportgen("run", "--report", "monthly", "--period", "2026-09", cwd=folder)
        reportgen("run", "--report", "board", *harbourline, "--period", "2026-09", cwd=folder)
    with sandbox_process("sums-102") as changed, Mailbox(folder / "outbox") as mailbox:
        text = text.replace(api, changed)
        text = re.sub(r"port: \d+", f"port: {mailbox.port}", text)
        (folder / "config.yaml").write_text(text, "utf-8")
        wanted = ("--report", "monthly", *harbourline, "--period", "2026-08", "--again")
        reportgen("run", *wanted, cwd=folder)
    (folder / "config.yaml").write_text(text.replace("{API_SECRET}", "{NOBODY_SETS_THIS}"), "utf-8")
    (folder / "mark.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    return folder


@pytest.fixture
def place(office: Path, tmp_path: Path) -> Path:
    """A copy of it: the archive has moved, and the ledger still names the old places."""
    shutil.copytree(office, tmp_path / "office")
    return tmp_path / "office"


def offline(*arguments: str, cwd: Path, **environ: str) -> Ended:
    """The program in a process that may contact nobody."""
    inherited = {name: text for name, text in os.environ.items() if name != "API_SECRET"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", OFFLINE, *arguments],
        cwd=cwd,
        env=inherited | environ,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def bundle(place: Path, run: str) -> Path:
    return place / "archive" / f"{run}/1"


def words(pdf: Path) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(pdf).pages).split())


def test_the_reports_are_what_they_are_said_to_be(office: Path) -> None:
    """So that the tests below test what they say."""
    first, compared, german, held, saved = (bundle(office, run) for run in RUNS.values())
    earlier = [json.loads((each / "snapshot.json").read_text("utf-8"))["earlier"] for each in
               (first, compared)]  # fmt: skip
    assert [each["edition"] for each in earlier] == [False, True]
    assert all(each["widgets"] for each in earlier)
    assert "Aug edition" in words(compared / "document.pdf")
    assert "Zusammenfassung" in words(german / "document.pdf")
    assert "not for release" not in words(held / "document.pdf"), "exactly it goes out if approved"
    kept = json.loads((saved / "snapshot.json").read_text("utf-8"))
    assert kept["saved_report"]["name"] == "Board pack"


def test_a_corrected_edition_names_the_first_and_its_mail_says_so(office: Path) -> None:
    made = office / "archive" / CORRECTED / "document.pdf"
    assert "This is edition 2. It replaces edition 1 of" in words(made)
    assert re.search(r"\d figures have changed", words(made))
    letter = json.loads(made.with_name("document.json").read_text("utf-8"))["letter"]
    assert letter["subject"].startswith("Corrected: Human risk report, August 2026")
    first = office / "archive" / f"{CORRECTED.removesuffix('/2')}/1/document.pdf"
    assert "replaces edition" not in words(first)


def test_a_contact_would_be_noticed(office: Path) -> None:
    ended = offline("companies", cwd=office, NOBODY_SETS_THIS="x")
    assert "contacted somebody: socket." in ended.err


@pytest.mark.parametrize("run", [*RUNS.values(), CORRECTED], ids=[*RUNS, "a corrected one"])
def test_an_unchanged_program_makes_the_same_bytes_and_contacts_nobody(
    office: Path, run: str
) -> None:
    before = dict(files(office / "archive"))
    ended = offline("rerender", run, "--json", cwd=office)
    assert ended.status == 0, ended.err + ended.out
    assert ended.json["same"] is True
    assert ended.json["changes"] == []
    assert ended.json["made"] == ended.json["kept"]
    assert ended.json["written"] is None
    assert dict(files(office / "archive")) == before


def test_the_customer_may_be_named_and_the_copy_written(office: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies/again.pdf"
    run = "monthly/harbourline logistics/2026-09/1"
    ended = offline("rerender", run, "--output", str(copy), cwd=office)
    assert ended.status == 0, ended.err
    assert "the same to the byte" in ended.out
    kept = bundle(office, RUNS["one compared with the edition before"]) / "document.pdf"
    assert copy.read_bytes() == kept.read_bytes()


def test_a_run_nobody_knows_is_a_mistake(office: Path) -> None:
    ended = offline("rerender", "monthly/nobody/2026-09", cwd=office)
    assert ended.status == 2
    assert "reportgen history" in ended.err


def test_a_changed_template_is_named_and_the_new_file_written(place: Path) -> None:
    style = (bundled.TEMPLATES / "report.css").read_text("utf-8")
    (place / "own/report.css").write_text(f"{style}\np {{ color: #123456 }}\n", "utf-8")
    run = RUNS["one in German"]
    ended = offline("rerender", run, "--json", cwd=place)
    assert ended.status == 1, ended.err
    assert ended.json["changes"] == ["own templates: changed"]
    written = place / ended.json["written"]
    assert written.read_bytes() != (bundle(place, run) / "document.pdf").read_bytes()
    assert "Zusammenfassung" in words(written)


def test_another_program_is_named(place: Path) -> None:
    run = RUNS["one in German"]
    manifest = bundle(place, run) / "document.json"
    kept = json.loads(manifest.read_text("utf-8"))
    kept["versions"] |= {"reportgen": "0.0.9", "weasyprint": "69.0"}
    manifest.write_text(json.dumps(kept), "utf-8")
    ended = offline("rerender", run, "--json", cwd=place)
    assert ended.status == 0, "the bytes decide"
    changes = " ".join(ended.json["changes"])
    assert "reportgen: 0.0.9, now" in changes
    assert "weasyprint: 69.0, now" in changes


@pytest.mark.parametrize("as_file", [False, True], ids=["name", "file"])
def test_another_template_makes_a_new_edition_that_nobody_gets(place: Path, as_file: bool) -> None:
    report = (bundled.TEMPLATES / "report.html").read_text("utf-8")
    sober = report.replace("</body>", "<p>Printed soberly</p></body>")
    assert sober != report
    (place / ("sober.html" if as_file else "own/sober.html")).write_text(sober, "utf-8")
    run = RUNS["one compared with the edition before"]
    before = dict(files(place / "archive"))
    outbox = dict(files(place / "outbox"))
    name = "./sober.html" if as_file else "sober.html"
    ended = offline("rerender", run, "--template", name, "-o", "new.pdf", "--json", cwd=place)
    assert ended.status == 0, ended.err
    assert ended.json == {"run": f"{run}/2", "state": "kept", "reasons": []}
    after = dict(files(place / "archive"))
    assert before.items() <= after.items()
    assert dict(files(place / "outbox")) == outbox
    made = place / "archive" / f"{run}/2/document.pdf"
    assert "Printed soberly" in words(made)
    assert "Aug edition" in words(made)
    assert (place / "new.pdf").read_bytes() == made.read_bytes()
    assert "This is edition 2. It replaces edition 1 of" in words(made)
    assert "No figure has changed." in words(made)
    history = {row["edition"]: row for row in reportgen("history", "--json", cwd=place, environ={
        "NOBODY_SETS_THIS": "x"}).json if row["period"] == "2026-09" and row["report"] == "monthly"
        and row["company_id"] == HARBOURLINE}  # fmt: skip
    assert history[1]["state"] == "succeeded"
    assert (history[2]["state"], history[2]["deliveries"]) == ("kept", [])


def test_a_new_edition_can_be_made_again_too_while_its_template_is_in_the_folder(
    place: Path,
) -> None:
    report = (bundled.TEMPLATES / "report.html").read_text("utf-8")
    (place / "own/sober.html").write_text(report, "utf-8")
    run = RUNS["one that is held"]
    made = offline("rerender", run, "--template", "sober.html", cwd=place)
    assert made.status == 1, "what was held is held"
    assert "held: " in made.err
    again = offline("rerender", f"{run}/2", "--json", cwd=place)
    assert (again.status, again.json["same"]) == (0, True), again.err
    (place / "own/sober.html").unlink()
    gone = offline("rerender", f"{run}/2", cwd=place)
    assert gone.status == 1
    assert "there is no template 'sober.html'" in gone.err


def test_a_template_that_cannot_be_used_leaves_no_run_behind(place: Path) -> None:
    (place / "own/broken.html").write_text("{{ nothing.of_that_name }}", "utf-8")
    run = RUNS["one in German"]
    before = runs_on_record(place)
    for name, said in (("broken.html", "broken.html:1"), ("none.html", "there is no template")):
        ended = offline("rerender", run, "--template", name, cwd=place)
        assert ended.status == 1
        assert said in ended.err
    assert runs_on_record(place) == before


def runs_on_record(place: Path) -> int:
    with closing(sqlite3.connect(place / "ledger.db")) as ledger:
        (count,) = ledger.execute("SELECT count(*) FROM run").fetchone()
    return int(count)


def test_figures_of_another_customer_are_never_printed(place: Path) -> None:
    """Two folders of the archive that were mixed up by hand."""
    mine, other = (bundle(place, RUNS[name]) for name in ("one in German", "one that is held"))
    shutil.rmtree(mine)
    shutil.copytree(other, mine)
    ended = offline("rerender", RUNS["one in German"], cwd=place)
    assert ended.status == 1
    assert f"holds {RUNS['one that is held']}, which belongs elsewhere" in ended.err
    shutil.copytree(
        bundle(place, RUNS["one that follows a saved report"]), mine, dirs_exist_ok=True
    )
    manifest = mine / "document.json"
    kept = json.loads(manifest.read_text("utf-8"))
    kept["key"] |= {"report": "monthly", "company_id": NORDHAFEN}
    kept["customer"] |= {"company_id": NORDHAFEN}
    manifest.write_text(json.dumps(kept), "utf-8")
    ended = offline("rerender", RUNS["one in German"], cwd=place)
    assert ended.status == 1
    assert f"the answers are for company {HARBOURLINE}" in ended.err


def test_a_bundle_of_an_earlier_program_is_there_but_cannot_be_made_again(place: Path) -> None:
    run = RUNS["one in German"]
    for name, dropped in (
        ("snapshot.json", ("earlier", "report", "saved_report", "company_id", "fetched_at")),
        ("document.json", ("files",)),
    ):
        file = bundle(place, run) / name
        kept = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps({key: kept[key] for key in kept if key not in dropped}), "utf-8")
    ended = offline("rerender", run, cwd=place)
    assert ended.status == 1
    assert "did not keep all that it takes" in ended.err

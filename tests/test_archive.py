"""The archive gives back exactly what was kept, or says that it cannot."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen import storing
from reportgen.archive import FileArchive
from reportgen.errors import StorageError
from reportgen.model import (
    Availability,
    DocumentState,
    Entry,
    Period,
    RunKey,
    Value,
    Widget,
    WidgetRequest,
)
from reportgen.rendering.origins import made_with
from tests.keeping import making
from tests.papers import CUSTOMER, HALVORN, document

ROOT = Path(__file__).parent.parent
OLD_VERSIONS = {"reportgen": "0.1.0", "weasyprint": "70.0", "jinja2": "3.1.6"}
OLD_MANIFEST = (ROOT / "tests/data/old-manifest.json").read_text("utf-8")
PANGO = {"pango": "1.50.12"}
SNAPSHOT = {"answers": [{"request": {"b": 1, "a": 2}, "answer": {"value": 3.5}}]}


@pytest.fixture
def archive(tmp_path: Path) -> FileArchive:
    return FileArchive("archive", tmp_path)


def test_a_document_comes_back_exactly_as_kept(archive: FileArchive) -> None:
    kept = document(state=DocumentState.HELD, reasons=("a widget failed",))
    assert archive.load(archive.keep(kept, SNAPSHOT)) == kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(name=st.text(), text=st.text(st.characters(codec=None)))
def test_any_text_comes_back_exactly(archive: FileArchive, name: str, text: str) -> None:
    usual = document()
    odd = replace(
        usual, customer=replace(CUSTOMER, name=name), letter=replace(usual.letter, text=text)
    )
    assert archive.load(archive.keep(odd, SNAPSHOT)) == odd


def test_the_answers_come_back_as_they_were_read(archive: FileArchive) -> None:
    window = Period(date(2026, 10, 1), date(2026, 11, 1))
    widget = Widget(
        WidgetRequest("SimulationCoverageWidget", window),
        Availability.ANSWERED,
        "id",
        "Coverage",
        "Who was tested",
        "pie",
        (Entry(date(2026, 10, 1), (Value(465.0, "CountSimulated", "Tested"),), {"a": [1, {}]}),),
    )
    place = archive.keep(document(), {"answers": [], "widgets": (widget,)})
    assert archive.widgets(place) == (widget,)
    snapshot = next(Path(place).rglob("snapshot.json"))
    snapshot.write_text("{}")
    with pytest.raises(StorageError, match="its answers cannot be read"):
        archive.widgets(place)


def test_keeping_twice_is_keeping_once(archive: FileArchive) -> None:
    assert archive.keep(document(), SNAPSHOT) == archive.keep(document(), SNAPSHOT)


def test_a_second_making_of_the_same_run_never_replaces_the_first(archive: FileArchive) -> None:
    """As when a worker that was thought dead comes back, or a held report is made anew."""
    first, second = document(b"%PDF first"), document(b"%PDF second")
    places = archive.keep(first, SNAPSHOT), archive.keep(second, SNAPSHOT)
    assert [archive.load(place) for place in places] == [first, second]
    assert archive.keep(second, SNAPSHOT) == places[1]


def test_what_a_crash_left_half_kept_does_not_stand_in_the_way(
    archive: FileArchive, tmp_path: Path
) -> None:
    place = Path(archive.keep(document(b"%PDF first"), SNAPSHOT))
    (place / "document.json").unlink()
    second = document(b"%PDF second")
    assert archive.load(archive.keep(second, SNAPSHOT)) == second


def test_the_folder_tells_whose_document_it_is(archive: FileArchive, tmp_path: Path) -> None:
    place = Path(archive.keep(document(), SNAPSHOT))
    assert place == tmp_path / "archive/monthly/xC5kQ2/2026-10/1"
    names = sorted(path.name for path in place.iterdir())
    assert names == ["document.json", "document.pdf", "snapshot.json"]


def test_the_snapshot_has_one_form_only(archive: FileArchive) -> None:
    snapshot = Path(archive.keep(document(), SNAPSHOT), "snapshot.json").read_text()
    assert snapshot == '{"answers":[{"answer":{"value":3.5},"request":{"a":2,"b":1}}]}'


def test_the_manifest_names_what_made_the_document(archive: FileArchive) -> None:
    kept = document(made_with=made_with(engine=PANGO))
    manifest = json.loads(Path(archive.keep(kept, SNAPSHOT), "document.json").read_text())
    versions = manifest["versions"]
    assert {"reportgen", "weasyprint", "jinja2", "pango"} <= versions.keys()
    assert [len(versions[name]) for name in ("program", "templates", "fonts")] == [64, 64, 64]
    assert manifest["letter"]["subject"] == "October report"
    assert manifest["sha256"] == sha256(kept.pdf).hexdigest()


def test_a_changed_template_changes_the_digest_and_a_note_beside_it_does_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/cover.html").write_text("one")
    (tmp_path / "notes.odt").write_text("one")
    first = made_with(tmp_path, engine=PANGO)
    (tmp_path / "notes.odt").write_text("two")
    assert made_with(tmp_path, engine=PANGO) == first
    (tmp_path / "parts/cover.html").write_text("two")
    second = made_with(tmp_path, engine=PANGO)
    assert [name for name in first if first[name] != second[name]] == ["own templates"]
    (tmp_path / "parts/cover.html").rename(tmp_path / "cover.html")
    assert made_with(tmp_path, engine=PANGO)["own templates"] != second["own templates"]


def test_a_changed_byte_in_the_document_is_noticed(archive: FileArchive) -> None:
    place = archive.keep(document(), SNAPSHOT)
    file = Path(place, "document.pdf")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        archive.load(place)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"customer": {}}', b"\xff"])
def test_a_manifest_that_cannot_be_read_is_said(archive: FileArchive, content: bytes) -> None:
    place = archive.keep(document(), SNAPSHOT)
    Path(place, "document.json").write_bytes(content)
    with pytest.raises(StorageError, match="manifest"):
        archive.load(place)


@pytest.mark.parametrize("name", ["document.pdf", "document.json"])
def test_a_missing_file_is_noticed(archive: FileArchive, name: str) -> None:
    place = archive.keep(document(), SNAPSHOT)
    Path(place, name).unlink()
    with pytest.raises(StorageError, match=name):
        archive.load(place)


def test_a_bundle_of_an_earlier_program_still_loads(archive: FileArchive, tmp_path: Path) -> None:
    """Word for word what the first program wrote."""
    place = tmp_path / "archive/monthly/xC5kQ2/2026-10/1"
    place.mkdir(parents=True)
    (place / "document.pdf").write_bytes(document().pdf)
    (place / "document.json").write_text(OLD_MANIFEST, "utf-8")
    (place / "snapshot.json").write_text('{"answers":[],"widgets":[]}', "utf-8")
    assert archive.load(str(place)) == document(made_with=OLD_VERSIONS)
    assert archive.widgets(str(place)) == ()
    with pytest.raises(StorageError, match="did not keep all that it takes"):
        archive.snapshot(str(place))
    fresh = archive.keep(document(made_with=OLD_VERSIONS), {"answers": [], "widgets": []})
    assert fresh != str(place)


def test_the_logos_are_kept_and_given_back(archive: FileArchive, tmp_path: Path) -> None:
    for name in ("light.svg", "dark.PNG"):
        (tmp_path / name).write_text(name)
    brand = replace(
        HALVORN, logo=str(tmp_path / "light.svg"), logo_on_primary=str(tmp_path / "dark.PNG")
    )
    place = archive.keep(document(customer=replace(CUSTOMER, brand=brand)), SNAPSHOT)
    for name in ("light.svg", "dark.PNG"):
        (tmp_path / name).write_text("another face")
    found = archive.brand(place, tmp_path)
    assert found == replace(
        brand,
        logo=str(tmp_path / "logo.svg"),
        logo_on_primary=str(tmp_path / "logo_on_primary.png"),
    )
    assert (tmp_path / "logo.svg").read_text() == "light.svg"
    assert (tmp_path / "logo_on_primary.png").read_text() == "dark.PNG"


def test_a_damaged_snapshot_is_noticed(archive: FileArchive) -> None:
    place = archive.keep(document(), SNAPSHOT)
    snapshot = Path(place, "snapshot.json")
    snapshot.write_text(snapshot.read_text().replace("3.5", "4.5"))
    with pytest.raises(StorageError, match="its answers are damaged"):
        archive.snapshot(place)


def test_a_damaged_bundle_is_not_taken_for_the_one_that_is_kept(archive: FileArchive) -> None:
    first = archive.keep(document(), SNAPSHOT)
    Path(first, "document.pdf").write_bytes(b"%PDF damaged")
    second = archive.keep(document(), SNAPSHOT)
    assert second != first
    assert archive.load(second) == document()


# ---- half done -----------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be split here")
def test_a_process_may_end_anywhere_while_it_keeps_or_removes(tmp_path: Path) -> None:
    """`tests/ending.py` ends one process before each step that changes a file."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.ending", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ended = json.loads(done.stdout)
    assert ended["keep"] > 8
    assert ended["remove"] > 3


@pytest.mark.parametrize("same", [True, False], ids=["one making", "many makings"])
def test_processes_that_keep_the_same_edition_at_once_never_mix(tmp_path: Path, same: bool) -> None:
    moment = str(time.time() + 2)
    started = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.keeping",
                str(tmp_path),
                "0" if same else str(number),
                moment,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    places = [process.communicate(timeout=60)[0].strip() for process in started]
    assert [process.returncode for process in started] == [0] * 4
    archive = FileArchive("archive", tmp_path)
    pdfs = [archive.load(place).pdf for place in places]
    assert pdfs == [making(0 if same else number).pdf for number in range(4)]
    for place, pdf in zip(places, pdfs, strict=True):
        assert json.loads(Path(place, "snapshot.json").read_text())["of"] == sha256(pdf).hexdigest()
    folders = sorted((tmp_path / "archive/monthly/xC5kQ2/2026-10").iterdir())
    assert sorted(map(str, folders)) == sorted(set(places))
    assert len(folders) == (1 if same else 4)


def test_what_was_left_behind_a_day_ago_is_swept_by_the_next_keeping(
    archive: FileArchive, tmp_path: Path
) -> None:
    period = Path(archive.keep(document(), SNAPSHOT)).parent
    names = ("a" * 32, "b" * 32)
    for name in names:
        (period / f".{name}.tmp").mkdir()
        (period / f".{name}.tmp/document.pdf").write_bytes(b"%PDF half")
        (period / f"1/.{name}.tmp").write_bytes(b"half")
    own = period / ".mine.tmp"
    own.write_text("not ours")
    day_old = time.time() - 24 * 3600 - 60
    for path in (*period.rglob(f".{names[0]}.tmp"), own):
        os.utime(path, (day_old, day_old))
    archive.keep(document(key=RunKey("monthly", "xC5kQ2", "2026-11")), SNAPSHOT)
    assert {path.name for path in period.rglob("*.tmp")} == {f".{names[1]}.tmp", ".mine.tmp"}
    assert archive.sweep() == 0


def test_elsewhere_the_manifest_comes_last_and_two_makings_never_share_a_folder(
    tmp_path: Path,
) -> None:
    archive = FileArchive("memory://archive-of-makings", tmp_path)
    first, second = document(b"%PDF first"), document(b"%PDF second")
    places = archive.keep(first, SNAPSHOT), archive.keep(second, SNAPSHOT)
    assert [archive.load(place) for place in places] == [first, second]
    assert all(re.search(r"/2026-10/1-[0-9a-f]{8}$", place) for place in places)
    system = pytest.importorskip("fsspec").filesystem("memory")
    system.rm_file(f"{places[0].removeprefix('memory:/')}/document.json")
    assert archive.keep(first, SNAPSHOT) == places[0], "an upload that broke off is completed"
    assert archive.load(places[0]) == first


# ---- letting go ----------------------------------------------------------------------------


def test_removing_an_edition_takes_all_its_makings_and_nothing_else(
    archive: FileArchive, tmp_path: Path
) -> None:
    held, sent = document(b"%PDF held"), document(b"%PDF sent")
    places = [archive.keep(each, SNAPSHOT) for each in (held, sent)]
    others = [
        archive.keep(document(key=RunKey("monthly", "xC5kQ2", period, edition)), SNAPSHOT)
        for period, edition in (("2026-10", 2), ("2026-10", 11), ("2026-09", 1))
    ]
    stranger = tmp_path / "archive/monthly/xC5kQ2/2026-10/1-notes"
    stranger.mkdir()
    assert archive.remove(sent.key, places[1])
    assert [storing.exists(place) for place in places] == [False, False]
    assert all(archive.load(place) for place in others)
    assert stranger.is_dir()
    assert not archive.remove(sent.key, places[1]), "it was gone before"


def test_removing_works_elsewhere(tmp_path: Path) -> None:
    archive = FileArchive("memory://archive-to-prune", tmp_path)
    place = archive.keep(document(), SNAPSHOT)
    assert archive.remove(document().key, place)
    assert not storing.exists(f"{place}/document.pdf")


def test_an_archive_may_move(archive: FileArchive, tmp_path: Path) -> None:
    place = archive.keep(document(), {"widgets": []})
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    moved = FileArchive("elsewhere", tmp_path)
    assert moved.load(place) == document()
    assert moved.widgets(place) == ()


def test_a_bundle_in_another_ones_place_is_noticed(archive: FileArchive) -> None:
    other = RunKey("monthly", "xC5kQ2-b", "2026-10")
    mine, strange = (
        Path(archive.keep(made, {"widgets": []})) for made in (document(), document(key=other))
    )
    shutil.rmtree(mine)
    strange.rename(mine)
    for look in (archive.load, archive.widgets):
        with pytest.raises(StorageError, match="belongs elsewhere"):
            look(str(mine))


def test_a_hostile_key_stays_inside_the_archive(archive: FileArchive, tmp_path: Path) -> None:
    place = Path(archive.keep(document(key=RunKey("..", "../../x", "/etc", 1)), SNAPSHOT))
    inside = place.resolve().relative_to(tmp_path / "archive")
    assert len(inside.parts) == 4


def test_an_archive_may_lie_elsewhere(tmp_path: Path) -> None:
    archive = FileArchive("memory://archive-of-a-test", tmp_path)
    assert archive.load(archive.keep(document(), SNAPSHOT)) == document()
    assert storing.probe("memory://archive-of-a-test") == "writable: memory://archive-of-a-test"


def test_the_place_that_is_noted_holds_no_password(tmp_path: Path) -> None:
    archive = FileArchive("memory://ann:s3cret@archive-with-login", tmp_path)
    place = archive.keep(document(), SNAPSHOT)
    assert "s3cret" not in place
    assert archive.load(place) == document()

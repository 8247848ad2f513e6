"""The archive gives back exactly what was kept, or says that it cannot."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from tests.papers import CUSTOMER, document

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
    manifest = json.loads(Path(archive.keep(document(), SNAPSHOT), "document.json").read_text())
    assert {"reportgen", "weasyprint"} <= manifest["versions"].keys()
    assert manifest["letter"]["subject"] == "October report"


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


def test_a_hostile_key_stays_inside_the_archive(archive: FileArchive, tmp_path: Path) -> None:
    place = Path(archive.keep(document(key=RunKey("..", "../../x", "/etc", 1)), SNAPSHOT))
    inside = place.resolve().relative_to(tmp_path / "archive")
    assert len(inside.parts) == 4


def test_an_archive_may_lie_elsewhere(tmp_path: Path) -> None:
    archive = FileArchive("memory://archive-of-a-test", tmp_path)
    assert archive.load(archive.keep(document(), SNAPSHOT)) == document()
    assert archive.check() == "writable: memory://archive-of-a-test"


def test_the_place_that_is_noted_holds_no_password(tmp_path: Path) -> None:
    archive = FileArchive("memory://ann:s3cret@archive-with-login", tmp_path)
    place = archive.keep(document(), SNAPSHOT)
    assert "s3cret" not in place
    assert archive.load(place) == document()

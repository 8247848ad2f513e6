"""Files that are there whole or not at all, and names that are safe everywhere."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import storing
from reportgen.errors import StorageError
from reportgen.names import file_part

_RESERVED = {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


@given(st.text(st.characters(codec=None)))
def test_any_text_becomes_one_safe_part_of_a_path(text: str) -> None:
    name = file_part(text)
    assert name
    assert len(name.encode()) <= 255
    assert not name.startswith((".", " ", "-"))
    assert not name.endswith((".", " "))
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t\u202e\u2066\u200b')
    assert name.split(".")[0].upper() not in _RESERVED


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Acme", "Acme"),
        ("Şirket A.Ş.", "Şirket-A.Ş"),
        ("株式会社サンプル", "株式会社サンプル"),
        ("../../etc/passwd", "etc-passwd"),
        ("A/B", "A-B"),
        ("COM¹", "COM1-"),
        ("Acme\u202efdp.exe", "Acme-fdp.exe"),
    ],
)
def test_a_safe_name_stays_readable(text: str, name: str) -> None:
    assert file_part(text) == name


@pytest.mark.parametrize("letter", ["a", "株", "\U0001f600x"])
def test_long_names_that_differ_at_the_end_stay_different(letter: str) -> None:
    assert file_part(letter * 300 + "b") != file_part(letter * 300 + "c")


def test_a_file_comes_back_as_written_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    place = f"{tmp_path}/deep/down/a.pdf"
    storing.write(place, b"content")
    assert storing.read(place) == b"content"
    assert storing.exists(place)
    assert [path.name for path in (tmp_path / "deep/down").iterdir()] == ["a.pdf"]


def test_the_same_holds_for_a_place_elsewhere() -> None:
    storing.write("memory://storing-of-a-test/deep/a.pdf", b"content")
    assert storing.read("memory://storing-of-a-test/deep/a.pdf") == b"content"
    system = pytest.importorskip("fsspec").filesystem("memory")
    assert system.ls("/storing-of-a-test/deep", detail=False) == ["/storing-of-a-test/deep/a.pdf"]


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nothing\.pdf"):
        storing.read(f"{tmp_path}/nothing.pdf")


def test_a_place_below_a_file_is_refused_for_good(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for act in (
        lambda: storing.write(f"{tmp_path}/file/reports/a", b"x"),
        lambda: storing.probe(f"{tmp_path}/file/reports"),
    ):
        with pytest.raises(StorageError) as refused:
            act()
        assert not refused.value.retry


def test_a_write_that_fails_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageError):
        storing.write(f"{tmp_path}/taken", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


FILES = {"a.pdf": b"content", "b.json": b"{}"}


@pytest.mark.parametrize("elsewhere", [False, True], ids=["local", "memory"])
def test_a_folder_is_stored_once(elsewhere: bool, tmp_path: Path) -> None:
    above = "memory://folders-of-a-test/deep" if elsewhere else f"{tmp_path}/deep"
    assert storing.write_folder(f"{above}/one", FILES)
    assert not storing.write_folder(f"{above}/one", {**FILES, "a.pdf": b"another"})
    assert {name: storing.read(f"{above}/one/{name}") for name in FILES} == FILES
    assert storing.folders(above) == ("one",)
    assert storing.remove_folder(f"{above}/one")
    assert not storing.remove_folder(f"{above}/one")
    assert storing.folders(above) == ()
    assert storing.folders(f"{above}/nothing") == ()


def test_a_folder_that_is_in_the_way_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/own").write_text("x")
    assert not storing.write_folder(f"{tmp_path}/file", FILES)
    assert not storing.write_folder(f"{tmp_path}/full", FILES)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "full", "own"]
    with pytest.raises(StorageError) as refused:
        storing.write_folder(f"{tmp_path}/file/inside", FILES)
    assert not refused.value.retry


def test_an_upload_that_broke_off_is_completed() -> None:
    place = "memory://folders-of-a-test/half"
    storing.write(f"{place}/a.pdf", b"content")
    assert storing.write_folder(place, FILES)
    assert {name: storing.read(f"{place}/{name}") for name in FILES} == FILES


def test_sweeping_leaves_what_is_young_and_what_is_not_ours(tmp_path: Path) -> None:
    names = (f".{'0' * 32}.tmp", f".{'0' * 31}.tmp", "a.tmp", f".{'0' * 32}.tmp.pdf")
    for name in names:
        (tmp_path / name).write_text("x")
    assert storing.sweep(str(tmp_path)) == 0
    for name in names:
        os.utime(tmp_path / name, (0, 0))
    assert storing.sweep(str(tmp_path)) == 1
    assert {path.name for path in tmp_path.iterdir()} == set(names[1:])
    assert storing.sweep(f"{tmp_path}/nothing") == 0
    assert storing.sweep("memory://sweeping-of-a-test") == 0


def test_looking_at_a_place_leaves_nothing_behind(tmp_path: Path) -> None:
    assert storing.probe(f"{tmp_path}/not/yet") == f"writable: {tmp_path}/not/yet"
    assert list(tmp_path.iterdir()) == []
    storing.probe("memory://probe-of-a-test/not/yet")
    assert not pytest.importorskip("fsspec").filesystem("memory").exists("/probe-of-a-test")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_closed_folder_is_refused_for_good(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError) as refused:
        storing.probe(str(tmp_path))
    assert not refused.value.retry


@pytest.mark.parametrize("url", ["nonsense://x/a", "oss://bucket/reports/a"])
def test_a_kind_of_place_that_cannot_be_used_is_refused_for_good(url: str) -> None:
    with pytest.raises(StorageError) as refused:
        storing.write(url, b"x")
    assert not refused.value.retry
    assert "\n" not in str(refused.value)


def test_an_unreachable_place_is_tried_again_and_its_password_not_told() -> None:
    with pytest.raises(StorageError) as failed:
        storing.write("ftp://ann:s3cret@127.0.0.1:1/reports/a.pdf", b"x")
    assert failed.value.retry
    assert "s3cret" not in str(failed.value)
    assert "127.0.0.1" in str(failed.value)


def test_relative_places_lie_beside_the_configuration() -> None:
    base = Path("/srv/reportgen")
    assert storing.absolute("out/reports", base) == "/srv/reportgen/out/reports"
    assert storing.absolute("/data", base) == "/data"
    assert storing.absolute("s3://bucket/reports", base) == "s3://bucket/reports"

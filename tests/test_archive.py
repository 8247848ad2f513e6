"""The archive gives back exactly what it was given, or says that it cannot."""

from pathlib import Path

import pytest

from reportgen.archive import FileArchive
from reportgen.errors import StorageError
from tests.test_channels import DOCUMENT


def test_a_document_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    from dataclasses import replace
    from hashlib import sha256

    document = replace(DOCUMENT, sha256=sha256(DOCUMENT.pdf).hexdigest())
    archive = FileArchive("archive", tmp_path)
    place = archive.keep(document, {"answers": [{"asked": 1}]})
    assert archive.load(place) == document
    assert (Path(place) / "snapshot.json").read_text() == '{"answers":[{"asked":1}]}'


def test_a_damaged_document_is_never_handed_over(tmp_path: Path) -> None:
    archive = FileArchive("archive", tmp_path)
    place = archive.keep(DOCUMENT, {})
    with pytest.raises(StorageError, match="damaged"):
        archive.load(place)
    (Path(place) / "document.json").write_text("{")
    with pytest.raises(StorageError, match="manifest"):
        archive.load(place)
    (Path(place) / "document.pdf").unlink()
    with pytest.raises(StorageError):
        archive.load(place)


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    assert "writable" in FileArchive("archive", tmp_path).check()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []

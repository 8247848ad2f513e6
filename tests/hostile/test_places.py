"""Hostile names of customers: each file stays in its folder, and none takes another's place."""

import os
import sys
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.app.jobs import file_name
from reportgen.archive import FileArchive
from reportgen.channels import Folder
from reportgen.errors import DeliveryRefused
from reportgen.model import Customer, Document, RunKey
from reportgen.names import file_part
from tests.hostile.strings import ALL
from tests.papers import CUSTOMER, KEY, document

_PATTERNS = (
    "{customer}/{report}-{period}.pdf",
    "{customer}{period}.pdf",
    "{title} {company_id}.{period}.pdf",
    "{company_id}/{customer}/{period}.pdf",
)


def named(text: str, company_id: str = "xC5kQ2", pdf: bytes = b"%PDF") -> Document:
    """A document whose every name is the text."""
    return document(
        pdf,
        key=replace(KEY, company_id=company_id),
        customer=replace(CUSTOMER, company_id=company_id, name=text, company_name=text),
        report_title=text,
    )


def files(folder: Path) -> Iterator[Path]:
    """Every file below, links not followed."""
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)


def is_safe(name: str) -> bool:
    """One component that every file system takes and none reads as something else."""
    windows = PureWindowsPath(name)
    return (
        PurePosixPath(name).name == windows.name == name
        and not windows.is_reserved()
        and len(name.encode()) <= 255
        and name == name.strip(" .")
        and not set(name) & set('<>:"/\\|?*#%[]\0')
        and all(unicodedata.category(letter)[0] != "C" for letter in name)
    )


def test_a_name_becomes_one_safe_part() -> None:
    for text in ALL:
        name = file_part(text)
        assert is_safe(name)
        assert is_safe(f"{name}.pdf")
        assert file_part(name) == name
        assert is_safe(file_name(replace(CUSTOMER, name=text), KEY))


@given(st.text(st.characters(codec=None)))
def test_any_name_becomes_one_safe_part(text: str) -> None:
    assert is_safe(file_part(text))
    assert is_safe(f"{file_part(text)}.pdf")


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_every_file_lies_below_its_folder(pattern: str, tmp_path: Path) -> None:
    home = tmp_path / "a" / "reports"
    way = Folder(url=str(home), file_name=pattern)
    stored: dict[str, bytes] = {}
    for number, text in enumerate(ALL):
        paper = named(text, f"id{number}", f"%PDF {number}".encode())
        (delivery,) = way.deliveries(paper)
        if delivery.target in stored:
            with pytest.raises(DeliveryRefused, match="company_id"):
                way.deliver(delivery, lambda: None)
        else:
            way.deliver(delivery, lambda: None)
            stored[delivery.target] = paper.pdf
    found = {str(file): file.read_bytes() for file in files(tmp_path)}
    assert found == stored
    assert all(is_safe(part) for file in found for part in Path(file).relative_to(home).parts)
    if "{company_id}" in pattern:
        assert len(stored) == len(ALL)


def test_every_bundle_lies_below_the_archive(tmp_path: Path) -> None:
    """Company ids come from the platform: hostile as well, and alike as file names."""
    archive = FileArchive(str(tmp_path / "a" / "archive"))
    papers = [named("x", text, f"%PDF {number}".encode()) for number, text in enumerate(ALL[::5])]
    papers = [paper for paper in papers if paper.key.company_id == whole(paper.key.company_id)]
    places = [archive.keep(paper, {"widgets": []}) for paper in papers]
    assert len(set(places)) == len(papers)
    assert [archive.load(place) for place in places] == papers
    assert {file.relative_to(tmp_path).parts[:2] for file in files(tmp_path)} == {("a", "archive")}
    assert archive.remove(papers[0].key, places[0])
    assert [archive.load(place) for place in places[1:]] == papers[1:]


def whole(text: str) -> str:
    """Without half letters, which no answer brings: they are left out where it is read."""
    return text.encode("utf-8", "ignore").decode("utf-8")


# ---- names that are alike ------------------------------------------------------------------

ALIKE = [
    ("ACMÉ", unicodedata.normalize("NFD", "ACMÉ")),
    ("A/B", "A:B"),
    ("Acme", "Acme."),
    ("Acme", " Acme "),
    ("Ac-me", "Ac\u200bme"),
    ("Acme", "Ａｃｍｅ"),
    ("", "unnamed"),
    ("CON", "CON-"),
]


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_customers_of_one_name_never_share_a_file(first: str, second: str, tmp_path: Path) -> None:
    way = Folder(url=str(tmp_path), file_name="{customer}-{period}.pdf")
    (one,) = way.deliveries(named(first, "a", b"%PDF one"))
    (two,) = way.deliveries(named(second, "b", b"%PDF two"))
    assert one.target == two.target
    way.deliver(one, lambda: None)
    with pytest.raises(DeliveryRefused, match=r"another document already.*\{company_id\}"):
        way.deliver(two, lambda: None)
    assert Path(one.target).read_bytes() == b"%PDF one"
    apart = Folder(url=str(tmp_path), file_name="{customer}-{company_id}-{period}.pdf")
    assert len({apart.name_of(named(first, "a")), apart.name_of(named(second, "b"))}) == 2


@pytest.mark.parametrize(("first", "second"), [("ACME", "acme"), ("Straße", "STRASSE")])
def test_names_that_differ_in_case_alone_never_overwrite(
    first: str, second: str, tmp_path: Path
) -> None:
    """Two files where case counts; the second one is refused where it does not."""
    way = Folder(url=str(tmp_path), file_name="{customer}-{period}.pdf")
    (one,) = way.deliveries(named(first, "a", b"%PDF one"))
    (two,) = way.deliveries(named(second, "b", b"%PDF two"))
    way.deliver(one, lambda: None)
    way.deliver(two, lambda: None)
    assert Path(one.target).read_bytes() == b"%PDF one"
    assert Path(two.target).read_bytes() == b"%PDF two"


def test_of_many_who_store_one_name_at_once_one_has_it(tmp_path: Path) -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # so that they really meet
    try:
        for number in range(20):
            way = Folder(url=str(tmp_path / f"{number}"), file_name="{customer}-{period}.pdf")
            outcomes = stored_at_once(way, many=8)
            assert [file.read_bytes() for file in files(tmp_path / f"{number}")] == outcomes
    finally:
        sys.setswitchinterval(usual)


def stored_at_once(way: Folder, many: int) -> list[bytes]:
    """The documents of those threads that were told that theirs is stored."""
    start, outcomes = threading.Barrier(many), []

    def store(number: int) -> None:
        (delivery,) = way.deliveries(named("Acme", f"id{number}", f"%PDF {number}".encode()))
        start.wait()
        try:
            way.deliver(delivery, lambda: None)
        except DeliveryRefused:
            return
        outcomes.append(delivery.content)

    threads = [threading.Thread(target=store, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_names_of_runs_cannot_reach_another_companys_folder(tmp_path: Path) -> None:
    archive = FileArchive(str(tmp_path))
    inside = archive.keep(named("x", "victim"), {"widgets": []})
    outside = archive.keep(named("x", "../monthly/victim", b"%PDF 2"), {"widgets": []})
    assert Path(inside).parent != Path(outside).parent
    key = RunKey("monthly", "../monthly/victim", "2026-10")
    assert archive.remove(key, outside)
    assert archive.load(inside).customer == Customer(**_fields(named("x", "victim").customer))


def _fields(customer: Customer) -> dict[str, object]:
    return {name: getattr(customer, name) for name in Customer.__dataclass_fields__}

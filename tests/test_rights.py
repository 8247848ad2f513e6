"""Who else on the machine can read what is kept: made private, and told when it is not."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from reportgen import storing
from reportgen.app.rights import exposed
from reportgen.config import load
from tests.program import reportgen

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")

CONFIG = """
source:
  kind: keepnet
  client_id: x
  client_secret_file: secret.txt
brands: {b: {name: B}}
customers: [{company_id: abc}]
reports: {monthly: {title: T, widgets: [risk_score_trend]}}
ledger: sqlite:///kept/ledger.db
archive: archive
"""


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def rights(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.fixture
def house() -> Iterator[Path]:
    """A folder that everybody may enter (pytest's own are private), everything in it private."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for inside in ("kept", "archive"):
            (folder / inside).mkdir(0o700)
        for file, text in (("config.yaml", CONFIG), ("secret.txt", "x"), ("kept/ledger.db", "")):
            (folder / file).write_text(text)
            (folder / file).chmod(0o600)
        yield folder


def found(house: Path) -> list[tuple[str, str, str]]:
    settings = load(house / "config.yaml", {})
    return [(each.what, each.others, each.cure) for each in exposed(settings)]


def test_what_is_private_is_not_mentioned(house: Path) -> None:
    assert found(house) == []


EVERY = "every user of this machine"


@pytest.mark.parametrize(
    ("name", "mode", "what", "others", "cure"),
    [
        ("config.yaml", 0o644, "configuration", EVERY, "600"),
        ("config.yaml", 0o602, "configuration", EVERY, "600"),
        ("secret.txt", 0o604, "secret file", EVERY, "600"),
        ("secret.txt", 0o640, "secret file", "its group", "600"),
        ("archive", 0o755, "archive", EVERY, "700"),
        ("archive", 0o701, "archive", EVERY, "700"),
    ],
)
def test_what_is_open_to_others_is_told_with_the_cure(
    name: str, mode: int, what: str, others: str, cure: str, house: Path
) -> None:
    (house / name).chmod(mode)
    assert found(house) == [(what, others, f"chmod {cure} {house / name}")]
    (house / name).chmod(int(cure, 8))
    assert found(house) == []


def test_a_ledger_in_a_folder_nobody_enters_is_safe(house: Path) -> None:
    (house / "kept/ledger.db").chmod(0o666)
    assert found(house) == []
    (house / "kept").chmod(0o711)
    assert found(house) == [("ledger", EVERY, f"chmod 600 {house / 'kept/ledger.db'}")]


@pytest.mark.parametrize("ledger", ["postgresql+psycopg://u@h/n", "mysql://h/n", "nowhere"])
def test_what_is_not_there_yet_or_elsewhere_is_not_mentioned(ledger: str, house: Path) -> None:
    (house / "archive").rmdir()
    text = CONFIG.replace("sqlite:///kept/ledger.db", ledger)
    (house / "config.yaml").write_text(text)
    assert found(house) == []


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_what_is_kept_is_the_owners_alone_whatever_the_umask(mask: int, tmp_path: Path) -> None:
    with umask(mask):
        storing.write_folder(str(tmp_path / "archive/a/1"), {"document.pdf": b"x", "last": b"y"})
    assert rights(tmp_path / "archive") == "0o700"
    assert rights(tmp_path / "archive/a/1") == "0o700"
    assert rights(tmp_path / "archive/a/1/document.pdf") == "0o600"


def test_what_is_handed_over_has_the_rights_the_user_wants(tmp_path: Path) -> None:
    with umask(0o027):
        storing.write(str(tmp_path / "reports/a.pdf"), b"x")
    assert rights(tmp_path / "reports/a.pdf") == "0o640"
    assert rights(tmp_path / "reports") == "0o750"


def test_check_tells_and_init_writes_for_the_owner_alone(house: Path) -> None:
    with umask(0o000):
        assert reportgen("init", "new.yaml", cwd=house).status == 0
    assert rights(house / "new.yaml") == "0o600"
    (house / "secret.txt").chmod(0o644)
    told = reportgen("check", "--offline", "--json", cwd=house)
    (remark,) = (each for each in told.json if each["subject"] == "file rights")
    assert remark["verdict"] == "warning"
    assert remark["finding"] == "secret file secret.txt: open to every user of this machine"
    assert remark["cure"] == f"chmod 600 {house / 'secret.txt'}"


def test_check_looks_into_logos_and_at_the_cage(house: Path) -> None:
    (house / "mark.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><path d='M0 0'/></svg>"
    )
    text = CONFIG.replace("{name: B}", "{name: B, logo: mark.svg}")
    (house / "config.yaml").write_text(text)
    told = reportgen("check", "--offline", "--json", cwd=house)
    remarks = {each["subject"]: each for each in told.json}
    assert told.status == 1
    assert remarks["brand b"]["verdict"] == "problem"
    assert "mark.svg holds the script onload" in remarks["brand b"]["finding"]
    assert remarks["document worker"]["verdict"] in ("ok", "warning")

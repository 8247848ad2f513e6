"""What a command loads before it answers: no more than it needs."""

import importlib
import inspect
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from reportgen import gate, ledger, pipeline, sections
from reportgen.cli.listing import COMMANDS, QUICK, loaded
from reportgen.ledger import glance, open_ledger
from reportgen.ledger.migrations import STEPS
from reportgen.sections import metrics
from tests.program import reportgen

_PROGRAM = """
import sys
from reportgen.cli import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
_NEVER = ("weasyprint", "jinja2", "PIL", "pebble", "fsspec", "babel", "aiosmtpd", "smtplib")
_KINDS = ("reportgen.views", "reportgen.sections.framing")
_LEFT_OUT = {
    ("--help",): (*_NEVER, *_KINDS, "sqlalchemy", "requests", "ruamel.yaml", "reportgen.config"),
    ("check", "--offline"): (*_NEVER, *_KINDS, "rich", "sqlalchemy", "requests"),
    ("due",): (*_NEVER, *_KINDS, "rich", "confusable_homoglyphs", "apprise"),
    ("history",): (*_NEVER, *_KINDS, "rich", "confusable_homoglyphs", "requests"),
}
"""What must not be loaded to answer."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped example, where all that is made at first is made already."""
    folder = tmp_path_factory.mktemp("house")
    assert reportgen("init", cwd=folder).status == 0
    assert reportgen("check", "--offline", cwd=folder).status == 0
    return folder


def modules(folder: Path, *command: str) -> set[str]:
    """What the program had loaded when it ended."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("command", list(_LEFT_OUT), ids=" ".join)
def test_a_command_loads_no_more_than_it_needs(command: tuple[str, ...], house: Path) -> None:
    found = modules(house, *command)
    assert "reportgen.cli.commands" in found
    assert not found & set(_LEFT_OUT[command])


def test_the_list_says_of_each_command_what_its_own_help_begins_with() -> None:
    for name, (_, purpose) in COMMANDS.items():
        command = loaded(name)
        assert command.name == name
        assert " ".join(inspect.cleandoc(command.help).split("\n\n")[0].split()) == purpose
    assert set(QUICK) < set(COMMANDS)


@pytest.mark.parametrize("package", [gate, ledger, pipeline], ids=lambda each: each.__name__)
def test_a_package_offers_what_it_says(package: object) -> None:
    names = package.__all__  # type: ignore[attr-defined]
    assert all(getattr(package, name).__name__ == name for name in names if name != "STANDARD")
    with pytest.raises(AttributeError, match="no_such_thing"):
        package.no_such_thing  # type: ignore[attr-defined]  # noqa: B018 - to look is the test
    for name in names:  # a module of that name would take its place once it is loaded
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(f"{package.__name__}.{name}")  # type: ignore[attr-defined]


def test_the_metrics_known_beforehand_are_those_of_the_sections() -> None:
    assert metrics.TARGETS.items() <= sections.targets().items()
    assert set(metrics.ACTIONS) <= set(sections.actions())


# ---- a glance at the ledger ----------------------------------------------------------------


def test_a_glance_says_what_a_look_says(tmp_path: Path) -> None:
    url = "sqlite:///ledger.db"
    assert glance.glance(url, tmp_path) is None
    with open_ledger(url, tmp_path) as opened:
        assert glance.glance(url, tmp_path) == opened.check() == "0 runs on record"
    assert len(STEPS) == glance.VERSION
    assert not list(tmp_path.glob("ledger.db-*"))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql://h/n", "x"])
def test_what_is_no_plain_file_is_left_to_the_engine(url: str, tmp_path: Path) -> None:
    assert glance.plain_file(url, tmp_path) is None


def test_a_ledger_that_is_not_as_it_should_be_is_opened(tmp_path: Path) -> None:
    url, file = "sqlite:///ledger.db", tmp_path / "ledger.db"
    open_ledger(url, tmp_path).__exit__(None, None, None)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE meta SET value = '3' WHERE name = 'schema_version'")
        connection.commit()
    assert glance.glance(url, tmp_path) is None
    file.write_bytes(b"no database" * 100)
    assert glance.glance(url, tmp_path) is None


# ---- what the cage has accepted ------------------------------------------------------------


def test_what_the_cage_has_accepted_is_remembered_until_a_logo_changes(
    house: Path, tmp_path: Path
) -> None:
    place = Path(shutil.copytree(house, tmp_path / "house"))
    text = (place / "config.yaml").read_text("utf-8")
    (place / "mark.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (place / "config.yaml").write_text(text.replace("logo: brands/halvorn.svg", "logo: mark.svg"))
    first, again = (_checked(place) for _ in range(2))
    assert first == again
    assert "pebble" not in modules(place, "check", "--offline")
    (place / "mark.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")
    for _ in range(2):
        assert "holds the script onload" in _checked(place)["brand halvorn"]


def test_a_memory_that_cannot_be_read_is_none(house: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(house, tmp_path / "house"))
    before = _checked(place)
    for nonsense in ("", "[]", '{"of": 1}', "\0"):
        (place / "out/ledger-accepted.json").write_text(nonsense)
        assert _checked(place) == before


def _checked(place: Path) -> dict[str, str]:
    told = reportgen("check", "--offline", "--json", cwd=place)
    return {each["subject"]: each["finding"] for each in json.loads(told.out)}

"""Scratch folders of processes that were killed are removed; everybody else's are left alone."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportgen.rendering.press import Press
from reportgen.rendering.scratch import Scratch

HOLDER = """
import sys
from reportgen.rendering.scratch import Scratch
with Scratch() as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of the test's own, here and in processes it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def holder() -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """A process with a scratch folder, and the folder."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_what_a_killed_process_left_is_removed_when_the_next_press_opens(temporary: Path) -> None:
    with holder() as (process, folder):
        (folder / "fonts").mkdir()
        (folder / "fonts" / "a.ttf").write_bytes(b"font")
        process.kill()
        process.wait()
        assert folder.is_dir()
    with Press():
        assert not folder.exists()
        assert len([*temporary.iterdir()]) == 1
    assert not [*temporary.iterdir()]


def test_the_folder_of_a_living_process_stays() -> None:
    with holder() as (process, folder):
        with Scratch():
            assert folder.is_dir()
        process.communicate()
        assert process.returncode == 0
        assert not folder.exists()


def test_two_of_one_process_leave_each_other_alone(temporary: Path) -> None:
    with Scratch() as first, Scratch() as second:
        assert Path(first).is_dir()
        assert Path(second).is_dir()
    assert not [*temporary.iterdir()]


def test_what_is_not_surely_ours_is_not_touched(temporary: Path) -> None:
    without_owner = temporary / "reportgen-scratch-young"
    other_name = temporary / "reportgen-pg-1"
    real = temporary / "precious"
    for folder in (without_owner, other_name, real):
        folder.mkdir()
        (folder / "file").write_text("kept")
    (other_name / ".owner").touch()
    (real / ".owner").touch()
    (temporary / "reportgen-scratch-link").symlink_to(real)
    with Scratch():
        pass
    for folder in (without_owner, other_name, real):
        assert (folder / "file").read_text() == "kept"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's folder")
def test_another_users_folder_is_not_touched(temporary: Path) -> None:
    theirs = temporary / "reportgen-scratch-theirs"
    theirs.mkdir()
    (theirs / ".owner").touch()
    shutil.chown(theirs, "nobody")
    with Scratch():
        pass
    assert theirs.is_dir()


def test_an_owner_that_is_a_link_is_not_followed(temporary: Path) -> None:
    target = temporary / "precious"
    target.write_text("kept")
    folder = temporary / "reportgen-scratch-odd"
    folder.mkdir()
    (folder / ".owner").symlink_to(target)
    with Scratch():
        pass
    assert target.read_text() == "kept"
    assert folder.is_dir()

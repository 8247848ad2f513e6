"""The power is cut again and again: nothing is lost, sent twice or damaged.

`POWER_CUTS=300 pytest tests/test_power_loss.py` cuts as often as a release should.
"""

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportgen.archive import FileArchive
from reportgen.errors import ReportgenError
from reportgen.ledger import DeliveryRow, PastRun, open_ledger
from reportgen.pipeline import DeliveryState
from reportgen.sandbox.mailbox import Mailbox
from tests.crash.reckoning import received
from tests.powerloss.worker import keys

ROOT = Path(__file__).parent.parent
CUTS = int(os.environ.get("POWER_CUTS", "8"))
REPORTS = 4
"""For each cut: about as many as one life gets done."""
PATIENCE = 120


class Disk:
    """What survives of a file system from boot to boot."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.mount = folder / "disk"
        self.mount.mkdir()
        self._image = folder / "image"
        self._chance = chance

    @contextmanager
    def booted(self, cut: int = 0) -> Iterator[Path]:
        """The file system, until the power is cut after so many operations, or all is done."""
        seed = str(self._chance.randrange(10**6))
        words = [str(self.mount), str(self._image), str(cut), seed]
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.powerloss.forgetful", *words], cwd=ROOT
        )
        try:
            while not os.path.ismount(self.mount):
                if server.poll() is not None:
                    pytest.skip("a file system cannot be mounted here")
            yield self.mount
        finally:
            subprocess.run(["fusermount3", "-u", "-z", str(self.mount)], check=True)
            server.wait(PATIENCE)


def life(disk: Path, port: int, count: int, mutant: str = "") -> int:
    """One worker, until it is done or the disk is gone."""
    command = [sys.executable, "-m", "tests.powerloss.worker", str(disk), str(port), str(count)]
    done = subprocess.run(
        [*command, *([mutant] if mutant else [])],
        cwd=ROOT,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode


def story(folder: Path, cuts: int, mutant: str = "") -> list[str]:
    """Cut the power so often; then let the rest be done, and answer every broken promise."""
    chance = random.Random(20261124)
    disk, count = Disk(folder, chance), REPORTS * cuts
    with Mailbox(folder / "outbox") as mailbox:
        for _ in range(cuts):
            with disk.booted(chance.randint(20, 900)) as mount:
                life(mount, mailbox.port, count, mutant)
        for _ in range(3):
            with disk.booted() as mount:
                status = life(mount, mailbox.port, count, mutant)
        with disk.booted() as mount:
            faults = reckon(mount, received(folder / "outbox"), count)
            return [*faults, *(["the last life ended badly"] if status else [])]


def reckon(disk: Path, copies: Counter[str], count: int) -> Iterator[str]:
    """Ledger, archive and folder on the disk against the mail server's record."""
    for message, count in copies.items():
        if count > 1:
            yield f"{message}: {count} copies"
    archive = FileArchive(str(disk / "archive"))
    try:
        with open_ledger(f"sqlite:///{disk}/ledger.db") as ledger:
            ledger.check()
            runs, places = ledger.past(), [run.place for run in ledger.kept()]
    except ReportgenError as error:
        yield str(error)
        return
    yield from (f"{key}: lost" for key in {*keys(count)} - {run.key for run in runs})
    for run in runs:
        for row in run.deliveries:
            yield from _of_delivery(run, row, copies)
    for place in places:
        yield from _damage(archive, place)


def _of_delivery(run: PastRun, row: DeliveryRow, copies: Counter[str]) -> Iterator[str]:
    if row.state not in (DeliveryState.SENT, DeliveryState.UNKNOWN):
        yield f"{run.key} to {row.target}: {row.state}, {row.proof}"
    sent = row.channel == "email" and row.state is DeliveryState.SENT
    if sent and not copies[row.reference]:
        yield f"{run.key} to {row.target}: never arrived"


def _damage(archive: FileArchive, place: str) -> Iterator[str]:
    try:
        archive.load(place)
    except ReportgenError as error:
        yield f"damaged: {error}"


@pytest.fixture(autouse=True)
def _fuse() -> None:
    if not Path("/dev/fuse").exists() or not shutil.which("fusermount3"):
        pytest.skip("there is no FUSE on this machine")


def test_cuts_of_power_lose_double_and_damage_nothing(tmp_path: Path) -> None:
    assert story(tmp_path, CUTS) == []


def test_without_syncing_the_same_cuts_do_damage(tmp_path: Path) -> None:
    assert story(tmp_path, 12, "no-fsync") != []

"""A worker stops at every possible point; another comes. Nothing is sent twice, nothing is lost."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from reportgen.archive import FileArchive
from reportgen.channels import Email, Folder
from reportgen.ledger import SqlLedger, open_ledger
from reportgen.ledger.writing import LEASE
from reportgen.model import Document, Receipt, RunKey
from reportgen.pipeline import Channel, Claim, Delivery, DeliveryState, RunState, release
from reportgen.sandbox.mailbox import Mailbox
from tests.papers import KEY, OCTOBER, document

STEPS = ("keep", "produced", "begin", "committing", "deliver", "settle", "finish")
POINTS = [f"{when} {step}" for step in STEPS for when in ("before", "after")]
Answer = TypeVar("Answer")


class Killed(BaseException):
    """The process is gone: no line of it runs any more."""


class Life:
    """Ends at one point of the path."""

    def __init__(self, point: str) -> None:
        self._point = point

    def do(self, step: str, act: Callable[[], Answer]) -> Answer:
        self._end_at(f"before {step}")
        answer = act()
        self._end_at(f"after {step}")
        return answer

    def _end_at(self, point: str) -> None:
        if point == self._point:
            raise Killed


class MortalLedger:
    """The ledger as a worker that may end at each of its steps uses it."""

    def __init__(self, ledger: SqlLedger, life: Life) -> None:
        self._ledger = ledger
        self._life = life

    def claim(self, key: object, customer: str, period: object, **wishes: bool) -> None:
        raise AssertionError("the test claims by itself")

    def keeping(self, claim: Claim) -> AbstractContextManager[None]:
        return self._ledger.keeping(claim)

    def first(self, key: RunKey) -> bool:
        return self._ledger.first(key)

    def alike(
        self, key: RunKey, digests: frozenset[str]
    ) -> Mapping[tuple[str, str], frozenset[str]]:
        return self._ledger.alike(key, digests)

    def block(self, claim: Claim) -> None:
        self._ledger.block(claim)

    def produced(
        self,
        claim: Claim,
        document: Document,
        place: str,
        handing_over: tuple[Delivery, ...] = (),
        prints: frozenset[str] = frozenset(),
    ) -> None:
        def act() -> None:
            self._ledger.produced(claim, document, place, handing_over, prints)

        self._life.do("produced", act)

    def begin(self, claim: Claim, delivery: Delivery) -> bool:
        return self._life.do("begin", lambda: self._ledger.begin(claim, delivery))

    def committing(self, claim: Claim, delivery: Delivery) -> None:
        self._life.do("committing", lambda: self._ledger.committing(claim, delivery))

    def settle(self, claim: Claim, delivery: Delivery, state: DeliveryState, proof: str) -> None:
        self._life.do("settle", lambda: self._ledger.settle(claim, delivery, state, proof))

    def finish(
        self,
        claim: Claim,
        state: RunState,
        reasons: tuple[str, ...] = (),
        until: datetime | None = None,
    ) -> RunState:
        return self._life.do("finish", lambda: self._ledger.finish(claim, state, reasons, until))


class MortalChannel:
    """A channel whose user may end just before or after it is done."""

    def __init__(self, channel: Channel, life: Life) -> None:
        self._channel = channel
        self._life = life

    @property
    def label(self) -> str:
        return self._channel.label

    def deliveries(self, document: Document) -> tuple[Delivery, ...]:
        return self._channel.deliveries(document)

    def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
        return self._life.do("deliver", lambda: self._channel.deliver(delivery, commit))


def opened(folder: Path, now: list[datetime]) -> SqlLedger:
    """A ledger whose clock is set by the test, used by somebody out of sight."""
    return open_ledger(f"sqlite:///{folder}/ledger.db", clock=lambda: now[0], worker="one")


def work(ledger: SqlLedger, archive: FileArchive, channel: Channel, point: str = "") -> None:
    """One attempt of one worker, along the path of `pipeline.run`."""
    life = Life(point)
    mortal = MortalLedger(ledger, life)
    claim = ledger.claim(KEY, "Sirket", OCTOBER)
    if claim is None:
        return
    made = archive.load(claim.document) if claim.document else None
    if made is None:
        made = fresh = document()
        place = life.do("keep", lambda: archive.keep(fresh, {}))
        mortal.produced(claim, made, place, channel.deliveries(made))
    _, failures = release(made, (MortalChannel(channel, life),), claim, mortal)
    mortal.finish(claim, RunState.FAILED if failures else RunState.SUCCEEDED)


@pytest.mark.parametrize("point", POINTS)
def test_mail_is_sent_once_or_a_person_is_asked(point: str, tmp_path: Path) -> None:
    now = [datetime(2026, 11, 1, 6, tzinfo=UTC)]
    archive = FileArchive("archive", tmp_path)
    with (
        Mailbox(tmp_path / "box") as mailbox,
        open_ledger(
            f"sqlite:///{tmp_path}/ledger.db", clock=lambda: now[0], worker="one"
        ) as ledger,
    ):
        channel = Email(server="demo", sender="r@halvorn.example").with_server(
            mailbox.host, mailbox.port
        )
        with pytest.raises(Killed):
            work(ledger, archive, channel, point)
        now[0] += LEASE
        work(ledger, archive, channel)
        work(ledger, archive, channel)
        (run,) = ledger.past()
        kept = [file.name.partition("-")[0] for file in mailbox.messages()]
    in_doubt = [row.target for row in run.deliveries if row.state is DeliveryState.UNKNOWN]
    assert len(kept) == len(set(kept)), "sent twice"
    assert {*kept, *in_doubt} == {"ana@sirket.example", "ben@sirket.example"}, "lost"
    assert run.state is (RunState.FAILED if in_doubt else RunState.SUCCEEDED)
    certain = point in ("after committing", "after deliver", "before settle")
    assert bool(in_doubt) is certain


@pytest.mark.parametrize("point", [each for each in POINTS if "committing" not in each])
def test_a_file_is_always_stored_in_the_end(point: str, tmp_path: Path) -> None:
    now = [datetime(2026, 11, 1, 6, tzinfo=UTC)]
    archive = FileArchive("archive", tmp_path)
    channel = Folder(url=str(tmp_path / "reports"))
    with open_ledger(
        f"sqlite:///{tmp_path}/ledger.db", clock=lambda: now[0], worker="one"
    ) as ledger:
        with pytest.raises(Killed):
            work(ledger, archive, channel, point)
        now[0] += LEASE
        work(ledger, archive, channel)
        (run,) = ledger.past()
    assert run.state is RunState.SUCCEEDED
    assert len(list((tmp_path / "reports").rglob("*.pdf"))) == 1

"""One life of a worker: the path from claim to finish for every report that is not done."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from reportgen.archive import FileArchive
from reportgen.channels import Email, Folder
from reportgen.ledger import SqlLedger, open_ledger
from reportgen.model import Document, RunKey
from reportgen.pipeline import Channel, Claim, RunState, release
from tests.papers import CUSTOMER, OCTOBER, document


def keys(count: int) -> tuple[RunKey, ...]:
    """The reports that are asked for."""
    return tuple(RunKey("monthly", f"company{place:04}", "2026-10") for place in range(count))


def live(disk: Path, port: int, count: int) -> None:
    """Do whatever is left to do."""
    channels: tuple[Channel, ...] = (
        Folder(url=str(disk / "reports"), file_name="{company_id}/{report}-{period}.pdf"),
        Email(server="demo", sender="r@halvorn.example").with_server("127.0.0.1", port),
    )
    archive = FileArchive(str(disk / "archive"))
    with open_ledger(f"sqlite:///{disk}/ledger.db") as ledger:
        ledger.check()
        for key in keys(count):
            claim = ledger.claim(key, key.company_id, OCTOBER, manual=True)
            if claim is not None:
                _work(ledger, archive, channels, claim)


def _work(
    ledger: SqlLedger, archive: FileArchive, channels: tuple[Channel, ...], claim: Claim
) -> None:
    made = (
        archive.load(claim.document) if claim.document else _make(ledger, archive, channels, claim)
    )
    _, failures = release(made, channels, claim, ledger)
    state = RunState.FAILED if failures else RunState.SUCCEEDED
    ledger.finish(claim, state, tuple(str(failure) for failure in failures))


def _make(
    ledger: SqlLedger, archive: FileArchive, channels: tuple[Channel, ...], claim: Claim
) -> Document:
    customer = replace(CUSTOMER, company_id=claim.key.company_id)
    made = document(pdf=os.urandom(20_000), key=claim.key, customer=customer)
    place = archive.keep(made, {"answers": [], "widgets": []})
    deliveries = tuple(each for channel in channels for each in channel.deliveries(made))
    ledger.produced(claim, made, place, deliveries)
    return made


if __name__ == "__main__":
    if sys.argv[4:] == ["no-fsync"]:
        os.fsync = lambda _handle: None  # a mutant: the checker must find the damage
    live(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

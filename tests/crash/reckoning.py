"""What every promise says of the harness's folder: the mail server's record against the ledger."""

import email
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from pathlib import Path

from reportgen.archive import FileArchive
from reportgen.errors import ReportgenError
from reportgen.ledger import DeliveryRow, PastRun, open_ledger
from reportgen.pipeline import DeliveryState, RunState

_DONE = (RunState.SUCCEEDED, RunState.FAILED)


@dataclass(frozen=True)
class Reckoning:
    """Figures, and every broken promise in words."""

    runs: int
    messages: int
    unknown: tuple[tuple[str, str, bool], ...]
    """Run, recipient, and whether the server has its message."""
    faults: tuple[str, ...]


def reckon(folder: Path, ledger: str, expected: set[tuple[str, str, str]]) -> Reckoning:
    """Compare; `expected` are the (report, company id, period) that were asked for."""
    copies = received(folder / "outbox")
    with open_ledger(ledger) as opened:
        runs = opened.past()
        places = tuple(run.place for run in opened.kept())
    faults = [
        *_missing(runs, expected),
        *_doubled(copies),
        *(fault for run in runs for fault in _of_run(run, copies)),
        *_of_archive(folder, places),
    ]
    unknown = tuple(
        (str(run.key), row.target, row.reference in copies)
        for run in runs
        for row in run.deliveries
        if row.state is DeliveryState.UNKNOWN
    )
    return Reckoning(len(runs), sum(copies.values()), unknown, tuple(faults))


def received(outbox: Path) -> Counter[str]:
    """How many copies of each message the server has, by Message-ID."""
    return Counter(_message_id(file) for file in outbox.glob("*.eml"))


def _message_id(file: Path) -> str:
    with file.open("rb") as opened:
        return str(email.message_from_binary_file(opened, policy=policy.default)["Message-ID"])


def _missing(runs: tuple[PastRun, ...], expected: set[tuple[str, str, str]]) -> Iterator[str]:
    known = Counter((run.key.report, run.key.company_id, run.key.period) for run in runs)
    for key in expected - known.keys():
        yield f"{key}: lost, nobody knows of it"
    for key, count in known.items():
        if count != 1:
            yield f"{key}: {count} runs"


def _doubled(copies: Counter[str]) -> Iterator[str]:
    for message, count in copies.items():
        if count > 1:
            yield f"{message}: {count} copies"


def _of_run(run: PastRun, copies: Counter[str]) -> Iterator[str]:
    if run.state not in _DONE:
        yield f"{run.key}: still {run.state} after the last life"
    mails = [row for row in run.deliveries if row.channel == "email"]
    if len(mails) != 3 or len(run.deliveries) != 4:
        yield f"{run.key}: {len(run.deliveries)} deliveries on record"
    states = {row.state for row in run.deliveries}
    if run.state is RunState.SUCCEEDED and states != {DeliveryState.SENT}:
        yield f"{run.key}: succeeded with {states}"
    if run.state is RunState.FAILED and DeliveryState.UNKNOWN not in states:
        yield f"{run.key}: failed without a doubt: {run.reason}"
    for row in mails:
        yield from _of_mail(run, row, copies)


def _of_mail(run: PastRun, row: DeliveryRow, copies: Counter[str]) -> Iterator[str]:
    if row.state not in (DeliveryState.SENT, DeliveryState.UNKNOWN):
        yield f"{run.key} to {row.target}: {row.state}"
    if row.state is DeliveryState.SENT and not copies[row.reference]:
        yield f"{run.key} to {row.target}: on record as sent, and the server has nothing"


def _of_archive(folder: Path, places: tuple[str, ...]) -> Iterator[str]:
    archive = FileArchive(str(folder / "archive"))
    for place in places:
        try:
            archive.load(place)
            archive.widgets(place)
        except ReportgenError as error:
            yield f"broken bundle: {error}"
    for pdf in (folder / "archive").glob("*/*/*/*/document.pdf"):
        if not (pdf.parent / "document.json").exists() and pdf.parent.name[0] != ".":
            yield f"half a bundle can be seen: {pdf.parent.relative_to(folder)}"

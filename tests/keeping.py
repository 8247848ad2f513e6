"""A process that keeps one making of an edition at a given moment: for tests of many at once."""

import sys
import time
from hashlib import sha256
from pathlib import Path

from reportgen.archive import FileArchive
from reportgen.model import Document
from tests.papers import document


def making(number: int) -> Document:
    """One making of the same edition; large, so that storing it takes a while."""
    return document(b"%PDF " + str(number).encode() * 2_000_000)


def main(folder: str, number: str, moment: str) -> None:
    """Keep it, and say where."""
    made = making(int(number))
    archive = FileArchive("archive", Path(folder))
    time.sleep(max(0.0, float(moment) - time.time()))
    print(archive.keep(made, {"of": sha256(made.pdf).hexdigest()}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(*sys.argv[1:])

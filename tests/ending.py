"""Processes that end, one before each step that changes a file, while they keep or remove a bundle.

What every one of them leaves behind is looked at; the number of steps is printed.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from reportgen.archive import FileArchive
from reportgen.model import Document
from tests.papers import document

KILLED = 9
_CHANGES = ("open", "os.mkdir", "os.rename")
_REMOVALS = ("os.remove", "os.rmdir")
"""Their paths may be relative to a folder that is open."""


def ended_at(step: int, folder: Path, act: Callable[[], object]) -> bool:
    """Do it in a process that ends before its so many-th step. False: it came to its end."""
    process = os.fork()
    if process == 0:
        _end_before(step, folder)
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == KILLED


def _end_before(step: int, folder: Path) -> None:
    left = [step]

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        here = event in _CHANGES and str(arguments[0]).startswith(str(folder))
        if here or event in _REMOVALS:
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)

    sys.addaudithook(listen)


def check_whole(folder: Path, expected: Document) -> int:
    """Every folder that has a proper name holds a whole bundle. Answers how many there are."""
    archive = FileArchive("archive", folder)
    places = [place for place in folder.glob("archive/*/*/*/*") if not place.name.startswith(".")]
    for place in places:
        assert archive.load(str(place)) == expected, place
        assert archive.widgets(str(place)) == ()
    return len(places)


def keeping(folder: Path) -> int:
    """How many processes ended while they kept a bundle."""
    made, step = document(), 1
    while True:
        house = folder / f"keep-{step}"
        archive = FileArchive("archive", house)
        ended = ended_at(step, house, lambda: archive.keep(made, {"widgets": []}))  # noqa: B023
        assert check_whole(house, made) <= 1
        archive.keep(made, {"widgets": []})
        assert check_whole(house, made) == 1
        if not ended:
            return step - 1
        step += 1


def removing(folder: Path) -> int:
    """How many processes ended while they removed one."""
    made, step = document(), 1
    while True:
        house = folder / f"remove-{step}"
        archive = FileArchive("archive", house)
        place = archive.keep(made, {"widgets": []})
        ended = ended_at(step, house, lambda: archive.remove(made.key, place))  # noqa: B023
        assert check_whole(house, made) <= 1
        archive.remove(made.key, place)
        assert check_whole(house, made) == 0
        if not ended:
            return step - 1
        step += 1


if __name__ == "__main__":
    place = Path(sys.argv[1])
    print(json.dumps({"keep": keeping(place), "remove": removing(place)}))  # noqa: T201

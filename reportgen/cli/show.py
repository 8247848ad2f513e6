"""What the commands print: tables, JSON, and progress on long work."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from reportgen.app import Search

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(line: str = "", style: str = "") -> None:
    """One line for people; never wrapped, so that paths and addresses can be copied."""
    out.print(escape(_printable(line)), style=style, soft_wrap=True)


def complain(line: str) -> None:
    """One line on standard error; several for the problems of a file."""
    err.print(escape(_printable(line)), style="red", soft_wrap=True)


def complain_all(problems: Iterable[str]) -> None:
    """Customers of the configuration that the platform does not know."""
    for problem in problems:
        complain(f"customer left out: {problem}")


def tell_search(found: "Search", *, quiet: bool) -> None:
    """What the looks into the sent items told; quiet: on standard error, beside data."""
    for answer in found.answers:
        (err if quiet else out).print(escape(str(answer)), soft_wrap=True)
    for problem in found.problems:
        complain(problem)


def waiting(what: str) -> AbstractContextManager[object]:
    """Says what takes a while, to those who look at a terminal."""
    return err.status(what) if err.is_terminal else nullcontext()


def as_json(data: Any) -> None:
    """Data for programs, on standard output."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on a terminal, tab-separated lines elsewhere."""
    if not out.is_terminal:
        for row in (columns, *rows):
            say("\t".join(_cell(cell) for cell in row))
        return
    drawn = Table(*columns, header_style="bold", box=None, pad_edge=False)
    for row in rows:
        drawn.add_row(*(escape(_cell(cell)) for cell in row))
    out.print(drawn)


def _cell(value: object) -> str:
    """One line of printable text."""
    return _printable("" if value is None else str(value), but="")


def _printable(text: str, but: str = "\n\t") -> str:
    """Names and reasons come from outside: what would steer a terminal is a blank."""
    return "".join(one if one.isprintable() or one in but else " " for one in text)


class Steps:
    """Progress of a round: a bar on a terminal, one plain line per report elsewhere."""

    def __init__(self, total: int, bar: Progress | None) -> None:
        self._total = total
        self._bar = bar
        self._count = 0
        self._task = bar.add_task("reports", total=total) if bar else None

    def step(self, line: str, style: str = "") -> None:
        """One report is done."""
        self._count += 1
        text = f"[{self._count}/{self._total}] {_cell(line)}"
        if self._bar is None or self._task is None:
            err.print(escape(text), style=style, soft_wrap=True)
            return
        self._bar.console.print(escape(text), style=style, soft_wrap=True)
        self._bar.advance(self._task)

    def outlook(self, text: str, warning: str = "") -> None:
        """How it gets on, beside the bar; a warning stays."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=escape(_cell(f"reports {text}")))
        if warning:
            (self._bar.console if self._bar else err).print(
                escape(_cell(warning)), style="yellow", soft_wrap=True
            )

    def note(self, line: str) -> None:
        """Something on the way, which ends no report."""
        if self._bar is not None:
            self._bar.console.print(escape(_cell(line)), style="dim", soft_wrap=True)


@contextmanager
def steps(total: int) -> Iterator[Steps]:
    """Progress for `total` reports."""
    if not err.is_terminal or total == 0:
        yield Steps(total, None)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        yield Steps(total, bar)

"""What the commands print: tables, JSON, and progress on long work.

Rich draws for those who look at a terminal; what goes to a file or a program does without it.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from reportgen.app.sent_items import Search

_FORCED = "FORCE_COLOR"
"""Set where a terminal's looks are wanted in a file as well (https://force-color.org)."""


def say(line: str = "", style: str = "") -> None:
    """One line for people; never wrapped, so that paths and addresses can be copied."""
    _write(_printable(line), style)


def complain(line: str) -> None:
    """One line on standard error; several for the problems of a file."""
    _write(_printable(line), "red", errors=True)


def complain_all(problems: Iterable[str]) -> None:
    """Customers of the configuration that the platform does not know."""
    for problem in problems:
        complain(f"customer left out: {problem}")


def tell_search(found: "Search", *, quiet: bool) -> None:
    """What the looks into the sent items told; quiet: on standard error, beside data."""
    for answer in found.answers:
        _write(str(answer), errors=quiet)
    for problem in found.problems:
        complain(problem)


def passing(what: str) -> None:
    """What is being done at the moment, to those who look at a terminal; the next line wipes it."""
    if _on_terminal(errors=True):
        _console(errors=True).print(f"{_escaped(what)} …", style="dim", end="\r")


def waiting(what: str) -> AbstractContextManager[object]:
    """Says what takes a while, to those who look at a terminal."""
    return _console(errors=True).status(what) if _on_terminal(errors=True) else nullcontext()


def as_json(data: Any) -> None:
    """Data for programs, on standard output."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on a terminal, lines with cells at tab stops elsewhere."""
    if not _on_terminal():
        for row in (columns, *rows):
            say("\t".join(_cell(cell) for cell in row))
        return
    from rich.table import Table

    drawn = Table(*columns, header_style="bold", box=None, pad_edge=False)
    for row in rows:
        drawn.add_row(*(_escaped(_cell(cell)) for cell in row))
    _console().print(drawn)


def _on_terminal(*, errors: bool = False) -> bool:
    stream = sys.stderr if errors else sys.stdout
    return stream.isatty() or bool(os.environ.get(_FORCED))


@cache
def _console(*, errors: bool = False) -> "Console":
    from rich.console import Console

    return Console(stderr=errors, highlight=False)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _write(line: str, style: str = "", *, errors: bool = False) -> None:
    if _on_terminal(errors=errors):
        _console(errors=errors).print(_escaped(line), style=style, soft_wrap=True)
        return
    stream = sys.stderr if errors else sys.stdout
    stream.write(f"{line.expandtabs()}\n")
    stream.flush()


def _cell(value: object) -> str:
    """One line of printable text."""
    return _printable("" if value is None else str(value), but="")


def _printable(text: str, but: str = "\n\t") -> str:
    """Names and reasons come from outside: what would steer a terminal is a blank."""
    return "".join(one if one.isprintable() or one in but else " " for one in text)


class Steps:
    """Progress of a round: a bar on a terminal, one plain line per report elsewhere."""

    def __init__(self, total: int, bar: "Progress | None") -> None:
        self._total = total
        self._bar = bar
        self._count = 0
        self._task = bar.add_task("reports", total=total) if bar else None

    def step(self, line: str, style: str = "") -> None:
        """One report is done."""
        self._count += 1
        text = f"[{self._count}/{self._total}] {_cell(line)}"
        if self._bar is None or self._task is None:
            _write(text, style, errors=True)
            return
        self._bar.console.print(_escaped(text), style=style, soft_wrap=True)
        self._bar.advance(self._task)

    def outlook(self, text: str, warning: str = "") -> None:
        """How it gets on, beside the bar; a warning stays."""
        if self._bar is None or self._task is None:
            if warning:
                _write(_cell(warning), "yellow", errors=True)
            return
        self._bar.update(self._task, description=_escaped(_cell(f"reports {text}")))
        if warning:
            self._bar.console.print(_escaped(_cell(warning)), style="yellow", soft_wrap=True)

    def note(self, line: str) -> None:
        """Something on the way, which ends no report."""
        if self._bar is not None:
            self._bar.console.print(_escaped(_cell(line)), style="dim", soft_wrap=True)


@contextmanager
def steps(total: int) -> Iterator[Steps]:
    """Progress for `total` reports."""
    if not _on_terminal(errors=True) or total == 0:
        yield Steps(total, None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_console(errors=True), transient=True) as bar:
        yield Steps(total, bar)

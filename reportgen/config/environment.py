"""What `${NAME}` may name: the variables of the process, and those of the file `.env`."""

from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.config.problems import Problem
from reportgen.config.reading import text_of

if TYPE_CHECKING:
    from dotenv.parser import Binding

_FILE = ".env"


def env_file(folder: Path) -> tuple[Path, ...]:
    """The `.env` in this folder, where there is one."""
    file = folder / _FILE
    return (file,) if file.exists() else ()


def environment(folder: Path, environ: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """
    The variables of the process and, where it has none of a name, of the `.env` in this folder.

    Also the lines of the file that cannot be read. Values are taken as they are, a `$` in them
    stands for itself, and no process that is started later inherits them. Raises ConfigProblems
    for a file that cannot be read at all.
    """
    file = folder / _FILE
    if not file.exists():
        return dict(environ), []
    from dotenv.parser import parse_stream  # most places do without such a file

    lines = [line for line in parse_stream(StringIO(text_of(file))) if line.key or line.error]
    values = {line.key: line.value for line in lines if line.key and line.value is not None}
    return values | dict(environ), list(_mistakes(lines))


def _mistakes(lines: list["Binding"]) -> Iterator[Problem]:
    """Never with the text of the line, which may be secret."""
    seen: set[str] = set()
    for line in lines:
        if line.error or line.key is None or line.value is None:
            yield Problem(_FILE, _number(line), "", "is no variable", "write NAME='value'")
            continue
        if line.key in seen:
            yield Problem(_FILE, _number(line), "", "a name comes twice", "keep one of the two")
        seen.add(line.key)


def _number(line: "Binding") -> int:
    """Of the line itself; what the library gives begins with the empty lines before."""
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")

"""Every message of the program and its templates, as translators must find them.

Run as a program, it brings the catalogues up to date: new messages are added empty, unused ones
are dropped, and those without a translation are listed.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
LANGUAGES = ROOT / "reportgen" / "languages"
Message = str | tuple[str, str]
"""A sentence, or its singular and plural."""

_PLACES = {
    "text": (0,),
    "_": (0,),
    "t": (0,),
    "tell": (1,),
    "plural": (0, 1),
    "tn": (0, 1),
    "tell_many": (1, 2),
}
"""Where a call of this name has its message, or its singular and plural."""


def messages() -> set[Message]:
    """All of them."""
    return {*_of_python(), *_of_templates()}


def _of_python() -> Iterator[Message]:
    for file in sorted((ROOT / "reportgen").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from _asked(_name(node.func), [tuple(_texts(arg)) for arg in node.args])


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _texts(node: ast.expr) -> Iterator[str]:
    """The string that stands there, or both of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def _of_templates() -> Iterator[Message]:
    environment = Environment(autoescape=True)
    for file in sorted((ROOT / "templates").rglob("*.*")):
        if file.suffix in (".html", ".txt"):
            for call in environment.parse(file.read_text("utf-8")).find_all(nodes.Call):
                name = call.node.name if isinstance(call.node, nodes.Name) else ""
                yield from _asked(name, [tuple(_template_texts(arg)) for arg in call.args])


def _template_texts(node: nodes.Expr | None) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from (*_template_texts(node.expr1), *_template_texts(node.expr2))


def _asked(name: str, arguments: Sequence[tuple[str, ...]]) -> Iterator[Message]:
    """The messages of one call; a choice of plurals goes singular by singular."""
    found = [arguments[place] for place in _PLACES.get(name, ()) if place < len(arguments)]
    if len(found) == 1:
        yield from found[0]
    elif found:
        yield from zip(*found, strict=True)


# ---- keeping the catalogues ----------------------------------------------------------------


def update(file: Path, wanted: set[Message]) -> list[Message]:
    """Bring one catalogue up to date; answers what it lacks."""
    with file.open("rb") as stream:
        known = read_po(stream, locale=file.stem)
    fresh = Catalog(locale=file.stem, project="reportgen", fuzzy=False)
    fresh.header_comment = known.header_comment
    fresh.creation_date = fresh.revision_date = known.creation_date
    lacking: list[Message] = []
    for message in sorted(wanted, key=str):
        found = known.get(message if isinstance(message, str) else message[0])
        string = found.string if found is not None else ""
        fresh.add(message, string=string)
        if not string or (not isinstance(string, str) and not all(string)):
            lacking.append(message)
    with file.open("wb") as stream:
        write_po(stream, fresh, width=100, omit_header=False)
    return lacking


def main() -> int:
    """Update every catalogue and say what is to be translated."""
    wanted = messages()
    sys.stdout.write(f"{len(wanted)} messages\n")
    lacking = {file.stem: update(file, wanted) for file in sorted(LANGUAGES.glob("*.po"))}
    for code, found in lacking.items():
        sys.stdout.write(f"{code}: {len(wanted) - len(found)} of {len(wanted)} messages\n")
        sys.stdout.writelines(f"  {message}\n" for message in found)
    return 1 if any(lacking.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())

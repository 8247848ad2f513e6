"""Every message of the program and its templates, as translators must find them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
Message = str | tuple[str, str]
"""A sentence, or its singular and plural."""


def messages() -> set[Message]:
    """All of them."""
    return {*_of_python(), *_of_templates()}


def _of_python() -> Iterator[Message]:
    for file in sorted((ROOT / "reportgen").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from _of_call(node)


def _of_call(node: ast.Call) -> Iterator[Message]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
    strings = [text for text in texts if isinstance(text, str)]
    if name in ("text", "_") and strings:
        yield strings[0]
    if name == "plural" and len(strings) > 1:
        yield strings[0], strings[1]


def _of_templates() -> Iterator[Message]:
    environment = Environment(autoescape=True)
    for file in sorted((ROOT / "templates").rglob("*.*")):
        if file.suffix in (".html", ".txt"):
            yield from _of_tree(environment.parse(file.read_text("utf-8")))


def _of_tree(tree: nodes.Template) -> Iterator[Message]:
    for call in tree.find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        strings = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
        if name == "t" and strings:
            yield str(strings[0])
        if name == "tn" and len(strings) > 1:
            yield str(strings[0]), str(strings[1])

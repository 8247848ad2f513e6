"""Reads YAML so that every value knows its line, and fills in what must not stand in a file."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from reportgen.config.problems import ConfigProblems, Problem

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET_FILE = "_file"  # noqa: S105 - the ending of a key, not a secret
_SECRETS = ("client_secret", "password")
_LARGEST = 2 * 1024 * 1024

Key = tuple[str | int, ...]


class Source:
    """A parsed file: its plain data, and the line of every key."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.base = path.resolve().parent
        self._tree = _parse(path)
        self.data: dict[str, Any] = _plain(self._tree)

    def problem(self, key: Key, wrong: str, right: str) -> Problem:
        """A mistake at this key; keys that are not in the file are placed at their parent."""
        text = ".".join(str(part) for part in self._known(key))
        return Problem(self.name, self._line(key), text, wrong, right)

    def _known(self, key: Key) -> Key:
        """The key without the names that validation puts between (the kinds of a union)."""
        known: list[str | int] = []
        node: Any = self._tree
        for place, part in enumerate(key):
            found, child = _child(node, part)
            if found or place == len(key) - 1:
                known.append(part)
                node = child
        return tuple(known)

    def _line(self, key: Key) -> int:
        line, node = 1, self._tree
        for part in key:
            found, child = _child(node, part)
            if found:
                line = _line_of(node, part)
                node = child
        return line


def fill(source: Source, environ: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """The data with `${NAME}` and secret files filled in, and what could not be filled.

    Filling happens after parsing and in texts only, so a value can neither break the file nor add
    keys to it.
    """
    filler = _Filler(source, environ)
    return filler.walk(source.data, ()), filler.problems


class _Filler:
    def __init__(self, source: Source, environ: Mapping[str, str]) -> None:
        self._source = source
        self._environ = environ
        self.problems: list[Problem] = []

    def walk(self, node: Any, key: Key) -> Any:
        if isinstance(node, dict):
            filled = {name: self.walk(value, (*key, name)) for name, value in node.items()}
            return self._with_secrets(filled, key)
        if isinstance(node, list):
            return [self.walk(value, (*key, place)) for place, value in enumerate(node)]
        return self._text(node, key) if isinstance(node, str) else node

    def _text(self, text: str, key: Key) -> str:
        for name in _VARIABLE.findall(text):
            if name not in self._environ:
                self.problems.append(
                    self._source.problem(
                        key,
                        f"the environment has no {name}",
                        f"set {name} before starting, or use a secret file",
                    )
                )
        return _VARIABLE.sub(lambda match: self._environ.get(match[1], "unset"), text)

    def _with_secrets(self, node: dict[str, Any], key: Key) -> dict[str, Any]:
        for name in _SECRETS:
            file = node.pop(name + _SECRET_FILE, None)
            if isinstance(file, str):
                node[name] = self._secret(file, (*key, name + _SECRET_FILE))
        return node

    def _secret(self, file: str, key: Key) -> str:
        try:
            return (self._source.base / file).read_text("utf-8").strip() or "empty"
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            self.problems.append(
                self._source.problem(
                    key, f"the secret file {file} cannot be read: {reason}", "name a readable file"
                )
            )
            return "unset"


# ---- YAML ----------------------------------------------------------------------------------


def _parse(path: Path) -> CommentedMap:
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigProblems([Problem(path.name, 1, "", "the file is too large", "split it")])
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigProblems(
            [Problem(path.name, 1, "", f"cannot be read: {reason}", "mend the file or its rights")]
        ) from error
    try:
        tree = YAML(typ="rt").load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        raise ConfigProblems([_syntax(path.name, error)]) from error
    if not isinstance(tree, CommentedMap):
        raise ConfigProblems(
            [Problem(path.name, 1, "", "holds no keys", "`reportgen init` writes an example")]
        )
    _refuse_aliases(path.name, tree)
    return tree


def _syntax(name: str, error: Exception) -> Problem:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    wrong = (error.problem if isinstance(error, MarkedYAMLError) else None) or "is not YAML"
    line = mark.line + 1 if mark else 1
    first = str(wrong).splitlines()[0]
    if "duplicate key" in first:
        return Problem(name, line, "", first.split(" with value")[0], "keep one of the two")
    return Problem(name, line, "", first, "mend the YAML at this line")


def _refuse_aliases(name: str, tree: Any) -> None:
    """The same node in two places would let a small file unfold without end."""
    seen: set[int] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, CommentedMap | CommentedSeq):
            continue
        if id(node) in seen:
            wrong = "YAML anchors and aliases are not supported"
            raise ConfigProblems([Problem(name, node.lc.line + 1, "", wrong, "use `defaults`")])
        seen.add(id(node))
        waiting.extend(node.values() if isinstance(node, CommentedMap) else node)


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    return node


def _child(node: Any, part: str | int) -> tuple[bool, Any]:
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            if str(key) == str(part):
                return True, value
    if isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
        return True, node[part]
    return False, None


def _line_of(node: Any, part: str | int) -> int:
    if isinstance(node, CommentedMap):
        real = next(key for key in node if str(key) == str(part))
        return int(node.lc.key(real)[0]) + 1
    return int(node.lc.item(part)[0]) + 1

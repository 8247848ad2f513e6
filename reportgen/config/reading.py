"""Reads YAML so that every value knows its line, and fills in what must not stand in a file."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from reportgen.config.problems import ConfigProblems, Problem

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNFIT = re.compile("[\0\ud800-\udfff]")
"""What no file, mail or database can hold; YAML writes it as an escape."""
_SECRET_FILE = "_file"  # noqa: S105 - the ending of a key, not a secret
_SECRETS = ("client_secret", "password", "pdf_password")
_LARGEST = 1024 * 1024  # bytes; some ten thousand customers
_LARGEST_SECRET = 64 * 1024  # bytes
_UNREADABLE = (
    YAMLError, ValueError, RecursionError,
    AttributeError, TypeError, LookupError, AssertionError, NotImplementedError,
)  # fmt: skip
"""What the reader of YAML raises, the second line for tags at places it does not expect."""
UNKNOWN = "unset-and-unknown"
"""Stands in for what could not be filled, so that other mistakes are still found."""

Key = tuple[str | int, ...]


class Source:
    """A parsed file: its plain data, and the line of every key."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.file = path.resolve()
        self.base = self.file.parent
        self.secret_files: tuple[Path, ...] = ()
        """Known once the file is filled."""
        self._tree = _parse(path)
        self.data: dict[str, Any] = _plain(self._tree)

    def problem(self, key: Key, wrong: str, right: str) -> Problem:
        """A mistake at this key; keys that are not in the file are placed at their parent."""
        key = self._written(key)
        text = ".".join(str(part) for part in self._known(key))
        return Problem(self.name, self._line(key), text, wrong, right)

    def _written(self, key: Key) -> Key:
        """The key, or for a secret that was read from a file the one that names the file."""
        *above, last = key or ("",)
        node: Any = self._tree
        for part in above:
            found, child = _child(node, part)
            node = child if found else node
        file = f"{last}{_SECRET_FILE}"
        from_file = last in _SECRETS and not _child(node, last)[0] and _child(node, file)[0]
        return (*above, file) if from_file else key

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
                self._note(key, *_no_variable(name))
        filled = _VARIABLE.sub(lambda match: self._environ.get(match[1], UNKNOWN), text)
        if _UNFIT.search(filled):
            self._note(
                key, "holds a NUL or half a letter", "write the letters themselves, in UTF-8"
            )
            return UNKNOWN
        return filled

    def _with_secrets(self, node: dict[str, Any], key: Key) -> dict[str, Any]:
        for name in _SECRETS:
            file = node.get(name + _SECRET_FILE)
            if not isinstance(file, str):
                continue
            place = (*key, name + _SECRET_FILE)
            if name in node:
                self._note(place, f"stands beside `{name}`", "keep one of the two")
            del node[name + _SECRET_FILE]
            node[name] = self._secret(file, place)
        return node

    def _secret(self, file: str, key: Key) -> str:
        path = self._source.base / file
        self._source.secret_files += (path,)
        try:
            return _secret_in(path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            cure = "name a readable file that holds nothing but the secret"
            self._note(key, f"the secret file {file} cannot be read: {reason}", cure)
            return UNKNOWN

    def _note(self, key: Key, wrong: str, right: str) -> None:
        self.problems.append(self._source.problem(key, wrong, right))


def _no_variable(name: str) -> tuple[str, str]:
    if not _NAME.fullmatch(name):
        return "${…} holds no name of a variable", "use letters, digits and _, as in ${API_SECRET}"
    return f"the environment has no {name}", (
        "set it before starting, write it into `.env` beside the file, or use a secret file"
    )


def _secret_in(path: Path) -> str:
    """The one text of a file. Raises OSError or ValueError, which never holds the text."""
    with path.open("rb") as file:
        content = file.read(_LARGEST_SECRET + 1)
    if len(content) > _LARGEST_SECRET:
        raise ValueError("it is too large")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None
    if not text:
        raise ValueError("it is empty")
    return text


# ---- YAML ----------------------------------------------------------------------------------


def _parse(path: Path) -> CommentedMap:
    text = text_of(path)
    try:
        tree = YAML(typ="rt").load(text)
    except _UNREADABLE as error:
        raise ConfigProblems([_syntax(path.name, error)]) from None
    if not isinstance(tree, CommentedMap):
        raise _refusal(path.name, 1, "holds no keys", "`reportgen init` writes an example")
    _refuse_aliases(path.name, tree)
    return tree


def text_of(path: Path) -> str:
    """The text of a file of the configuration. Raises ConfigProblems."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise _refusal(path.name, 1, "is too large", "use `discover` for many customers")
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        cure = "mend the file or its rights"
        raise _refusal(path.name, 1, f"cannot be read: {reason}", cure) from error


def _refusal(name: str, line: int, wrong: str, right: str) -> ConfigProblems:
    return ConfigProblems([Problem(name, line, "", wrong, right)])


def _syntax(name: str, error: Exception) -> Problem:
    """What the reader of YAML stumbled over, without the text around it, which may be secret."""
    marked = error if isinstance(error, MarkedYAMLError) else MarkedYAMLError()
    first = str(marked.problem or getattr(error, "reason", "")).partition("\n")[0]
    line = marked.problem_mark.line + 1 if marked.problem_mark else 1
    if "duplicate key" in first:
        return Problem(name, line, "", first.split(" with value")[0], "keep one of the two")
    if "alias" in first:
        return Problem(name, line, "", "* starts an alias, which is not supported", "use quotes")
    return Problem(name, line, "", first or "is not YAML", "mend the YAML at this line")


def _refuse_aliases(name: str, tree: Any) -> None:
    """The same node in two places would let a small file unfold without end."""
    seen: set[int] = set()
    for node in _containers(tree):
        if id(node) in seen or getattr(node, "merge", None):
            wrong = "YAML anchors, << and aliases are not supported"
            raise _refusal(name, node.lc.line + 1, wrong, "use `defaults`")
        seen.add(id(node))


def _containers(tree: Any) -> Iterator[Any]:
    """Each mapping and list; those in two places come twice."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, CommentedMap | CommentedSeq):
            yield node
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

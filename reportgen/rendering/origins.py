"""What shapes the bytes of a document: versions of programs, digests of templates and fonts."""

import platform
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from weasyprint.text.ffi import pango

import reportgen
from reportgen import bundled

_ENGINES = ("weasyprint", "jinja2", "pydyf", "tinycss2", "fonttools", "pillow", "babel")
_FONTS = "fonts"
_PROGRAM = (".py", ".po")
_LOOKS = (".html", ".txt", ".css", ".svg", ".png", ".jpg", ".jpeg", ".otf", ".ttf", ".woff2")


def made_with(*own: Path) -> Mapping[str, str]:
    """Version or digest by name; `own` are the user's own folders of templates."""
    fonts = bundled.TEMPLATES / _FONTS
    looks = [file for file in _files(bundled.TEMPLATES, _LOOKS) if fonts not in file.parents]
    found = {
        **_programs(),
        "templates": _digest(bundled.TEMPLATES, looks),
        "fonts": _of_fonts(tuple((file, _stamp(file)) for file in _files(fonts, _LOOKS))),
    }
    digests = [_digest(folder, _files(folder, _LOOKS)) for folder in own]
    return found | ({"own templates": " ".join(digests)} if own else {})


@cache
def _programs() -> Mapping[str, str]:
    """They cannot change while the program runs."""
    package = Path(reportgen.__file__).parent
    return {
        "reportgen": reportgen.__version__,
        "program": _digest(package, _files(package, _PROGRAM)),
        "python": platform.python_version(),
        "pango": _readable(pango.pango_version()),
        **{name: _version(name) for name in _ENGINES},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _readable(number: int) -> str:
    """
    Pango tells its version as one number.

    >>> _readable(15012)
    '1.50.12'
    """
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _files(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in endings)
    return sorted(path for path in found if path.is_file())


def _digest(folder: Path, files: Iterable[Path]) -> str:
    """SHA-256 over names and contents."""
    whole = sha256()
    for file in files:
        name = file.relative_to(folder).as_posix()
        whole.update(f"{name}\0{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _stamp(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns


@cache
def _of_fonts(stamped: tuple[tuple[Path, tuple[int, int]], ...]) -> str:
    """They are megabytes, and hardly ever change."""
    return _digest(bundled.TEMPLATES / _FONTS, [file for file, _ in stamped])

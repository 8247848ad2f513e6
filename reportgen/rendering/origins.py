"""What shapes the bytes of a document: versions of programs, digests of templates and fonts."""

import platform
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import reportgen
from reportgen import bundled

_ENGINES = ("weasyprint", "jinja2", "pydyf", "tinycss2", "fonttools", "pillow", "babel")
_FONTS = "fonts"
_PROGRAM = (".py", ".po")
_LOOKS = (".html", ".txt", ".css", ".svg", ".png", ".jpg", ".jpeg", ".otf", ".ttf", ".woff2")


def made_with(*own: Path, engine: Mapping[str, str]) -> Mapping[str, str]:
    """Version or digest by name.

    `own` are the user's own folders of templates, `engine` the versions of native libraries.
    """
    fonts = bundled.TEMPLATES / _FONTS
    looks = [file for file in _files(bundled.TEMPLATES, _LOOKS) if fonts not in file.parents]
    found = {
        **_programs(),
        **engine,
        "templates": _digest(bundled.TEMPLATES, looks),
        "fonts": _digest(fonts, _files(fonts, _LOOKS)),
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
        **{name: _version(name) for name in _ENGINES},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _files(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in endings)
    return sorted(path for path in found if path.is_file())


def _digest(folder: Path, files: Iterable[Path]) -> str:
    """SHA-256 over names and contents."""
    return _digest_of(folder, tuple((file, _stamp(file)) for file in files))


def _stamp(file: Path) -> tuple[int, int, int]:
    """Another one as soon as the file is another one."""
    found = file.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


@lru_cache(maxsize=32)
def _digest_of(folder: Path, stamped: tuple[tuple[Path, tuple[int, int, int]], ...]) -> str:
    """They are megabytes, and hardly ever change."""
    whole = sha256()
    for file, _ in stamped:
        name = file.relative_to(folder).as_posix()
        whole.update(f"{name}\0{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()

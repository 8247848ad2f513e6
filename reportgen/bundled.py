"""Where the files that ship with reportgen lie, in a checkout and in an installed wheel."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "bundle"
_ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

TEMPLATES = _ROOT / "templates"
"""The folder of templates, styles, fonts and example brand logos."""

EXAMPLE_CONFIG = _ROOT / "config.yaml"
"""The complete, commented, working example configuration."""

LANGUAGES = _PACKAGE / "languages"
"""The folder of `<code>.po`, one for each language but English, which needs none."""


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages a report can be written in."""
    return ("en", *sorted(file.stem for file in LANGUAGES.glob("*.po")))

"""What the caged worker has accepted: `check --offline` need not start it for the same again."""

import json
import platform
from collections.abc import Sequence
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reportgen import __version__, storing
from reportgen.config import Settings, brand_of
from reportgen.errors import StorageError
from reportgen.ledger.glance import plain_file

_ENGINES = ("weasyprint", "pydyf", "pillow")


def recall(settings: Settings) -> list[dict[str, str]]:
    """What was said about the worker and these very logos; nothing where it has to look anew."""
    file = _file(settings)
    if file is None:
        return []
    try:
        known = json.loads(file.read_bytes())
        return list(known["said"]) if known["of"] == _circumstances(settings) else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def remember(settings: Settings, said: Sequence[dict[str, str]]) -> None:
    """Keep it beside the ledger, where that is a file. What cannot be kept is looked at again."""
    file = _file(settings)
    if file is None or not file.parent.is_dir():
        return
    try:
        known = {"of": _circumstances(settings), "said": list(said)}
        storing.write(str(file), json.dumps(known).encode())
    except (OSError, StorageError):
        return


def _file(settings: Settings) -> Path | None:
    ledger = plain_file(settings.ledger, settings.base)
    return ledger.with_name(f"{ledger.stem}-accepted.json") if ledger else None


def _circumstances(settings: Settings) -> str:
    """Changes with whatever could change the answer: logos, programs, the system."""
    logos: list[Any] = []
    for name in settings.brands:
        brand = brand_of(settings, name)
        files = [Path(logo) for logo in (brand.logo, brand.logo_on_primary) if logo]
        logos.append([name, [(file.name, _digest(file)) for file in files]])
    engines = [version(name) for name in _ENGINES]
    circumstances = [__version__, engines, platform.python_version(), platform.release(), logos]
    return sha256(json.dumps(circumstances).encode()).hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()

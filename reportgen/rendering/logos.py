"""Brand logos: which file is shown where, and pictures made safe before they are."""

import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import ConfigError
from reportgen.model import Brand
from reportgen.rendering.plain_svg import plain

_LARGEST = 2 * 1024 * 1024
_MOST_PIXELS = 4000 * 4000
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
)
"""What the decoders raise for files that are not what they say."""


@dataclass(frozen=True, slots=True)
class Given:
    """A logo as it came: nobody has looked into it."""

    name: str
    """Of its file, for messages."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo as it is shown."""

    name: str
    """Of its file, for messages."""
    kind: str
    """Media type."""
    data: bytes


def given(brand: Brand) -> dict[str, Given]:
    """Name in the document → logo of the brand. Raises ConfigError for a file of no use."""
    chosen = {"logo/light": brand.logo, "logo/primary": brand.logo_on_primary}
    return {name: _read(Path(path)) for name, path in chosen.items() if path}


def prepared(given: Mapping[str, Given]) -> dict[str, Picture]:
    """
    The logos, drawings reduced to shapes and pictures encoded anew.

    Raises ConfigError for what is no SVG, PNG or JPEG, or holds more than a logo should.
    """
    return {name: _safe(logo) for name, logo in given.items()}


def _read(file: Path) -> Given:
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST + 1)
    except OSError as error:
        raise ConfigError(f"the logo {file.name} cannot be read: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise ConfigError(f"the logo {file.name} is larger than 2 MB; save it smaller")
    return Given(file.name, data)


def _safe(logo: Given) -> Picture:
    if logo.name.lower().endswith(".svg"):
        return Picture(logo.name, "image/svg+xml", plain(logo.name, logo.data))
    return Picture(logo.name, "image/png", _pixels(logo))


def _pixels(logo: Given) -> bytes:
    """Decoded and encoded anew, so that nothing but the pixels of the first picture is left.

    The PDF engine tells Pillow to fill up what is cut short; a logo is refused then.
    """
    from PIL import Image, ImageFile  # nobody outside of a worker needs it

    made = io.BytesIO()
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(logo.data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise _too_large(logo)
            image.convert("RGBA").save(made, "PNG")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(logo) from error
    except _BROKEN as error:
        raise ConfigError(
            f"the logo {logo.name} is no PNG or JPEG that can be read; save it anew as PNG"
        ) from error
    return made.getvalue()


def _too_large(logo: Given) -> ConfigError:
    return ConfigError(f"the logo {logo.name} has more than 16 million pixels; save it smaller")

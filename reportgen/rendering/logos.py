"""Brand logos: which file is shown where, and pictures made safe before they are."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

from PIL import Image, UnidentifiedImageError

from reportgen.errors import ConfigError
from reportgen.model import Brand

_LARGEST = 2 * 1024 * 1024
_MOST_PIXELS = 4000 * 4000
_FORBIDDEN = ("script", "foreignObject", "image", "use", "a", "animate", "set")


def prepared(brand: Brand, folder: TemporaryDirectory[str]) -> dict[str, str]:
    """
    Name → path of the brand's logos, pictures re-encoded into `folder`.

    Raises ConfigError for a file that is no SVG, PNG or JPEG, or is too large.
    """
    chosen = {"logo/light": brand.logo, "logo/primary": brand.logo_on_primary}
    return {
        name: str(_safe(Path(path), Path(folder.name) / name.replace("/", "-")))
        for name, path in chosen.items()
        if path
    }


def _safe(source: Path, target: Path) -> Path:
    try:
        data = source.read_bytes()
    except OSError as error:
        raise ConfigError(f"the logo {source.name} cannot be read: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise ConfigError(f"the logo {source.name} is larger than 2 MB; save it smaller")
    if source.suffix.lower() == ".svg":
        return _drawing(source.name, data, target.with_suffix(".svg"))
    return _picture(source.name, data, target.with_suffix(".png"))


class _Declared(Exception):
    """The file declares a document type."""


class _Plain(ET.TreeBuilder):
    """Stops where entities could be declared, whatever the encoding of the file."""

    def doctype(self, *_: object) -> None:
        raise _Declared


def _drawing(name: str, data: bytes, target: Path) -> Path:
    """An SVG without scripts, links or pictures in it, and without entities."""
    try:
        root = ET.fromstring(data, ET.XMLParser(target=_Plain()))  # noqa: S314 - see _Plain
    except _Declared:
        raise ConfigError(f"the logo {name} declares entities; export it as plain SVG") from None
    except ET.ParseError as error:
        raise ConfigError(f"the logo {name} is no SVG: {error}") from error
    for element in root.iter():
        if element.tag.rpartition("}")[2] in _FORBIDDEN:
            raise ConfigError(
                f"the logo {name} holds <{element.tag.rpartition('}')[2]}>; export plain shapes"
            )
    target.write_bytes(data)
    return target


def _picture(name: str, data: bytes, target: Path) -> Path:
    """Decoded and encoded anew, so that nothing but pixels is left."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ConfigError(f"the logo {name} has too many pixels; save it smaller")
            image.convert("RGBA").save(target, "PNG")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ConfigError(f"the logo {name} is no PNG or JPEG that can be read") from error
    return target

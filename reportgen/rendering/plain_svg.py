"""SVG reduced to shapes: what is not known to be harmless is left out or refused."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from reportgen.errors import ConfigError

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_CURE = "export it as plain SVG, with shapes only"
_DEEPEST = 40
_MOST_ELEMENTS = 10_000
_SHAPES = """
    svg g defs path rect circle ellipse line polyline polygon text tspan title desc style
    clipPath mask linearGradient radialGradient stop
""".split()  # noqa: SIM905 - read by people
_LEFT_OUT = ("metadata",)
_REFERRING = ("linearGradient", "radialGradient")
"""Elements that may point at another of the same file."""
_ATTRIBUTES = """
    id class style x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy d points width height viewBox
    preserveAspectRatio transform version offset gradientUnits gradientTransform spreadMethod
    clipPathUnits maskUnits maskContentUnits pathLength rotate textLength lengthAdjust fill
    fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility
    clip-path clip-rule mask stop-color stop-opacity overflow font-family font-size font-style
    font-weight font-variant font-stretch letter-spacing word-spacing text-anchor text-decoration
    dominant-baseline alignment-baseline baseline-shift direction paint-order shape-rendering
    text-rendering vector-effect
""".split()  # noqa: SIM905 - read by people
_LINK = re.compile(r"(?:url|src|image|image-set|element)\(([^)]*)", re.IGNORECASE)
_STRANGE = re.compile(r"[@\\<]|expression|javascript:", re.IGNORECASE)
"""In styles: rules that load something, and letters written so that nobody sees them."""


def plain(name: str, data: bytes) -> bytes:
    """
    The drawing in this file with nothing in it but shapes, text and gradients.

    Raises ConfigError that names the file and the cure for what is no SVG, declares entities,
    holds scripts, links or pictures, or is built too deeply.
    """
    parser = ET.XMLParser(target=_Builder(name))  # noqa: S314 - the builder refuses entities
    try:
        parser.feed(data)
        root = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise _refusal(name, f"is no SVG that can be read ({error})") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise _refusal(name, f"is no SVG: it lacks xmlns={_SVG}")
    _reduce(name, root)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return bytes(ET.tostring(root, encoding="utf-8"))


def _refusal(name: str, wrong: str) -> ConfigError:
    return ConfigError(f"the logo {name} {wrong}; {_CURE}")


class _Builder(ET.TreeBuilder):
    """Stops at the first sign of harm, whatever the encoding of the file."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._depth = 0
        self._count = 0

    def doctype(self, *_declared: object) -> None:
        """Entities are declared here, and nothing else that a logo needs."""
        raise _refusal(self._name, "has a DOCTYPE, which may declare entities")

    def start(self, tag: str, attributes: dict[str, str]) -> ET.Element:
        self._depth += 1
        self._count += 1
        if self._depth > _DEEPEST:
            raise _refusal(self._name, f"is nested more than {_DEEPEST} deep")
        if self._count > _MOST_ELEMENTS:
            raise _refusal(self._name, f"has more than {_MOST_ELEMENTS} elements")
        return super().start(tag, attributes)

    def end(self, tag: str) -> ET.Element:
        self._depth -= 1
        return super().end(tag)


def _reduce(name: str, element: ET.Element) -> None:
    """Leave out what drawing programs note for themselves; refuse what acts or reaches out."""
    _reduce_attributes(name, element)
    if _local(element) == "style":
        _refuse_reaching(name, "a style", element.text or "")
    for child in list(element):
        if not child.tag.startswith(f"{{{_SVG}}}") or _local(child) in _LEFT_OUT:
            element.remove(child)
        elif _local(child) in _SHAPES:
            _reduce(name, child)
        else:
            raise _refusal(name, f"holds <{_local(child)}>")


def _reduce_attributes(name: str, element: ET.Element) -> None:
    kept = dict(_kept_attributes(name, element))
    element.attrib.clear()
    element.attrib.update(kept)


def _kept_attributes(name: str, element: ET.Element) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        if key.lower().startswith("on"):
            raise _refusal(name, f"holds the script {key}")
        if key in ("href", f"{{{_XLINK}}}href"):
            if _local(element) not in _REFERRING or not value.startswith("#"):
                raise _refusal(name, f"points outside itself in <{_local(element)}>")
            yield key, value
        elif key in _ATTRIBUTES:
            _refuse_reaching(name, key, value)
            yield key, value


def _refuse_reaching(name: str, where: str, text: str) -> None:
    targets = (match[1].strip(" \t\r\n\"'") for match in _LINK.finditer(text))
    if _STRANGE.search(text) or not all(target.startswith("#") for target in targets):
        raise _refusal(name, f"points outside itself in {where}")


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]

"""Logos from outside: shown harmlessly, or refused with one message that names file and cure."""

import io
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from reportgen import bundled
from reportgen.errors import ConfigError
from reportgen.model import Brand
from reportgen.rendering.logos import Given, given, prepared

SHAPES = '<path d="M0 0h9v9z" fill="#0B1F3A"/>'


def svg(inside: str = SHAPES, attributes: str = "") -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="9" height="9" {attributes}>{inside}</svg>'
    ).encode()


def shown(name: str, data: bytes) -> bytes:
    """The logo as it is shown."""
    return prepared({"logo/light": Given(name, data)})["logo/light"].data


def elements(data: bytes) -> list[ET.Element]:
    return list(ET.fromstring(data).iter())  # noqa: S314 - made by these tests


def png(width: int, height: int, mode: str = "RGB", **options: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, (width, height), 1).save(made, "PNG", **options)  # type: ignore[arg-type]
    return made.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    whole = kind + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(9)
)
DOCTYPE = f"<!DOCTYPE svg [{LAUGHS}]>"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (svg("<script>alert(1)</script>"), "holds <script>"),
        (svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'), "fo"),
        (svg(attributes='onload="alert(1)"'), "holds the script onload"),
        (svg('<g OnClick="alert(1)"/>'), "holds the script OnClick"),
        (svg('<image href="http://127.0.0.1:9/x.png"/>'), "holds <image>"),
        (svg('<a href="https://example.invalid"><path d="M0 0"/></a>'), "holds <a>"),
        (svg('<use xlink:href="#a"/>'), "holds <use>"),
        (svg('<animate attributeName="href"/>'), "holds <animate>"),
        (svg('<feImage href="file:///etc/passwd"/>'), "holds <feImage>"),
        (svg('<linearGradient xlink:href="http://127.0.0.1:9/x.svg#g"/>'), "points outside"),
        (svg('<linearGradient href="data:image/svg+xml,x"/>'), "points outside"),
        (svg('<path d="M0 0" href="javascript:alert(1)"/>'), "points outside"),
        (svg('<path fill="url(http://127.0.0.1:9/#x)"/>'), "points outside itself in fill"),
        (svg("<path style=\"fill: URL( 'file:///etc/passwd#x' )\"/>"), "outside itself in style"),
        (svg("<path style=\"fill: u\\72l('//x')\"/>"), "outside itself in style"),
        (svg("<style>@import 'http://127.0.0.1:9/x.css';</style>"), "outside itself in a style"),
        (svg("<style>path { fill: url(data:image/svg+xml,x) }</style>"), "outside itself"),
        (b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + svg("&x;"), "DOCTYPE"),
        (DOCTYPE.encode() + svg("<text>&l8;</text>"), "DOCTYPE"),
        ((DOCTYPE + svg("<text>&l8;</text>").decode()).encode("utf-16"), "DOCTYPE"),
        (svg("<g>" * 50 + "</g>" * 50), "nested more than 40 deep"),
        (svg("<g>" * 100_000 + "</g>" * 100_000), "nested more than 40 deep"),
        (svg("<path/>" * 10_001), "more than 10000 elements"),
        (svg("<text>&undeclared;</text>"), "is no SVG that can be read"),
        (svg()[:-9], "is no SVG that can be read"),
        (b"", "is no SVG that can be read"),
        (b"\xff\xfe\x00<", "is no SVG that can be read"),
        (b"<?xml version='1.0' encoding='nowhere'?><svg/>", "is no SVG that can be read"),
        (b"<svg/>", "lacks xmlns"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "lacks xmlns"),
    ],
)
def test_a_drawing_that_acts_or_reaches_out_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        shown("mark.svg", data)
    message = str(caught.value)
    assert message.startswith("the logo mark.svg ")
    assert message.endswith("; export it as plain SVG, with shapes only")
    assert "\n" not in message


def test_what_drawing_programs_note_is_left_out_and_shapes_stay() -> None:
    data = svg(
        '<?xml-stylesheet href="http://127.0.0.1:9/x.css"?><!-- made by hand -->'
        '<metadata><x xmlns="https://rdf.invalid/">x</x></metadata>'
        '<n:view xmlns:n="https://program.invalid/" n:href="http://127.0.0.1:9/"/>'
        '<defs><linearGradient id="g"><stop offset="1" stop-color="#fff"/></linearGradient>'
        '<linearGradient id="h" xlink:href="#g"/></defs>'
        "<style>.a { fill: url(#h) }</style>"
        '<path class="a" d="M0 0h9" data-name="x" style="fill: url(\'#h\')"/>'
    )
    root = elements(shown("mark.svg", data))[0]
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert names == ["svg", "defs", "linearGradient", "stop", "linearGradient", "style", "path"]
    assert root[-1].attrib == {"class": "a", "d": "M0 0h9", "style": "fill: url('#h')"}
    said = shown("mark.svg", data)
    assert b"127.0.0.1" not in said
    assert b"made by hand" not in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_encoding_of_a_drawing_does_not_matter(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?>" + svg("<text>Ä</text>").decode()
    assert "Ä" in shown("mark.svg", text.encode(encoding)).decode()


@pytest.mark.parametrize("file", sorted((bundled.TEMPLATES / "brands").glob("*.svg")), ids=str)
def test_the_shipped_logos_lose_nothing(file: Path) -> None:
    data = file.read_bytes()
    before, after = elements(data), elements(shown(file.name, data))
    assert [(each.tag, each.attrib) for each in before] == [
        (each.tag, each.attrib) for each in after
    ]


PICTURE = png(400, 300)
WHOLE = "has more than 16 million pixels; save it smaller"
BROKEN = "is no PNG or JPEG that can be read; save it anew as PNG"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (png(20_000, 20_000, "1"), WHOLE),
        (png(5_000, 4_000, "1"), WHOLE),
        (PICTURE[:60], BROKEN),
        (PICTURE[: len(PICTURE) // 2], BROKEN),
        (PICTURE[:40] + b"\x00" * 30 + PICTURE[70:], BROKEN),
        (b"", BROKEN),
        (b"GIF89a" + bytes(40), BROKEN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", BROKEN),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", BROKEN),
        (
            PICTURE[:33] + chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(2**27))) + PICTURE[33:],
            BROKEN,
        ),
    ],
    ids=["bomb", "large", "head", "truncated", "damaged", "empty", "gif", "svg", "eps", "profile"],
)
def test_a_picture_that_is_too_large_or_broken_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        shown("mark.png", data)
    assert str(caught.value) == f"the logo mark.png {said}"


def test_of_a_moving_picture_the_first_is_shown_and_nothing_else() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    made = io.BytesIO()
    frames[0].save(made, "PNG", save_all=True, append_images=frames[1:], comment="x")
    with Image.open(io.BytesIO(shown("mark.png", made.getvalue()))) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert image.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_nothing_but_pixels_is_left_of_a_picture() -> None:
    note = chunk(b"tEXt", b"Comment\0a private note")
    assert b"private" not in shown("mark.png", PICTURE[:33] + note + PICTURE[33:] + b"private")


def test_a_file_that_cannot_be_read_or_is_huge_is_named(tmp_path: Path) -> None:
    huge = tmp_path / "huge.svg"
    huge.write_bytes(b" " * (2 * 1024 * 1024 + 1))
    for file, said in (
        (huge, "the logo huge.svg is larger than 2 MB; save it smaller"),
        (tmp_path, "the logo .* cannot be read: Is a directory"),
        (tmp_path / "no.png", "the logo no.png cannot be read: No such file or directory"),
    ):
        with pytest.raises(ConfigError, match=said):
            given(Brand("B", logo=str(file)))

"""The rules of PDF/UA-1 a program can check, after the conditions of the Matterhorn Protocol."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ContentStream

_PAINTS = {b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"Tj", b"TJ", b"'", b'"', b"Do"}
_HEADINGS = {f"/H{level}": level for level in range(1, 7)}


def faults(pdf: bytes) -> list[str]:
    """What breaks a rule, in words; empty for a document that keeps them all."""
    reader = PdfReader(io.BytesIO(pdf))
    return [
        *_of_catalogue(reader),
        *_of_structure(reader),
        *_of_fonts(reader),
        *_of_pages(reader),
    ]


def nodes(document: PdfReader | PdfWriter) -> Iterator[dict[str, Any]]:
    """Every element of the structure tree, in reading order."""
    waiting: list[Any] = [document.root_object["/StructTreeRoot"]]
    while waiting:
        found = waiting.pop(0)
        found = found.get_object() if hasattr(found, "get_object") else found
        if isinstance(found, list):
            waiting = [*found, *waiting]
        elif isinstance(found, dict):
            if "/S" in found:
                yield found
            if "/K" in found and found.get("/Type") not in ("/MCR", "/OBJR"):
                waiting = [found["/K"], *waiting]


def _of_catalogue(reader: PdfReader) -> Iterator[str]:
    root = reader.trailer["/Root"]
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "06-001: the document is not marked as tagged"
    if not root.get("/Lang"):
        yield "11-006: the document has no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "07-001: the title is not shown"
    metadata = root["/Metadata"].get_data()
    if b"pdfuaid:part" not in metadata and b'part="1"' not in metadata:
        yield "06-002: the metadata do not claim PDF/UA"
    if b"dc:title" not in metadata:
        yield "06-004: the metadata have no title"


def _of_structure(reader: PdfReader) -> Iterator[str]:
    found = list(nodes(reader))
    yield from _of_headings(found)
    for node in found:
        yield from _of_node(node)


def _of_headings(found: list[dict[str, Any]]) -> Iterator[str]:
    level = 0
    for node in found:
        here = _HEADINGS.get(node["/S"])
        if here is not None:
            if here > level + 1:
                yield f"14-003: a heading of level {here} follows one of {level}"
            level = here


def _of_node(node: dict[str, Any]) -> Iterator[str]:
    match node["/S"]:
        case "/Figure" if not str(node.get("/Alt", "")).strip():
            yield "13-004: a figure has no alternative"
        case "/TH" if "/Scope" not in str(_plain(node.get("/A"))):
            yield "15-003: a table header has no scope"
        case "/TR" if not {each["/S"] for each in _kids(node)} <= {"/TH", "/TD"}:
            yield "09-004: a table row holds more than cells"
        case "/L" if not {each["/S"] for each in _kids(node)} <= {"/LI", "/Caption", "/L"}:
            yield "09-005: a list holds more than its items"


def _kids(node: dict[str, Any]) -> list[dict[str, Any]]:
    kids = node.get("/K")
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    listed = kids if isinstance(kids, list) else [kids]
    found = [each.get_object() if hasattr(each, "get_object") else each for each in listed]
    return [each for each in found if isinstance(each, dict) and "/S" in each]


def _plain(value: Any) -> Any:
    value = value.get_object() if hasattr(value, "get_object") else value
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _of_fonts(reader: PdfReader) -> Iterator[str]:
    seen: set[str] = set()
    for page in reader.pages:
        for entry in page["/Resources"].get("/Font", {}).values():
            font = entry.get_object()
            name = str(font["/BaseFont"])
            if name in seen:
                continue
            seen.add(name)
            if "/ToUnicode" not in font:
                yield f"10-001: {name} cannot be read out"
            inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner):
                yield f"31-009: {name} is not embedded"


def _of_pages(reader: PdfReader) -> Iterator[str]:
    for number, page in enumerate(reader.pages, 1):
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield f"28-008: page {number} has links without an order"
        for annotation in page.get("/Annots") or ():
            if not annotation.get_object().get("/Contents"):
                yield f"28-012: a link on page {number} has no words"
        if _paints_untagged(page, reader):
            yield f"01-003: page {number} has content that is neither tagged nor an artifact"


def _paints_untagged(page: Any, reader: PdfReader) -> bool:
    depth = 0
    for _operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            depth += 1
        elif operator == b"EMC":
            depth -= 1
        elif operator in _PAINTS and depth == 0:
            return True
    return False

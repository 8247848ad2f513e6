"""The last strokes on a PDF before it is written: what the engine leaves out.

Page labels, the scope of table headers, the tie between the document and its copy for machines, and
a quicker way to write the file. They work on the objects of pydyf, the writer inside WeasyPrint,
through its finisher.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pydyf

from reportgen.rendering.writing import write


def finish(_document: Any, pdf: Any) -> None:
    """A `finisher` of WeasyPrint."""
    pdf.catalog["PageLabels"] = _page_labels()
    for header in _elements(pdf, "/TH"):
        header["A"]["Scope"] = _scope(pdf, header)
    _associate(pdf)
    pdf.write = partial(write, pdf)


def _page_labels() -> Any:
    """The cover has a name, every other page the number printed on it."""
    cover = pydyf.Dictionary({"P": pydyf.String("Cover")})
    rest = pydyf.Dictionary({"S": "/D", "St": 2})
    return pydyf.Dictionary({"Nums": pydyf.Array([0, cover, 1, rest])})


def _elements(pdf: Any, kind: str) -> Iterator[Any]:
    """Every element of this kind in the structure tree."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("S") == kind and "P" in item:
            yield item


def _scope(pdf: Any, header: Any) -> str:
    """Headers in the head of a table speak for their column, all others for their row."""
    row = _parent(pdf, header)
    return "/Column" if _parent(pdf, row).get("S") == "/THead" else "/Row"


def _parent(pdf: Any, element: Any) -> Any:
    return pdf.objects[int(bytes(element["P"]).split()[0])]


def _associate(pdf: Any) -> None:
    """Attached files hold the data of this document (ISO 32000-2, 14.13)."""
    files = [
        item
        for item in pdf.objects
        if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Filespec"
    ]
    for file in files:
        file["AFRelationship"] = "/Data"
    if files:
        pdf.catalog["AF"] = pydyf.Array([file.reference for file in files])

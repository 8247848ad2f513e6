"""Every document with the answers it was made from, kept under its key."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from reportgen import __version__, storing
from reportgen.errors import StorageError
from reportgen.model import (
    ActionRule,
    Brand,
    Customer,
    Document,
    DocumentState,
    Letter,
    Period,
    RunKey,
    Widget,
)
from reportgen.names import file_part

_WIDGETS: TypeAdapter[tuple[Widget, ...]] = TypeAdapter(tuple[Widget, ...])
_PDF, _MANIFEST, _SNAPSHOT = "document.pdf", "document.json", "snapshot.json"


class FileArchive:
    """`pipeline.Archive` on a folder or any fsspec URL.

    `<report>/<company id>/<period>/<edition>/` holds the PDF, a manifest and the snapshot. Nothing
    kept is ever replaced: another making of the same edition gets a folder beside the first.
    """

    def __init__(self, url: str, base: Path = Path()) -> None:
        self._url = storing.absolute(url, base).rstrip("/")

    def keep(self, document: Document, snapshot: Mapping[str, Any]) -> str:
        """Store PDF, snapshot and, last, the manifest; answers where. Raises StorageError."""
        manifest = _canonical(_manifest(document))
        place = self._free(document.key, manifest)
        storing.write(f"{place}/{_PDF}", document.pdf)
        storing.write(f"{place}/{_SNAPSHOT}", _canonical(snapshot))
        storing.write(f"{place}/{_MANIFEST}", manifest)
        return storing.shown(place)  # what the ledger keeps holds no password

    def _free(self, key: RunKey, manifest: bytes) -> str:
        """The edition's folder, unless it holds another making, finished or not."""
        place = f"{self._url}/{_folder(key)}"
        if not storing.exists(f"{place}/{_PDF}"):
            return place
        kept = f"{place}/{_MANIFEST}"
        if storing.exists(kept) and storing.read(kept) == manifest:
            return place
        return f"{place}-{sha256(manifest).hexdigest()[:8]}"

    def load(self, place: str) -> Document:
        """The document as kept. Raises StorageError when it is damaged or gone."""
        where = place
        place = self._url + place.removeprefix(storing.shown(self._url))
        pdf = storing.read(f"{place}/{_PDF}")
        try:
            manifest = json.loads(storing.read(f"{place}/{_MANIFEST}"))
            document = _document(manifest, pdf)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(
                f"{where}: its manifest cannot be read; restore it from a backup"
            ) from error
        if sha256(pdf).hexdigest() != document.sha256:
            raise StorageError(
                f"{where}: the PDF is damaged, not the one that was made; restore it from a backup"
            )
        return document

    def widgets(self, place: str) -> tuple[Widget, ...]:
        """What the document at this place was made from. Raises StorageError."""
        inside = self._url + place.removeprefix(storing.shown(self._url))
        try:
            kept = json.loads(storing.read(f"{inside}/{_SNAPSHOT}"))
            return _WIDGETS.validate_python(kept["widgets"])
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(
                f"{place}: its answers cannot be read; restore it from a backup"
            ) from error

    def check(self) -> str:
        """Make sure that the place can be written. Raises StorageError."""
        return storing.probe(self._url)


def _folder(key: RunKey) -> str:
    parts = (key.report, key.company_id, key.period, str(key.edition))
    return "/".join(file_part(part) for part in parts)


def _canonical(data: Any) -> bytes:
    """The same data give the same bytes."""
    plain = to_jsonable_python(data, fallback=str, inf_nan_mode="constants")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def _manifest(document: Document) -> dict[str, Any]:
    fields = asdict(document)
    del fields["pdf"]
    engines = {name: version(name) for name in ("weasyprint", "jinja2")}
    versions = {"reportgen": __version__, **engines}
    return fields | {"versions": versions}


def _document(manifest: Mapping[str, Any], pdf: bytes) -> Document:
    customer = manifest["customer"]
    made_at = manifest["made_at"]
    return Document(
        key=RunKey(**manifest["key"]),
        customer=Customer(
            **{
                **customer,
                "recipients": tuple(customer["recipients"]),
                "brand": Brand(**customer["brand"]),
                "actions": {
                    metric: ActionRule(**rule)
                    for metric, rule in customer.get("actions", {}).items()
                },
            }
        ),
        report_title=manifest["report_title"],
        period=Period(**{name: _day(text) for name, text in manifest["period"].items()}),
        file_name=manifest["file_name"],
        pdf=pdf,
        sha256=manifest["sha256"],
        letter=Letter(**manifest["letter"]),
        state=DocumentState(manifest["state"]),
        reasons=tuple(manifest["reasons"]),
        made_at=datetime.fromisoformat(made_at) if made_at else None,
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)

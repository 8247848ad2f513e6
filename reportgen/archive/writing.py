"""What a bundle says, as JSON: the manifest of a document, and the snapshot of its answers."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from reportgen.archive.reading import reader
from reportgen.model import Customer, Document, Protection, RunKey


def canonical(data: Any) -> bytes:
    """The same data give the same bytes."""
    plain = to_jsonable_python(data, fallback=str, inf_nan_mode="constants")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def manifest(document: Document, files: Mapping[str, str]) -> dict[str, Any]:
    """Everything about a document but its PDF; `files` are the digests of what lies beside it."""
    fields = asdict(replace(document, customer=_without_password(document.customer)))
    del fields["pdf"], fields["protected"]
    fields["versions"] = fields.pop("made_with")
    return fields | {"files": files}


def document(manifest: Mapping[str, Any], pdf: bytes, protected: bytes | None = None) -> Document:
    """The document of a manifest. Raises ValueError, KeyError or TypeError for any other text."""
    made_at = manifest["made_at"]
    found: Document = reader(Document).validate_python(
        {
            **manifest,
            "pdf": pdf,
            "protected": protected,
            "made_at": datetime.fromisoformat(made_at) if made_at else None,
            "made_with": manifest.get("versions", {}),
        }
    )
    return found


def _without_password(customer: Customer) -> Customer:
    """That there is one is kept, never the password."""
    return replace(customer, protection=Protection() if customer.protection else None)


def key(manifest: Mapping[str, Any]) -> RunKey:
    """Whose document a manifest describes. Raises ValueError, KeyError or TypeError."""
    found: RunKey = reader(RunKey).validate_python(manifest["key"])
    return found

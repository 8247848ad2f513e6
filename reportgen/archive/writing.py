"""What a bundle says, as JSON: the manifest of a document, and the snapshot of its answers."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from reportgen.model import Document, RunKey

_DOCUMENT = TypeAdapter(Document)
_KEY = TypeAdapter(RunKey)


def canonical(data: Any) -> bytes:
    """The same data give the same bytes."""
    plain = to_jsonable_python(data, fallback=str, inf_nan_mode="constants")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def manifest(document: Document, files: Mapping[str, str]) -> dict[str, Any]:
    """Everything about a document but its PDF; `files` are the digests of what lies beside it."""
    fields = asdict(document)
    del fields["pdf"]
    fields["versions"] = fields.pop("made_with")
    return fields | {"files": files}


def document(manifest: Mapping[str, Any], pdf: bytes) -> Document:
    """The document of a manifest. Raises ValueError, KeyError or TypeError for any other text."""
    made_at = manifest["made_at"]
    return _DOCUMENT.validate_python(
        {
            **manifest,
            "pdf": pdf,
            "made_at": datetime.fromisoformat(made_at) if made_at else None,
            "made_with": manifest.get("versions", {}),
        }
    )


def key(manifest: Mapping[str, Any]) -> RunKey:
    """Whose document a manifest describes. Raises ValueError, KeyError or TypeError."""
    return _KEY.validate_python(manifest["key"])

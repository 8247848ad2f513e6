"""The vendor's own description of its API, where this machine has it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

_BESIDE = Path(__file__).parent.parent.parent / "shared/research/keepnet-openapi.json"


def specification() -> Path:
    """The file: `VENDOR_OPENAPI` names it, or it lies beside the checkout. Skips without it."""
    path = Path(os.environ.get("VENDOR_OPENAPI", _BESIDE))
    if not path.is_file():
        pytest.skip("the vendor's OpenAPI document is not here; VENDOR_OPENAPI may name it")
    return path


def answer_schema(path: str, method: str) -> dict[str, Any]:
    """JSON Schema of a good answer, with OpenAPI's `nullable` spelt JSON Schema's way.

    The vendor's types of dates are left out: its servers print dates in the user's own format.
    """
    document = json.loads(specification().read_text("utf-8"))
    responses = document["paths"][path][method]["responses"]
    code = next(code for code in responses if code.startswith("2"))
    schema = next(iter(responses[code]["content"].values()))["schema"]
    schemas = {name: _translated(each) for name, each in document["components"]["schemas"].items()}
    return {**_translated(schema), "components": {"schemas": schemas}}


def _translated(node: Any) -> Any:
    if isinstance(node, list):
        return [_translated(each) for each in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _translated(value) for key, value in node.items() if key != "format"}
    if changed.pop("nullable", False):
        return {"anyOf": [changed, {"type": "null"}]}
    return changed

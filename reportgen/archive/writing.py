"""What a bundle says, as JSON: the manifest of a document, and the snapshot of its answers."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from pydantic_core import to_jsonable_python

from reportgen.model import (
    ActionRule,
    Approval,
    Brand,
    Customer,
    Document,
    DocumentState,
    Letter,
    Period,
    Protection,
    Rule,
    RunKey,
    Verdict,
)


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
    return Document(
        key=key(manifest),
        customer=_customer(manifest["customer"]),
        report_title=manifest["report_title"],
        period=Period(**{name: _day(text) for name, text in manifest["period"].items()}),
        file_name=manifest["file_name"],
        pdf=pdf,
        sha256=manifest["sha256"],
        letter=Letter(**manifest["letter"]),
        state=DocumentState(manifest["state"]),
        reasons=tuple(manifest["reasons"]),
        made_at=datetime.fromisoformat(made_at) if made_at else None,
        made_with=dict(manifest.get("versions", {})),
        protected=protected,
    )


def key(manifest: Mapping[str, Any]) -> RunKey:
    """Whose document a manifest describes."""
    return RunKey(**manifest["key"])


def _without_password(customer: Customer) -> Customer:
    """That there is one is kept, never the password."""
    return replace(customer, protection=Protection() if customer.protection else None)


def _customer(fields: Mapping[str, Any]) -> Customer:
    actions, rules = fields.get("actions", {}).items(), fields.get("gate", {}).items()
    return Customer(
        **{
            **fields,
            "recipients": tuple(fields["recipients"]),
            "allowed_domains": tuple(fields.get("allowed_domains", ())),
            "withdrawn": tuple(fields.get("withdrawn", ())),
            "brand": Brand(**fields["brand"]),
            "approval": Approval(**fields.get("approval", {})),
            "same_figures": tuple(fields.get("same_figures", ())),
            "actions": {metric: ActionRule(**action) for metric, action in actions},
            "gate": {name: _rule(rule) for name, rule in rules},
            "protection": Protection() if fields.get("protection") is not None else None,
        }
    )


def _rule(fields: Mapping[str, Any]) -> Rule:
    verdict = fields["verdict"]
    return Rule(Verdict(verdict) if verdict else None, fields["share"])


def _day(text: str) -> date:
    return date.fromisoformat(text)

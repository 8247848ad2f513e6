"""Snapshots read back, those of earlier programs as far as they go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from reportgen import gate
from reportgen.model import Answers, Rule, SavedReport, Spans, Widget
from reportgen.pipeline import Gathered, Replaced, Snapshot
from reportgen.proof import Witness
from reportgen.sections import parse

_WIDGETS: TypeAdapter[tuple[Widget, ...]] = TypeAdapter(tuple[Widget, ...])
_SAVED: TypeAdapter[SavedReport | None] = TypeAdapter(SavedReport | None)
_WITNESSES: TypeAdapter[tuple[Witness, ...] | None] = TypeAdapter(tuple[Witness, ...] | None)
_REPLACED: TypeAdapter[Replaced | None] = TypeAdapter(Replaced | None)
_SPANS = TypeAdapter(Spans)
_RULES: TypeAdapter[dict[str, Rule]] = TypeAdapter(dict[str, Rule])


def widgets(kept: Mapping[str, Any]) -> tuple[Widget, ...]:
    """What the document was made from. Raises ValueError, KeyError or TypeError."""
    return _WIDGETS.validate_python(kept["widgets"])


def is_whole(kept: Mapping[str, Any]) -> bool:
    """False for a snapshot of a program that did not keep all that a page is made from."""
    return "report" in kept and "earlier" in kept


def snapshot(kept: Mapping[str, Any]) -> Snapshot:
    """A whole snapshot. Raises ValueError, KeyError or TypeError."""
    report, earlier = kept["report"], kept["earlier"]
    return Snapshot(
        title=report["title"],
        template=report["template"],
        language=report["language"],
        spans=_SPANS.validate_python(report["spans"]),
        sections=tuple(parse(item) for item in report["widgets"]),
        saved_report=report["saved_report"],
        gathered=Gathered(
            answers=_answers(kept),
            earlier=_WIDGETS.validate_python(earlier["widgets"]),
            edition=bool(earlier["edition"]),
            saved_report=_SAVED.validate_python(kept["saved_report"]),
            witnesses=_WITNESSES.validate_python(kept.get("witnesses")),
            replaced=_REPLACED.validate_python(kept.get("replaced")),
        ),
        rules=_RULES.validate_python(report["rules"]) if "rules" in report else gate.settled(),
    )


def _answers(kept: Mapping[str, Any]) -> Answers:
    return Answers(
        company_id=kept["company_id"],
        fetched_at=datetime.fromisoformat(kept["fetched_at"]),
        widgets=widgets(kept),
        raw=tuple(kept["answers"]),
    )

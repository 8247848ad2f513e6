"""Snapshots read back, those of earlier programs as far as they go."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from reportgen import gate
from reportgen.model import Answers, Rule, SavedReport, Spans, Widget
from reportgen.pipeline import Gathered, Replaced, Snapshot
from reportgen.proof import Witness
from reportgen.sections import parse


@cache
def reader(kind: Any) -> TypeAdapter[Any]:
    """Reads what is of this kind; made when first asked for."""
    return TypeAdapter(kind)


def widgets(kept: Mapping[str, Any]) -> tuple[Widget, ...]:
    """What the document was made from. Raises ValueError, KeyError or TypeError."""
    found: tuple[Widget, ...] = reader(tuple[Widget, ...]).validate_python(kept["widgets"])
    return found


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
        spans=reader(Spans).validate_python(report["spans"]),
        sections=tuple(parse(item) for item in report["widgets"]),
        saved_report=report["saved_report"],
        gathered=Gathered(
            answers=_answers(kept),
            earlier=reader(tuple[Widget, ...]).validate_python(earlier["widgets"]),
            edition=bool(earlier["edition"]),
            saved_report=reader(SavedReport | None).validate_python(kept["saved_report"]),
            witnesses=reader(tuple[Witness, ...] | None).validate_python(kept.get("witnesses")),
            replaced=reader(Replaced | None).validate_python(kept.get("replaced")),
        ),
        rules=reader(dict[str, Rule]).validate_python(report["rules"])
        if "rules" in report
        else gate.settled(),
    )


def _answers(kept: Mapping[str, Any]) -> Answers:
    return Answers(
        company_id=kept["company_id"],
        fetched_at=datetime.fromisoformat(kept["fetched_at"]),
        widgets=widgets(kept),
        raw=tuple(kept["answers"]),
    )

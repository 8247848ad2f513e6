"""What a report can say: one module for each kind of section, joined in one union."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from reportgen.model import SavedReport, SavedWidget
from reportgen.sections import (
    refused,
    repeat_offenders_rate,
    report_rates,
    risk_score_trend,
    riskiest_departments,
    training_completion,
)
from reportgen.sections.generic import Generic
from reportgen.sections.generic_table import GenericTable
from reportgen.sections.generic_trend import GenericTrend
from reportgen.sections.refused import Refused
from reportgen.sections.repeat_offenders_rate import RepeatOffendersRate
from reportgen.sections.report_rates import ReportRates
from reportgen.sections.risk_score_trend import RiskScoreTrend
from reportgen.sections.riskiest_departments import RiskiestDepartments
from reportgen.sections.training_completion import TrainingCompletion

AnySection = Annotated[
    RiskScoreTrend
    | ReportRates
    | RepeatOffendersRate
    | TrainingCompletion
    | RiskiestDepartments
    | GenericTrend
    | GenericTable
    | Generic
    | Refused,
    Field(discriminator="section"),
]

_ADAPTER: TypeAdapter[AnySection] = TypeAdapter(AnySection)

_BY_TYPE = {
    risk_score_trend.WIDGET_TYPE: "risk_score_trend",
    report_rates.WIDGET_TYPE: "report_rates",
    repeat_offenders_rate.WIDGET_TYPE: "repeat_offenders_rate",
    training_completion.WIDGET_TYPE: "training_completion",
    riskiest_departments.WIDGET_TYPE: "riskiest_departments",
}
_FOLDED = {widget_type.casefold(): kind for widget_type, kind in _BY_TYPE.items()}

NAMES = tuple(_BY_TYPE.values())
"""The sections that a configuration may name by one word."""
SPACER = "EmptyWidget"
"""The portal's spacer in saved layouts."""


def parse(item: object) -> AnySection:
    """
    A section from one item of a report's `widgets`.

    Takes the name of a section, a widget type of the platform, or a mapping with `section` and its
    settings. Raises ValueError (pydantic's, too) when it is none of them.
    """
    if isinstance(item, str):
        if item in NAMES:
            return _ADAPTER.validate_python({"section": item})
        if item.endswith("Widget"):
            return for_widget_type(item)
        known = ", ".join(NAMES)
        raise ValueError(f"{item!r} is no section; write {known} or a widget type of the platform")
    if isinstance(item, Mapping):
        return _ADAPTER.validate_python(dict(item))
    return _ADAPTER.validate_python(item)


def for_widget_type(
    widget_type: str, *, title: str | None = None, resource_id: str | None = None
) -> AnySection:
    """The section that shows this widget type; one nobody knows is shown by its shape."""
    if refused.names_others(widget_type):
        return Refused(title=title)
    settings: dict[str, Any] = {"title": title, "resource_id": resource_id}
    kind = _FOLDED.get(widget_type.casefold())
    if kind is None:
        return Generic(widget=widget_type, **settings)
    return _ADAPTER.validate_python({"section": kind, **settings})


def for_saved_report(saved: SavedReport) -> tuple[AnySection, ...]:
    """A section for each tile, in the customer's own order and under its own titles."""
    return tuple(_for_tile(tile) for tile in saved.widgets if tile.widget_type != SPACER)


def _for_tile(tile: SavedWidget) -> AnySection:
    return for_widget_type(
        tile.widget_type, title=tile.title or None, resource_id=tile.resource_id or None
    )

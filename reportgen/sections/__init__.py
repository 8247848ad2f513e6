"""What a report can say: one module for each kind of section, joined in one union."""

from collections.abc import Mapping
from functools import cache, reduce
from importlib import import_module
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter

from reportgen.model import SavedReport, SavedWidget
from reportgen.sections import refused
from reportgen.sections.framing import WidgetSection
from reportgen.sections.generic import Generic
from reportgen.sections.refused import Refused

NAMES = (
    "risk_score_trend",
    "campaign_scores",
    "phishing_activity",
    "simulation_coverage",
    "time_to_failure",
    "report_rates",
    "reported_mails",
    "reaction_times",
    "dwell_distribution",
    "impact_of_training",
    "training_completion",
    "training_activity",
    "security_culture",
    "repeat_offenders_rate",
    "repeat_offenders_people",
    "riskiest_departments",
    "riskiest_people",
)
"""The sections that a configuration may name by one word; each is the module of that name."""
_BY_SHAPE = ("generic_trend", "generic_table", "generic", "refused")
SPACER = "EmptyWidget"
"""The portal's spacer in saved layouts."""


def _kind(name: str) -> type[WidgetSection]:
    """The section class that the module of this name defines."""
    module = import_module(f"{__name__}.{name}")
    return next(
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, WidgetSection)
        and found.__module__ == module.__name__
    )


KINDS = {name: _kind(name) for name in (*NAMES, *_BY_SHAPE)}

if TYPE_CHECKING:
    AnySection = WidgetSection
else:
    AnySection = Annotated[reduce(or_, KINDS.values()), Field(discriminator="section")]

TARGETS = {metric: most for kind in KINDS.values() for metric, most in kind.TARGETS.items()}
"""Metrics a customer may have a target for, and the highest one, in the metric's unit."""
ACTIONS = tuple(metric for kind in KINDS.values() for metric in kind.ACTIONS)
"""Metrics that reports propose something to do about."""

_BY_TYPE = {widget_type.casefold(): name for name in NAMES for widget_type in KINDS[name].WIDGETS}


@cache
def _adapter() -> TypeAdapter[WidgetSection]:
    """Reads any kind; made when the first section is read."""
    return TypeAdapter(AnySection)


def parse(item: object) -> WidgetSection:
    """
    A section from one item of a report's `widgets`.

    Takes the name of a section, a widget type of the platform, or a mapping with `section` and its
    settings. Raises ValueError (pydantic's, too) when it is none of them.
    """
    if isinstance(item, str):
        if item in NAMES:
            return _adapter().validate_python({"section": item})
        if item.endswith("Widget"):
            return for_widget_type(item)
        known = ", ".join(NAMES)
        raise ValueError(f"{item!r} is no section; write {known} or a widget type of the platform")
    if isinstance(item, Mapping):
        return _adapter().validate_python(dict(item))
    return _adapter().validate_python(item)


def for_widget_type(
    widget_type: str, *, title: str | None = None, resource_id: str | None = None
) -> WidgetSection:
    """The section that shows this widget type; one nobody knows is shown by its shape."""
    if refused.names_others(widget_type):
        return Refused(title=title)
    settings: dict[str, Any] = {"title": title, "resource_id": resource_id}
    name = _BY_TYPE.get(widget_type.casefold())
    if name is None:
        return Generic(widget=widget_type, **settings)
    return _adapter().validate_python({"section": name, **settings})


def for_saved_report(saved: SavedReport) -> tuple[WidgetSection, ...]:
    """A section for each tile, in the customer's own order and under its own titles."""
    return tuple(_for_tile(tile) for tile in saved.widgets if tile.widget_type != SPACER)


def _for_tile(tile: SavedWidget) -> WidgetSection:
    return for_widget_type(
        tile.widget_type, title=tile.title or None, resource_id=tile.resource_id or None
    )

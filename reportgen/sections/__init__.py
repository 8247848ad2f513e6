"""What a report can say: one module for each kind of section, joined in one union.

A kind is loaded when it is used: few commands show any.
"""

from collections.abc import Mapping
from functools import cache, reduce
from importlib import import_module
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter

from reportgen.model import SavedReport, SavedWidget

if TYPE_CHECKING:
    from reportgen.sections.framing import WidgetSection

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


@cache
def kind(name: str) -> "type[WidgetSection]":
    """The section class that the module of this name defines; loaded when first asked for."""
    from reportgen.sections.framing import WidgetSection

    module = import_module(f"{__name__}.{name}")
    return next(
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, WidgetSection)
        and found.__module__ == module.__name__
    )


@cache
def kinds() -> "Mapping[str, type[WidgetSection]]":
    """Every section class by its name."""
    return {name: kind(name) for name in (*NAMES, *_BY_SHAPE)}


@cache
def union() -> Any:
    """All of them as one type, told apart by `section`."""
    return Annotated[reduce(or_, kinds().values()), Field(discriminator="section")]


@cache
def _of_any_kind() -> "TypeAdapter[WidgetSection]":
    return TypeAdapter(union())


@cache
def targets() -> Mapping[str, float]:
    """Metrics a customer may have a target for, and the highest one, in the metric's unit."""
    return {metric: most for each in kinds().values() for metric, most in each.TARGETS.items()}


@cache
def actions() -> tuple[str, ...]:
    """Metrics that reports propose something to do about."""
    return tuple(metric for each in kinds().values() for metric in each.ACTIONS)


@cache
def _by_type() -> Mapping[str, str]:
    return {widget_type.casefold(): name for name in NAMES for widget_type in kind(name).WIDGETS}


def parse(item: object) -> "WidgetSection":
    """
    A section from one item of a report's `widgets`.

    Takes the name of a section, a widget type of the platform, or a mapping with `section` and its
    settings. Raises ValueError (pydantic's, too) when it is none of them.
    """
    if isinstance(item, str):
        if item in NAMES:
            return kind(item)(section=item)
        if item.endswith("Widget"):
            return for_widget_type(item)
        known = ", ".join(NAMES)
        raise ValueError(f"{item!r} is no section; write {known} or a widget type of the platform")
    return _of_any_kind().validate_python(dict(item) if isinstance(item, Mapping) else item)


def for_widget_type(
    widget_type: str, *, title: str | None = None, resource_id: str | None = None
) -> "WidgetSection":
    """The section that shows this widget type; one nobody knows is shown by its shape."""
    from reportgen.sections.generic import Generic
    from reportgen.sections.refused import Refused, names_others

    if names_others(widget_type):
        return Refused(title=title)
    settings: dict[str, Any] = {"title": title, "resource_id": resource_id}
    name = _by_type().get(widget_type.casefold())
    if name is None:
        return Generic(widget=widget_type, **settings)
    return kind(name)(section=name, **settings)


def for_saved_report(saved: SavedReport) -> "tuple[WidgetSection, ...]":
    """A section for each tile, in the customer's own order and under its own titles."""
    return tuple(_for_tile(tile) for tile in saved.widgets if tile.widget_type != SPACER)


def _for_tile(tile: SavedWidget) -> "WidgetSection":
    return for_widget_type(
        tile.widget_type, title=tile.title or None, resource_id=tile.resource_id or None
    )

"""What validation found, said in the words of the file: what is wrong, and what would be right."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from reportgen import sections
from reportgen.channels import Email, Folder
from reportgen.channels.sent_items import SentItems
from reportgen.config.reading import Key
from reportgen.config.settings import (
    NOT_WRITTEN,
    ActionSettings,
    ApprovalSettings,
    BrandSettings,
    CustomerSettings,
    Defaults,
    Discovery,
    OperatorSettings,
    Report,
    RuleSettings,
    Settings,
)
from reportgen.schedules import Cron, Monthly, Quarterly, Weekly
from reportgen.sources import Demo, Keepnet, Recorded

_MODELS: Mapping[str, tuple[type[BaseModel], ...]] = {
    "source": (Keepnet, Demo, Recorded),
    "brands": (BrandSettings,),
    "defaults": (Defaults,),
    "customers": (CustomerSettings,),
    "discover": (Discovery,),
    "reports": (Report,),
    "delivery": (Folder, Email),
    "operator": (OperatorSettings,),
    "schedule": (Monthly, Quarterly, Weekly, Cron),
    "gate": (RuleSettings,),
    "approval": (ApprovalSettings,),
    "actions": (ActionSettings,),
    "sent_items": (SentItems,),
}
"""Which models stand behind a part of the file; those behind `widgets` are the sections."""
_INNER = ("schedule", "widgets", "gate", "approval", "actions", "sent_items")
"""Those that stand inside of others."""

_SHAPES = {
    "tuple_type": ("is not a list", "write one, such as [a, b]"),
    "list_type": ("is not a list", "write one, such as [a, b]"),
    "dict_type": ("is not a part with keys", "write `key: value` lines below it"),
    "model_type": ("is not a part with keys", "write `key: value` lines below it"),
    "string_type": ("is not a text", "write a text, in quotes if it looks like a number or date"),
    "int_type": ("is not a whole number", "write one, such as 12"),
    "int_parsing": ("is not a whole number", "write one, such as 12"),
    "int_from_float": ("is not a whole number", "write one, such as 12"),
    "float_type": ("is not a number", "write one, such as 80"),
    "float_parsing": ("is not a number", "write one, such as 80"),
    "bool_type": ("is neither true nor false", "write true or false"),
    "bool_parsing": ("is neither true nor false", "write true or false"),
}
_LIMITS = {
    "greater_than_equal": ("is too small", "write {ge} or more"),
    "greater_than": ("is too small", "write more than {gt}"),
    "less_than_equal": ("is too large", "write {le} or less"),
    "less_than": ("is too large", "write less than {lt}"),
    "string_too_short": ("is empty", "write a text"),
    "string_too_long": ("is too long", "write {max_length} letters or fewer"),
    "too_short": ("is empty", "write one at least"),
    "literal_error": ("is not one of the choices", "write {expected}"),
}


def said(detail: ErrorDetails) -> tuple[Key, str, str]:
    """The place, what is wrong and what would be right. Never holds the value."""
    kind, loc = detail["type"], detail["loc"]
    if kind == "missing":
        return loc, "is missing", f"add `{loc[-1]}`"
    if kind == "extra_forbidden":
        return loc, "is no key of this part", _nearest(loc)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _of_no_kind(detail)
    if kind == "value_error":
        return loc, *_own(str(detail["ctx"]["error"]))
    if kind in _SHAPES:
        return loc, *_SHAPES[kind]
    if kind in _LIMITS:
        wrong, right = _LIMITS[kind]
        return loc, wrong, right.format_map(detail.get("ctx", {}))
    return loc, "has a wrong value", detail["msg"][:1].lower() + detail["msg"][1:]


def _own(message: str) -> tuple[str, str]:
    """Our own validators say `what is wrong; what would be right`."""
    wrong, _, right = message.partition("; ")
    return wrong, right


def _models(part: str) -> tuple[type[BaseModel], ...]:
    return tuple(sections.kinds().values()) if part == "widgets" else _MODELS.get(part, ())


# ---- kinds ---------------------------------------------------------------------------------


def _of_no_kind(detail: ErrorDetails) -> tuple[Key, str, str]:
    loc, context = detail["loc"], detail.get("ctx", {})
    models = _models(_part(loc))
    tag = _tag(models)
    if not tag:
        return loc, "is of no known kind", "write `every: month`, `quarter`, `week`, or `cron`"
    known = [str(_kind(model)) for model in models]
    near = get_close_matches(str(context.get("tag", "")), known, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(known)}"
    if "tag" not in context:
        return loc, "is of no known kind", f"add `{tag}`, one of {', '.join(known)}"
    return (*loc, tag), "is of no known kind", hint


def _tag(models: tuple[type[BaseModel], ...]) -> str:
    """The key that tells the kinds apart; empty for schedules, which have two."""
    if not models or not isinstance(_kind(models[0]), str):
        return ""
    first = next(iter(models[0].model_fields))
    return first if all(first in model.model_fields for model in models) else ""


# ---- keys ----------------------------------------------------------------------------------


def _nearest(loc: Key) -> str:
    known = _fields(loc)
    near = get_close_matches(str(loc[-1]), known, 1, 0.5)
    return f"did you mean `{near[0]}`?" if near else f"known: {', '.join(sorted(known))}"


def _fields(loc: Key) -> list[str]:
    """The keys that the part of the file around this place may have."""
    if len(loc) == 1:
        return [name for name in Settings.model_fields if name not in NOT_WRITTEN]
    models = _models(_part(loc))
    chosen = [model for model in models if _kind(model) in loc] or models
    fields = dict.fromkeys(name for model in chosen for name in model.model_fields)
    return [name for name in fields if not (models == (Report,) and name == "name")]


def _part(loc: Key) -> str:
    """The innermost part of the file around this place that has models of its own."""
    inside = loc[1:2] if loc[0] == "defaults" else loc[2:3]
    return str(next((part for part in inside if part in _INNER), loc[0]))


def _kind(model: type[BaseModel]) -> Any:
    """The word that chooses this kind in the file."""
    return next(iter(model.model_fields.values())).default

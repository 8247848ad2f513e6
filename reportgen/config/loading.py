"""From a file to settings: every problem is found before any is told."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reportgen.channels import Email, Folder
from reportgen.config.problems import ConfigProblems, Problem
from reportgen.config.reading import Key, Source, fill
from reportgen.config.settings import (
    BrandSettings,
    CustomerSettings,
    Defaults,
    Discovery,
    Report,
    Settings,
    found_logo,
    is_name,
)
from reportgen.schedules import Cron, Monthly, Quarterly, Weekly
from reportgen.sources import Demo, Keepnet, Recorded

_MODELS: dict[str, tuple[type[BaseModel], ...]] = {
    "source": (Keepnet, Demo, Recorded),
    "brands": (BrandSettings,),
    "defaults": (Defaults,),
    "customers": (CustomerSettings,),
    "discover": (Discovery,),
    "reports": (Report,),
    "delivery": (Folder, Email),
    "schedule": (Monthly, Quarterly, Weekly, Cron),
}


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """
    The settings of a file. Raises ConfigProblems with every mistake in it.

    `${NAME}` is filled from `environ`; paths are relative to the file.
    """
    source = Source(path)
    data, problems = fill(source, environ)
    problems += _cross_checks(source, data)
    try:
        settings = Settings.model_validate(data | {"base": source.base})
    except ValidationError as error:
        raise ConfigProblems([*problems, *_problems(source, error)]) from None
    if problems:
        raise ConfigProblems(problems)
    return _placed(settings)


def _placed(settings: Settings) -> Settings:
    """Paths made absolute."""
    changes: dict[str, Any] = {}
    if settings.templates:
        changes["templates"] = (settings.base / settings.templates).resolve()
    if isinstance(settings.source, Recorded):
        folder = (settings.base / settings.source.folder).resolve()
        changes["source"] = settings.source.model_copy(update={"folder": folder})
    return settings.model_copy(update=changes)


# ---- what pydantic finds -------------------------------------------------------------------


def _problems(source: Source, error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_input=False):
        wrong, right = _said(detail)
        yield source.problem(detail["loc"], wrong, right)


def _said(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong and what would be right, in the words of the file."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "is missing", f"add `{detail['loc'][-1]}`"
    if kind == "extra_forbidden":
        return "is no key of this part", _nearest(detail["loc"])
    if kind == "literal_error":
        return "is not one of the choices", f"write {context.get('expected')}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tags = context.get("expected_tags", "`every` or `cron`")
        return "is of no known kind", f"write {context.get('discriminator', '')}: {tags}"
    if kind == "value_error":
        wrong, _, right = str(context["error"]).partition("; ")
        return wrong, right
    return "has a wrong value", detail["msg"][:1].lower() + detail["msg"][1:]


def _nearest(loc: Key) -> str:
    known = _fields(loc)
    near = get_close_matches(str(loc[-1]), known, 1, 0.5)
    return f"did you mean `{near[0]}`?" if near else f"known: {', '.join(sorted(known))}"


def _fields(loc: Key) -> list[str]:
    """The keys that the part of the file around this place may have."""
    part = "schedule" if "schedule" in loc[:-1] else str(loc[0])
    if len(loc) == 1:
        return [name for name in Settings.model_fields if name != "base"]
    fields = [name for model in _MODELS.get(part, ()) for name in model.model_fields]
    return [name for name in dict.fromkeys(fields) if not (part == "reports" and name == "name")]


# ---- what only the whole file tells --------------------------------------------------------


def _cross_checks(source: Source, data: dict[str, Any]) -> list[Problem]:
    """On the plain data, so that one bad value does not hide another problem."""
    return [
        *_bad_names(source, data),
        *_bad_references(source, data),
        *_missing_recipients(source, data),
        *_doubles(source, data),
        *_missing_logos(source, data),
        *_missing_templates(source, data),
        *_nobody(source, data),
    ]


def _mapping(data: Any, key: str) -> dict[str, Any]:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def _sequence(data: Any, key: str) -> list[Any]:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, list) else []


def _bad_names(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    for name, report in _mapping(data, "reports").items():
        if isinstance(report, dict) and "name" in report:
            yield source.problem(
                ("reports", name, "name"), "is no key of this part", "its name is its key"
            )
    for part in ("brands", "reports"):
        for name in _mapping(data, part):
            if not is_name(name):
                yield source.problem(
                    (part, name),
                    f"{name!r} cannot be a name",
                    "use letters, digits, - and _, 64 at the most",
                )


def _people(data: dict[str, Any]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Every part of the file that says something about customers."""
    if isinstance(data.get("defaults"), dict):
        yield ("defaults",), data["defaults"]
    for part in ("customers", "discover"):
        for place, item in enumerate(_sequence(data, part)):
            if isinstance(item, dict):
                yield (part, place), item


def _bad_references(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    brands, reports = list(_mapping(data, "brands")), list(_mapping(data, "reports"))
    for key, item in _people(data):
        if isinstance(item.get("brand"), str) and item["brand"] not in brands:
            yield _unknown(source, (*key, "brand"), item["brand"], brands, "brands")
        for place, name in enumerate(_sequence(item, "reports")):
            if name not in reports:
                yield _unknown(source, (*key, "reports", place), str(name), reports, "reports")


def _unknown(source: Source, key: Key, name: str, known: list[str], part: str) -> Problem:
    near = get_close_matches(name, known, 1, 0.4)
    right = f"did you mean {near[0]!r}?" if near else f"add it under `{part}`"
    return source.problem(key, f"there is no {name!r} under `{part}`", right)


def _missing_recipients(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    delivery = _sequence(data, "delivery")
    if not any(isinstance(item, dict) and item.get("channel") == "email" for item in delivery):
        return
    for key, item in _people(data):
        if key != ("defaults",) and not item.get("recipients"):
            yield source.problem(
                (*key, "recipients"), "nobody would get the mail", "add `recipients: [...]`"
            )


def _doubles(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for place, item in enumerate(_sequence(data, "customers")):
        if not isinstance(item, dict):
            continue
        name = str(item.get("company_id") or item.get("company") or "").casefold()
        if name and name in seen:
            yield source.problem(
                ("customers", place),
                f"is the same company as customers.{seen[name]}",
                "keep one of the two",
            )
        seen.setdefault(name, place)
    yield from _double_labels(source, data)


def _double_labels(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    """Two ways out of one kind need two labels: the ledger tells them apart by it."""
    seen: set[str] = set()
    for place, item in enumerate(_sequence(data, "delivery")):
        if not isinstance(item, dict):
            continue
        label = str(item.get("label") or item.get("channel"))
        if label in seen:
            yield source.problem(
                ("delivery", place), f"is the second {label!r}", "give it a `label` of its own"
            )
        seen.add(label)


def _missing_logos(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    for name, brand in _mapping(data, "brands").items():
        for key in ("logo", "logo_on_primary"):
            logo = brand.get(key) if isinstance(brand, dict) else None
            if isinstance(logo, str) and found_logo(source.base, logo) is None:
                yield source.problem(
                    ("brands", name, key), f"there is no file {logo}", "name an SVG or PNG file"
                )


def _missing_templates(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    templates = data.get("templates")
    if isinstance(templates, str) and not (source.base / templates).is_dir():
        yield source.problem(
            ("templates",), f"there is no folder {templates}", "name a folder, or take it out"
        )


def _nobody(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    if not data.get("customers") and not data.get("discover"):
        yield source.problem(
            ("customers",), "there are no customers", "add `customers` or `discover`"
        )

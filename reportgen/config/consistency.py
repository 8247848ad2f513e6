"""What only the whole file tells: names that fit together, people who get mail, files that exist.

It looks at the plain data, so that one bad value does not hide another mistake.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from reportgen import bundled
from reportgen.config import recipients
from reportgen.config.problems import Problem
from reportgen.config.reading import UNKNOWN, Key, Source
from reportgen.config.settings import Report, found_logo, is_there
from reportgen.config.texts import is_colour, is_name
from reportgen.rendering.palette import readable

_LOGOS = (".svg", ".png", ".jpg", ".jpeg")
_TEMPLATE = str(Report.model_fields["template"].default)


def inconsistencies(source: Source, data: dict[str, Any]) -> list[Problem]:
    """Every mistake that no part of the file shows alone."""
    return [
        *_bad_names(source, data),
        *_bad_references(source, data),
        *_missing_recipients(source, data),
        *recipients.astray(source, data, tuple(_people(data))),
        *_double_customers(source, data),
        *_shared_passwords(source, data),
        *_double_labels(source, data),
        *_missing_logos(source, data),
        *_unreadable_colours(source, data),
        *_missing_templates(source, data),
        *_nobody(source, data),
    ]


def _mapping(data: Any, key: str) -> dict[str, Any]:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def _sequence(data: Any, key: str) -> list[Any]:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, list) else []


def _mappings(data: Any, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The items of a list that are mappings, with their places."""
    for place, item in enumerate(_sequence(data, key)):
        if isinstance(item, dict):
            yield place, item


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


# ---- people --------------------------------------------------------------------------------


def _people(data: dict[str, Any]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Every part of the file that says something about customers."""
    yield ("defaults",), _mapping(data, "defaults")
    for part in ("customers", "discover"):
        for place, item in _mappings(data, part):
            yield (part, place), item


def _bad_references(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    brands, reports = list(_mapping(data, "brands")), list(_mapping(data, "reports"))
    for key, item in _people(data):
        brand = item.get("brand")
        if isinstance(brand, str) and brand not in brands:
            yield _unknown(source, (*key, "brand"), brand, brands, "brands")
        for place, name in enumerate(_sequence(item, "reports")):
            if name not in reports:
                yield _unknown(source, (*key, "reports", place), str(name), reports, "reports")


def _unknown(source: Source, key: Key, name: str, known: list[str], part: str) -> Problem:
    near = get_close_matches(name, known, 1, 0.4)
    right = f"did you mean {near[0]!r}?" if near else f"add it under `{part}`"
    return source.problem(key, f"there is no {name!r} under `{part}`", right)


def _missing_recipients(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    if not any(item.get("channel") == "email" for _, item in _mappings(data, "delivery")):
        return
    for key, item in _people(data):
        if key != ("defaults",) and not item.get("recipients"):
            yield source.problem(
                (*key, "recipients"), "nobody would get the mail", "add `recipients: [...]`"
            )


def _shared_passwords(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    """A password that several customers know keeps none of them from the others."""
    seen: dict[str, Key] = {}
    for key, item in _people(data):
        password = item.get("pdf_password")
        if not isinstance(password, str) or password == UNKNOWN:
            continue
        place = (*key, "pdf_password")
        if key[0] != "customers":
            yield source.problem(
                place, "would be one password for many", "give each of `customers` its own"
            )
        elif password in seen:
            first = ".".join(str(part) for part in seen[password])
            yield source.problem(place, f"is the one of {first} as well", "take another one")
        seen.setdefault(password, place)


def _double_customers(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for place, item in _mappings(data, "customers"):
        for key in ("company_id", "company"):
            name = str(item.get(key) or "").strip()
            if name and seen.setdefault((key, name), place) != place:
                yield source.problem(
                    ("customers", place),
                    f"is the same company as customers.{seen[key, name]}",
                    "keep one of the two",
                )


def _nobody(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    if not data.get("customers") and not data.get("discover"):
        yield source.problem(
            ("customers",), "there are no customers", "add `customers` or `discover`"
        )


# ---- ways out and files --------------------------------------------------------------------


def _double_labels(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    """Two ways out of one kind need two labels: the ledger tells them apart by it."""
    seen: set[str] = set()
    for place, item in _mappings(data, "delivery"):
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
            file = found_logo(source.base, logo) if isinstance(logo, str) else None
            if isinstance(logo, str) and file is None:
                yield source.problem(
                    ("brands", name, key),
                    f"there is no file {logo}",
                    "name an SVG, PNG or JPEG file",
                )
            elif file is not None and file.suffix.lower() not in _LOGOS:
                yield source.problem(
                    ("brands", name, key), f"{logo} is no logo", "name an SVG, PNG or JPEG file"
                )


def _unreadable_colours(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    """A colour that carries neither white nor black text would make a cover nobody can read."""
    for name, brand in _mapping(data, "brands").items():
        colour = brand.get("primary") if isinstance(brand, dict) else None
        if isinstance(colour, str) and is_colour(colour) and readable(colour) != colour:
            yield source.problem(
                ("brands", name, "primary"),
                f"neither white nor black text can be read on {colour}",
                f"try {readable(colour)}",
            )


def _missing_templates(source: Source, data: dict[str, Any]) -> Iterator[Problem]:
    own = data.get("templates")
    folder = source.base / own if isinstance(own, str) else None
    if folder is not None and not is_there(folder, folder=True):
        yield source.problem(
            ("templates",), f"there is no folder {own}", "name a folder, or take it out"
        )
    folders = [bundled.TEMPLATES] if folder is None else [folder, bundled.TEMPLATES]
    for name, report in _mapping(data, "reports").items():
        template = report.get("template") if isinstance(report, dict) else None
        if isinstance(template, str) and not _is_template(folders, template):
            yield source.problem(
                ("reports", name, "template"),
                f"there is no template {template}",
                f"put it into the folder of `templates`, or take it out to use {_TEMPLATE}",
            )


def _is_template(folders: list[Path], name: str) -> bool:
    """A template lies below one of the folders, never beside them."""
    inside = not Path(name).is_absolute() and ".." not in Path(name).parts
    return inside and any(is_there(folder / name) for folder in folders)

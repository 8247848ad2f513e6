"""Kinds of text that a configuration may hold, and what is wrong with any other."""

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SecretStr,
    TypeAdapter,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_plain_validator_function

from reportgen import bundled, notices, periods, sections
from reportgen.channels import domains
from reportgen.channels.addresses import checked
from reportgen.errors import ConfigError, DeliveryRefused
from reportgen.schedules import time_of_day
from reportgen.sections import metrics

_NO_ZONES = frozenset({"localtime", "Factory"})
"""This machine's own time, and what is only a placeholder."""
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 127  # bytes; PDF readers look at no more


def one_of(value: str, known: tuple[str, ...], what: str, right: str = "") -> str:
    """The value, if it is known. Raises ValueError with the nearest one."""
    if value in known:
        return value
    near = get_close_matches(value, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else right or f"known: {', '.join(known)}"
    raise ValueError(f"{value!r} is not {what}; {hint}")


def _a_language(value: str) -> str:
    return one_of(value, bundled.languages(), "a language of reports")


def _a_zone(value: str) -> str:
    if value in _listed():
        return value
    return one_of(value, _zones(), "an IANA time zone", "write one such as Europe/Berlin")


@cache
def _listed() -> frozenset[str]:
    """The zones of the package tzdata: to read its list is quick, to search the disk is not."""
    names = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return frozenset(names) - _NO_ZONES


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones() - _NO_ZONES))


def _a_colour(value: str) -> str:
    if not _COLOUR.fullmatch(value):
        raise ValueError(f'{value!r} is not a colour; write it as "#0B1F3A", in quotes')
    return value.upper()


def _a_company_id(value: str) -> str:
    """It goes into a header of every call."""
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"{value!r} is no company id; `reportgen companies` lists them")
    return value


def _an_address(value: str) -> str:
    try:
        return checked(value)
    except DeliveryRefused as error:
        raise ValueError(str(error)) from error


def _an_address_or_none(value: str) -> str:
    return _an_address(value) if value else value


def _a_recipient(value: str) -> str:
    domains.refuse_disguise(domains.domain_of(_an_address(value)))
    return value


def _a_period(value: object) -> str:
    try:
        return periods.validate_rule(str(value))
    except ConfigError as error:
        raise ValueError(str(error)) from error


def _targets(value: dict[str, float]) -> dict[str, float]:
    for metric, target in value.items():
        most = _highest(metric)
        if not 0 <= target <= most:
            raise ValueError(f"{metric}: {target:g} is out of range; write 0 to {most:g}")
    return value


def _highest(metric: str) -> float:
    if metric not in metrics.TARGETS:
        one_of(metric, tuple(sections.targets()), "a metric")
        return sections.targets()[metric]
    return metrics.TARGETS[metric]


def _a_section(item: object) -> object:
    """The section that an item stands for; a mere name stays one until the section is used."""
    return item if item in sections.NAMES else sections.parse(item)


def _a_notice_address(value: SecretStr) -> SecretStr:
    notices.check_address(value.get_secret_value())
    return value


def _a_heartbeat(value: SecretStr) -> SecretStr:
    notices.check_heartbeat(value.get_secret_value())
    return value


def _a_pdf_password(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not (text.isascii() and text.isprintable()):
        raise ValueError(
            "has letters that not every PDF reader takes; use plain letters, digits and marks"
        )
    if not _SHORTEST_PASSWORD <= len(text) <= _LONGEST_PASSWORD:
        raise ValueError(
            f"is too short or too long; use {_SHORTEST_PASSWORD} to {_LONGEST_PASSWORD} letters"
        )
    if len(set(text)) < _SHORTEST_PASSWORD // 2:
        raise ValueError("repeats itself; take one that a password manager made")
    return value


class _Section:
    """How pydantic reads an item: without building the kinds that nobody uses."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_plain_validator_function(_a_section)

    @staticmethod
    def __get_pydantic_json_schema__(
        schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(TypeAdapter(sections.union()).core_schema)


CompanyId = Annotated[str, AfterValidator(_a_company_id)]
Language = Annotated[str, AfterValidator(_a_language)]
Zone = Annotated[str, AfterValidator(_a_zone)]
Colour = Annotated[str, AfterValidator(_a_colour)]
Recipient = Annotated[str, AfterValidator(_a_recipient)]
Domain = Annotated[str, AfterValidator(domains.allowed)]
Contact = Annotated[str, AfterValidator(_an_address_or_none)]
PeriodRule = Annotated[str, BeforeValidator(_a_period)]
Targets = Annotated[dict[str, float], AfterValidator(_targets)]
Item = Annotated[Any, _Section]
NoticeAddress = Annotated[SecretStr, AfterValidator(_a_notice_address)]
Heartbeat = Annotated[SecretStr, AfterValidator(_a_heartbeat)]
PdfPassword = Annotated[SecretStr, AfterValidator(_a_pdf_password)]
TimeOfDay = Annotated[str, BeforeValidator(time_of_day)]
PageSize = Literal["A4", "Letter"]


def is_colour(text: str) -> bool:
    """True for a colour as brands write it."""
    return _COLOUR.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """True for a name that may stand in keys, files and addresses."""
    return _NAME.fullmatch(text) is not None

"""What a configuration may say."""

import re
from datetime import time
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from reportgen import bundled, gate, language, notices, periods, sections
from reportgen.channels import AnyChannel, domains
from reportgen.channels.addresses import address
from reportgen.errors import ConfigError, DeliveryRefused
from reportgen.schedules import Schedule, time_of_day
from reportgen.sections import AnySection
from reportgen.sources import AnySource

METRICS = sections.TARGETS
"""Metrics a customer may have a target for, and the highest one."""
Wish = Literal["off", "note", "hold", "block"]
_BOUND: dict[str, tuple[tuple[str, ...], str]] = {
    "untrue_sentence": (("block",), "a sentence that its figures do not bear out never goes out"),
    "flaw": (("off", "hold", "block"), "what is found in print cannot be noted in it"),
}
"""Rules that are not free to do anything: what they may do, and why."""
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 127  # bytes; PDF readers look at no more


# ---- kinds of text -------------------------------------------------------------------------


def _one_of(value: str, known: tuple[str, ...], what: str, right: str = "") -> str:
    if value in known:
        return value
    near = get_close_matches(value, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else right or f"known: {', '.join(known)}"
    raise ValueError(f"{value!r} is not {what}; {hint}")


def _a_language(value: str) -> str:
    return _one_of(value, language.available(), "a language of reports")


def _a_zone(value: str) -> str:
    return _one_of(value, _zones(), "an IANA time zone", "write one such as Europe/Berlin")


@cache
def _zones() -> tuple[str, ...]:
    """All but this machine's own time and what is only a placeholder."""
    return tuple(sorted(available_timezones() - {"localtime", "Factory"}))


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
        address(value)
    except DeliveryRefused as error:
        raise ValueError(str(error)) from error
    return value


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
        _a_metric(metric)
        if not 0 <= target <= METRICS[metric]:
            raise ValueError(
                f"{metric}: {target:g} is out of range; write 0 to {METRICS[metric]:g}"
            )
    return value


def _actions(value: "dict[str, ActionSettings]") -> "dict[str, ActionSettings]":
    for metric in value:
        _one_of(metric, sections.ACTIONS, "a metric with an action")
    return value


def _gate(value: "dict[str, RuleSettings]") -> "dict[str, RuleSettings]":
    for name, rule in value.items():
        _one_of(name, tuple(gate.STANDARD), "a rule of the gate")
        if rule.verdict and rule.verdict not in _possible_verdicts(name):
            raise ValueError(
                f"{name} cannot be {rule.verdict!r}: {_BOUND[name][1]}; take it out, or write "
                + " or ".join(_possible_verdicts(name))
            )
        if rule.share is not None and gate.STANDARD[name].share is None:
            raise ValueError(f"{name} knows no `share`; take it out")
    return value


def _possible_verdicts(rule: str) -> tuple[str, ...]:
    return _BOUND[rule][0] if rule in _BOUND else get_args(Wish)


def _a_metric(value: str) -> str:
    return _one_of(value, tuple(METRICS), "a metric")


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


CompanyId = Annotated[str, AfterValidator(_a_company_id)]
Language = Annotated[str, AfterValidator(_a_language)]
Zone = Annotated[str, AfterValidator(_a_zone)]
Colour = Annotated[str, AfterValidator(_a_colour)]
Address = Annotated[str, AfterValidator(_an_address)]
Recipient = Annotated[str, AfterValidator(_a_recipient)]
Domain = Annotated[str, AfterValidator(domains.allowed)]
Contact = Annotated[str, AfterValidator(_an_address_or_none)]
PeriodRule = Annotated[str, BeforeValidator(_a_period)]
Targets = Annotated[dict[str, float], AfterValidator(_targets)]
Item = Annotated[AnySection, BeforeValidator(sections.parse)]
NoticeAddress = Annotated[SecretStr, AfterValidator(_a_notice_address)]
Heartbeat = Annotated[SecretStr, AfterValidator(_a_heartbeat)]
PdfPassword = Annotated[SecretStr, AfterValidator(_a_pdf_password)]
TimeOfDay = Annotated[str, BeforeValidator(time_of_day)]
PageSize = Literal["A4", "Letter"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


NOT_WRITTEN = ("base", "file", "secret_files")
"""Fields of `Settings` that say where the file lies; nobody writes them into it."""


# ---- the parts of a file -------------------------------------------------------------------


class ActionSettings(_Part):
    """What is to be done about one metric, otherwise than usual."""

    owner: str | None = Field(None, min_length=1, max_length=60, description="Who does it.")
    days: int | None = Field(
        None, ge=1, le=366, description="Days from the making of the report until it is due."
    )
    skip: bool = Field(False, description="Never propose it.")


Actions = Annotated[dict[str, ActionSettings], AfterValidator(_actions)]


class RuleSettings(_Part):
    """What a rule of the gate does about what it finds; a verdict may stand alone for it."""

    verdict: Wish | None = Field(
        None,
        description="`off`; `note`: the report says it and goes out; `hold`: a person looks first; "
        "`block`: it never goes out.",
    )
    share: float | None = Field(
        None,
        gt=0,
        le=10,
        description="Of `people_changed`: how large a change passes, 0.5 for half of the people.",
    )

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, data: Any) -> Any:
        return {"verdict": data} if isinstance(data, str) else data


Gate = Annotated[
    dict[str, RuleSettings],
    AfterValidator(_gate),
    Field(json_schema_extra={"propertyNames": {"enum": list(gate.STANDARD)}}),
]
_GATE = "What holds a report or is noted in it, by rule: " + ", ".join(gate.STANDARD) + "."


class BrandSettings(_Part):
    """Whose face a report wears."""

    name: str = Field(min_length=1, max_length=60, description="The brand's name, as printed.")
    legal_name: str = Field("", description="The company behind it, for the small print.")
    primary: Colour = Field("#0B1F3A", description="Cover and company series.")
    accent: Colour = Field("#B5E61D", description="Marks and highlights.")
    logo: str | None = Field(
        None, description="SVG, PNG or JPEG for light backgrounds; beside this file, or shipped."
    )
    logo_on_primary: str | None = Field(None, description="The same for the cover.")
    headings: Literal["serif", "sans"] = Field("serif", description="Typeface of headings.")
    website: str = Field("", description="Address printed in mails.")
    contact_name: str = Field("", description="Whom readers may ask.")
    contact_email: Contact = Field("", description="Where readers may write.")
    contact_phone: str = Field("", description="Where readers may call.")
    confidentiality: str = Field("", description="Replaces the footer's usual words.")


class ApprovalSettings(_Part):
    """When a report waits for a person before it goes out."""

    wanted: Literal["never", "first", "always"] = Field(
        "never",
        description="`first`: until one of this report has gone out to the customer; `always`: "
        "each one.",
    )
    people: int = Field(
        1, ge=1, le=5, description="How many different people have to approve what is held."
    )
    grace_hours: float = Field(
        0,
        ge=0,
        le=240,
        description="A scheduled report that is ready waits so long for an objection, then goes "
        "by itself.",
    )


class Overrides(_Part):
    """What a customer may have otherwise than the rest; empty means the default."""

    language: Language | None = Field(None, description="Language of the report: en, de, …")
    time_zone: Zone | None = Field(None, description="IANA zone, such as Europe/Berlin.")
    page_size: PageSize | None = Field(None, description="A4 or Letter.")
    brand: str | None = Field(None, description="Name of one of the `brands`.")
    targets: Targets = Field(
        {}, description=f"Goals in the metric's own unit: {', '.join(METRICS)}."
    )
    actions: Actions = Field(
        {},
        description="Who does what until when, by metric: " + ", ".join(sections.ACTIONS) + ".",
    )
    gate: Gate = Field({}, description=_GATE)
    approval: ApprovalSettings | None = Field(
        None, description="When a report waits for a person before it goes out."
    )
    reports: tuple[str, ...] | None = Field(None, description="Names of the `reports` to make.")
    allowed_domains: tuple[Domain, ...] = Field(
        (),
        description='Domains that mail may go to: `acme.example`, `"*.acme.example"` for those '
        "below it. Those of `defaults` count for every customer; without any, all may.",
    )
    approve_new_recipients: bool | None = Field(
        None,
        description="Hold the first message to an address until `reportgen recipients approve`.",
    )


class Defaults(Overrides):
    """What every customer has unless it says otherwise."""

    language: Language = Field("en", description="Language of the report: en, de, …")
    time_zone: Zone = Field("UTC", description="IANA zone, such as Europe/Berlin.")
    page_size: PageSize = Field("A4", description="A4 or Letter.")
    approval: ApprovalSettings = Field(
        ApprovalSettings(), description="When a report waits for a person before it goes out."
    )


class CustomerSettings(Overrides):
    """One customer, by its id or by its exact name in the platform."""

    company_id: CompanyId | None = Field(None, min_length=1, description="The platform's id.")
    company: str | None = Field(None, min_length=1, description="Or the exact name there.")
    name: str | None = Field(None, description="Another name to print on the report.")
    same_figures: tuple[str, ...] = Field(
        (),
        description="Companies, by name or id, that may rightly have the same figures: a parent "
        "of this one alone, or the same company listed twice.",
    )
    recipients: tuple[Recipient, ...] = Field((), description="Who gets the mail.")
    pdf_password: PdfPassword | None = Field(
        None,
        description="Opens the PDF that is mailed and saved, AES-256: `${NAME}`, or give "
        "`pdf_password_file`. 12 letters at least, another one for each customer.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.company_id is None) == (self.company is None):
            raise ValueError("say which company: write `company_id` or `company`, not both")
        return self


class Discovery(Overrides):
    """Customers taken from the platform's company search, so that new ones join by themselves."""

    all: bool = Field(False, description="Every company these credentials may list.")
    tag: str | None = Field(None, min_length=1, description="Companies with this tag.")
    reseller: str | None = Field(None, min_length=1, description="Companies of this reseller.")
    exclude: tuple[str, ...] = Field((), description="Names or ids to leave out.")
    recipients: tuple[Recipient, ...] = Field(
        (),
        description="Who gets the mail, of every company found: list them in "
        "`shared_recipients` too.",
    )

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if sum((self.all, self.tag is not None, self.reseller is not None)) != 1:
            raise ValueError("say which companies: write one of `all: true`, `tag`, `reseller`")
        return self


class Report(_Part):
    """One report: what it says, over which days, and when it leaves."""

    name: str = Field(description="Its key in `reports`; part of what makes a run unique.")
    title: str = Field(min_length=1, max_length=80, description="Title on the cover.")
    titles: dict[Language, str] = Field({}, description="The title in other languages, by code.")
    template: str = Field("report.html", description="Template of the document.")
    widgets: tuple[Item, ...] = Field(
        (), description="Sections in order: names of sections, widget types, or mappings."
    )
    saved_report: str | None = Field(
        None, description="Or follow the report each customer saved under this name in the portal."
    )
    period: PeriodRule = Field(
        periods.DEFAULT_RULE, description=f"Which days it covers: {periods.EXAMPLES}."
    )
    window_months: int | None = Field(
        None,
        ge=1,
        le=12,
        description="Months that measures without months of their own look back; empty: the "
        "period.",
    )
    history_months: int = Field(
        12, ge=1, le=24, description="How many months trends are drawn over."
    )
    schedule: Schedule | None = Field(None, description="When it leaves; empty: on request only.")
    gate: Gate = Field({}, description=_GATE)

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if bool(self.widgets) == (self.saved_report is not None):
            raise ValueError("say what it shows: write `widgets` or `saved_report`, not both")
        return self


class Retention(_Part):
    """How long the archive keeps what has gone out; empty means for ever."""

    keep_months: int | None = Field(
        None,
        ge=1,
        le=1200,
        description="Documents about days longer ago than so many months are removed.",
    )
    keep_editions: int | None = Field(
        None,
        ge=1,
        description="Of each report of a customer, so many newest documents are kept.",
    )


class OperatorSettings(_Part):
    """Who runs this, and how they hear of it; customers never get any of it."""

    notify: tuple[NoticeAddress, ...] = Field(
        (),
        description="Where notices go, as addresses of apprise: `mailto://`, `slack://`, Teams, "
        "webhooks and many more. They hold secrets: write `${NAME}`.",
    )
    at: TimeOfDay = Field("08:00", description="Wall-clock time of the daily message, as HH:MM.")
    time_zone: Zone | None = Field(
        None, description="IANA zone of `at`; empty: the one of `defaults`."
    )
    heartbeat: Heartbeat | None = Field(
        None, description="Web address that is fetched after each healthy round: `${NAME}`."
    )

    @property
    def time(self) -> time:
        """The hour of the daily message."""
        return time.fromisoformat(self.at)


class Settings(_Part):
    """A whole configuration."""

    source: AnySource = Field(description="Where the figures come from.")
    brands: dict[str, BrandSettings] = Field(min_length=1, description="Brands, by name.")
    defaults: Defaults = Field(Defaults(), description="What every customer has.")
    customers: tuple[CustomerSettings, ...] = Field((), description="Customers one by one.")
    discover: tuple[Discovery, ...] = Field((), description="Customers by rule.")
    shared_recipients: tuple[Recipient, ...] = Field(
        (), description="Your own people: the only ones who may get reports of several customers."
    )
    approve_new_recipients: bool = Field(
        False, description="The same as under `defaults`, for every customer."
    )
    reports: dict[str, Report] = Field(min_length=1, description="Reports, by name.")
    delivery: tuple[AnyChannel, ...] = Field((), description="Ways out, in order.")
    operator: OperatorSettings = Field(
        OperatorSettings(), description="Whom to tell that reports are late, and that all is well."
    )
    archive: str = Field(
        "out/archive",
        repr=False,
        description="Folder or URL where every document and its data are kept.",
    )
    retention: Retention = Field(
        Retention(), description="What `reportgen prune` and `serve` remove from the archive."
    )
    ledger: str = Field(
        "sqlite:///out/ledger.db", repr=False, description="The record of runs: an SQLAlchemy URL."
    )
    templates: Path | None = Field(None, description="Folder whose files replace shipped ones.")
    base: Path = Field(Path(), exclude=True, description="Folder of the file itself.")
    file: Path | None = Field(None, exclude=True, description="The file itself.")
    secret_files: tuple[Path, ...] = Field((), exclude=True, description="Whose secrets it took.")

    @property
    def operator_zone(self) -> ZoneInfo:
        """Where the operator's clock hangs."""
        return ZoneInfo(self.operator.time_zone or self.defaults.time_zone)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        """A report's name is its key."""
        if isinstance(data, dict) and isinstance(data.get("reports"), dict):
            reports = {
                name: {**report, "name": name} if isinstance(report, dict) else report
                for name, report in data["reports"].items()
            }
            return {**data, "reports": reports}
        return data


def found_logo(base: Path, logo: str) -> Path | None:
    """Where a logo lies: beside the configuration, or among the shipped templates."""
    for folder in (base, bundled.TEMPLATES):
        path = folder / logo
        if is_there(path):
            return path
    return None


def is_there(path: Path, *, folder: bool = False) -> bool:
    """True for a file, or a folder; False as well for a name that no disk can bear."""
    try:
        return path.is_dir() if folder else path.is_file()
    except (OSError, ValueError):
        return False


def is_colour(text: str) -> bool:
    """True for a colour as brands write it."""
    return _COLOUR.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """True for a name that may stand in keys, files and addresses."""
    return _NAME.fullmatch(text) is not None

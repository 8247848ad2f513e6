"""What a configuration may say."""

from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from reportgen import bundled, gate, periods, sections
from reportgen.channels import AnyChannel
from reportgen.config.texts import (
    Colour,
    CompanyId,
    Contact,
    Domain,
    Heartbeat,
    Item,
    Language,
    NoticeAddress,
    PageSize,
    PdfPassword,
    PeriodRule,
    Recipient,
    Targets,
    TimeOfDay,
    Zone,
    one_of,
)
from reportgen.schedules import Schedule
from reportgen.sections import metrics
from reportgen.sources import AnySource

if TYPE_CHECKING:
    from reportgen.sections.framing import WidgetSection

Wish = Literal["off", "note", "hold", "block"]
_BOUND: dict[str, tuple[tuple[str, ...], str]] = {
    "untrue_sentence": (("block",), "a sentence that its figures do not bear out never goes out"),
    "flaw": (("off", "hold", "block"), "what is found in print cannot be noted in it"),
}
"""Rules that are not free to do anything: what they may do, and why."""


def _actions(value: "dict[str, ActionSettings]") -> "dict[str, ActionSettings]":
    for metric in value:
        if metric not in metrics.ACTIONS:
            one_of(metric, sections.actions(), "a metric with an action")
    return value


def _gate(value: "dict[str, RuleSettings]") -> "dict[str, RuleSettings]":
    for name, rule in value.items():
        one_of(name, tuple(gate.STANDARD), "a rule of the gate")
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


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


ALL_TARGETS, ALL_ACTIONS = "{all targets}", "{all actions}"
"""Stand in descriptions for the metrics of every section; `reference` fills them in."""
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
    targets: Targets = Field({}, description=f"Goals in the metric's own unit: {ALL_TARGETS}.")
    actions: Actions = Field(
        {},
        description=f"Who does what until when, by metric: {ALL_ACTIONS}.",
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
        ApprovalSettings.model_construct(),
        description="When a report waits for a person before it goes out.",
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
    deadline_hours: float = Field(
        3,
        gt=0,
        le=720,
        description="Hours after that moment by which all should have it: the most urgent are made "
        "first, and a round that cannot keep it says so.",
    )
    gate: Gate = Field({}, description=_GATE)

    @property
    def sections(self) -> "tuple[WidgetSection, ...]":
        """The sections that `widgets` stands for."""
        return tuple(sections.parse(item) for item in self.widgets)

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
    defaults: Defaults = Field(Defaults.model_construct(), description="What every customer has.")
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
        OperatorSettings.model_construct(),
        description="Whom to tell that reports are late, and that all is well.",
    )
    archive: str = Field(
        "out/archive",
        repr=False,
        description="Folder or URL where every document and its data are kept.",
    )
    retention: Retention = Field(
        Retention.model_construct(),
        description="What `reportgen prune` and `serve` remove from the archive.",
    )
    ledger: str = Field(
        "sqlite:///out/ledger.db", repr=False, description="The record of runs: an SQLAlchemy URL."
    )
    templates: Path | None = Field(None, description="Folder whose files replace shipped ones.")
    workers: int | None = Field(
        None,
        ge=1,
        le=256,
        description="Processes that make documents at once, of about 100 MB each; empty: one for "
        "each processor.",
    )
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

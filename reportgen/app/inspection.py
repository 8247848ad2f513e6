"""`reportgen check`: everything a report needs, looked at one by one, with the cure beside it."""

import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from reportgen import bundled
from reportgen.app import accepted
from reportgen.app.house import House
from reportgen.app.rights import exposed
from reportgen.channels import Email, Folder
from reportgen.config import ResolvedCustomer, Settings, brand_of, doubts
from reportgen.errors import ConfigError, ReportgenError, SourceRefused
from reportgen.model import Brand, Company, Period, Spans, WidgetRequest
from reportgen.names import file_part
from reportgen.pipeline import Section

Verdict = Literal["ok", "warning", "problem"]

_ANY_DAY = Period(date(2026, 1, 1), date(2026, 1, 2))
_SCRIPTS = {"ar": "Arabic", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "und-zsye": "emoji"}


@dataclass(frozen=True, slots=True)
class Remark:
    """What was found about one thing."""

    subject: str
    verdict: Verdict
    finding: str
    cure: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Back from `as_dict`. Raises TypeError."""
        return cls(**said)

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def inspect(house: House, *, offline: bool, notify: bool = False) -> Iterator[Remark]:
    """Look at everything, cheapest first; one finding never hides another.

    Sends nothing but, if wanted, one test notice to the operator.
    """
    yield Remark("configuration", "ok", _summary(house))
    yield from _recipients(house.settings)
    yield from _fonts()
    yield from _rights(house)
    yield from _stores(house)
    yield from _press(house, offline=offline)
    yield from _operator(house)
    yield _passwords(house)
    if offline:
        return
    if notify:
        yield _try("test notice", lambda: _test_notice(house), "mend `notify` under operator")
    yield from _mail(house)
    yield from _platform(house)


def _summary(house: House) -> str:
    settings = house.settings
    return f"{len(settings.reports)} reports, {len(settings.customers)} customers by name"


def _recipients(settings: Settings) -> Iterator[Remark]:
    """Whether a report could reach somebody outside its customer."""
    found = [Remark("recipients", "warning", each.finding, each.cure) for each in doubts(settings)]
    yield from found or [Remark("recipients", "ok", "no domain is doubtful")]


# ---- this machine --------------------------------------------------------------------------


def _fonts() -> Iterator[Remark]:
    count = len([*(bundled.TEMPLATES / "fonts").glob("*.otf")])
    if not count:
        yield Remark("fonts", "problem", "the bundled fonts are missing", "install reportgen anew")
        return
    yield Remark("fonts", "ok", f"{count} bundled fonts")
    if not shutil.which("fc-list"):
        yield Remark(
            "fallback fonts", "warning", "cannot be listed", "install the package fontconfig"
        )
        return
    known = _languages_of_fonts()
    missing = [name for code, name in _SCRIPTS.items() if code not in known]
    if missing:
        yield Remark(
            "fallback fonts",
            "warning",
            f"no font for {', '.join(missing)} names",
            "install fonts-noto-core, fonts-noto-cjk and fonts-noto-color-emoji",
        )
    else:
        yield Remark("fallback fonts", "ok", ", ".join(_SCRIPTS.values()))


def _languages_of_fonts() -> set[str]:
    """Codes of the languages that the fonts of this machine have letters for, each without land."""
    command = ["fc-list", ":", "lang"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    codes = {code for line in found.stdout.split() for code in line.partition("=")[2].split("|")}
    return codes | {code.partition("-")[0] for code in codes}


def _rights(house: House) -> Iterator[Remark]:
    for each in exposed(house.settings):
        finding = f"{each.what} {each.path.name}: open to {each.others}"
        yield Remark("file rights", "warning", finding, each.cure)


def _press(house: House, *, offline: bool) -> Iterator[Remark]:
    """What the cage says; offline, what it has said about the same before."""
    known = [Remark.of(said) for said in accepted.recall(house.settings)] if offline else []
    if known:
        yield from known
        return
    found = []
    for remark in _in_the_cage(house):
        found.append(remark)
        yield remark
    if all(remark.verdict != "problem" for remark in found):
        accepted.remember(house.settings, [remark.as_dict() for remark in found])


def _in_the_cage(house: House) -> Iterator[Remark]:
    """The caged process that makes documents, and the logos it would be given."""
    try:
        missing = house.press.check()
    except ReportgenError as error:
        yield Remark("document worker", "problem", str(error), "install reportgen anew")
        return
    if missing:
        cure = "allow user namespaces, or forbid the service the network (docs/operating.md)"
        yield Remark("document worker", "warning", f"held less: {', '.join(missing)}", cure)
    else:
        yield Remark("document worker", "ok", "no network, no files but its own, bounded")
    for name in house.settings.brands:
        brand = brand_of(house.settings, name)
        yield _try(f"brand {name}", partial(_logos, house, brand), "mend `logo` under brands")


def _logos(house: House, brand: Brand) -> str:
    return f"{house.press.check_logos(brand)} logos that can be shown"


def _stores(house: House) -> Iterator[Remark]:
    yield _try("ledger", house.check_ledger, "mend `ledger` in the configuration")
    yield _try("archive", house.check_archive, "mend `archive` in the configuration")
    for channel in house.settings.delivery:
        if isinstance(channel, Folder):
            place = channel.at(house.settings.base)
            yield _try(f"folder {channel.label}", place.check, "mend `url` under delivery")


def _mail(house: House) -> Iterator[Remark]:
    for channel in house.channels:
        if isinstance(channel, Email):
            yield _try(f"mail {channel.label}", channel.check, "mend `server` under delivery")
            if channel.sent_items is not None:
                subject, cure = f"sent items {channel.label}", "mend `sent_items` under delivery"
                yield _try(subject, channel.sent_items.check, cure)


def _operator(house: House) -> Iterator[Remark]:
    """Whether somebody would hear of trouble. Addresses were read with the file."""
    names = ", ".join(house.operator.names)
    if names:
        yield Remark("notices", "ok", f"well-formed: {names}; `check --notify` sends one")
    else:
        cure = "add `notify` under `operator`"
        yield Remark("notices", "warning", "nobody is told when a report is late", cure)
    if house.operator.heartbeat:
        yield Remark("heartbeat", "ok", f"well-formed: {house.operator.heartbeat}")


def _passwords(house: House) -> Remark:
    """Whose reports leave under a password."""
    everybody = house.settings.customers
    who = [each.name or each.company or each.company_id for each in everybody if each.pdf_password]
    found = ", ".join(str(name) for name in who) or "no customer has one"
    return Remark("PDF passwords", "ok", found)


def _test_notice(house: House) -> str:
    names = house.operator.names
    if not names:
        raise ConfigError("there is no address to send it to")
    house.operator.inform(
        "reportgen: test notice",
        "This is a test. Notices about late and failed reports arrive here.",
    )
    return f"sent to {', '.join(names)}"


def _try(subject: str, look: Callable[[], str], cure: str) -> Remark:
    try:
        return Remark(subject, "ok", look())
    except ReportgenError as error:
        return Remark(subject, "problem", str(error), cure)


# ---- the platform --------------------------------------------------------------------------


def _platform(house: House) -> Iterator[Remark]:
    try:
        signed_in = house.source.check()
        companies = house.source.companies()
        resolved, problems = house.customers()
    except ReportgenError as error:
        mendable = isinstance(error, SourceRefused | ConfigError)
        cure = "mend `source`" if mendable else "try again later"
        yield Remark("platform", "problem", str(error), cure)
        return
    yield Remark("platform", "ok", f"signed in at {_host(house)}, {len(companies)} companies")
    for permission in signed_in.missing:
        yield Remark("permission", "warning", f"{permission} is not listed", "check the role")
    for problem in problems:
        yield Remark("customer", "problem", problem, "mend `customers`")
    yield from _namesakes(house, resolved)
    known = {company.company_id: company for company in companies}
    for each in resolved:
        yield from _customer(house, each, known.get(each.customer.company_id))


def _namesakes(house: House, resolved: Iterable[ResolvedCustomer]) -> Iterator[Remark]:
    """Customers whose files have one name; of those, one only can be stored."""
    folders = [each for each in house.settings.delivery if isinstance(each, Folder)]
    if all("{company_id}" in folder.file_name for folder in folders):
        return
    known: dict[str, str] = {}
    for customer in (each.customer for each in resolved):
        name = file_part(customer.name).casefold()  # on some disks case does not count
        if name in known:
            yield Remark(
                customer.name,
                "warning",
                f"its files are named as those of {known[name]!r}, and would be refused",
                "add {company_id} to `file_name` under delivery",
            )
        known.setdefault(name, customer.name)


def _host(house: House) -> str:
    return urlsplit(house.source.base_url).hostname or ""


def _customer(house: House, each: ResolvedCustomer, company: Company | None) -> Iterator[Remark]:
    subject = each.customer.name
    if company and company.licence_expired:
        yield Remark(subject, "warning", "its licence has expired", "figures may be missing")
    try:
        licensed = {entry.widget_type for entry in house.source.catalogue(each.customer)}
        wanted = tuple(_wanted(house, each))
    except ReportgenError as error:
        yield Remark(subject, "problem", str(error), "see the message")
        return
    missing = sorted({each.widget_type for each in wanted} - licensed)
    if missing:
        yield Remark(
            subject,
            "warning",
            f"not licensed: {', '.join(missing)}",
            "the report says so in its place; or take the widgets out",
        )
    else:
        yield Remark(subject, "ok", f"{len(wanted)} widgets available")


def _wanted(house: House, each: ResolvedCustomer) -> Iterator[WidgetRequest]:
    for name in each.reports:
        report = house.settings.reports[name]
        if report.saved_report:
            house.source.saved_report(each.customer, report.saved_report)
        yield from (_request(section) for section in report.sections)


def _request(section: Section) -> WidgetRequest:
    return section.request(Spans(_ANY_DAY, _ANY_DAY, _ANY_DAY))

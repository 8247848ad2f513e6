"""Whom the reports are about: the configuration joined with the companies the platform lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from reportgen import gate
from reportgen.config.settings import (
    BrandSettings,
    CustomerSettings,
    Discovery,
    Overrides,
    Report,
    Settings,
    found_logo,
)
from reportgen.model import (
    ActionRule,
    Approval,
    Brand,
    Company,
    Customer,
    Protection,
    Rule,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class ResolvedCustomer:
    """A customer as the platform knows it, and the reports it gets."""

    customer: Customer
    reports: tuple[str, ...]


def customers(
    settings: Settings, companies: tuple[Company, ...]
) -> tuple[tuple[ResolvedCustomer, ...], tuple[str, ...]]:
    """
    Every customer that could be matched, and a line for each that could not.

    Customers named one by one come first, in the order of the file, and win over those found by
    rule; those come in the platform's order. One that cannot be matched never hinders the others.
    """
    resolved: dict[str, ResolvedCustomer] = {}
    problems: list[str] = []
    for wanted in settings.customers:
        company = _company(wanted, companies)
        if isinstance(company, str):
            problems.append(company)
        elif company.company_id in resolved:
            problems.append(_twice(wanted, company))
        else:
            resolved[company.company_id] = _resolved(settings, wanted, company, wanted.name)
    for rule in settings.discover:
        problems.extend(_idle(rule, companies))
        for company in _found(rule, companies):
            if company.company_id not in resolved:
                resolved[company.company_id] = _resolved(settings, rule, company, None)
    return tuple(resolved.values()), tuple(problems)


def _company(wanted: CustomerSettings, companies: tuple[Company, ...]) -> Company | str:
    """The one company that is meant, or a line that says why there is none."""
    if wanted.company_id is not None:
        by_id = [each for each in companies if each.company_id == wanted.company_id]
        return by_id[0] if by_id else _unlisted(wanted.company_id, companies)
    name = wanted.company or ""
    by_name = [each for each in companies if each.name.strip() == name.strip()]
    if len(by_name) == 1:
        return by_name[0]
    if by_name:
        ids = ", ".join(each.company_id for each in by_name)
        return f"{len(by_name)} companies are called {name!r}; write `company_id`: {ids}"
    return _unlisted(name, companies)


def _unlisted(wanted: str, companies: tuple[Company, ...]) -> str:
    near = get_close_matches(wanted, [each.name for each in companies], 1)
    hint = f"did you mean {near[0]!r}?" if near else "`reportgen companies` lists names and ids"
    return f"the platform lists no company {wanted!r}; {hint}"


def _twice(wanted: CustomerSettings, company: Company) -> str:
    name = wanted.company_id or wanted.company
    return f"{name!r} is {company.name!r}, which `customers` has already; keep one of the two"


# ---- rules ---------------------------------------------------------------------------------


def _idle(rule: Discovery, companies: tuple[Company, ...]) -> Iterator[str]:
    """What fits no company: a slip of the pen there would mail too little, or too much."""
    if not any(_fits(rule, company) for company in companies):
        yield f"`discover` finds no company {_words(rule)}; mend it, or take it out"
    known = {text for each in companies for text in _names(each)}
    for text in rule.exclude:
        if text.casefold() not in known:
            yield f"`exclude`: {_unlisted(text, companies)}"


def _words(rule: Discovery) -> str:
    if rule.tag is not None:
        return f"with the tag {rule.tag!r}"
    return "at all" if rule.all else f"of the reseller {rule.reseller!r}"


def _found(rule: Discovery, companies: tuple[Company, ...]) -> Iterator[Company]:
    left_out = {text.casefold() for text in rule.exclude}
    for company in companies:
        if _fits(rule, company) and not left_out & _names(company):
            yield company


def _fits(rule: Discovery, company: Company) -> bool:
    return rule.all or rule.tag in company.tags or rule.reseller == company.reseller


def _names(company: Company) -> set[str]:
    return {company.company_id.casefold(), company.name.casefold()}


# ---- settings ------------------------------------------------------------------------------


def _resolved(
    settings: Settings, own: CustomerSettings | Discovery, company: Company, name: str | None
) -> ResolvedCustomer:
    defaults = settings.defaults
    customer = Customer(
        company_id=company.company_id,
        name=name or company.name,
        company_name=company.name,
        recipients=own.recipients,
        language=own.language or defaults.language,
        time_zone=own.time_zone or defaults.time_zone,
        page_size=own.page_size or defaults.page_size,
        brand=_brand(settings, own),
        approval=_approval(settings, own),
        same_figures=own.same_figures if isinstance(own, CustomerSettings) else (),
        targets={**defaults.targets, **own.targets},
        actions={
            metric: ActionRule(rule.owner, rule.days, rule.skip)
            for metric, rule in {**defaults.actions, **own.actions}.items()
        },
        allowed_domains=(*own.allowed_domains, *defaults.allowed_domains),
        approve_new_recipients=_approves(settings, own),
        protection=_protection(own),
        licence_expired=company.licence_expired,
        gate=_rules(own),
    )
    return ResolvedCustomer(customer, _reports(settings, own))


def gate_rules(settings: Settings, report: Report, customer: Customer) -> dict[str, Rule]:
    """Every rule of the gate: the customer's wish wins over the report's, and that over all's."""
    return gate.settled(_rules(settings.defaults), _rules(report), customer.gate)


def _rules(part: Overrides | Report) -> dict[str, Rule]:
    return {
        name: Rule(Verdict(wish.verdict) if wish.verdict else None, wish.share)
        for name, wish in part.gate.items()
    }


def _protection(own: CustomerSettings | Discovery) -> Protection | None:
    if isinstance(own, CustomerSettings) and own.pdf_password is not None:
        return Protection(own.pdf_password)
    return None


def _reports(settings: Settings, own: Overrides) -> tuple[str, ...]:
    """The customer's own choice, else the default one, else every report."""
    for chosen in (own.reports, settings.defaults.reports):
        if chosen is not None:
            return chosen
    return tuple(settings.reports)


def _approval(settings: Settings, own: Overrides) -> Approval:
    wanted = own.approval or settings.defaults.approval
    return Approval(wanted.wanted, wanted.people, wanted.grace_hours)


def _approves(settings: Settings, own: Overrides) -> bool:
    """The customer's own wish, else the default one, else the file's."""
    for chosen in (own.approve_new_recipients, settings.defaults.approve_new_recipients):
        if chosen is not None:
            return chosen
    return settings.approve_new_recipients


def _brand(settings: Settings, own: Overrides) -> Brand:
    """The customer's own, else the default one, else the first of the file."""
    return brand_of(settings, own.brand or settings.defaults.brand or next(iter(settings.brands)))


def brand_of(settings: Settings, name: str) -> Brand:
    """The brand of this name, its logos found."""
    brand = settings.brands[name]
    fields = brand.model_dump(exclude={"logo", "logo_on_primary"})
    return Brand(
        **fields,
        logo=_path(settings, brand, "logo"),
        logo_on_primary=_path(settings, brand, "logo_on_primary"),
    )


def _path(settings: Settings, brand: BrandSettings, key: str) -> str | None:
    logo: str | None = getattr(brand, key)
    path = found_logo(settings.base, logo) if logo else None
    return str(path) if path else None

"""What is allowed and yet worth a look: shared domains, and names that look alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.channels import domains
from reportgen.channels.lookalikes import skeleton
from reportgen.config.settings import CustomerSettings, Discovery, Settings


@dataclass(frozen=True, slots=True)
class Doubt:
    """One such matter."""

    finding: str
    cure: str


def doubts(settings: Settings) -> Iterator[Doubt]:
    """Every one of them; none stops a report."""
    yield from _shared_domains(settings)
    yield from _look_alikes(settings)


def _shared_domains(settings: Settings) -> Iterator[Doubt]:
    """A domain that two customers allow: a slip in one address would show it to the other."""
    owners: dict[str, list[str]] = {}
    for each in _all(settings):
        for pattern in dict.fromkeys(each.allowed_domains):
            owners.setdefault(pattern, []).append(_name(each))
    cure = "keep it with one of them, or list your own people in `shared_recipients`"
    for pattern, names in owners.items():
        if _is_shared(pattern, settings):
            continue
        if len(names) > 1:
            yield Doubt(f"{pattern} is allowed for {' and for '.join(names)}", cure)
        for wider in _wider(pattern):
            others = [name for name in owners.get(wider, ()) if name not in names]
            if others and not _is_shared(wider, settings):
                yield Doubt(
                    f"{pattern} of {' and '.join(names)} lies in {wider} of {' and '.join(others)}",
                    cure,
                )


def _wider(pattern: str) -> Iterator[str]:
    """Every allowed domain that would hold all of this one."""
    for above in list(_upwards(domains.bare(pattern)))[1:]:
        yield f"*.{above}"


def _is_shared(pattern: str, settings: Settings) -> bool:
    """The reseller's own: a domain of everybody, or of those listed as shared."""
    ours = [domains.domain_of(each) for each in settings.shared_recipients]
    return pattern in settings.defaults.allowed_domains or any(
        domains.covers(pattern, each) for each in ours
    )


# ---- look-alikes ---------------------------------------------------------------------------


def _look_alikes(settings: Settings) -> Iterator[Doubt]:
    """Different domains that readers take for one another, such as acme and acrne."""
    groups: dict[str, dict[str, str]] = {}
    for domain, name in _used(settings):
        for each in _upwards(domain):
            groups.setdefault(skeleton(each), {}).setdefault(each, name)
    for group in groups.values():
        if len(group) > 1:
            names = " and ".join(_told(domain, name) for domain, name in group.items())
            yield Doubt(f"{names} look alike", "make sure that each is the real domain")


def _used(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every domain that mail goes to or may go to, and whose it is."""
    for each in _all(settings):
        for pattern in each.allowed_domains:
            yield domains.bare(pattern), _name(each)
        for address in each.recipients:
            yield domains.domain_of(address), _name(each)
    for pattern in settings.defaults.allowed_domains:
        yield domains.bare(pattern), "defaults"
    for address in settings.shared_recipients:
        yield domains.domain_of(address), "shared_recipients"


def _upwards(domain: str) -> Iterator[str]:
    """The domain and those above it, but for the last part alone."""
    labels = domain.split(".")
    for place in range(len(labels) - 1):
        yield ".".join(labels[place:])


def _told(domain: str, name: str) -> str:
    readable = domains.shown(domain)
    text = domain if readable == domain else f"{domain} (reads {readable})"
    return f"{text} of {name}"


# ---- names ---------------------------------------------------------------------------------


def _all(settings: Settings) -> tuple[CustomerSettings | Discovery, ...]:
    return (*settings.customers, *settings.discover)


def _name(own: CustomerSettings | Discovery) -> str:
    if isinstance(own, CustomerSettings):
        return own.name or own.company or own.company_id or ""
    return f"discover {own.tag or own.reseller or 'all'}"

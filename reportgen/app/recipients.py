"""Who gets whose reports, and whether anybody has seen to it that they may."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from reportgen.app.house import House
from reportgen.channels import domains
from reportgen.errors import ConfigError
from reportgen.ledger import Known
from reportgen.model import Customer


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address of one customer."""

    customer: str
    company_id: str
    address: str
    known_since: datetime | None
    standing: str
    """Such as `known since 2026-10-01`, `approved …`, `new`, for people."""
    waits: bool = False
    """True when its first message waits for a person."""

    def as_dict(self) -> dict[str, str | bool | None]:
        """For programs."""
        since = self.known_since.isoformat() if self.known_since else None
        return asdict(self) | {"known_since": since}


def recipients(house: House) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """Every address of every customer, and which customers are left out."""
    resolved, problems = house.customers()
    return tuple(one for each in resolved for one in _of(house, each.customer)), problems


def _of(house: House, customer: Customer) -> Iterator[Recipient]:
    familiar = house.ledger.known_recipients(customer.company_id)
    for address in customer.recipients:
        known = familiar.get(address.casefold())
        yield Recipient(
            customer.name,
            customer.company_id,
            address,
            known.since if known else None,
            _standing(customer, address, known),
            waits=customer.approve_new_recipients and known is None,
        )


def _standing(customer: Customer, address: str, known: Known | None) -> str:
    if customer.allowed_domains and not domains.is_allowed(address, customer.allowed_domains):
        return "refused: outside the allowed domains"
    if known is not None:
        return str(known)
    return "new, waits for approval" if customer.approve_new_recipients else "new"


def approve_recipient(house: House, name: str, address: str, *, by: str, reason: str) -> bool:
    """
    Allow the first message to one address of a customer. False: it was known before.

    Raises ConfigError for a customer nobody knows and for an address that is none of its own.
    """
    customer = house.customer(name)
    if address.casefold() not in {each.casefold() for each in customer.recipients}:
        raise ConfigError(
            f"{address} is no recipient of {customer.name}; `reportgen recipients` lists them"
        )
    return house.ledger.approve_recipient(customer.company_id, address, by=by, reason=reason)

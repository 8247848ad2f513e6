"""What waits in front of the door: looked at, approved, held, rejected, let go."""

from collections.abc import Callable

from reportgen import periods
from reportgen.app.house import House
from reportgen.app.orders import Order, Ticket, subscribed
from reportgen.app.rounds import run_round
from reportgen.errors import ConfigError, StorageError
from reportgen.ledger import WaitingDocument
from reportgen.model import RunKey
from reportgen.pipeline import Outcome


def waiting(house: House, key: RunKey) -> WaitingDocument:
    """The document of this run that waits. Raises StorageError when none does."""
    found = [each for each in house.ledger.outbox() if each.key == key]
    if not found:
        raise StorageError(f"nothing of {key} waits; `reportgen outbox` lists what does")
    return found[0]


def approve(house: House, key: RunKey, digest: str, *, by: str, reason: str) -> tuple[str, ...]:
    """
    Let exactly one document go; answers who has approved it so far.

    `digest`: the first letters of its SHA-256, as the person saw it; empty for the one that waits
    now. The file is read again and must be that one. Raises StorageError.
    """
    document = waiting(house, key)
    if not document.sha256.startswith(digest.casefold()):
        raise StorageError(
            f"{key} is another document by now ({document.sha256[:12]}); look at it, then approve "
            "that"
        )
    kept = house.archive.load(document.place)
    if kept.sha256 != document.sha256:
        raise StorageError(f"{key}: the file in the archive is not the one that was made")
    people = kept.customer.approval.people
    return house.ledger.approve(key, document.sha256, by=by, reason=reason, people=people)


def let_go(house: House, key: RunKey, done: Callable[[Outcome], None]) -> tuple[Outcome, ...]:
    """Hand an approved document over now. Raises ConfigError when its customer is gone."""
    found, _ = subscribed(house, Order((key.report,), (key.company_id,)), house.clock())
    if not found:
        raise ConfigError(f"{key} is approved, but nobody gets this report any more")
    ticket = Ticket(found[0], periods.parse(key.period), key.edition)
    return run_round(house, (ticket,), done, manual=True)

"""Deliveries nobody can tell about, settled by a look at the sent items where there are any."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from reportgen.app.house import House
from reportgen.channels import Email
from reportgen.channels.sent_items import Looked, SentItems
from reportgen.errors import DeliveryError, StorageUnavailable
from reportgen.ledger import Doubt

log = logging.getLogger(__name__)

_FILED = timedelta(minutes=30)
"""By then a message that was accepted is in a complete mailbox: the server accepts it within 15
minutes or never, and has as long again to file it."""
_KEPT = timedelta(days=3)
"""What is missing after so long may have been there: mailboxes are tidied up."""
_MINUTES = 10
"""A doubt that a look does not settle is looked up again so often."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look told about one delivery."""

    doubt: Doubt
    verdict: str
    settled: bool

    def __str__(self) -> str:
        return f"{self.doubt.key}, {self.doubt.target}: {self.verdict}"


@dataclass(frozen=True, slots=True)
class Search:
    """What the looks into all mailboxes told."""

    answers: tuple[Answer, ...] = ()
    problems: tuple[str, ...] = ()
    """Mailboxes that could not be looked into."""

    @property
    def settled(self) -> bool:
        """True when at least one delivery is in doubt no longer."""
        return any(answer.settled for answer in self.answers)


def look_up(house: House) -> Search:
    """Look for every delivery in doubt, now."""
    return _searched(house, house.ledger.doubts(), at_once=True)


def look_up_again(house: House) -> Search:
    """The same, at most every few minutes, by one of many processes; says it in the log."""
    found = _searched(house, house.ledger.doubts(), at_once=False)
    for answer in found.answers:
        log.info("%s", answer, extra={"run": str(answer.doubt.key)})
    for problem in found.problems:
        log.warning("%s", problem)
    return found


def _searched(house: House, doubts: tuple[Doubt, ...], *, at_once: bool) -> Search:
    answers: list[Answer] = []
    problems: list[str] = []
    for channel in house.channels if doubts else ():
        if not isinstance(channel, Email) or channel.sent_items is None:
            continue
        mine = [doubt for doubt in doubts if doubt.channel == channel.label]
        if not mine or not (at_once or _is_my_turn(house, channel.label, mine)):
            continue
        try:
            answers += _settled(house, channel.sent_items, mine)
        except DeliveryError as error:
            problems.append(f"{error}; nothing is changed, and it is looked up again")
    return Search(tuple(answers), tuple(problems))


def _is_my_turn(house: House, label: str, doubts: Iterable[Doubt]) -> bool:
    now = house.clock()
    turn = [f"{now:%Y-%m-%dT%H}", str(now.minute // _MINUTES)]
    digest = sha256("\n".join([*turn, *(each.reference for each in doubts)]).encode()).hexdigest()
    return house.ledger.tell_once(f"sent items {label}"[:120], digest)


def _settled(house: House, sent_items: SentItems, doubts: list[Doubt]) -> list[Answer]:
    looked = sent_items.look([doubt.reference for doubt in doubts])
    return [_answer(house, sent_items, doubt, looked) for doubt in doubts]


def _answer(house: House, sent_items: SentItems, doubt: Doubt, looked: Looked) -> Answer:
    if doubt.reference in looked.there:
        return _told(house, doubt, "found in sent items", sent=True)
    if doubt.reference in looked.missing and _is_conclusive(doubt, house.clock()):
        return _told(house, doubt, "not in sent items, which are complete: sent again", sent=False)
    where = f"not in {sent_items.folder!r} on {sent_items.server}"
    return Answer(doubt, f"{where}, which proves nothing: still in doubt", settled=False)


def _is_conclusive(doubt: Doubt, now: datetime) -> bool:
    return _FILED <= now - doubt.committed_at <= _KEPT


def _told(house: House, doubt: Doubt, proof: str, *, sent: bool) -> Answer:
    try:
        state = house.ledger.looked_up(doubt, sent=sent, proof=proof)
    except StorageUnavailable as error:
        return Answer(doubt, str(error), settled=False)
    if state is None:
        return Answer(doubt, "settled by somebody else", settled=False)
    return Answer(doubt, f"{proof}; the run is {state}", settled=True)

"""Whose data this is: what the answers say themselves, and what independent witnesses say."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from reportgen.errors import WrongCustomer
from reportgen.model import (
    Answers,
    Availability,
    Customer,
    Entry,
    SavedReport,
    Testimony,
    Value,
    Widget,
)

Kind = Literal["names", "record", "second_look", "saved_report", "unscoped"]
_INDEPENDENT: tuple[Kind, ...] = ("record", "second_look", "saved_report")
"""Witnesses that name the company, or were asked another way."""

TOO_ALIKE = 36.0
"""Bits of information that two companies' figures may share by chance; see `likeness`."""
_MAIL = 20.0
"""Bits of a mail address. One alone is no proof: somebody may work for two companies."""
_NUMBER = 10.0
"""Bits of a number at the most."""
_COMMON = frozenset({0, 1, 2, 50, 100})
"""Numbers that say nothing: whole, half, none and one."""
_MONTHS, _DISTINCT = 6, 6
"""A series tells companies apart when it has so many months and so many different values. The
figures of a single month do not: two companies of one size and one risk have many in common."""
_OTHERS = re.compile(r"industry|benchmark|average of all|^pla$", re.IGNORECASE)
"""Names of values that are about others, and so are alike in many companies' answers."""

_ID_KEYS = ("companyresourceid", "companyid")
_NAME_KEYS = ("companyname", "company")


@dataclass(frozen=True, slots=True)
class Witness:
    """One independent source that confirmed whose data it is."""

    kind: Kind
    count: int = 0
    """How many measures it spoke about; 0 where it speaks of the company as a whole."""


def proven(
    answers: Answers, customer: Customer, saved: SavedReport | None, testimony: Testimony | None
) -> tuple[Witness, ...]:
    """
    Who confirms that the answers are the customer's.

    Raises WrongCustomer for any contradiction. Without testimony only the names within the answers
    speak.
    """
    prove(answers, customer)
    found = [Witness("names")]
    if saved is not None and prove_saved(saved, customer):
        found.append(Witness("saved_report"))
    if testimony is not None:
        found += _testified(answers, customer, testimony)
    return tuple(found)


def confirmed(witnesses: Iterable[Witness]) -> bool:
    """True when at least one independent witness names this company."""
    return any(witness.kind in _INDEPENDENT for witness in witnesses)


def _testified(answers: Answers, customer: Customer, testimony: Testimony) -> Iterator[Witness]:
    if testimony.record is not None:
        _prove_record(testimony.record, customer)
        yield Witness("record")
    _prove_own(answers, customer, testimony)
    if testimony.unscoped:
        yield Witness("unscoped", len(testimony.unscoped))
    agreed = sum(1 for _, again in _heard(answers, testimony) if again is not None)
    if agreed:
        yield Witness("second_look", agreed)


# ---- names -------------------------------------------------------------------------------


def prove(answers: Answers, customer: Customer) -> None:
    """Make sure that nothing in the answers names another company. Raises WrongCustomer."""
    if answers.company_id != customer.company_id:
        raise WrongCustomer(
            f"the answers are for company {answers.company_id}, "
            f"the report is for {customer.company_id}",
            answers.company_id,
        )
    for part in answers.raw:
        _prove_part(part, customer)


def prove_saved(saved: SavedReport, customer: Customer) -> bool:
    """Make sure that a saved report is the customer's own; False when it names no company.

    Raises WrongCustomer.
    """
    if saved.company_name and _folded(saved.company_name) not in _known(customer):
        raise WrongCustomer(
            f"the saved report {saved.name!r} belongs to {saved.company_name!r}, "
            f"not to {customer.name!r}",
            saved.company_name,
        )
    return bool(saved.company_name)


def _known(customer: Customer) -> set[str]:
    return {_folded(customer.name), _folded(customer.company_name)} - {""}


def _prove_record(record: tuple[str, str], customer: Customer) -> None:
    """The company's own record, read with the same session, has to name it."""
    company_id, name = record
    listed = customer.company_name or customer.name
    if company_id and company_id != customer.company_id:
        raise WrongCustomer(
            f"the record of {listed!r} ({customer.company_id}) is that of {name!r} ({company_id})",
            name or company_id,
        )
    if name and _folded(name) != _folded(listed):
        raise WrongCustomer(
            f"the platform lists {customer.company_id} as {listed!r}, its own record says "
            f"{name!r}; find out which is right, then run the report again"
        )


def _prove_part(part: object, customer: Customer) -> None:
    """Ids of digits only are the platform's internal numbers and prove nothing."""
    for key, value in _texts(part):
        foreign_id = key in _ID_KEYS and not value.isdecimal() and value != customer.company_id
        foreign_name = key in _NAME_KEYS and _folded(value) not in _known(customer)
        if foreign_id or foreign_name:
            raise WrongCustomer(
                f"an answer for {customer.name!r} names another company: {key} is {value!r}", value
            )


def _texts(part: object) -> Iterator[tuple[str, str]]:
    """Every text with its key, however deep, keys without case."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield from ((str(k).casefold(), v) for k, v in one.items() if isinstance(v, str) and v)
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


# ---- the same asked another way ------------------------------------------------------------


def contradiction(answers: Answers, testimony: Testimony | None) -> Widget | None:
    """The first answer that differs when it is asked for another way; None when all agree.

    Where the other way gives the figures of no scope at all, the platform does not know it: that
    is no contradiction.
    """
    if testimony is None:
        return None
    for widget, again in _heard(answers, testimony):
        if again is not None and not same(again, widget):
            return widget
    return None


def _heard(answers: Answers, testimony: Testimony) -> Iterator[tuple[Widget, Widget | None]]:
    """Each answered widget with the second reading; None where that says nothing."""
    again = {widget.request: widget for widget in _answered(testimony.again)}
    unscoped = {widget.request: widget for widget in _answered(testimony.unscoped)}
    for widget in _answered(answers.widgets):
        found, free = again.get(widget.request), unscoped.get(widget.request)
        if found is not None and free is not None and same(found, free):
            found = found if same(found, widget) else None
        yield widget, found


def same(one: Widget, other: Widget) -> bool:
    """True for the same figures; rows that tie may come in another order."""
    if one.entries == other.entries:
        return True
    return _values(one) == _values(other) and _in_order(one) == _in_order(other)


def _values(widget: Widget) -> list[str]:
    """What is the same where all is the same; quickly told apart where it is not."""
    return sorted(repr(value.number) for entry in widget.entries for value in entry.values)


def _in_order(widget: Widget) -> list[str]:
    return sorted(map(_printed, widget.entries)) + sorted(
        json.dumps(dict(row), default=str, sort_keys=True)
        for entry in widget.entries
        for row in entry.rows
    )


def _printed(entry: Entry) -> str:
    """An entry without its rows."""
    values = [(each.number, each.name, each.label, each.note) for each in entry.values]
    content = (entry.day, values, dict(entry.facts), entry.columns)
    return json.dumps(content, default=str, sort_keys=True)


def _answered(widgets: Iterable[Widget]) -> Iterator[Widget]:
    return (widget for widget in widgets if widget.availability is Availability.ANSWERED)


def contradicted(widget: Widget, customer: Customer, owner: str) -> WrongCustomer:
    """What to raise for a contradiction; `owner` is whose figures they are, empty if unknown."""
    name = widget.title or widget.request.widget_type
    if owner:
        return WrongCustomer(
            f"{name!r} for {customer.name!r} holds the figures of {owner!r}", owner
        )
    return WrongCustomer(
        f"{name!r} for {customer.name!r} has other figures when it is asked for another way; "
        "nothing leaves until both ways agree"
    )


# ---- the same figures elsewhere ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Print:
    """The fingerprint of one answer: equal for equal figures of the same measure and days."""

    digest: str
    marks: Mapping[str, float]
    """Each distinct thing in it that could tell companies apart, with its bits."""


def prints(widgets: Iterable[Widget]) -> tuple[Print, ...]:
    """The fingerprints of all answers that say anything about the company itself."""
    found = (_print(widget) for widget in _answered(widgets))
    return tuple(one for one in found if one.marks)


def likeness(alike: Iterable[Print]) -> float:
    """
    How much information answers share that are equal in two companies, in bits.

    Each distinct mark counts once: small companies show the same few percentages again and again.
    """
    marks: dict[str, float] = {}
    for one in alike:
        marks.update(one.marks)
    return sum(marks.values())


def prove_unlike(
    own: Iterable[Print], customer: Customer, others: Mapping[str, frozenset[str]]
) -> None:
    """
    Make sure that no other company has the same figures; `others`: name → digests it shares.

    Raises WrongCustomer, which names the one that is most alike.
    """
    by_digest = {one.digest: one for one in own}
    alike = {
        name: likeness(by_digest[digest] for digest in shared if digest in by_digest)
        for name, shared in others.items()
    }
    name = max(sorted(alike), key=lambda each: alike[each], default="")
    if name and alike[name] >= TOO_ALIKE:
        raise WrongCustomer(
            f"the figures for {customer.name!r} are those of {name!r}: {len(others[name])} "
            "measures are the same to the last digit; find out whose they are, then run the "
            "reports of both again; `same_figures` names companies that may be alike",
            name,
        )


def _prove_own(answers: Answers, customer: Customer, testimony: Testimony) -> None:
    """The reseller's own figures, answered where the scope was lost, must not be the customer's.

    Unless the report is about the reseller itself.
    """
    if _folded(testimony.reseller) in _known(customer):
        return
    own = prints(answers.widgets)
    free = {one.digest for one in prints(testimony.unscoped)}
    if likeness(one for one in own if one.digest in free) >= TOO_ALIKE:
        raise WrongCustomer(
            f"the figures for {customer.name!r} are those of {testimony.reseller!r} itself: the "
            "scope was lost on the way; find out where, then run it again",
            testimony.reseller,
        )


def _print(widget: Widget) -> Print:
    window = widget.request.window
    head = (widget.request.widget_type.casefold(), str(window.start), str(window.end))
    content = [_content(entry) for entry in widget.entries]
    text = json.dumps([head, content], default=str, sort_keys=True)
    marks = {**_numbers(widget), **dict.fromkeys(_mails(widget), _MAIL)}
    return Print(sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32], marks)


def _content(entry: Entry) -> list[object]:
    numbers = [value.number for value in _own(entry.values)]
    return [str(entry.day), numbers, *(list(fact) for fact in _facts(entry))]


def _own(values: Iterable[Value]) -> Iterator[Value]:
    return (
        value for value in values if not (_OTHERS.search(value.name) or _OTHERS.search(value.label))
    )


def _facts(entry: Entry) -> Iterator[tuple[str, str | float]]:
    """Whatever is a plain text or number and not about others, with its name."""
    parts = (entry.facts, *entry.rows)
    for part in parts:
        for name, value in part.items():
            if isinstance(value, str | int | float) and not _OTHERS.search(str(name)):
                yield str(name), value


def _numbers(widget: Widget) -> dict[str, float]:
    """The distinct values of a series, with their bits; none for anything else."""
    dated = [entry for entry in widget.entries if entry.day is not None]
    found = {
        number
        for entry in dated
        for value in _own(entry.values)
        for number in (value.number,)
        if number is not None and math.isfinite(number) and number not in _COMMON
    }
    if len({entry.day for entry in dated}) < _MONTHS or len(found) < _DISTINCT:
        return {}
    return {f"{number:g}": min(math.log2(abs(number) + 1), _NUMBER) for number in found}


def _mails(widget: Widget) -> Iterator[str]:
    for entry in widget.entries:
        for _, text in _facts(entry):
            if isinstance(text, str) and "@" in text and "*" not in text:
                yield text.casefold()

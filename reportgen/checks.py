"""Proof and gate: whose data this is, and whether the report may leave the house."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reportgen.errors import WrongCustomer
from reportgen.model import Answers, Customer, SavedReport
from reportgen.views import Figure, Parts, SectionState, SectionView, Trend, Words

_ID_KEYS = ("companyresourceid",)
_NAME_KEYS = ("companyname",)
_LOWEST_SUM, _HIGHEST_SUM = 90.0, 110.0
"""Parts of a whole are rounded up by the platform, so they may add up to a little over 100."""


def prove(answers: Answers, customer: Customer) -> None:
    """Make sure that nothing in the answers names another company. Raises WrongCustomer."""
    if answers.company_id != customer.company_id:
        raise WrongCustomer(
            f"the answers are for company {answers.company_id}, "
            f"the report is for {customer.company_id}"
        )
    for part in answers.raw:
        _prove_part(part, customer)


def prove_saved(saved: SavedReport, customer: Customer) -> None:
    """Make sure that a saved report is the customer's own. Raises WrongCustomer."""
    known = {_folded(customer.name), _folded(customer.company_name)} - {""}
    if saved.company_name and _folded(saved.company_name) not in known:
        raise WrongCustomer(
            f"the saved report {saved.name!r} belongs to {saved.company_name!r}, "
            f"not to {customer.name!r}"
        )


def _prove_part(part: object, customer: Customer) -> None:
    for key, value in _texts(part):
        foreign_id = key in _ID_KEYS and value != customer.company_id
        foreign_name = key in _NAME_KEYS and _folded(value) not in (
            _folded(customer.name),
            _folded(customer.company_name),
        )
        if foreign_id or foreign_name:
            raise WrongCustomer(
                f"an answer for {customer.name!r} names another company: {key} is {value!r}"
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


# ---- the gate ------------------------------------------------------------------------------


def gate(sections: Iterable[SectionView], words: Words) -> tuple[str, ...]:
    """Why the report must be held; empty when it may go out."""
    views = tuple(sections)
    reasons = [f"{view.title}: {reason}" for view in views for reason in _faults(view, words)]
    if not any(view.state in (SectionState.SHOWN, SectionState.NO_DATA) for view in views):
        reasons.append(words.text("No measure of this report could be shown."))
    return tuple(reasons)


def _faults(view: SectionView, words: Words) -> Iterator[str]:
    if view.state is SectionState.FAILED:
        yield view.reason
    if view.figure is not None and not _sane(view.figure):
        yield words.text("The figure {value} cannot be right.", value=f"{view.figure.value:g}")
    total = _total(view.data)
    if total is not None and not _LOWEST_SUM <= total <= _HIGHEST_SUM:
        yield words.text(
            "The parts add up to {total}, not to {whole}.",
            total=words.percent(total),
            whole=words.percent(100),
        )


def _sane(figure: Figure) -> bool:
    return math.isfinite(figure.value) and figure.value >= 0


def _total(data: Any) -> float | None:
    """The sum of the parts that is farthest from 100; None where there are no full parts."""
    if isinstance(data, Parts):
        return sum(part.share for part in data.parts)
    if isinstance(data, Trend) and data.stacked and len(data.series) > 2:
        sums = [_column(data, place) for place in range(len(data.days))]
        full = [total for total in sums if total]
        return max(full, key=lambda total: abs(total - 100), default=None)
    return None


def _column(trend: Trend, place: int) -> float | None:
    """None for a month with a gap."""
    values = [series.values[place] for series in trend.series]
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None

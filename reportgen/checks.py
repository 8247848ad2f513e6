"""Proof and gate: whose data this is, and whether the report may leave the house."""

import math
from collections.abc import Iterable, Iterator, Mapping

from reportgen.errors import WrongCustomer
from reportgen.model import Answers, Customer, SavedReport
from reportgen.views import (
    Figure,
    Level,
    Parts,
    Ranking,
    SectionData,
    SectionState,
    SectionView,
    Trend,
    Words,
)

_ID_KEYS = ("companyresourceid", "companyid")
_NAME_KEYS = ("companyname", "company")
_LOWEST_SUM, _HIGHEST_SUM = 90.0, 110.0
"""Parts of a whole are rounded up by the platform, so they may add up to a little over 100."""
_MANY_ACTIONS = ("risk_score",)
"""Shares that may pass 100: one person may take several risky actions."""


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
    """Ids of digits only are the platform's internal numbers and prove nothing."""
    for key, value in _texts(part):
        foreign_id = key in _ID_KEYS and not value.isdecimal() and value != customer.company_id
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
    wrong = next(_impossible(view), None)
    if wrong is not None:
        yield words.text("The figure {value} cannot be right.", value=f"{wrong:g}")
    total = _total(view.data)
    if total is not None and not _adds_up(total):
        yield words.text(
            "The parts add up to {total}, not to {whole}.",
            total=words.percent(total),
            whole=words.percent(100),
        )


def _impossible(view: SectionView) -> Iterator[float]:
    """The numbers that nothing can measure."""
    if view.figure is not None and not _possible(view.figure):
        yield view.figure.value
    yield from (number for number in _numbers(view.data) if not _countable(number))


def _countable(number: float) -> bool:
    return math.isfinite(number) and number >= 0


def _possible(figure: Figure) -> bool:
    share = figure.unit == "percent" and figure.metric not in _MANY_ACTIONS
    return _countable(figure.value) and not (share and figure.value > _HIGHEST_SUM)


def _numbers(data: SectionData | None) -> Iterator[float]:
    """Every number a section shows; the cells of a plain table are text."""
    if isinstance(data, Level):
        yield data.value
    elif isinstance(data, Parts):
        for part in data.parts:
            yield from (part.share, part.count or 0)
    elif isinstance(data, Ranking):
        for row in data.rows:
            yield from (row.value, row.people or 0)
    elif isinstance(data, Trend):
        for series in data.series:
            yield from (value for value in series.values if value is not None)


def _adds_up(total: float) -> bool:
    return _LOWEST_SUM <= total <= _HIGHEST_SUM


def _total(data: SectionData | None) -> float | None:
    """The sum of the parts that is farthest from 100; None where there is no whole to judge."""
    if isinstance(data, Parts):
        return sum(part.share for part in data.parts)
    if isinstance(data, Trend) and data.stacked:
        return max(_sums(data), key=lambda total: abs(total - 100), default=None)
    return None


def _sums(trend: Trend) -> Iterator[float]:
    """Of each month with all three parts; of fewer parts only a sum that is too much."""
    for column in zip(*(series.values for series in trend.series), strict=True):
        known = [value for value in column if value is not None]
        total = sum(known)
        if (total and len(known) > 2) or total > _HIGHEST_SUM:
            yield total

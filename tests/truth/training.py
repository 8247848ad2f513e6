"""What the chapters on training and culture may say."""

import re
from collections.abc import Callable

from tests.truth.company import CULTURE, IMPACT, Company, Fact, at, fact, text_of
from tests.truth.numbers import count, number, percent, whole
from tests.truth.sentences import Rule, Values, moves, need, newest_month, quotes, when


def ends_of(company: Company, widget: str, said: Values, *names: str) -> bool:
    days = list(company.months(widget))
    return [said[name] for name in names] == [f"{day:%B %Y}" for day in (days[0], days[-1])]


def _impact(fits: Callable[[float], bool]) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        own = company.series(IMPACT, "name", "Percentage")
        return need(
            said.get("start", percent(own[0])) == percent(own[0]),
            said["value"] == percent(own[-1]),
            ends_of(company, IMPACT, said, "first", "last"),
            fits(whole(own[-1]) - whole(own[0])),
        )

    return rule


def _stood(company: Company, said: Values) -> bool:
    own = company.series(IMPACT, "name", "Percentage")
    return newest_month(company, said) and said["value"] == percent(own[-1])


_RAN = ", while the training programme ran."
IMPACT_RULES: dict[str, Rule] = {
    f"{sentence}{end}": _impact(fits)
    for end in (".", _RAN)
    for sentence, fits in (
        ("Risk fell from {start} in {first} to {value} in {last}", lambda moved: moved < 0),
        ("Risk rose from {start} in {first} to {value} in {last}", lambda moved: moved > 0),
        ("Risk was {value} in {last}, as it was in {first}", lambda moved: moved == 0),
    )
} | {
    "The risk score was {value} in {month}.": _stood,
    "The platform supplied no score for {month}.": lambda company, said: (
        newest_month(company, said) and at(company.series(IMPACT, "name", "Percentage"), -1) is None
    ),
}


def _open(company: Company, said: Values) -> bool:
    return said["count"] == count(company.still_open)


COMPLETION_RULES: dict[str, Rule] = {
    **moves(
        "training_completion",
        "Training completion rose {change} to {value}.",
        "Training completion fell {change} to {value}.",
        "Training completion stays at {value}.",
        "At {value}, training completion is short of its target.",
    ),
    "{value} of enrolments are completed.": quotes("training_completion"),
    "Completion is {gap} short of the target of {goal}.": when(
        "training_completion", lambda one: one.off > 0
    ),
    "Completion meets the target of {goal}.": when("training_completion", lambda one: one.off <= 0),
    "{count} enrolment is not completed.": lambda company, said: (
        _open(company, said) and company.still_open == 1
    ),
    "{count} enrolments are not completed.": lambda company, said: (
        _open(company, said) and company.still_open != 1
    ),
    "Close out the {count} unfinished enrolment.": _open,
    "Close out the {count} unfinished enrolments.": _open,
    "completion at {goal}": quotes("training_completion"),
    "completion above {value}": quotes("training_completion"),
}

ENROLMENT_RULES: dict[str, Rule] = {
    **moves(
        "open_share",
        "A smaller share of new enrolments is still open: {value}, down from {previous}.",
        "A larger share of new enrolments is still open: {value}, up from {previous}.",
        "The open share of new enrolments has hardly changed: {value}, after {previous}.",
        "At {value}, too large a share of new enrolments is still open.",
    ),
    "The platform supplied no open share for {month}.": lambda company, said: (
        newest_month(company, said) and company.fact("open_share").value is None
    ),
    "{value} of the enrolments of {month} are open.": lambda company, said: (
        newest_month(company, said) and quotes("open_share")(company, said)
    ),
    "The newest enrolments have had the least time to finish.": lambda *_: True,
}


def _band(company: Company, said: Values) -> bool:
    value = company.fact("culture_score").value or 0.0
    item = next(iter(company.items(CULTURE)), {})
    sent = fact(item, "bands")
    names = ["At risk", "Weak", "Needs improvement", "Moderate", "Strong"]
    usual = next(name for top, name in enumerate(names, 1) if value <= top)
    own = [
        re.sub(r"\s*\([\d.,\s–-]+\)\s*$", "", text_of(band.get("label")))
        for band in (sent if isinstance(sent, list) else [])
        if isinstance(band, dict)
        and (number(band.get("from")) or 0) <= value <= (number(band.get("to")) or 0)
    ]
    return said["band"] in (usual, *own) and bool(quotes("culture_score")(company, said))


def _banded(fits: Callable[[Fact], bool]) -> Rule:
    return lambda company, said: _band(company, said) and fits(company.fact("culture_score"))


CULTURE_RULES: dict[str, Rule] = {
    **moves(
        "culture_score",
        "The culture score rose {change} to {value}.",
        "The culture score slipped {change} to {value}.",
        "The culture score has hardly changed: {value}, after {previous}.",
        "At {value}, the culture score is below its benchmark.",
    ),
    "The culture score is {value}.": quotes("culture_score"),
    "Security culture: {band}, at {value}.": _banded(lambda one: one.goal is None),
    "Security culture: {band}, which meets the target of {goal}.": _banded(
        lambda one: one.kind == "target" and one.off <= 0
    ),
    "Security culture: {band}, {gap} short of the target of {goal}.": _banded(
        lambda one: one.kind == "target" and one.off > 0
    ),
    "Security culture: {band}, {gap} ahead of the industry.": _banded(
        lambda one: one.kind == "industry" and one.off < 0
    ),
    "Security culture: {band}, {gap} behind the industry.": _banded(
        lambda one: one.kind == "industry" and one.off > 0
    ),
    "Security culture: {band}, level with the industry.": _banded(
        lambda one: one.kind == "industry" and one.off == 0
    ),
}

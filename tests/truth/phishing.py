"""What the chapter on phishing may say."""

from collections.abc import Callable
from itertools import pairwise

from tests.truth.company import ACTIVITY, RISK, Company, Fact, by
from tests.truth.numbers import count, minutes, percent, whole
from tests.truth.sentences import Rule, Values, is_named, moves, need, newest_month, when


def _went(fallen: bool) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        own = company.series(RISK, "label", "Company Phishing Risk Score")
        peers = company.series(RISK, "label", "Industry Avg")
        first, last = whole(own[0]) - whole(peers[0]), whole(own[-1]) - whole(peers[-1])
        crossed = first > 0 > last if fallen else first < 0 < last
        return need(said["start"] == percent(own[0]), said["value"] == percent(own[-1]), crossed)

    return rule


def _run(company: Company, said: Values) -> bool:
    own = company.series(RISK, "label", "Company Phishing Risk Score")
    last = own[-int(said["count"]) - 1 :]
    return all(one is not None for one in last) and all(
        whole(newer) < whole(older) for older, newer in pairwise(last)
    )


def start_of_risk(company: Company, said: Values) -> bool:
    own = company.series(RISK, "label", "Company Phishing Risk Score")
    first = next(iter(company.months(RISK)))
    return need(
        said["start"] == percent(own[0]),
        said["month"] == f"{first:%B %Y}",
        said.get("value", percent(own[-1])) == percent(own[-1]),
    )


def _risk_against(fits: Callable[[Fact], bool]) -> Rule:
    return lambda company, said: (
        newest_month(company, said) and when("risk_score", fits)(company, said) is True
    )


CAME = "Risky actions came to {value} of the simulated attacks"
RISK_RULES: dict[str, Rule] = {
    **moves(
        "risk_score",
        "Risk fell {change} to {value}.",
        "Risk rose {change} to {value}.",
        "Risk stays at {value}.",
        "At {value}, risk is above its benchmark.",
    ),
    "Risk went from {start}, above the industry, to {value}, below it.": _went(fallen=True),
    "Risk went from {start}, below the industry, to {value}, above it.": _went(fallen=False),
    "The platform supplied no score for {month}.": lambda company, said: (
        newest_month(company, said) and company.fact("risk_score").value is None
    ),
    f"{CAME} in {{month}}, {{gap}} below the industry average.": _risk_against(
        lambda one: one.kind == "industry" and one.off < 0
    ),
    f"{CAME} in {{month}}, {{gap}} above the industry average.": _risk_against(
        lambda one: one.kind == "industry" and one.off > 0
    ),
    f"{CAME} in {{month}}, level with the industry average.": _risk_against(
        lambda one: one.kind == "industry" and one.off == 0
    ),
    f"{CAME} in {{month}}.": _risk_against(lambda one: one.kind != "industry"),
    "The score was {start} in {month} and is {value} now.": start_of_risk,
    "Risk has fallen in each of the last {count} months.": _run,
}


def _top(company: Company, said: Values) -> bool:
    runs = company.campaigns()
    highest = max(score for _name, score, *_ in runs)
    named = [name for name, value, *_ in runs if value == highest]
    return said["value"] == percent(highest) and is_named(said.get("campaign"), named)


def _above(company: Company, said: Values) -> bool:
    industry, runs = company.industry(), company.campaigns()
    if industry is None:
        return False
    above = sum(value > whole(industry) for _name, value, *_ in runs)
    return need(
        said["goal"] == percent(industry),
        said.get("count", count(above)) == count(above),
        said.get("runs", count(len(runs))) == count(len(runs)),
        len(runs) > 1,
    )


def _above_is(wanted: Callable[[int, int], bool]) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        industry, runs = company.industry() or 0.0, company.campaigns()
        above = sum(value > whole(industry) for _name, value, *_ in runs)
        return _above(company, said) and wanted(above, len(runs))

    return rule


def _only(company: Company, said: Values) -> bool:
    goal = percent(company.industry())
    return need(len(company.campaigns()) == 1, _top(company, said), said.get("goal", goal) == goal)


def _one_channel(company: Company, said: Values) -> bool:
    runs = company.campaigns()
    days = [day for *_, day in runs if day]
    newest = max(days).replace(day=1)
    kinds = {kind.casefold() for _, _, kind, day in runs if day and day.replace(day=1) == newest}
    return said["month"] == f"{newest:%B %Y}" and len(kinds) == 1


CAMPAIGN_RULES: dict[str, Rule] = {
    "The only campaign, {campaign}, scored {value}.": _only,
    "The only campaign, {campaign}, scored {value} against an industry average of {goal}.": _only,
    "The highest campaign score is {value}, for {campaign}.": _top,
    "No campaign scored above the industry average of {goal}.": _above_is(lambda n, _: n == 0),
    "Every campaign scored above the industry average of {goal}.": _above_is(lambda n, m: n == m),
    "{count} of {runs} campaigns scored above the industry average of {goal}.": _above,
    "{month} used one channel only: {channel}. Its scores do not compare well with months of other "
    "lures.": _one_channel,
}


def _activity(fits: Callable[[float, float], bool]) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        newest = list(company.months(ACTIVITY, "window").values())[-1]
        risky = next(
            one for key in ("label", "name") for name in ("RiskyActions", "Risky Actions")
            if (one := by(newest, key, name)) is not None
        )  # fmt: skip
        reported = by(newest, "label", "Reported")
        reported = by(newest, "name", "Reported") if reported is None else reported
        return need(
            newest_month(company, said),
            said.get("risky", count(risky)) == count(risky),
            said.get("reported", count(reported)) == count(reported),
            reported is not None and fits(reported, risky),
        )

    return rule


ACTIVITY_RULES: dict[str, Rule] = {
    "Reports outnumbered risky actions in {month}: {reported} to {risky}.": _activity(
        lambda good, bad: good > bad
    ),
    "Risky actions outnumbered reports in {month}: {risky} to {reported}.": _activity(
        lambda good, bad: good < bad
    ),
    "Reports and risky actions were level in {month}: {risky} each.": _activity(
        lambda good, bad: good == bad
    ),
    "There were neither reports nor risky actions in {month}.": _activity(
        lambda good, bad: not good and not bad
    ),
    "The platform supplied no counts for {month}.": newest_month,
    "The platform supplied only some of the counts for {month}.": newest_month,
}


def _covered(fits: Callable[[int, int], bool]) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        tested, missed = company.covered()
        if tested is None or missed is None:
            return False
        counted = said.get("count")
        known = {count(missed), count(tested + missed)} if "people" not in said else {count(missed)}
        return need(
            counted is None or counted in known,
            said.get("people", count(tested + missed)) == count(tested + missed),
            fits(tested, missed),
        )

    return rule


COVERAGE_RULES: dict[str, Rule] = {
    **moves(
        "simulation_coverage",
        "Coverage rose {change} to {value}.",
        "Coverage fell {change} to {value}.",
        "Coverage stays at {value}.",
        "At {value}, coverage is short of its target.",
    ),
    "The one person was tested.": _covered(lambda tested, missed: (tested, missed) == (1, 0)),
    "All {count} people were tested.": _covered(lambda tested, missed: tested > 1 and not missed),
    "The one person was not tested.": _covered(lambda tested, missed: (tested, missed) == (0, 1)),
    "None of the {count} people was tested.": _covered(lambda tested, _: not tested),
    "All but {count} of the {people} people were tested.": _covered(lambda *both: all(both)),
    "{count} of the {people} people was not tested.": _covered(lambda _, missed: missed == 1),
    "{count} of the {people} people were not tested.": _covered(lambda _, missed: missed > 1),
    "With so few people, each of them moves the figures.": _covered(lambda *both: sum(both) < 30),
}


def _early(company: Company, said: Values) -> bool:
    so_far = company.clicks_by()
    end, early = so_far[1]
    total = so_far[-1][1]
    share = 100 * early / total
    share = min(max(share, 1), 99) if 0 < early < total else share
    return need(said["value"] == percent(share), said["minutes"] == minutes(end))


def _timed(metric: str, what: str) -> dict[str, Rule]:
    return {
        f"People {what} sooner than at peers: after {{value}} on average, against {{goal}}.": when(
            metric, lambda one: one.off > 0
        ),
        f"People {what} later than at peers: after {{value}} on average, against {{goal}}.": when(
            metric, lambda one: one.off < 0
        ),
        f"People {what} as soon as at peers: after {{value}} on average.": when(
            metric, lambda one: one.off == 0
        ),
        f"People who {what} do so after {{value}} on average.": when(
            metric, lambda one: one.kind != "industry" or one.goal is None
        ),
    }


FAILURE_RULES: dict[str, Rule] = {
    **_timed("click_time", "click"),
    **_timed("submit_time", "submit data"),
    "{value} of clicks came within {minutes} of delivery.": _early,
    "The platform supplied no average times for this window.": lambda company, _: (
        company.fact("click_time").value is None and company.fact("submit_time").value is None
    ),
}

"""What the chapter on reporting may say."""

from collections.abc import Callable

from tests.truth.company import RATES, REACTIONS, Company, at, by, fact, text_of
from tests.truth.numbers import count, minutes, percent
from tests.truth.sentences import Rule, Values, is_named, moves, need, newest_month, quotes


def _silent(company: Company, said: Values) -> bool:
    values = company.series(RATES, "label", "Users Who Did Not Report")
    return said["value"] == percent(at(values, -1))


RATE_RULES: dict[str, Rule] = {
    **moves(
        "report_rate",
        "{value} of people reported, up from {previous}.",
        "Reporting slipped from {previous} to {value}.",
        "Reporting stays at {value}.",
        "Only {value} of people reported, {gap} short of the target.",
    ),
    "{value} of people did not report.": _silent,
    "{value} of the people who received a simulated attack in {month} reported it.": (
        lambda company, said: newest_month(company, said) and quotes("report_rate")(company, said)
    ),
    "The platform supplied no report rate for {month}.": lambda company, said: (
        newest_month(company, said) and company.fact("report_rate").value is None
    ),
    "A report after a click still helps: the response can start.": lambda *_: True,
    "The platform supplies no industry average for report rates. Without a target, only the change "
    "can be judged.": lambda company, _: "report_rate" not in company.targets,
    "Run a drill that ends in one action: report.": lambda *_: True,
    "report rate at {goal}": quotes("report_rate"),
    "report rate back above {previous}": quotes("report_rate"),
}


def _threats(fits: Callable[[int, int], bool]) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        found = company.outcomes()
        total = sum(found.values())
        threats = found.get("phishing", 0) + found.get("malicious", 0)
        counted = threats if "total" in said else total
        return need(
            said.get("count", count(counted)) == count(counted),
            said.get("total", count(total)) == count(total),
            fits(threats, total),
        )

    return rule


MAIL_RULES: dict[str, Rule] = {
    "The one mail people reported was no confirmed threat.": _threats(
        lambda n, m: (n, m) == (0, 1)
    ),
    "None of the {count} mails people reported was a confirmed threat.": _threats(
        lambda n, m: not n and m > 1
    ),
    "The one mail people reported was a confirmed threat.": _threats(lambda n, m: (n, m) == (1, 1)),
    "{count} of the {total} mails people reported was a confirmed threat.": _threats(
        lambda n, m: n == 1 < m
    ),
    "{count} of the {total} mails people reported were confirmed threats.": _threats(
        lambda n, m: 1 < n <= m
    ),
}


def _reactions(company: Company) -> list[tuple[float, str]]:
    return [
        (value, text_of(fact(item, "name")) or text_of(fact(item, "campaignName")))
        for item in company.items(REACTIONS)
        if (value := by(item, "name", "AverageDwellTime")) is not None
    ]


def _slowest(company: Company, said: Values) -> bool:
    found = _reactions(company)
    slowest = max(value for value, _name in found)
    return need(
        said["value"] == minutes(slowest),
        is_named(said.get("campaign"), [name for value, name in found if value == slowest]),
    )


REACTION_RULES: dict[str, Rule] = {
    "People took longest over {campaign}: a median of {value}.": _slowest,
    "Half of the people who react do so within {value}.": lambda company, said: (
        len({value for value, _name in _reactions(company)}) == 1 and _slowest(company, said)
    ),
}


def _majority(company: Company, said: Values) -> bool:
    return any(
        said["value"] == percent(share) and said["minutes"] == minutes(end)
        for end, share in company.reacted_by()
    )


SPREAD_RULES: dict[str, Rule] = {
    **moves(
        "dwell_time",
        "Half of the people who react do so within {value}, {change} sooner than before.",
        "Half of the people who react do so within {value}, {change} later than before.",
        "The median reaction time has hardly changed: {value}, after {previous}.",
        "At {value}, the median reaction takes longer than agreed.",
    ),
    "Half of the people who react do so within {value}.": quotes("dwell_time"),
    "{value} of the people who react do so within {minutes}.": _majority,
    "The platform supplied no median reaction time for this window.": lambda company, _: (
        company.fact("dwell_time").value is None
    ),
}

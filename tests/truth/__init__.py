"""An independent check of what a report says.

Every English sentence of a page is read by its pattern and worked out again from the raw answers
of the platform, without the program's own sections or judgements.
"""

from collections.abc import Callable, Iterator, Mapping

from reportgen.views import Page, SectionView
from tests.truth.company import RISK, Company, Raw, Untrue
from tests.truth.numbers import percent, whole
from tests.truth.people import CROWD_RULES, DEPARTMENT_RULES, OFFENDER_RULES, PEOPLE_RULES
from tests.truth.phishing import (
    ACTIVITY_RULES,
    CAME,
    CAMPAIGN_RULES,
    COVERAGE_RULES,
    FAILURE_RULES,
    RISK_RULES,
    start_of_risk,
)
from tests.truth.reporting import MAIL_RULES, RATE_RULES, REACTION_RULES, SPREAD_RULES
from tests.truth.sentences import Rule, Values, common, quotes, wrong
from tests.truth.training import COMPLETION_RULES, CULTURE_RULES, ENROLMENT_RULES, IMPACT_RULES

__all__ = ["Company", "Raw", "complaints"]

_RULES: Mapping[str, dict[str, Rule]] = {
    "risk_score_trend": RISK_RULES,
    "campaign_scores": CAMPAIGN_RULES,
    "phishing_activity": ACTIVITY_RULES,
    "simulation_coverage": COVERAGE_RULES,
    "time_to_failure": FAILURE_RULES,
    "report_rates": RATE_RULES,
    "reported_mails": MAIL_RULES,
    "reaction_times": REACTION_RULES,
    "dwell_distribution": SPREAD_RULES,
    "impact_of_training": IMPACT_RULES,
    "training_completion": COMPLETION_RULES,
    "training_activity": ENROLMENT_RULES,
    "security_culture": CULTURE_RULES,
    "repeat_offenders_rate": OFFENDER_RULES,
    "repeat_offenders_people": CROWD_RULES,
    "riskiest_departments": DEPARTMENT_RULES,
    "riskiest_people": PEOPLE_RULES,
}
_LEADING = {
    "risk_score_trend": "risk_score",
    "simulation_coverage": "simulation_coverage",
    "report_rates": "report_rate",
    "dwell_distribution": "dwell_time",
    "training_completion": "training_completion",
    "training_activity": "open_share",
    "security_culture": "culture_score",
    "repeat_offenders_rate": "repeat_offenders",
}
"""The measure each section speaks of first."""


def complaints(page: Page, company: Company) -> list[str]:
    """The sentences of an English page that its raw answers do not bear out."""
    found = [wrong(text, _PAGE, company) for text in _spoken(page)]
    led = {one.text for view in page.sections for one in view.lead}
    anything = {pattern: rule for rules in _RULES.values() for pattern, rule in rules.items()}
    found += [wrong(one.text, anything, company) for one in page.lede if one.text not in led]
    for view in page.sections:
        rules = {**common(_LEADING.get(view.kind, "")), **_RULES.get(view.kind, {})}
        found += [wrong(text, rules, company, view) for text in _of_view(view)]
    for finding in page.findings:
        kind = next(kind for kind, metric in _LEADING.items() if metric == finding.metric)
        rules = {**common(finding.metric), **_RULES[kind]}
        found += [wrong(one.text, rules, company) for one in (finding.title, *finding.text)]
    return [each for each in found if each]


def _spoken(page: Page) -> Iterator[str]:
    yield page.headline.text
    if page.cover:
        yield page.cover.text


def _of_view(view: SectionView) -> Iterator[str]:
    sentences = [view.title, *view.lead, *(one for note in view.notes for one in note.text)]
    sentences += [one for figure in view.figures for one in figure.evidence]
    for proposal in view.proposals:
        sentences += [proposal.text, proposal.measure]
        sentences += [proposal.decision] if proposal.decision else []
    yield from (sentence.text for sentence in sentences if sentence)


# ---- the whole page ------------------------------------------------------------------------

_CLAUSES: Mapping[str, tuple[str, str]] = {
    "phishing risk has fallen": ("risk_score", "better"),
    "phishing risk has risen": ("risk_score", "worse"),
    "phishing risk is at or below its benchmark": ("risk_score", "met"),
    "phishing risk is above its benchmark": ("risk_score", "missed"),
    "people raise the alarm more often": ("report_rate", "better"),
    "people raise the alarm less often": ("report_rate", "worse"),
    "reporting is on target": ("report_rate", "met"),
    "too few people raise the alarm": ("report_rate", "missed"),
    "people react sooner": ("dwell_time", "better"),
    "people react later": ("dwell_time", "worse"),
    "people react within the agreed time": ("dwell_time", "met"),
    "people react later than agreed": ("dwell_time", "missed"),
    "test coverage has grown": ("simulation_coverage", "better"),
    "test coverage has shrunk": ("simulation_coverage", "worse"),
    "coverage is on target": ("simulation_coverage", "met"),
    "too few people are tested": ("simulation_coverage", "missed"),
    "more of the training is completed": ("training_completion", "better"),
    "less of the training is completed": ("training_completion", "worse"),
    "training is on target": ("training_completion", "met"),
    "training lags behind its target": ("training_completion", "missed"),
    "security culture is growing": ("culture_score", "better"),
    "security culture is slipping": ("culture_score", "worse"),
    "security culture is at or above its benchmark": ("culture_score", "met"),
    "security culture is below its benchmark": ("culture_score", "missed"),
    "repeat offending has fallen": ("repeat_offenders", "better"),
    "repeat offending has risen": ("repeat_offenders", "worse"),
    "repeat offending is within its ceiling": ("repeat_offenders", "met"),
    "too many people fail repeatedly": ("repeat_offenders", "missed"),
}


def _clause(company: Company, clause: str) -> bool:
    clause = clause[:1].lower() + clause[1:]
    if clause not in _CLAUSES:
        raise Untrue(f"nobody knows {clause!r}")
    metric, verdict = _CLAUSES[clause]
    known = company.fact(metric)
    if verdict in ("met", "missed"):
        return (known.off > 0) == (verdict == "missed")
    return known.judged == verdict


_MONTHLY = ("risk_score", "report_rate")
"""Measures that bring the month before along."""


def _compares(company: Company, metric: str) -> bool:
    known = company.fact(metric)
    return known.value is not None and known.before is not None


def _still(company: Company) -> bool:
    return all(
        company.fact(metric).judged == "unchanged"
        for metric in _MONTHLY
        if _compares(company, metric)
    )


def _cover(fits: Callable[[float], bool]) -> Rule:
    def rule(company: Company, said: Values) -> bool:
        own = company.series(RISK, "label", "Company Phishing Risk Score")
        moved = whole(own[-1]) - whole(own[0])
        right = said["value"] == percent(own[-1]) and fits(moved)
        return right and start_of_risk(company, {"start": percent(own[0]) or "", **said})

    return rule


_PAGE: dict[str, Rule] = {
    "No figures are available for {period}.": lambda company, _: (
        company.fact("risk_score").value is None and company.fact("report_rate").value is None
    ),
    "No figure has changed noticeably.": lambda company, _: _still(company),
    "There are no earlier figures to compare with yet.": lambda company, _: (
        not any(_compares(company, metric) for metric in _MONTHLY)
    ),
    "{good}, but {bad}.": lambda company, said: (
        _clause(company, said["good"]) and _clause(company, said["bad"])
    ),
    "{clause}.": lambda company, said: _clause(company, said["clause"]),
    f"{CAME}, down from {{start}} in {{month}}.": _cover(lambda moved: moved < 0),
    f"{CAME}, up from {{start}} in {{month}}.": _cover(lambda moved: moved > 0),
    f"{CAME}, as in {{month}}.": _cover(lambda moved: moved == 0),
    f"{CAME}.": quotes("risk_score"),
}

"""One company's raw answers, read without the program's own sections."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from reportgen.model import Spans
from tests.truth.numbers import PRINTS, SIZES, hundredths, number, whole

Raw = Mapping[str, Sequence[Mapping[str, Any]]]
"""`widgetDatas` as sent, by widget type."""


RISK = "PhishingRiskScoreAcrossIndustriesWidget"
CAMPAIGNS = "IndustryPhishingRiskScoreWidget"
REACTIONS = "PhishingDwellTimeAndQuickestResponseTimeWidget"
SPREAD = "PhishingDwellTimeDistributionWidget"
RATES = "PhishingSimulationEngagementReportingTrendsWidget"
OFFENDERS = "RepeatOffendersUsersRateWidget"
PEOPLE = "HumanRiskScoreforHighestRiskUsersWidget"
DEPARTMENTS = "HumanRiskScoreforHighestRiskDepartmentsWidget"
FAILURE = "ResponseTimesToPhishingActionsWidget"
CULTURE = "SecurityCultureScoreGaugeWidget"
MAILS = "TotalReportedSuspiciousEmailsAndPercentageWidget"
CROWD = "RepeatOffendersUsersThresholdWidget"
COVERAGE = "SimulationCoverageWidget"
IMPACT = "ImpactOfPhishingAwarenessTrainingWidget"
COMPLETION = "TrainingCompletionWidget"
ACTIVITY = "PhishingActivityWidget"
ENROLMENTS = "TrainingEnrollmentActivityWidget"


def day_of(text: Any) -> date | None:
    """Samples and inventions here write days as `01/11/2026 00:00`."""
    match = re.match(r"(\d\d)/(\d\d)/(\d{4})", text) if isinstance(text, str) else None
    return date(int(match[3]), int(match[2]), int(match[1])) if match else None


def values_of(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = item.get("values")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def unnamed(item: Mapping[str, Any]) -> bool:
    """True when no value has a name, so that they are told apart by their places."""
    return not any(isinstance(one.get("name"), str) and one["name"] for one in values_of(item))


def by(item: Mapping[str, Any], key: str, wanted: str) -> float | None:
    """The first value whose name is, or whose label begins with, the wanted text."""
    for value in values_of(item):
        text = str(value.get(key) or "").casefold()
        fits = text == wanted.casefold() if key == "name" else text.startswith(wanted.casefold())
        if fits:
            return number(value.get("value"))
    return None


def place(item: Mapping[str, Any], index: int) -> float | None:
    values = values_of(item)
    return number(values[index].get("value")) if index < len(values) else None


def fact(item: Mapping[str, Any], *names: str) -> Any:
    data = item.get("dataObject")
    known = {key.casefold(): value for key, value in data.items()} if isinstance(data, dict) else {}
    return next((known[name.casefold()] for name in names if known.get(name.casefold())), None)


@dataclass
class Fact:
    """What the raw answers say of one measure."""

    value: float | None = None
    before: float | None = None
    """The month before, or the earlier edition."""
    goal: float | None = None
    kind: str = ""
    unit: str = "percent"
    lower: bool = True
    """True where less is better."""
    smallest: float = 1.0

    @property
    def printed(self) -> str | None:
        return PRINTS[self.unit](self.value)

    def show(self, other: float | None) -> str | None:
        return PRINTS[self.unit](other)

    def size(self, other: float) -> str:
        return SIZES[self.unit](self.value or 0.0, other)

    @property
    def moved(self) -> float:
        """How far the value rose, as printed."""
        if self.value is None or self.before is None:
            raise Untrue("there is nothing to compare with")
        return self._less(self.before)

    @property
    def off(self) -> float:
        """How far the goal is missed; nought or less where it is met."""
        if self.value is None or self.goal is None:
            raise Untrue("there is no goal")
        above = self._less(self.goal)
        return above if self.lower else -above

    @property
    def judged(self) -> str:
        if abs(self.moved) < self.smallest - 1e-9:
            return "unchanged"
        return "better" if (self.moved < 0) == self.lower else "worse"

    def _less(self, other: float) -> float:
        if self.unit == "score":
            return (hundredths(self.value or 0.0) - hundredths(other)) / 100
        return whole(self.value or 0.0) - whole(other)


class Untrue(Exception):
    """The raw answers do not bear a sentence out."""


@dataclass
class Company:
    """One company's raw answers, read afresh."""

    raw: Raw
    spans: Spans
    targets: Mapping[str, float] = field(default_factory=dict)
    earlier: "Company | None" = None
    today: date = date(2026, 12, 1)

    def items(self, widget: str) -> list[Mapping[str, Any]]:
        return [item for item in self.raw.get(widget) or () if isinstance(item, Mapping)]

    def filled(self, widget: str) -> list[Mapping[str, Any]]:
        return [item for item in self.items(widget) if values_of(item)]

    def one(self, widget: str) -> Mapping[str, Any]:
        return next(iter(self.filled(widget)), {})

    def months(self, widget: str, span: str = "history") -> dict[date, Mapping[str, Any]]:
        """Every month from the first one known to the end of the window."""
        window = getattr(self.spans, span)
        known = {
            day: item
            for item in self.items(widget)
            if (day := day_of(item.get("date"))) and window.start <= day < window.end
        }
        found: dict[date, Mapping[str, Any]] = {}
        month = min(known, default=window.end)
        while month < window.end:
            found[month] = known.get(month, {})
            month = (month + timedelta(days=31)).replace(day=1)
        return found

    def series(self, widget: str, key: str, wanted: str, span: str = "history") -> list[Any]:
        return [by(item, key, wanted) for item in self.months(widget, span).values()]

    @property
    def month_over(self) -> date:
        """The day after the newest month."""
        return (self.spans.period.last_day.replace(day=1) + timedelta(days=31)).replace(day=1)

    # ---- measures --------------------------------------------------------------------------

    def fact(self, metric: str) -> Fact:
        known: Fact = getattr(self, f"_{metric}")()
        wanted = self.targets.get(metric)
        if wanted is not None:
            known.goal, known.kind = wanted, "ceiling" if known.lower else "target"
        if known.before is None and self.earlier is not None:
            known.before = self.earlier.fact(metric).value
        return known

    def _risk_score(self) -> Fact:
        own = self.series(RISK, "label", "Company Phishing Risk Score")
        peers = self.series(RISK, "label", "Industry Avg")
        everyone = self.series(RISK, "label", "All Industry Avg")
        made = Fact(at(own, -1), at(own, -2))
        for kind, values in (("all industries", everyone), ("industry", peers)):
            goal = at(values, -1)
            if goal is not None and goal >= 0:
                made.goal, made.kind = goal, kind
        return made

    def _report_rate(self) -> Fact:
        rates = [rate_of(item) for item in self.months(RATES).values()][-12:]
        return Fact(at(rates, -1), at(rates, -2), lower=False)

    def _dwell_time(self) -> Fact:
        known = (by(item, "name", "AverageDwellTime") for item in self.items(SPREAD))
        value = next((one for one in known if one is not None and one >= 0), None)
        return Fact(value, unit="minutes", smallest=2.0)

    def _repeat_offenders(self) -> Fact:
        item = self.one(OFFENDERS)
        own, level = (
            (place(item, 0), place(item, 1))
            if unnamed(item)
            else (by(item, "name", "RepeatOffenderPercentage"), by(item, "name", "PLA"))
        )
        return Fact(own, goal=level if level is None or level >= 0 else None, kind="ceiling")

    def _training_completion(self) -> Fact:
        item = self.one(COMPLETION)
        value = by(item, "name", "Completed")
        if value is not None and self.still_open and 99 < value <= 100:
            value = 99.0
        return Fact(value, lower=False)

    @property
    def still_open(self) -> int:
        item = self.one(COMPLETION)
        counts = (by(item, "name", name) for name in ("InProgressCount", "IncompleteCount"))
        return sum(whole(each) for each in counts if each is not None)

    def _culture_score(self) -> Fact:
        made = Fact(unit="score", lower=False, smallest=0.05, kind="industry")
        for item in self.items(CULTURE):
            if values_of(item) or isinstance(item.get("dataObject") or 0, dict):
                made.value = out_of_five(item, "overallScore", "OverallScoreX100")
                made.goal = out_of_five(item, "benchmarkScore", "BenchmarkScoreX100") or None
                break
        return made

    def _simulation_coverage(self) -> Fact:
        tested, missed = self.covered()
        if tested is None or missed is None:
            return Fact(lower=False)
        share = 100 * tested / ((tested + missed) or 1)
        if 0 < tested < tested + missed:
            share = min(max(share, 1), 99)
        return Fact(share, lower=False)

    def covered(self) -> tuple[int | None, int | None]:
        item = self.one(COVERAGE)
        both = (by(item, "name", name) for name in ("CountSimulated", "CountNonSimulated"))
        tested, missed = (None if one is None else whole(one) for one in both)
        return tested, missed

    def _open_share(self) -> Fact:
        shares = [open_share_of(item) for item in self.months(ENROLMENTS, "window").values()]
        return Fact(at(shares, -1), at(shares, -2), smallest=2.0)

    def _average(self, own: str, peers: str) -> Fact:
        found: list[float | None] = []
        for name in (own, peers):
            known = (by(item, "name", name) for item in self.items(FAILURE))
            found.append(next((one for one in known if one is not None), None))
        value, goal = found
        goal = None if goal is not None and goal < 0 else goal
        return Fact(value, goal=goal, kind="industry", unit="minutes", lower=False)

    def _click_time(self) -> Fact:
        return self._average("AverageClickTime", "industryAverageClickTime")

    def _submit_time(self) -> Fact:
        return self._average("AverageDataSubmitTime", "industryAverageDataSubmitTime")

    # ---- lists -----------------------------------------------------------------------------

    def campaigns(self) -> list[tuple[str, float, str, date | None]]:
        """Name, score, channel and day of each run."""
        found: list[tuple[str, float, str, date | None]] = []
        for item in self.items(CAMPAIGNS):
            value = by(item, "name", "RiskScore")
            value = number(fact(item, "riskScore")) if value is None else value
            if value is not None:
                name = text_of(fact(item, "name")) or text_of(fact(item, "campaignName"))
                kind = text_of(fact(item, "phishingType"))
                found.append((name, whole(value), kind, day_of(fact(item, "startDate"))))
        return found

    def industry(self) -> float | None:
        known = (by(item, "name", "IndustryAverage") for item in self.items(CAMPAIGNS))
        value = next((one for one in known if one is not None), None)
        return None if value is None or value < 0 else value

    def outcomes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for item in self.filled(MAILS):
            number_of = place(item, 1) if unnamed(item) else by(item, "name", "Count")
            name = text_of(fact(item, "ActionRange")).casefold()
            found[name] = found.get(name, 0) + whole(number_of or 0)
        return found

    def ranked(self, widget: str, *names: str) -> list[tuple[str, float, float | None]]:
        found = [
            (next((text for name in names if (text := text_of(fact(item, name)))), ""), value,
             place(item, 1))
            for item in self.items(widget)
            if (value := place(item, 0)) is not None
        ]  # fmt: skip
        return sorted(found, key=lambda row: -row[1])

    def crowd(self) -> tuple[int, int]:
        item = self.one(CROWD)
        names = ("CountRepeatOffender", "CountSimulated")
        failed, rest = (whole(by(item, "name", name) or 0) for name in names)
        return failed, failed + rest

    def clicks_by(self) -> list[tuple[float, float]]:
        """Minutes and clicks so far, in the order of time."""
        return self._so_far(FAILURE, "Clicked")

    def reacted_by(self) -> list[tuple[float, float]]:
        """Minutes and percent of people so far."""
        return [(end, min(share, 100)) for end, share in self._so_far(SPREAD, "Percentage")]

    def _so_far(self, widget: str, name: str) -> list[tuple[float, float]]:
        found, so_far = [], 0.0
        ranges = [(last_minute(one), by(one, "name", name) or 0) for one in self.items(widget)]
        for end, more in sorted(ranges):
            so_far += more
            found.append((end, so_far))
        return found


def at(values: Sequence[Any], index: int) -> float | None:
    value = values[index] if len(values) >= abs(index) else None
    return None if value is None else float(value)


def text_of(value: Any) -> str:
    """A name as printed; a whole number may be one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def rate_of(item: Mapping[str, Any]) -> float | None:
    alert, late, silent = (
        by(item, "label", f"Users Who {who}")
        for who in ("Did Not Click And Reported", "Clicked And Reported", "Did Not Report")
    )
    known = [one for one in (alert, late) if one is not None]
    total = sum(known) + (silent or 0)
    if not known or not total or (len(known) < 2 and (silent is None or total < 100)):
        return None
    return sum(known) if total > 103 else min(sum(known), 100)


def open_share_of(item: Mapping[str, Any]) -> float | None:
    total = next(
        (one for key in ("label", "name") for name in ("Total", "Enrollment")
         if (one := by(item, key, name)) is not None), None
    )  # fmt: skip
    left = by(item, "label", "Incomplete")
    left = by(item, "name", "Incomplete") if left is None else left
    if not total or left is None or left > total:
        return None
    share = 100 * left / total
    return float(round(min(max(share, 1), 99) if 0 < left < total else share))


def out_of_five(item: Mapping[str, Any], name: str, hundred: str) -> float | None:
    value = number(fact(item, name))
    data = item.get("dataObject")
    if value is None and isinstance(data, dict):
        value = next((number(v) for k, v in data.items() if k.casefold() == name.casefold()), None)
    value = by(item, "name", hundred) if value is None else value
    if value is None or value < 0:
        return None
    value = value / 100 if value > 5 else value
    return value if value <= 5 else None


def last_minute(item: Mapping[str, Any]) -> float:
    """The last minute of a range."""
    found = re.findall(r"\d+", text_of(fact(item, "ActionRange")))
    return float(found[-1]) if found else 0.0

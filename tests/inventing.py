"""Whole invented companies, with every extreme the platform is known to send."""

import json
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from reportgen.errors import UnexpectedPayload
from reportgen.model import (
    Answers,
    Availability,
    Customer,
    SavedReport,
    Widget,
    WidgetRequest,
)
from reportgen.sources.wire import entries
from tests.truth import Raw
from tests.truth import company as truth

Item = dict[str, Any]
Invented = dict[str, list[Item]]

shares = st.sampled_from([0, 1, 5, 6, 50, 60, 61, 99, 100]) | st.integers(0, 100)
scores = shares | st.integers(100, 400)
counts = (
    st.sampled_from([0, 1, 2, 9, 10, 29, 30])
    | st.integers(0, 2000)
    | st.sampled_from([10**6, 10**9, 10**11])
)
times = st.integers(0, 300)
names = st.sampled_from(
    ["Payroll", "Team 7", "7", "17%", "", " ", "<b>x</b>{{ 7*7 }}", "{value}", "%(x)s %s",
     "W" * 130, "شركة الخليج", "A\nB", "Zoë O'Neil: \"R&D\"", "5 pts", "No name on file"]
)  # fmt: skip
RANGES = ("0-15", "16 - 30", "31-45", "46-60", "61-90", "91-120", "121-180")


class Told:
    """A source that answers what was invented, read by the program's own wire."""

    def __init__(self, raw: Raw, moment: datetime = datetime(2026, 12, 1, 6, tzinfo=UTC)):
        self._raw = raw
        self._moment = moment

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        widgets = tuple(self._widget(request, customer) for request in requests)
        return Answers(customer.company_id, self._moment, widgets)

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        raise NotImplementedError

    def testimony(self, customer: Customer, answers: Answers) -> None:
        """Nobody else is asked."""

    def owner(self, customer: Customer, widget: Widget) -> str:
        raise NotImplementedError

    def _widget(self, request: WidgetRequest, customer: Customer) -> Widget:
        if request.widget_type not in self._raw:
            return Widget(request, Availability.NOT_LICENSED)
        try:
            found = entries(
                self._raw[request.widget_type], customer.date_format, request.widget_type
            )
        except UnexpectedPayload as error:
            return Widget(request, Availability.FAILED, reason=str(error))
        return Widget(request, Availability.ANSWERED, entries=found)


def value(sent: Any, name: str | None, label: str | None = None) -> Item:
    return {"value": sent, "name": name, "label": label, "annotations": None}


def item(values: Sequence[Item], day: date | None = None, **facts: Any) -> Item:
    """One element of `widgetDatas`, with fields nobody knows."""
    return {
        "date": f"{day:%d/%m/%Y} 00:00" if day else None,
        "dataObject": facts or None,
        "values": list(values),
        "tableValues": None,
        "brandNew": {"a": [1]},
    }


@st.composite
def spelt(draw: st.DrawFn, number: int) -> Any:
    """A number as the platform has been seen to send it."""
    form = draw(st.integers(0, 11))
    return {0: float(number), 1: str(number), 2: f"{number}%"}.get(form, number)


@st.composite
def rounded_up(draw: st.DrawFn, parts: int) -> tuple[int, ...]:
    """Shares of a whole, each rounded up."""
    weights = [draw(st.integers(0, 20)) for _ in range(parts)]
    total = sum(weights)
    return tuple(math.ceil(100 * weight / total) if total else 0 for weight in weights)


# ---- series --------------------------------------------------------------------------------


@st.composite
def months_to(draw: st.DrawFn, last: date) -> list[date]:
    """Up to twelve months, some left out, one perhaps twice, one perhaps of the future."""
    number = last.year * 12 + last.month - 1
    long = draw(st.sampled_from([1, 2, 3, 4, 12]))
    days = [date(one // 12, one % 12 + 1, 1) for one in range(number - long + 1, number + 1)]
    gaps = draw(st.sets(st.integers(0, long - 1), max_size=2)) if draw(st.booleans()) else set()
    kept = [day for place, day in enumerate(days) if place not in gaps]
    if draw(st.integers(0, 9)) == 0:
        kept += [days[-1], date(last.year + 1, 1, 1)]
    return kept


@st.composite
def risk(draw: st.DrawFn, last: date) -> list[Item]:
    found = []
    for day in draw(months_to(last)):
        company = draw(scores)
        industry = draw(st.sampled_from([company, max(company - 1, 0), company + 7, 19]))
        values = [
            value(draw(spelt(company)), None, "Company Phishing Risk Score"),
            value(industry, "IndustryAverage", "Industry Avg (Transport 24/7)"),
            value(draw(shares), "AllIndustryAverage", "All Industry Avg"),
        ]
        found.append(item(_some_null(draw, values), day))
    return found


def _some_null(draw: st.DrawFn, values: list[Item]) -> list[Item]:
    gap = draw(st.integers(0, 20))
    return [{**one, "value": None} if place == gap else one for place, one in enumerate(values)]


@st.composite
def rates(draw: st.DrawFn, last: date) -> list[Item]:
    labels = (
        "Users Who Clicked And Reported (%)",
        "Users Who Did Not Click And Reported (%)",
        "Users Who Did Not Reported (%)",
    )
    found = []
    for day in draw(months_to(last)):
        parts = draw(rounded_up(3))
        values = [value(part, None, label) for part, label in zip(parts, labels, strict=True)]
        found.append(item(_some_null(draw, values), day))
    return found


@st.composite
def activity(draw: st.DrawFn, last: date) -> list[Item]:
    risky = draw(st.sampled_from(["RiskyActions", "Risky Actions"]))
    found = []
    for day in draw(months_to(last)):
        same = draw(counts)
        reported = draw(st.just(same) | counts)
        values = [value(draw(counts), "Delivered", "Delivered"), value(same, risky, risky)]
        found.append(item([*values, value(reported, "Reported", "Reported")], day))
    return found


@st.composite
def enrolments(draw: st.DrawFn, last: date) -> list[Item]:
    label = draw(st.sampled_from(["Total", "Enrollment"]))
    found = []
    for day in draw(months_to(last)):
        total = draw(counts)
        left = min(draw(counts), total)
        found.append(item([value(total, label, label), value(left, None, "Incomplete")], day))
    return found


@st.composite
def impact(draw: st.DrawFn, last: date) -> list[Item]:
    return [
        item([value(draw(scores), "Percentage"), value(draw(shares), "IndustryAverage")], day)
        for day in draw(months_to(last))
    ]


# ---- campaigns -----------------------------------------------------------------------------


@st.composite
def campaigns(draw: st.DrawFn) -> list[Item]:
    industry = draw(st.none() | shares)
    found = []
    for _ in range(draw(st.sampled_from([0, 1, 2, 3, 14]))):
        value_of = draw(scores)
        day = date(2026, draw(st.integers(9, 11)), draw(st.integers(1, 28)))
        values = [value(draw(spelt(value_of)), "RiskScore"), value(draw(counts), "TotalMetrics")]
        values += [value(industry, "IndustryAverage", f"Industry Avg ({industry}%)")]
        channel = draw(st.sampled_from(["Phishing", "Smishing", "Vishing", "Callback", "New"]))
        facts: dict[str, Any] = {"startDate": f"{day:%d/%m/%Y} 09:30", "phishingType": channel}
        found.append(item(values, name=draw(names), **facts))
    return found


@st.composite
def reactions(draw: st.DrawFn) -> list[Item]:
    size = draw(st.sampled_from([0, 1, 2, 3, 14]))
    return [
        item(
            [value(draw(times), "AverageDwellTime"), value(draw(times), "QuickestResponse")],
            name=draw(names),
        )
        for _ in range(size)
    ]


@st.composite
def spread(draw: st.DrawFn) -> list[Item]:
    size = draw(st.sampled_from([0, 1, 2, 7]))
    median = draw(st.none() | times)
    sent = draw(rounded_up(size)) if size else ()
    return [
        item([value(median, "AverageDwellTime"), value(share, "Percentage")], ActionRange=span)
        for share, span in zip(sent, RANGES, strict=False)
    ]


@st.composite
def failure(draw: st.DrawFn) -> list[Item]:
    found = [
        item([value(draw(counts), "Clicked"), value(draw(counts), "SubmittedData")],
             ActionRange=f"{10 * (place + 1)}")
        for place in range(draw(st.sampled_from([0, 1, 2, 3, 6])))
    ]  # fmt: skip
    averages = ("AverageClickTime", "industryAverageClickTime", "AverageDataSubmitTime",
                "industryAverageDataSubmitTime")  # fmt: skip
    if found:
        found[0]["values"] += [value(draw(st.none() | times), name) for name in averages]
    return found


# ---- people --------------------------------------------------------------------------------


@st.composite
def departments(draw: st.DrawFn) -> list[Item]:
    found = []
    for _ in range(draw(st.sampled_from([0, 1, 2, 5, 14]))):
        head = [value(draw(counts), None)] if draw(st.integers(0, 5)) else []
        found.append(item([value(draw(shares), None), *head], department=draw(names)))
    return found


@st.composite
def people(draw: st.DrawFn) -> list[Item]:
    masked = st.sampled_from(["I****g", "Ingrid Solberg"])
    return [
        item([value(draw(shares), None)], fullName=draw(masked | names), department=draw(names))
        for _ in range(draw(st.sampled_from([0, 1, 2, 5, 14])))
    ]


@st.composite
def crowd(draw: st.DrawFn) -> list[Item]:
    return [
        item(
            [value(draw(counts), "CountRepeatOffender"), value(draw(counts), "CountSimulated"),
             value(draw(shares), "RepeatOffenderPercentage")]
        )
    ]  # fmt: skip


@st.composite
def offenders(draw: st.DrawFn) -> list[Item]:
    level = [value(5, "PLA")] if draw(st.booleans()) else []
    return [item([value(draw(spelt(draw(shares))), "RepeatOffenderPercentage"), *level])]


@st.composite
def coverage(draw: st.DrawFn) -> list[Item]:
    tested, missed = draw(counts), draw(counts)
    return [item([value(tested, "CountSimulated"), value(missed, "CountNonSimulated")])]


# ---- training, culture, mails --------------------------------------------------------------


@st.composite
def completion(draw: st.DrawFn) -> list[Item]:
    kinds = ("Completed", "InProgress", "Incomplete")
    people_of = [draw(st.sampled_from([0, 1, 312]) | st.integers(0, 3000)) for _ in kinds]
    total = sum(people_of)
    values = []
    for kind, count in zip(kinds, people_of, strict=True):
        values.append(value(math.ceil(100 * count / total) if total else 0, kind, kind))
        values.append(value(count, f"{kind}Count", kind))
    return [item(values[:: draw(st.sampled_from([1, 2]))])]


@st.composite
def culture(draw: st.DrawFn) -> list[Item]:
    own, peers = (draw(st.integers(0, 500) | st.sampled_from([0, 1, 300, 500])) for _ in range(2))
    values = [value(own, "OverallScoreX100"), value(peers, "BenchmarkScoreX100")]
    if draw(st.booleans()) and own > 5 and peers > 5:
        return [item(values)]
    surveys = [
        {"enrollmentName": draw(names), "overallScore": own / 100, "participantCount": 20}
        for _ in range(draw(st.sampled_from([0, 1, 3, 12])))
    ]
    return [item(values, overallScore=own / 100, benchmarkScore=peers / 100, enrollments=surveys)]


@st.composite
def mails(draw: st.DrawFn) -> list[Item]:
    outcomes = draw(
        st.lists(st.sampled_from(["Undetected", "Malicious", "Phishing", "Simulation"]),
                 unique=True, max_size=4)
    )  # fmt: skip
    found = {name: draw(counts) for name in outcomes}
    total = sum(found.values())
    return [
        item(
            [value(math.ceil(100 * count / total) if total else 0, "Percentage"),
             value(count, "Count")],
            ActionRange=name,
        )
        for name, count in found.items()
    ]  # fmt: skip


# ---- the whole of it -----------------------------------------------------------------------


@st.composite
def companies(draw: st.DrawFn, last: date = date(2026, 11, 1)) -> Invented:
    """Answers the platform may well give, for some of all widgets."""
    makers = {
        truth.RISK: risk(last),
        truth.CAMPAIGNS: campaigns(),
        truth.REACTIONS: reactions(),
        truth.SPREAD: spread(),
        truth.RATES: rates(last),
        truth.OFFENDERS: offenders(),
        truth.PEOPLE: people(),
        truth.DEPARTMENTS: departments(),
        truth.FAILURE: failure(),
        truth.CULTURE: culture(),
        truth.MAILS: mails(),
        truth.CROWD: crowd(),
        truth.COVERAGE: coverage(),
        truth.IMPACT: impact(last),
        truth.COMPLETION: completion(),
        truth.ACTIVITY: activity(last),
        truth.ENROLMENTS: enrolments(last),
    }
    left_out = draw(st.sets(st.sampled_from(sorted(makers)), max_size=6))
    empty = draw(st.sets(st.sampled_from(sorted(makers)), max_size=3))
    return {
        kind: [] if kind in empty else draw(maker)
        for kind, maker in makers.items()
        if kind not in left_out
    }


NONSENSE: tuple[Any, ...] = (
    None,
    "",
    "abc",
    -5,
    10**11,
    12.5,
    "12.5%",
    True,
    1e300,
    [],
    {},
    ["x"],
    "0-10",
    "120+",
)


@st.composite
def bent(draw: st.DrawFn) -> tuple[Invented, set[str]]:
    """The answers of a company, some of them bent out of shape, and which."""
    raw: Invented = json.loads(json.dumps(draw(companies())))
    filled = sorted(kind for kind, found in raw.items() if found)
    chosen = (
        [draw(st.sampled_from(filled)) for _ in range(draw(st.integers(1, 4)))] if filled else []
    )
    for kind in chosen:
        _bend(draw, raw[kind])
    return raw, set(chosen)


def _bend(draw: st.DrawFn, found: list[Item]) -> None:
    """One field set to nonsense, left out, or an element twice."""
    one = found[draw(st.integers(0, len(found) - 1))]
    how = draw(st.integers(0, 5))
    if how == 0:
        found.append(json.loads(json.dumps(one)))
    elif how == 1:
        one.pop(draw(st.sampled_from(sorted(one))))
    else:
        target: Any = one
        if how > 2 and isinstance(one.get("values"), list) and one["values"]:
            target = one["values"][draw(st.integers(0, len(one["values"]) - 1))]
        elif isinstance(one.get("dataObject"), dict):
            target = one["dataObject"]
        if isinstance(target, dict) and target:
            wanted = [key for key in sorted(target) if key not in ("date", "label")]
            if wanted:
                target[draw(st.sampled_from(wanted))] = draw(st.sampled_from(NONSENSE))

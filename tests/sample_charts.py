"""One drawing of each form, from ordinary data."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from reportgen.language import words
from reportgen.rendering import charts
from reportgen.rendering.charts import Style
from reportgen.rendering.drawing import Drawing
from reportgen.rendering.palette import palette
from reportgen.views import (
    Band,
    Bucket,
    Campaign,
    Campaigns,
    Crowd,
    Culture,
    FailureTimes,
    Figure,
    Goal,
    Histogram,
    Level,
    Outcome,
    Outcomes,
    Part,
    Parts,
    Peer,
    Rank,
    Ranking,
    Reaction,
    Reactions,
    Role,
    Series,
    Survey,
    Trend,
)


def style(language: str = "en") -> Style:
    """The look of the demo brand."""
    return Style(palette("#0B1F3A", "#B5E61D"), words(language))


def days(count: int) -> tuple[date, ...]:
    """First days of so many months, the last one November 2026."""
    newest = 2026 * 12 + 10
    numbers = range(newest - count + 1, newest + 1)
    return tuple(date(number // 12, number % 12 + 1, 1) for number in numbers)


def trend(*series: tuple[str, Role, tuple[float | None, ...]], stacked: bool = False) -> Trend:
    """A trend over as many months as the first series has values."""
    unit = "count" if series[0][1] in ("sent", "completed") else "percent"
    return Trend(
        days(len(series[0][2])), tuple(Series(*each) for each in series), unit, stacked=stacked
    )


RISK = trend(
    ("Harbourline", "company", (44, 41, 39, 36, 33, None, 29, 28, 26, 24, 17, 11)),
    ("Industry average", "industry", (19,) * 12),
    ("All industries", "all_industries", (24, 24, 24, 24, 23, 23, 23, 23, 23, 24, 23, 22)),
)
RATES = trend(
    ("Reported without clicking", "part", (15, 20, 19)),
    ("Clicked, then reported", "part", (4, 4, 2)),
    ("Did not report", "part", (81, 76, 79)),
    stacked=True,
)
ACTIVITY = trend(
    ("Sent", "sent", (672, 913, 420)),
    ("Risky actions", "risky", (161, 158, 45)),
    ("Reports", "reported", (88, 218, 64)),
)
ENROLMENTS = trend(
    ("Completed", "completed", (112, 115, 85)), ("Not completed", "open", (48, 55, 65))
)
ACTIONS = Trend(
    days(3),
    (
        Series("Clicked", "part", (112, 33, 0)),
        Series("Submitted data", "part", (43, 22, 0)),
        Series("Gave away MFA code", "part", (6, 3, None)),
        Series("Opened attachment", "part", (0, 41, 0)),
        Series("Called back", "part", (1, 2, 3)),
    ),
    "count",
)
CAMPAIGNS = Campaigns(
    (
        Campaign("Payroll Portal Update", "Email", 24),
        Campaign("Supplier Invoice Attachment", "Email", 16),
        Campaign("Benefits Enrolment Callback", "Callback", 10),
    ),
    19,
)
DEPARTMENTS = Ranking(
    (Rank("Warehouse Operations", 31, 146), Rank("Finance", 22, 37), Rank("Sales", 19, 64)),
    "percent",
    average=21,
)
PEOPLE = Ranking((Rank("Ingrid Solberg", 83), Rank("Keira Boyd", 50)), "percent", critical=60)
REACTIONS = Reactions(
    (
        Reaction("Payroll Portal Update", 46, 2, "8 Sep, email"),
        Reaction("Meeting Room QR Check-in", 38, 3),
        Reaction("Benefits Enrolment Callback", 55, None),
    )
)
SPREAD = Histogram(
    tuple(
        Bucket(start, end, (share,))
        for start, end, share in (
            (0, 15, 18), (15, 30, 21), (30, 45, 23), (45, 60, 15), (60, 90, 12), (90, 120, 7),
            (120, None, 4),
        )
    ),
    38,
)  # fmt: skip
FAILURES = FailureTimes(
    tuple(
        Bucket(10.0 * place, 10.0 * (place + 1), pair)
        for place, pair in enumerate(((52, 14), (38, 19), (24, 13), (15, 9), (10, 6), (6, 4)))
    ),
    ("Clicked a link", "Submitted data"),
    (
        Peer("Average click", 19, 22, "3 min faster than peers: worse", "worse"),
        Peer("Average submission", 31, 23, "8 min later than peers: better", "better"),
    ),
)
CULTURE = Culture(
    3.43,
    tuple(
        Band(float(place), place + 1.0, label)
        for place, label in enumerate(
            ("At risk", "Weak", "Needs improvement", "Moderate", "Strong")
        )
    ),
    3,
    "Harbourline",
    3.25,
    "Industry",
    3.31,
    (Survey("Office pulse", 3.8, 80), Survey("Baseline pulse", 3.2, 180)),
)
OUTCOMES = Outcomes(
    (
        Outcome("Simulation", 61, 370),
        Outcome("Undetected", 23, 142),
        Outcome("Phishing", 10, 61, threat=True),
    ),
    573,
)
REPEATED = Crowd(465, 46, "Repeat offenders", "Others", "bad")
COVERAGE = Crowd(480, 15, "Not tested", "Tested", "missing")
COMPLETION = Parts(
    (Part("Completed", 65, 312), Part("In progress", 15, 72), Part("Not begun", 20, 96)), 80
)
OFFENDERS = Level(10, "percent", 5, "ceiling", 12, "Oct edition")
FIGURE = Figure("risk_score", "Risk", 11, "percent", "lower", spark=(44, 30, 17, 11))
AGAINST = Figure("c", "Culture", 3.4, "score", "higher", goal=Goal("industry", 3.25, -0.15))

FORMS: dict[str, Callable[[Style], Drawing | None]] = {
    "lines": lambda look: charts.trend_lines(RISK, look),
    "cover": lambda look: charts.cover_line(RISK, look, 482),
    "shares": lambda look: charts.share_bars(RATES, look),
    "activity": lambda look: charts.activity_bars(ACTIVITY, look),
    "enrolments": lambda look: charts.enrolment_columns(ENROLMENTS, look),
    "multiples": lambda look: charts.small_multiples(ACTIONS, look),
    "impact": lambda look: charts.impact_columns(replace(RISK, series=RISK.series[:2]), look),
    "campaign": lambda look: charts.campaign_bar(CAMPAIGNS.rows[0], CAMPAIGNS, look),
    "department": lambda look: charts.rank_bar(31, DEPARTMENTS, look),
    "person": lambda look: charts.rank_bar(83, PEOPLE, look),
    "reactions": lambda look: charts.dumbbells(REACTIONS, look),
    "spread": lambda look: charts.histogram(SPREAD, look),
    "failures": lambda look: charts.failure_times(FAILURES, look),
    "culture": lambda look: charts.culture_scale(CULTURE, look),
    "outcomes": lambda look: charts.outcome_bars(OUTCOMES, look),
    "repeated": lambda look: charts.people_dots(REPEATED, look),
    "coverage": lambda look: charts.people_dots(COVERAGE, look),
    "completion": lambda look: charts.stacked_bar(COMPLETION, look),
    "bullet": lambda look: charts.bullet(OFFENDERS, look),
    "spark": lambda look: charts.spark(FIGURE, look),
    "spark against a goal": lambda look: charts.spark(AGAINST, look),
}
"""Every form, by a name."""

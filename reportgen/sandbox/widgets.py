"""Every widget of the platform in its true wire shape, told from a company's story."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportgen.sandbox.campaigns import Run, runs
from reportgen.sandbox.companies import SandboxCompany
from reportgen.sandbox.story import Month, Window

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a widget is told from."""

    company: SandboxCompany
    window: Window
    year: Window
    """Twelve months, for the widget that always covers them."""
    date: Callable[[date], str]
    """Prints a day in the company's own format."""


def value(number: int, label: str | None = None, name: str | None = None, note: Any = None) -> Json:
    """One number of a widget."""
    return {"value": number, "label": label, "name": name, "annotations": note}


def entry(values: list[Json], day: str | None = None, data: Any = None) -> Json:
    """One element of `widgetDatas`."""
    return {
        "date": day,
        "dataObject": data,
        "values": values,
        "tableValues": None,
        "tableDefinitions": None,
    }


def _percent(part: int, whole: int) -> int:
    """Whole percent, rounded up as the platform does."""
    return math.ceil(100 * part / whole) if whole else 0


def risk_trend(told: Told) -> list[Json]:
    return [
        entry(
            [
                value(month.score, "Company Phishing Risk Score", "CompanyPhishingRiskScore"),
                value(month.industry, f"Industry Avg ({told.company.industry})", "IndustryAverage"),
                value(month.everyone, "All Industry Avg", "AllIndustryAverage"),
            ],
            told.date(month.start),
        )
        for month in told.window.months
    ]


def campaigns(told: Told) -> list[Json]:
    average = told.window.months[-1].industry
    return [
        entry(
            [
                value(_score(run), "Phishing Risk Score", "RiskScore"),
                value(run.risky, "Risky Actions", "TotalMetrics"),
                value(_reported(run), "Phish Reporters", "TotalReportedCount"),
                value(average, f"Industry Avg ({average}%)", "IndustryAverage"),
            ],
            None,
            _campaign(run, told),
        )
        for run in runs(told.window.months)
    ]


def _score(run: Run) -> int:
    return _percent(run.risky, run.delivered)


def _reported(run: Run) -> int:
    """A text message or a call has no button to report it with."""
    return 0 if run.channel in ("Smishing", "Vishing") else run.reported


def _campaign(run: Run, told: Told) -> Json:
    """What counts as risky depends on the channel; the counts agree with the score."""
    plain = run.channel in ("Phishing", "Smishing")
    scanned = run.clicked + run.attachment if run.channel == "Quishing" else 0
    called = run.risky if run.channel == "Callback" else 0
    return {
        "name": run.name,
        "phishingType": run.channel,
        "startDate": told.date(run.start),
        "riskScore": 100 * run.risky / run.delivered if run.delivered else 0,
        "totalDeliveredCount": run.delivered,
        "totalClickedCount": run.clicked if plain else 0,
        "totalSubmittedCount": run.submitted if plain or scanned else 0,
        "totalMfaSubmittedCount": run.mfa if plain or scanned else 0,
        "totalAttachmentOpenedCount": run.attachment if plain else 0,
        "totalScanQRCount": scanned,
        "totalVishedCount": run.risky if run.channel == "Vishing" else 0,
        "totalCalledCount": run.delivered if run.channel == "Vishing" else called,
        "totalEnteredCount": 0,
        "totalReportedCount": _reported(run),
        "totalMetrics": run.risky,
    }


def dwell(told: Told) -> list[Json]:
    return [
        entry(
            [
                value(run.dwell, "Dwell Time Avg", "AverageDwellTime"),
                value(run.quickest, "Quickest Response", "QuickestResponse"),
            ],
            None,
            {"name": run.name},
        )
        for run in runs(told.window.months)
        if run.channel != "Vishing"
    ]


_BUCKETS = ("0-15", "15-30", "30-45", "45-60", "60-90", "90-120", "120+")
_SPREAD = (18, 21, 23, 15, 12, 7, 4)


def dwell_spread(told: Told) -> list[Json]:
    middle = told.window.months[-1].dwell
    return [
        entry(
            [value(share, None, "Percentage"), value(middle, None, "AverageDwellTime")],
            None,
            {"ActionRange": bucket},
        )
        for bucket, share in zip(_BUCKETS, _SPREAD, strict=True)
    ]


def report_rates(told: Told) -> list[Json]:
    return [
        entry(
            [
                value(
                    _percent(month.reported_late, month.delivered),
                    "Users Who Clicked And Reported (%)",
                    "ClickedAndReported",
                ),
                value(
                    _percent(month.reported, month.delivered),
                    "Users Who Did Not Click And Reported (%)",
                    "NotClickedAndReported",
                ),
                value(_silent(month), "Users Who Did Not Reported (%)", "NotReported"),
            ],
            told.date(month.start),
        )
        for month in told.window.months
    ]


def _silent(month: Month) -> int:
    reporting = _percent(month.reported_late, month.delivered) + _percent(
        month.reported, month.delivered
    )
    return max(0, 100 - reporting)


def repeat_rate(told: Told) -> list[Json]:
    share = _percent(told.window.offenders, told.window.simulated)
    return [
        entry(
            [
                value(share, "Current Level", "RepeatOffenderPercentage"),
                value(5, "Protection Level Agreement (PLA)", "PLA"),
            ]
        )
    ]


def riskiest_people(told: Told) -> list[Json]:
    top = max(20, min(100, round(told.window.score * 2.6)))
    return [
        entry(
            [value(max(1, top - 9 * place), "Human Risk Score", "HumanRiskScore")],
            None,
            {
                "fullName": name,
                "email": f"person{place + 1}@{told.company.domain}",
                "department": told.company.departments[place % len(told.company.departments)],
            },
        )
        for place, name in enumerate(told.company.names)
    ]


def departments(told: Told) -> list[Json]:
    heads = told.window.heads(len(told.company.departments))
    return [
        entry(
            [
                value(told.window.department_score(place), "Human Risk Score", "HumanRiskScore"),
                value(heads[place], "Number of Users", "NumberOfUsers"),
            ],
            None,
            {"department": name},
        )
        for place, name in enumerate(told.company.departments)
    ]


def riskiest_companies(told: Told) -> list[Json]:
    names = (told.company.name, "Somebody Else's Company")
    return [
        entry(
            [value(34 - 5 * place, "Human Risk Score"), value(95, "Number of Users")],
            None,
            {"Company": name},
        )
        for place, name in enumerate(names)
    ]


def time_to_failure(told: Told) -> list[Json]:
    clicks = sum(month.clicked for month in told.window.months)
    submissions = sum(month.submitted for month in told.window.months)
    shares = (36, 26, 17, 10, 7, 4)
    rows = [
        entry(
            [
                value(clicks * share // 100, "Clicked", "Clicked"),
                value(submissions * share // 100, "Submitted Data", "SubmittedData"),
            ],
            None,
            {"ActionRange": str(10 * (place + 1))},
        )
        for place, share in enumerate(shares)
    ]
    averages = (
        ("AverageClickTime", 19),
        ("industryAverageClickTime", 22),
        ("AverageDataSubmitTime", 23),
        ("industryAverageDataSubmitTime", 31),
    )
    rows[0]["values"] += [value(minutes, None, name) for name, minutes in averages]
    return rows


def culture(told: Told) -> list[Json]:
    score = max(0.5, min(4.9, 4.1 - told.window.score / 25))
    surveys = _surveys(score, told.window.people)
    overall = _overall(surveys)
    labels = ("At Risk", "Weak", "Needs Improvement", "Moderate", "Strong")
    data = {
        "name": "Security Culture Score",
        "description": "Survey of security culture",
        "overallScore": overall,
        "benchmarkScore": 3.25,
        "benchmarkLabel": "Industry",
        "benchmarkDifference": round(overall - 3.25, 2),
        "benchmarkComparisonSentence": "",
        "bands": [
            {"from": place, "to": place + 1, "label": f"{label} ({place}-{place + 1})"}
            for place, label in enumerate(labels)
        ],
        "enrollmentCount": len(surveys),
        "participantCount": sum(each["participantCount"] for each in surveys),
        "enrollments": surveys,
    }
    numbers = [
        value(round(overall * 100), "Overall Score", "OverallScoreX100"),
        value(325, "Benchmark", "BenchmarkScoreX100"),
    ]
    return [entry(numbers, None, data)]


def _surveys(score: float, people: int) -> list[Json]:
    """Three surveys around the score, or one where there are few people."""
    shapes = (("Baseline culture pulse", -0.2, 0.4), ("Warehouse pulse", 0.1, 0.3),
              ("Office pulse", 0.3, 0.2))  # fmt: skip
    return [
        {
            "enrollmentId": f"5f0c3a52-6d7e-4a52-9a55-0d7ad6a6000{place}",
            "enrollmentName": name,
            "participantCount": max(1, int(people * share)),
            "overallScore": round(max(0.2, min(5.0, score + shift)), 1),
        }
        for place, (name, shift, share) in enumerate(shapes[: 3 if people > 20 else 1])
    ]


def _overall(surveys: list[Json]) -> float:
    """The mean of the surveys, weighted by participants, in hundredths as the platform rounds."""
    people = sum(each["participantCount"] for each in surveys)
    total = sum(each["overallScore"] * each["participantCount"] for each in surveys)
    return round(float(total / people), 2)


def suspicious(told: Told) -> list[Json]:
    simulated = [(run.name, _reported(run)) for run in runs(told.window.months)]
    button = told.window.simulated // 12
    found = sum(count for _name, count in simulated) + button
    counts = {
        "Simulation": found,
        "Undetected": found * 38 // 100,
        "Malicious": found * 10 // 100,
        "Phishing": found * 16 // 100,
    }
    total = sum(counts.values())
    return [
        entry(
            [value(_percent(count, total), "Percentage"), value(count, "Count")],
            None,
            {"ActionRange": name} | (_sources(simulated, button) if name == "Simulation" else {}),
        )
        for name, count in counts.items()
    ]


def _sources(simulated: list[tuple[str, int]], button: int) -> Json:
    joined: dict[str, int] = {}
    for name, count in simulated:
        if count:
            joined[name] = joined.get(name, 0) + count
    return {
        "sourceBreakdown": {
            "incidentResponderCount": button,
            "campaignCount": sum(joined.values()),
            "campaigns": [{"campaignName": name, "count": count} for name, count in joined.items()],
        }
    }


def repeat_people(told: Told) -> list[Json]:
    window = told.window
    share = _percent(window.offenders, window.simulated)
    return [
        entry(
            [
                value(window.offenders, "Repeat Offenders", "CountRepeatOffender"),
                value(window.simulated, "Simulated Users", "CountSimulated"),
                value(share, "Repeat Offenders", "RepeatOffenderPercentage"),
                value(100 - share, "Simulated Users", "PercentageSimulated"),
            ]
        )
    ]


def coverage(told: Told) -> list[Json]:
    window = told.window
    share = _percent(window.simulated, window.people)
    return [
        entry(
            [
                value(window.simulated, "Simulated Users", "CountSimulated"),
                value(window.people - window.simulated, "Not Simulated", "CountNonSimulated"),
                value(share, "Simulated Users", "SimulatedPercentage"),
                value(100 - share, "Not Simulated", "NonSimulatedPercentage"),
            ]
        )
    ]


def impact(told: Told) -> list[Json]:
    months = told.year.months
    return [
        entry(
            [
                value(
                    month.score, "Percentage", "Percentage", None if place else "Start of training"
                ),
                value(months[-1].industry, "Industry Average", "IndustryAverage"),
            ],
            told.date(month.start),
        )
        for place, month in enumerate(months)
    ]


def training(told: Told) -> list[Json]:
    window = told.window
    rest = window.enrolled - window.completed - window.in_progress
    done, begun = _share(window.completed, window), _share(window.in_progress, window)
    return [
        entry(
            [
                value(done, "Completed", "Completed"),
                value(window.completed, "Completed", "CompletedCount"),
                value(begun, "In Progress", "InProgress"),
                value(window.in_progress, "In Progress", "InProgressCount"),
                value(100 - done - begun, "Incomplete", "Incomplete"),
                value(rest, "Incomplete", "IncompleteCount"),
            ]
        )
    ]


def _share(part: int, window: Window) -> int:
    return round(100 * part / window.enrolled) if window.enrolled else 0


def activity(told: Told) -> list[Json]:
    return [
        entry(
            [
                value(month.delivered, "Delivered"),
                value(month.risky, "Risky Actions"),
                value(month.reported + month.reported_late, "Reported"),
            ],
            told.date(month.start),
        )
        for month in told.window.months
    ]


def training_activity(told: Told) -> list[Json]:
    return [_enrolments(told, place, month) for place, month in enumerate(told.window.months)]


def _enrolments(told: Told, place: int, month: Month) -> Json:
    """A twelfth to a third of the people each month; the newest have had least time."""
    begun = max(1, told.window.enrolled * (30 + month.start.month % 4) // 100)
    left = len(told.window.months) - place
    still_open = min(begun, begun * (12 + month.score // 2 + 24 // left) // 100)
    return entry([value(begun, "Total"), value(still_open, "Incomplete")], told.date(month.start))


def trend(told: Told) -> list[Json]:
    return [
        entry(
            [
                value(month.clicked, "Clicked"),
                value(month.submitted, "Submitted Data"),
                value(month.mfa, "MFA Submitted"),
                value(month.attachment, "Open Attachment"),
            ],
            told.date(month.start),
        )
        for month in told.window.months
    ]


def people_table(told: Told) -> list[Json]:
    columns = (("name", "Name"), ("department", "Department"), ("riskScore", "Risk Score"))
    rows = [
        {
            "name": row["dataObject"]["fullName"],
            "department": row["dataObject"]["department"],
            "riskScore": f"{row['values'][0]['value']}%",
        }
        for row in riskiest_people(told)
    ]
    table = entry([])
    table["tableValues"] = rows
    table["tableDefinitions"] = [{"name": name, "label": label} for name, label in columns]
    return [table]

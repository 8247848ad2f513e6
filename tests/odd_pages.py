"""Pages written by hand: an ordinary month, and the odd ones that must not look odd."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from reportgen import bundled
from reportgen.model import Brand, Period
from reportgen.views import (
    Delta,
    Figure,
    Finding,
    Goal,
    Level,
    Page,
    Part,
    Parts,
    Rank,
    Ranking,
    SectionData,
    SectionState,
    SectionView,
    Series,
    Status,
    Table,
    Trend,
)

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
YEAR = Period(date(2025, 11, 1), date(2026, 11, 1))
BRANDS = bundled.TEMPLATES / "brands"
HALVORN = Brand(
    "Halvorn Cyber",
    "Halvorn Cyber Ltd",
    logo=str(BRANDS / "halvorn.svg"),
    logo_on_primary=str(BRANDS / "halvorn-on-dark.svg"),
    contact_email="reports@halvorn.example",
)
MARAVEL = Brand(
    "Maravel",
    primary="#A8321F",
    accent="#5E636B",
    logo=str(BRANDS / "maravel.svg"),
    headings="sans",
)
RISK = (44.0, 41.0, 39.0, 36.0, 33.0, 31.0, 29.0, 28.0, 26.0, 24.0, 17.0, 11.0)
INDUSTRY = (21.0, 21.0, 21.0, 20.0, 20.0, 20.0, 20.0, 19.0, 19.0, 20.0, 19.0, 18.0)
EVERYBODY = (24.0, 24.0, 24.0, 24.0, 23.0, 23.0, 23.0, 23.0, 23.0, 24.0, 23.0, 22.0)

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=1>{{ 7*7 }}\u202egnp.exe\x00\ud800"
GERMAN = "Bundesverband der Donaudampfschifffahrtsgesellschaften und Hafenbetreiber e. V. & Co"
ARABIC = "شركة الخليج للخدمات اللوجستية"
JAPANESE = "株式会社東京海上物流サービス"
ONE_WORD = "W" * 120


def months(count: int) -> tuple[date, ...]:
    """The first days of so many months, the last one October 2026."""
    newest = 2026 * 12 + 9
    return tuple(
        date(number // 12, number % 12 + 1, 1) for number in range(newest - count + 1, newest + 1)
    )


def risk(values: Sequence[float | None] = RISK, name: str = "Harbourline Logistics") -> Trend:
    """The company against its benchmarks, over as many months as there are values."""
    count = len(values)
    series = (
        Series(name, "company", tuple(values)),
        Series("Transportation", "industry", (INDUSTRY * 2)[-count:]),
        Series("All industries", "all_industries", (EVERYBODY * 2)[-count:]),
    )
    return Trend(months(count), series, "percent")


def rates(count: int = 12) -> Trend:
    """Three parts of a whole by month."""
    reported = tuple(15.0 + place % 5 for place in range(count))
    late = tuple(4.0 - place % 3 for place in range(count))
    silent = tuple(100 - a - b for a, b in zip(reported, late, strict=True))
    series = (
        Series("Reported without clicking", "part", reported),
        Series("Clicked, then reported", "part", late),
        Series("Did not report", "part", silent),
    )
    return Trend(months(count), series, "percent", stacked=True)


def activity(count: int = 3) -> Trend:
    """Four counts by month, one of them with a gap."""
    series = (
        Series("Clicked", "part", (112, 33, 0)[:count]),
        Series("Submitted data", "part", (43, 22, 0)[:count]),
        Series("Gave away MFA code", "part", (6, 3, 0)[:count]),
        Series("Opened attachment", "part", (0, 41, None)[:count]),
    )
    return Trend(months(count), series, "count")


def departments(name: str = "Warehouse Operations") -> Ranking:
    """Five departments, the first of this name."""
    rows = (
        Rank(name, 31, 1460),
        Rank("Customer Service", 27, 88),
        Rank("Finance", 22, 37),
        Rank("Sales", 19, None),
        Rank("Human Resources", 14, 18),
    )
    return Ranking(rows, "percent", average=21, more=3)


COMPLETION = Parts(
    (Part("Completed", 65, 312), Part("In progress", 15, 72), Part("Not completed", 20, 96)), 80
)
CAMPAIGNS = Table(
    ("Campaign", "Channel", "Sent", "Risky actions"),
    (
        ("Payroll Portal Update", "Phishing", "462", "111"),
        ("Parcel Redelivery SMS", "Smishing", "210", "50"),
    ),
    (False, False, True, True),
    more=4,
)


def shown(kind: str, title: str, data: SectionData, window: Period = OCTOBER) -> SectionView:
    """A section with something in it."""
    lead = "Risk fell 6 pts to 11%, its lowest value in twelve months."
    definition = "Risky actions divided by simulations delivered, times 100."
    return SectionView(kind, title, lead, definition, window, SectionState.SHOWN, "", data)


def missing(state: SectionState, title: str, reason: str) -> SectionView:
    """A section with nothing in it, and why."""
    return SectionView("generic_table", title, "", "", OCTOBER, state, reason)


SHOWN = (
    shown("risk_score_trend", "Phishing risk score", risk(), YEAR),
    shown("report_rates", "Report rates", rates(), YEAR),
    shown("repeat_offenders_rate", "Repeat offenders", Level(10, "percent", 5, "ceiling")),
    shown("training_completion", "Training completion", COMPLETION),
    shown("riskiest_departments", "Riskiest departments", departments()),
    shown("generic_trend", "Actions by type", activity()),
    shown("generic_table", "Campaigns", CAMPAIGNS),
)
MISSING = (
    missing(SectionState.NO_DATA, "Security culture", "No survey ended in October 2026."),
    missing(SectionState.NOT_LICENSED, "Callback campaigns", "The company has no licence for it."),
    missing(SectionState.REFUSED, "Riskiest people", "The platform refuses it to this login."),
    missing(SectionState.FAILED, "Dwell time", "The platform did not answer."),
)
SEPTEMBER = date(2026, 9, 1)
FIGURES = (
    Figure("risk_score", "Phishing risk score", 11, "percent", "lower", 17, SEPTEMBER,
           Delta(-6, "better"), Goal("industry", 18, -7), Status.ON_TRACK, RISK),
    Figure("report_rate", "Report rate", 21, "percent", "higher", 24, SEPTEMBER,
           Delta(-3, "worse"), Goal("target", 30, 9), Status.WATCH, (19, 24, 21)),
    Figure("repeat_offenders", "Repeat offenders", 10, "percent", "lower", 12, SEPTEMBER,
           Delta(-2, "better"), Goal("ceiling", 5, 5), Status.ACT_NOW, (10,)),
    Figure("training_completion", "Training completion", 65, "percent", "higher", 61, SEPTEMBER,
           Delta(4, "better"), Goal("target", 80, 15), Status.WATCH, (65,)),
    Figure("dwell_time", "Median dwell time", 38, "minutes", "lower", None, None,
           None, None, Status.NONE, ()),
    Figure("culture", "Security culture", 3.43, "score", "higher", 3.31, SEPTEMBER,
           Delta(0.12, "better"), Goal("industry", 3.25, -0.18), Status.ON_TRACK, ()),
)  # fmt: skip
FINDINGS = (
    Finding(Status.ACT_NOW, "A small group keeps failing.",
            "10% failed at least twice; the ceiling is 5%."),
    Finding(Status.WATCH, "Too few people raise the alarm.",
            "Reporting slipped 3 pts to 21%, 9 pts short of its target."),
    Finding(Status.ON_TRACK, "Risk has fallen in each of the last 11 months.",
            "From 44% in November 2025 to 11%, 7 pts below industry."),
)  # fmt: skip

ORDINARY = Page(
    title="Human risk report",
    customer="Harbourline Logistics",
    brand=HALVORN,
    language="en",
    page_size="A4",
    period=OCTOBER,
    time_zone="Europe/Berlin",
    data_as_of=datetime(2026, 11, 1, 5, 0, tzinfo=UTC),
    edition=1,
    headline="Phishing risk has fallen, but fewer people are raising the alarm.",
    lede="In October 2026, 11% of simulated attacks led to a risky action, 7 pts below the "
    "industry. 21% of people reported the lure, down from 24%.",
    figures=FIGURES[:4],
    findings=FINDINGS,
    sections=SHOWN + MISSING,
)
EMPTY = replace(
    ORDINARY,
    headline="There are no figures for October 2026.",
    lede="",
    figures=(),
    findings=(),
    sections=MISSING,
)
CROWDED = replace(
    ORDINARY,
    page_size="Letter",
    headline="Das Phishing-Risiko erreicht den niedrigsten Wert seit zwölf Monaten, doch weniger "
    "Beschäftigte schlagen Alarm als je zuvor.",
    lede=ORDINARY.lede * 2,
    figures=FIGURES,
    findings=tuple(replace(each, text=each.text * 2) for each in FINDINGS),
)


def of_months(count: int) -> Page:
    """An ordinary page with a history of so many months."""
    score = risk(
        tuple(1.4 * value * (1 + place % 7) for place, value in enumerate(RISK * 2))[:count]
    )
    views = (
        replace(SHOWN[0], data=score),
        replace(SHOWN[1], data=rates(count)),
        replace(SHOWN[5], data=activity(min(count, 3))),
    )
    return replace(ORDINARY, sections=views)


def named(name: str) -> Page:
    """An ordinary page for a customer of this name, which also stands wherever names may stand."""
    views = (
        replace(SHOWN[0], data=risk(name=name)),
        replace(SHOWN[4], data=departments(name)),
        replace(SHOWN[6], title=name, data=Table((name, name), ((name, name),))),
    )
    return replace(ORDINARY, customer=name, sections=views)

"""The table of acceptance: what the report prints is what the platform sent.

The samples are one invented company, September to November 2026, whose figures agree with each
other. Each row names a figure, the field it comes from, and how a reader must find it in print.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import pytest

from reportgen import checks
from reportgen.language import available, words
from reportgen.sections import NAMES, kinds
from reportgen.views import Page, SectionState, SectionView
from tests.sample_pages import DATA, SAMPLES, recorded, spans
from tests.truth import Company, complaints
from tests.truth import company as truth

ENGLISH = words("en")


@cache
def page(company: str = "widgets") -> Page:
    return recorded(company)


@cache
def sample(widget_type: str, company: str = "widgets") -> Sequence[Mapping[str, Any]]:
    """`widgetDatas` of a sample."""
    text = (DATA / company / f"{widget_type}.json").read_text("utf-8")
    found: Sequence[Mapping[str, Any]] = json.loads(text)["widgetDatas"]
    return found


def section(kind: str) -> SectionView:
    return next(view for view in page().sections if view.kind == kind)


def sent(widget_type: str, index: int, name: str) -> Any:
    """A value of a sample, by name; by place where the name is a number."""
    values = sample(widget_type)[index]["values"]
    if name.isdecimal():
        return values[int(name)]["value"]
    return next(value["value"] for value in values if value["name"] == name)


# ---- the figures ---------------------------------------------------------------------------

FIGURES = [
    # metric, section, widget, element, field, part, printed
    ("risk_score", "risk_score_trend", truth.RISK, -1, "CompanyPhishingRiskScore", "value", "11%"),
    ("risk_score", "risk_score_trend", truth.RISK, -2, "CompanyPhishingRiskScore", "previous",
     "17%"),
    ("risk_score", "risk_score_trend", truth.RISK, -1, "IndustryAverage", "goal", "18%"),
    ("risk_score_start", "risk_score_trend", truth.RISK, 0, "CompanyPhishingRiskScore", "value",
     "24%"),
    ("campaign_highest", "campaign_scores", truth.CAMPAIGNS, 0, "RiskScore", "value", "24%"),
    ("campaign_highest", "campaign_scores", truth.CAMPAIGNS, 0, "IndustryAverage", "goal", "19%"),
    ("activity_sent", "phishing_activity", truth.ACTIVITY, -1, "Delivered", "value", "420"),
    ("activity_risky", "phishing_activity", truth.ACTIVITY, -1, "RiskyActions", "value", "45"),
    ("activity_reported", "phishing_activity", truth.ACTIVITY, -1, "Reported", "value", "64"),
    ("not_tested", "simulation_coverage", truth.COVERAGE, 0, "CountNonSimulated", "value", "15"),
    ("click_time", "time_to_failure", truth.FAILURE, 0, "AverageClickTime", "value", "19 min"),
    ("click_time", "time_to_failure", truth.FAILURE, 0, "industryAverageClickTime", "goal",
     "22 min"),
    ("submit_time", "time_to_failure", truth.FAILURE, 0, "AverageDataSubmitTime", "value",
     "23 min"),
    ("submit_time", "time_to_failure", truth.FAILURE, 0, "industryAverageDataSubmitTime", "goal",
     "31 min"),
    ("silent", "report_rates", truth.RATES, -1, "NotReported", "value", "79%"),
    ("slowest_reaction", "reaction_times", truth.REACTIONS, -1, "AverageDwellTime", "value",
     "55 min"),
    ("quickest_reaction", "reaction_times", truth.REACTIONS, 2, "QuickestResponse", "value",
     "1 min"),
    ("dwell_time", "dwell_distribution", truth.SPREAD, 0, "AverageDwellTime", "value", "38 min"),
    ("training_completion", "training_completion", truth.COMPLETION, 0, "Completed", "value",
     "65%"),
    ("repeat_offenders", "repeat_offenders_rate", truth.OFFENDERS, 0, "RepeatOffenderPercentage",
     "value", "10%"),
    ("repeat_offenders", "repeat_offenders_rate", truth.OFFENDERS, 0, "PLA", "goal", "5%"),
    ("repeat_offender_people", "repeat_offenders_people", truth.CROWD, 0, "CountRepeatOffender",
     "value", "46"),
    ("department_risk", "riskiest_departments", truth.DEPARTMENTS, 0, "0", "value", "31%"),
    ("department_people", "riskiest_departments", truth.DEPARTMENTS, 0, "1", "value", "146"),
    ("highest_person", "riskiest_people", truth.PEOPLE, 0, "0", "value", "83%"),
    ("impact_now", "impact_of_training", truth.IMPACT, -1, "Percentage", "value", "11%"),
    ("impact_start", "impact_of_training", truth.IMPACT, 0, "Percentage", "value", "44%"),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "kind", "widget", "index", "name", "part", "printed"), FIGURES)
def test_a_figure_is_the_value_the_platform_sent(
    metric: str, kind: str, widget: str, index: int, name: str, part: str, printed: str
) -> None:
    figure = next(one for one in section(kind).figures if one.metric == metric)
    value = figure.goal.value if part == "goal" and figure.goal else getattr(figure, part, None)
    assert value == sent(widget, index, name)
    assert ENGLISH.amount(value, figure.unit) == printed


WORKED_OUT = [
    # metric, section, printed, from these sums of sent values
    ("report_rate", "report_rates", "21%",
     lambda: sent(truth.RATES, -1, "ClickedAndReported")
     + sent(truth.RATES, -1, "NotClickedAndReported")),
    ("people", "simulation_coverage", "480",
     lambda: sent(truth.COVERAGE, 0, "CountSimulated")
     + sent(truth.COVERAGE, 0, "CountNonSimulated")),
    ("simulation_coverage", "simulation_coverage", "97%", lambda: 100 * 465 / 480),
    ("people_tested", "repeat_offenders_people", "465",
     lambda: sent(truth.CROWD, 0, "CountRepeatOffender") + sent(truth.CROWD, 0, "CountSimulated")),
    ("real_threats", "reported_mails", "99",
     lambda: sent(truth.MAILS, 1, "Count") + sent(truth.MAILS, 2, "Count")),
    ("reported_mails", "reported_mails", "611",
     lambda: sum(sent(truth.MAILS, index, "Count") for index in range(4))),
    ("open_enrolments", "training_completion", "168",
     lambda: sent(truth.COMPLETION, 0, "InProgressCount")
     + sent(truth.COMPLETION, 0, "IncompleteCount")),
    ("open_share", "training_activity", "43%", lambda: round(100 * 65 / 150)),
    ("culture_score", "security_culture", "3.43 of 5",
     lambda: sent(truth.CULTURE, 0, "OverallScoreX100") / 100),
    ("early_clicks", "time_to_failure", "62%",
     lambda: 100 * (52 + 38) / sum(sent(truth.FAILURE, index, "Clicked") for index in range(6))),
    ("reacted_share", "dwell_distribution", "62%",
     lambda: sum(sent(truth.SPREAD, index, "Percentage") for index in range(3))),
    ("critical_people", "riskiest_people", "3",
     lambda: sum(sent(truth.PEOPLE, index, "0") > 60 for index in range(5))),
    ("campaigns_above", "campaign_scores", "2",
     lambda: sum(sent(truth.CAMPAIGNS, index, "RiskScore") > 19 for index in range(6))),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "kind", "printed", "worked_out"), WORKED_OUT)
def test_a_figure_worked_out_agrees_with_what_it_is_made_of(
    metric: str, kind: str, printed: str, worked_out: Any
) -> None:
    figure = next(one for one in section(kind).figures if one.metric == metric)
    assert figure.value == pytest.approx(worked_out())
    assert ENGLISH.amount(figure.value, figure.unit) == printed


def test_the_goals_and_changes_of_the_cards() -> None:
    found = {
        one.metric: (
            one.status.value,
            one.delta and one.delta.amount,
            one.goal and (one.goal.kind, one.goal.value, pytest.approx(one.goal.gap)),
        )
        for one in page().figures
    }
    assert found == {
        "risk_score": ("on_track", -6, ("industry", 18, -7)),
        "report_rate": ("watch", -3, ("target", 30, 9)),
        "dwell_time": ("none", None, None),
        "repeat_offenders": ("act_now", None, ("ceiling", 5, 5)),
        "training_completion": ("watch", None, ("target", 80, 15)),
        "culture_score": ("on_track", None, ("industry", 3.25, -0.18)),
    }


# ---- the sentences -------------------------------------------------------------------------

TITLES = {
    "risk_score_trend": "Risk went from 24%, above the industry, to 11%, below it.",
    "campaign_scores": "2 of 6 campaigns scored above the industry average of 19%.",
    "phishing_activity": "Reports outnumbered risky actions in November 2026: 64 to 45.",
    "simulation_coverage": "All but 15 of the 480 people were tested.",
    "time_to_failure": (
        "People click sooner than at peers: after 19 min on average, against 22 min."
    ),
    "report_rates": "Reporting slipped from 24% to 21%.",
    "reported_mails": "99 of the 611 mails people reported were confirmed threats.",
    "reaction_times": "People took longest over Benefits Enrolment Callback: a median of 55 min.",
    "dwell_distribution": "62% of the people who react do so within 45 min.",
    "impact_of_training": "Risk fell from 44% in December 2025 to 11% in November 2026.",
    "training_completion": "Completion is 15 pts short of the target of 80%.",
    "training_activity": "A larger share of new enrolments is still open: 43%, up from 32%.",
    "security_culture": "Security culture: Moderate, 0.18 ahead of the industry.",
    "repeat_offenders_rate": "Repeat offending is 5 pts over the ceiling of 5%.",
    "repeat_offenders_people": "46 of the 465 people tested failed at least twice.",
    "riskiest_departments": (
        "Warehouse Operations is the place to start: 31% against an average of 26%."
    ),
    "riskiest_people": "3 people are above the critical line of 60%.",
    "generic_trend": "Phishing Campaign Trend",
    "generic_table": "Phishing Campaign Riskiest Users",
}


@pytest.mark.parametrize(("kind", "title"), TITLES.items())
def test_the_title_of_each_exhibit(kind: str, title: str) -> None:
    assert section(kind).title.text == title


def test_the_summary_says_what_the_samples_say() -> None:
    made = page()
    assert made.cover.text == (
        "Risky actions came to 11% of the simulated attacks, down from 24% in September 2026."
    )
    assert made.headline.text == "Phishing risk has fallen, but too many people fail repeatedly."
    assert [one.text for one in made.lede] == [
        "Risky actions came to 11% of the simulated attacks in November 2026, 7 pts below the "
        "industry average.",
        "21% of the people who received a simulated attack in November 2026 reported it.",
        "10% of the people tested failed at least twice; the ceiling is 5%.",
    ]
    assert [
        (one.status.value, one.title.text, [text.text for text in one.text])
        for one in made.findings
    ] == [
        ("act_now", "At 10%, repeat offending is over its ceiling.",
         ["10% is 5 pts over the ceiling of 5%."]),
        ("on_track", "Risk fell 6 pts to 11%.",
         ["The score was 24% in September 2026 and is 11% now.",
          "The industry average is 7 pts higher, at 18%."]),
        ("watch", "A larger share of new enrolments is still open: 43%, up from 32%.",
         ["The newest enrolments have had the least time to finish."]),
    ]  # fmt: skip


def test_the_actions_name_who_by_when_and_how_it_shows() -> None:
    made = page()
    assert [
        (one.text.text, one.owner, one.due, one.measure.text) for one in made.actions
    ] == [
        ("Talk to each of the 46 repeat offenders face to face.", "Line managers",
         date(2026, 12, 29), "fewer repeat offenders than 46"),
        ("Run a drill that ends in one action: report.", "Security awareness lead",
         date(2027, 1, 26), "report rate at 30%"),
        ("Close out the 168 unfinished enrolments.", "Line managers",
         date(2027, 1, 12), "completion at 80%"),
    ]  # fmt: skip
    assert made.decision is not None
    assert made.decision.text == (
        "release 30 min of working time for each of 46 talks, about 23 h in all."
    )


def test_every_section_has_a_sample_and_shows_it() -> None:
    made = page()
    assert {view.kind for view in made.sections} == {*NAMES, "generic_trend", "generic_table"}
    assert all(view.state is SectionState.SHOWN for view in made.sections)
    assert (made.mark, made.reasons, made.missing) == ("", (), ())


def test_every_sentence_is_plain_and_of_a_length_to_be_read() -> None:
    said = [one for view in page().sections for one in checks.sentences(view) if one]
    assert max(len(one.text.split()) for one in said) <= 24
    assert all(one.text.strip() == one.text for one in said)


@pytest.mark.parametrize("language", available())
def test_the_figures_are_quoted_alike_in_every_language(language: str) -> None:
    for company in ("widgets", "edges"):
        made, known = recorded(company, language=language), page(company)
        assert made.reasons == ()
        assert [(one.metric, one.value, one.status) for one in made.figures] == [
            (one.metric, one.value, one.status) for one in known.figures
        ]
        assert [one.metric for one in made.findings] == [one.metric for one in known.findings]


# ---- the odd samples -----------------------------------------------------------------------

ODD_TITLES = {
    "campaign_scores": "The only campaign, Harbour Access Badge Renewal, scored 125%.",
    "dwell_distribution": "100% of the people who react do so within 5 min.",
    "report_rates": "The platform supplied no report rate for November 2026.",
    "riskiest_people": "Each of the 2 people listed is above the critical line of 60%.",
    "riskiest_departments": "People without a department on file have the highest score: 40%.",
    "time_to_failure": "The platform supplied no average times for this window.",
    "security_culture": "Security culture: Moderate, at 3.43 of 5.",
    "reported_mails": "1 of the 4 mails people reported was a confirmed threat.",
    "simulation_coverage": "All but 1 of the 1,200 people were tested.",
    "impact_of_training": "Risk fell from 45% in October 2026 to 40% in November 2026.",
    "training_completion": "Completion meets the target of 80%.",
}


def test_the_odd_samples_are_told_as_they_are_and_hold_nothing() -> None:
    made = page("edges")
    shown = {view.kind: view.title.text for view in made.sections if view.title}
    assert shown == ODD_TITLES
    assert made.reasons == ()


def test_all_zero_is_no_data_and_no_report_without_figures_speaks() -> None:
    made = page("zeros")
    mails = next(view for view in made.sections if view.kind == "reported_mails")
    assert mails.state is SectionState.NO_DATA
    assert made.headline.text == "No figures are available for November 2026."


# ---- the independent check -----------------------------------------------------------------


@pytest.mark.parametrize("company", ["widgets", "edges", "zeros"])
def test_the_raw_answers_bear_out_every_sentence(company: str) -> None:
    raw = {file.stem: sample(file.stem, company) for file in (DATA / company).glob("*.json")}
    known = Company(raw, spans("2026-11"), SAMPLES.targets)
    assert complaints(page(company), known) == []


def test_every_widget_type_of_the_sections_has_a_sample_file() -> None:
    files = {file.stem for file in (DATA / "widgets").glob("*.json")}
    assert {kinds()[name].WIDGETS[0] for name in NAMES} <= files

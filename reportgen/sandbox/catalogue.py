"""The widgets the platform offers: ids, names, drawings, and who tells their data."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from reportgen.sandbox import widgets
from reportgen.sandbox.companies import SandboxCompany


@dataclass(frozen=True, slots=True)
class Offer:
    """One drawing of one widget type."""

    widget_type: str
    name: str
    chart: str
    category: str
    tell: Callable[[widgets.Told], list[dict[str, Any]]]
    resource_id: str
    manager: bool = False

    def wire(self) -> dict[str, Any]:
        """As the catalogue lists it."""
        return {
            "resourceId": self.resource_id,
            "name": self.name,
            "description": f"{self.name}, as measured by the platform",
            "widgetType": self.widget_type,
            "chartType": self.chart,
            "imageUrl": f"/widgets/{self.resource_id}.png",
            "isSupportManager": self.manager,
        }


_KNOWN_IDS = {
    ("IndustryPhishingRiskScoreWidget", "stackedBar"): "uyzuHENtMZU0",
    ("ImpactOfPhishingAwarenessTrainingWidget", "bar"): "9c29GEAMmurS",
    ("RepeatOffendersUsersRateWidget", "stackedBar"): "mpdEh10N5E4d",
    ("TrainingCompletionWidget", "bar"): "MY5C2U34WAgw",
    ("SimulationCoverageWidget", "pie"): "k8PWY03vDPke",
    ("RepeatOffendersUsersThresholdWidget", "pie"): "NtjzN0TxgXWT",
}
"""Ids that are the same for every company of the platform."""

_PHISHING, _TRAINING, _CULTURE, _MANAGER = (
    "Phishing Metrics",
    "Training Metrics",
    "Security Culture",
    "Manager Metrics",
)
_TABLE = (
    (
        "PhishingRiskScoreAcrossIndustriesWidget",
        "Phishing Risk Score Trend Across Industries",
        ("line",),
        _PHISHING,
        widgets.risk_trend,
    ),
    (
        "IndustryPhishingRiskScoreWidget",
        "Industry Phishing Risk Score",
        ("stackedBar",),
        _PHISHING,
        widgets.campaigns,
    ),
    (
        "PhishingDwellTimeAndQuickestResponseTimeWidget",
        "Phishing Dwell Time and Quickest Response Time",
        ("line",),
        _PHISHING,
        widgets.dwell,
    ),
    (
        "PhishingDwellTimeDistributionWidget",
        "Phishing Dwell Time Distribution",
        ("bar",),
        _PHISHING,
        widgets.dwell_spread,
    ),
    (
        "PhishingSimulationEngagementReportingTrendsWidget",
        "Phishing Report Rates Over Time",
        ("stackedBar",),
        _PHISHING,
        widgets.report_rates,
    ),
    (
        "RepeatOffendersUsersRateWidget",
        "Phishing Simulation Repeat Offenders Rate",
        ("stackedBar",),
        _PHISHING,
        widgets.repeat_rate,
    ),
    (
        "HumanRiskScoreforHighestRiskUsersWidget",
        "Users with Highest Risk Scores",
        ("bar",),
        _PHISHING,
        widgets.riskiest_people,
    ),
    (
        "HumanRiskScoreforHighestRiskDepartmentsWidget",
        "Departments with Highest Risk Scores",
        ("bar",),
        _PHISHING,
        widgets.departments,
    ),
    (
        "HumanRiskScoreforHighestRiskCompaniesWidget",
        "Companies with Highest Risk Scores",
        ("bar",),
        _PHISHING,
        widgets.riskiest_companies,
    ),
    (
        "ResponseTimesToPhishingActionsWidget",
        "Users' Time to Failure",
        ("stackedBar",),
        _PHISHING,
        widgets.time_to_failure,
    ),
    (
        "SecurityCultureScoreGaugeWidget",
        "Security Culture Score",
        ("gauge",),
        _CULTURE,
        widgets.culture,
    ),
    (
        "TotalReportedSuspiciousEmailsAndPercentageWidget",
        "Total Reported Suspicious Emails and Percentage",
        ("Bar", "pie", "doughnut"),
        _PHISHING,
        widgets.suspicious,
    ),
    (
        "RepeatOffendersUsersThresholdWidget",
        "Repeat Offenders Users (Threshold: 2)",
        ("pie", "bar"),
        _PHISHING,
        widgets.repeat_people,
    ),
    (
        "SimulationCoverageWidget",
        "Simulation Coverage",
        ("pie", "bar"),
        _PHISHING,
        widgets.coverage,
    ),
    (
        "ImpactOfPhishingAwarenessTrainingWidget",
        "Impact of Phishing Awareness Training",
        ("bar",),
        _PHISHING,
        widgets.impact,
    ),
    (
        "TrainingCompletionWidget",
        "Training Completion",
        ("bar", "pie", "doughnut"),
        _TRAINING,
        widgets.training,
    ),
    ("PhishingActivityWidget", "Phishing Activity", ("bar",), _MANAGER, widgets.activity),
    (
        "TrainingEnrollmentActivityWidget",
        "Training Activity",
        ("bar",),
        _MANAGER,
        widgets.training_activity,
    ),
    (
        "PhishingCampaignTrendWidget",
        "Phishing Campaign Trend",
        ("stackedBar",),
        _PHISHING,
        widgets.trend,
    ),
    (
        "PhishingCampaignRiskiestUsersTableWidget",
        "Phishing Campaign Riskiest Users",
        ("table",),
        _PHISHING,
        widgets.people_table,
    ),
)


def _resource_id(widget_type: str, chart: str) -> str:
    """Twelve letters and digits, the same for everybody."""
    known = _KNOWN_IDS.get((widget_type, chart))
    return known or sha256(f"{widget_type}/{chart}".encode()).hexdigest()[:12]


OFFERS = tuple(
    Offer(
        widget_type,
        name,
        chart,
        category,
        tell,
        _resource_id(widget_type, chart),
        category == _MANAGER,
    )
    for widget_type, name, charts, category, tell in _TABLE
    for chart in charts
)
BY_ID = {offer.resource_id: offer for offer in OFFERS}


def licensed(company: SandboxCompany) -> tuple[Offer, ...]:
    """What a company's licence includes."""
    return tuple(offer for offer in OFFERS if offer.widget_type not in company.unlicensed)

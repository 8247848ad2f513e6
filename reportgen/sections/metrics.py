"""The metrics of the shipped sections, so that a file may name them before any section is loaded.

A metric that is not here is looked for in the sections themselves, which have the last word.
"""

from collections.abc import Mapping

TARGETS: Mapping[str, float] = {
    "risk_score": 200.0,
    "simulation_coverage": 100.0,
    "click_time": 10080.0,
    "submit_time": 10080.0,
    "report_rate": 100.0,
    "dwell_time": 10080.0,
    "training_completion": 100.0,
    "open_share": 100.0,
    "culture_score": 5.0,
    "repeat_offenders": 100.0,
}
ACTIONS = ("report_rate", "training_completion", "repeat_offenders", "department_risk")

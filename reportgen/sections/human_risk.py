"""What the rankings of people and departments share."""

from reportgen.views import Measure, Reader

CRITICAL = 60.0
"""Scores above this count as critical in the platform's portal."""


def human_risk(reader: Reader) -> Measure:
    """What the score of a person means; a department's is the mean of its people."""
    text = reader.words.text
    return Measure(
        text("Human risk score"),
        text("Simulated attacks with a risky action / received, times 100"),
        text("%"),
        "lower",
    )

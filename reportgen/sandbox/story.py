"""Twenty-four months of figures per company that agree with each other, from a seed."""

import math
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random

from reportgen.sandbox.companies import SandboxCompany

MONTHS = 24


@dataclass(frozen=True, slots=True)
class Month:
    """What happened at one company in one month."""

    start: date
    delivered: int
    clicked: int
    submitted: int
    mfa: int
    attachment: int
    reported_late: int
    """People who clicked and then reported."""
    reported: int
    """People who reported without clicking."""
    industry: int
    """The industry's score that month."""
    everyone: int
    """All industries' score."""
    dwell: int
    """Median minutes to a reaction."""
    quickest: int

    @property
    def risky(self) -> int:
        """Risky actions of every kind."""
        return self.clicked + self.submitted + self.mfa + self.attachment

    @property
    def score(self) -> int:
        """The phishing risk score: risky actions in percent of deliveries."""
        return math.ceil(100 * self.risky / self.delivered) if self.delivered else 0


def month_starts(today: date) -> tuple[date, ...]:
    """The first days of the 24 months that end with the current one."""
    number = today.year * 12 + today.month - MONTHS
    return tuple(date(n // 12, n % 12 + 1, 1) for n in range(number, number + MONTHS))


@lru_cache(maxsize=256)
def history(company: SandboxCompany, seed: int, today: date) -> tuple[Month, ...]:
    """Every month of a company, oldest first; the last one is still open."""
    if company.shape == "silent":
        return ()
    starts = month_starts(today)
    return tuple(_month(company, seed, place, start) for place, start in enumerate(starts))


def _month(company: SandboxCompany, seed: int, place: int, start: date) -> Month:
    chance = Random(f"{seed}:{company.company_id}:{place}")  # noqa: S311 - a story, not a secret
    delivered = max(1, round(company.people * (0.86 + 0.1 * chance.random())))
    score = _score(company, place, chance)
    risky = math.floor(delivered * score / 100)
    submitted, mfa, attachment = risky * 22 // 100, risky * 3 // 100, risky * 9 // 100
    reporting = _reporting(company, place, score, chance)
    late = math.floor(delivered * reporting * 0.2 / 100)
    return Month(
        start=start,
        delivered=delivered,
        clicked=risky - submitted - mfa - attachment,
        submitted=submitted,
        mfa=mfa,
        attachment=attachment,
        reported_late=late,
        reported=math.floor(delivered * reporting / 100) - late,
        industry=19 + (place < 14) + (place % 5 == 0),
        everyone=22 + (place < 12) + (place % 4 == 0),
        dwell=max(6, round(30 + score * 0.6 + 6 * chance.random())),
        quickest=1 + chance.randrange(3),
    )


def _score(company: SandboxCompany, place: int, chance: Random) -> int:
    """The month's risk score. A fixed path covers the last closed months; the shape the rest."""
    closed = place - (MONTHS - 1 - len(company.path))
    if company.path and closed >= 0:
        return company.path[min(closed, len(company.path) - 1)]
    noise = 4 * chance.random() - 2
    progress = place / (MONTHS - 1)
    level = {
        "improving": 46 - 33 * progress,
        "worsening": 9 + 22 * math.pow(progress, 1.6),
        "seasonal": 20 + 9 * math.cos(2 * math.pi * place / 12),
        "flat": 17.0,
    }[company.shape]
    return max(1, round(level + noise))


def _reporting(company: SandboxCompany, place: int, score: int, chance: Random) -> float:
    """Share of people who report: the inverse of risk, with months of its own."""
    wave = 3 * math.sin(2 * math.pi * (place + len(company.name)) / 9)
    return max(2.0, 30 - 0.35 * score + wave + 2 * chance.random())


@dataclass(frozen=True, slots=True)
class Window:
    """What a company's months in a window add up to."""

    months: tuple[Month, ...]
    people: int

    @property
    def score(self) -> float:
        """Mean risk score."""
        return sum(month.score for month in self.months) / len(self.months)

    @property
    def simulated(self) -> int:
        """People with at least one simulation."""
        covered = min(0.99, 0.9 + 0.03 * len(self.months))
        return max(1, math.floor(self.people * covered))

    @property
    def offenders(self) -> int:
        """People who failed at least twice."""
        return math.floor(self.simulated * min(60.0, self.score * 0.45) / 100)

    @property
    def enrolled(self) -> int:
        """Enrolments in training."""
        return self.people

    @property
    def completed(self) -> int:
        """Enrolments completed: better where risk is lower."""
        return math.floor(self.enrolled * max(20.0, 88 - self.score * 1.1) / 100)

    @property
    def in_progress(self) -> int:
        """Enrolments begun."""
        return math.floor((self.enrolled - self.completed) * 0.4)

    def heads(self, departments: int) -> tuple[int, ...]:
        """People per department, the largest first; they add up to everybody."""
        weights = [1 / (place + 1.6) for place in range(departments)]
        heads = [math.floor(self.people * weight / sum(weights)) for weight in weights]
        return (heads[0] + self.people - sum(heads), *heads[1:])

    def department_score(self, place: int) -> int:
        """A department's human risk score, falling from the first."""
        return max(1, min(100, round(self.score * (1.55 - 0.22 * place))))

"""What the rules judge by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from reportgen.model import Customer, Period, Rule, Widget
from reportgen.views import SectionView, Words


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure: the answer and what is shown of it, and both as they were the time before."""

    widget: Widget
    view: SectionView
    then: Widget | None = None
    before: SectionView | None = None
    drifted: bool = False
    """True when the platform has changed in between how it is defined."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one report that a rule may ask for."""

    customer: Customer
    period: Period
    today: date
    """The day of the report, where the customer is."""
    measured: tuple[Measured, ...]
    words: Words
    edition: bool = False
    """True when the earlier answers are an own edition's."""
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def whole_months(self) -> bool:
        """True when the period ends with a month that is over: its figures must be there."""
        return self.period.end.day == 1 and self.period.end <= self.today

    @property
    def newest_month(self) -> date:
        """The first day of the last month whose figures must be there."""
        last = self.period.last_day.replace(day=1)
        return last if self.whole_months else (last - timedelta(days=1)).replace(day=1)

"""The simulated attacks of a month: two runs, which together are what happened in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reportgen.sandbox.story import Month

_LURES = (
    ("Payroll Portal Update", "Phishing"),
    ("Parcel Redelivery SMS", "Smishing"),
    ("Supplier Invoice Attachment", "Phishing"),
    ("Meeting Room QR Check-in", "Quishing"),
    ("Shared Document Invitation", "Phishing"),
    ("IT Helpdesk Call", "Vishing"),
    ("Password Expiry Notice", "Phishing"),
    ("Benefits Enrolment Callback", "Callback"),
)
_FIRST_SHARE = 0.68
"""Of what a month holds, so much belongs to its first run."""


@dataclass(frozen=True, slots=True)
class Run:
    """One simulated attack and what came of it."""

    name: str
    channel: str
    start: date
    delivered: int
    clicked: int
    submitted: int
    mfa: int
    attachment: int
    reported: int
    dwell: int
    quickest: int

    @property
    def risky(self) -> int:
        """Risky actions of every kind."""
        return self.clicked + self.submitted + self.mfa + self.attachment


def runs(months: tuple[Month, ...]) -> Iterator[Run]:
    """Oldest first; the lures take turns by month of the year."""
    for month in months:
        place = 2 * month.start.month
        yield _run(month, place, 8, _FIRST_SHARE)
        yield _run(month, place + 1, 22, 1 - _FIRST_SHARE)


def _run(month: Month, place: int, day: int, share: float) -> Run:
    name, channel = _LURES[place % len(_LURES)]
    first = share == _FIRST_SHARE

    def part(whole: int) -> int:
        own = round(whole * _FIRST_SHARE)
        return own if first else whole - own

    return Run(
        name=name,
        channel=channel,
        start=month.start + timedelta(days=day),
        delivered=part(month.delivered),
        clicked=part(month.clicked),
        submitted=part(month.submitted),
        mfa=part(month.mfa),
        attachment=part(month.attachment),
        reported=part(month.reported + month.reported_late),
        dwell=month.dwell if first else month.dwell * 4 // 3,
        quickest=month.quickest + place % 3,
    )

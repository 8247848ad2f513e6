"""From the first kill to the last reckoning."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.crash.harness import OPEN, REPORTS, Harness, Tally, periods
from tests.crash.reckoning import Reckoning, reckon


@dataclass(frozen=True)
class Story:
    """How it went."""

    tally: Tally
    before: Reckoning
    """After the last life, before any person settled a doubt."""
    after: Reckoning
    """When every doubt was settled by what the mail server has."""

    @property
    def faults(self) -> tuple[str, ...]:
        """Every broken promise."""
        left = tuple(f"still in doubt: {each}" for each in self.after.unknown)
        return (*self.before.faults, *self.after.faults, *left)

    def lines(self) -> tuple[str, ...]:
        """The figures."""
        met = ", ".join(f"{count} {what}" for what, count in self.tally.met.most_common())
        arrived = sum(there for _, _, there in self.before.unknown)
        return (
            f"{self.tally.kills} kills ({met}); {self.tally.survived} lives ended by themselves",
            f"{self.before.runs} runs, {self.before.messages} messages; unknown: "
            f"{len(self.before.unknown)}, of which {arrived} had arrived",
            f"after settling: {self.after.messages} messages",
            f"{len(self.faults)} broken promises",
            *self.faults,
        )


def tell_story(harness: Harness, kills: int, say: Callable[[str], None]) -> Story:
    """Kill so often; let the rest finish; reckon; settle the doubts; reckon again."""
    used: list[str] = []
    months = periods()
    while harness.tally.kills < kills:
        if not used or not harness.killed_life(used[-1]):
            used.append(next(months))
        elif harness.tally.kills % 50 == 0:
            say(f"{harness.tally.kills} kills, {used[-1]}")
    for month in used:
        harness.whole_life("run", "--period", month)
    before = _reckoned(harness, used)
    for run, recipient, arrived in before.unknown:
        told = "--sent" if arrived else "--resend"
        harness.whole_life(
            "resolve", run, "--to", recipient, told, "--at-once", "--reason", "server's log"
        )
    for month in used:
        harness.whole_life("run", "--period", month)
    return Story(harness.tally, before, _reckoned(harness, used))


def _reckoned(harness: Harness, months: list[str]) -> Reckoning:
    expected = {
        (report, customer, month) for report in REPORTS for customer in OPEN for month in months
    }
    return reckon(harness.folder, harness.ledger, expected)

"""The phishing risk score of each simulated attack, beside the industry's."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import count_in, days_of, fact, mean, number_in
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name
from reportgen.telling import tell, tell_many
from reportgen.views import (
    Campaign,
    Campaigns,
    Chapter,
    Figure,
    Note,
    Reader,
    SectionView,
    Sentence,
)

_SHOWN, _AT_MOST = 10, 12
_UNREPORTABLE = ("vishing", "smishing")
"""Channels whose lures the platform gives people no button to report."""


class CampaignScores(WidgetSection):
    """Score of each campaign, beside the industry."""

    WIDGETS = ("IndustryPhishingRiskScoreWidget",)
    CHAPTER = Chapter.PHISHING

    section: Literal["campaign_scores"] = "campaign_scores"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Campaign by campaign")

    def exhibit(self, frame: Frame) -> SectionView:
        """One row a campaign run, oldest first, with a line at the industry's score."""
        if not frame.widget.entries:
            return frame.no_data()
        found = tuple(_campaigns(frame))
        if not found:
            return frame.unreadable("RiskScore")
        industry = _industry(frame.widget.entries)
        shown = found if len(found) <= _AT_MOST else found[-_SHOWN:]
        rest = found[: len(found) - len(shown)]
        figures = tuple(_figures(found, industry, frame.reader))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, found, frame.reader),
            subtitle=frame.subtitle(text("risk score of each run in %, with counts")),
            definition=text(
                "Risky actions of a run divided by its messages delivered, in percent. What counts "
                "as risky depends on the channel: clicks, submitted data, codes given away, "
                "attachments opened, codes scanned, calls made. Lighter bars are above the "
                "industry's average."
            ),
            lead=tuple(_lead(figures, found, frame.reader)),
            notes=tuple(_notes(found, frame)),
            data=Campaigns(shown, industry, len(rest), mean(row.score for row in rest)),
            figures=figures,
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _campaigns(frame: Frame) -> Iterator[Campaign]:
    entries = frame.widget.entries
    days = days_of(entries, "startDate", frame.widget.request.window)
    runs = (_campaign(entry, day, frame.reader) for entry, day in zip(entries, days, strict=True))
    known = [run for run in runs if run is not None]
    yield from sorted(known, key=lambda run: run.day or date.min)


def _campaign(entry: Entry, day: date | None, reader: Reader) -> Campaign | None:
    score = by_name(entry, "RiskScore")
    if score is None:
        score = number_in(entry.facts, "riskScore")
    if score is None:
        return None
    channel = fact(entry, "phishingType")
    reported = by_name(entry, "TotalReportedCount")
    return Campaign(
        name=fact(entry, "name", "campaignName") or reader.words.text("No name on file"),
        channel=_channel(channel, reader),
        score=round(score),
        day=day,
        sent=_sent(entry, channel),
        risky=_whole(by_name(entry, "TotalMetrics")),
        reported=None if channel.casefold() in _UNREPORTABLE and not reported else _whole(reported),
    )


def _channel(sent: str, reader: Reader) -> str:
    text = reader.words.text
    known = {
        "phishing": text("Email"),
        "smishing": text("Text message"),
        "quishing": text("QR code"),
        "vishing": text("Phone call"),
        "callback": text("Callback"),
    }
    return known.get(sent.casefold(), sent)


def _sent(entry: Entry, channel: str) -> int | None:
    """For calls, those placed; for all else, messages delivered."""
    calls = count_in(entry.facts, "totalCalledCount") if channel.casefold() == "vishing" else None
    return calls or count_in(entry.facts, "totalDeliveredCount")


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _industry(entries: tuple[Entry, ...]) -> float | None:
    """The platform repeats one figure in every entry."""
    known = (by_name(entry, "IndustryAverage") for entry in entries)
    return next((value for value in known if value is not None), None)


def _figures(
    runs: tuple[Campaign, ...], industry: float | None, reader: Reader
) -> Iterator[Figure]:
    text = reader.words.text
    highest = _highest(runs)
    yield Figure(
        "campaign_highest",
        text("Highest campaign score: {campaign}", campaign=highest.name),
        highest.score,
        "percent",
        "neither",
        goal=judging.goal("industry", industry, highest.score, "lower", "percent"),
        may_pass_100=True,
    )
    yield Figure("campaigns", text("Campaign runs"), len(runs), "count", "neither")
    if industry is not None and industry >= 0:
        above = sum(judging.difference(run.score, industry, "percent") > 0 for run in runs)
        yield Figure(
            "campaigns_above", text("Campaign runs above the industry"), above, "count", "neither"
        )


def _highest(runs: tuple[Campaign, ...]) -> Campaign:
    return max(runs, key=lambda run: run.score)


def _title(figures: tuple[Figure, ...], found: tuple[Campaign, ...], reader: Reader) -> Sentence:
    highest, runs, above = figures[0], figures[1], figures[2:]
    words = reader.words
    if runs.value < 2:
        return _only_one(highest, found[0], reader)
    if not above:
        return _at_the_top(highest, found, reader)
    if above[0].value == 0:
        return tell(words, "No campaign scored above the industry average of {goal}.", highest)
    if above[0].value == runs.value:
        return tell(words, "Every campaign scored above the industry average of {goal}.", highest)
    return tell_many(
        words,
        "{count} of {runs} campaigns scored above the industry average of {goal}.",
        "{count} of {runs} campaigns scored above the industry average of {goal}.",
        above[0],
        highest,
        runs=runs,
    )


def _only_one(figure: Figure, run: Campaign, reader: Reader) -> Sentence:
    if figure.goal is None:
        return tell(
            reader.words, "The only campaign, {campaign}, scored {value}.", figure,
            campaign=run.name,
        )  # fmt: skip
    return tell(
        reader.words,
        "The only campaign, {campaign}, scored {value} against an industry average of {goal}.",
        figure,
        campaign=run.name,
    )


def _at_the_top(figure: Figure, found: tuple[Campaign, ...], reader: Reader) -> Sentence:
    return tell(
        reader.words,
        "The highest campaign score is {value}, for {campaign}.",
        figure,
        campaign=_highest(found).name,
    )


def _lead(
    figures: tuple[Figure, ...], found: tuple[Campaign, ...], reader: Reader
) -> Iterator[Sentence]:
    if figures[1].value > 1:
        yield _at_the_top(figures[0], found, reader)


def _notes(runs: tuple[Campaign, ...], frame: Frame) -> Iterator[Note]:
    """A month with one channel only is compared with others that had more."""
    days = [run.day for run in runs if run.day]
    if not days or len({run.channel for run in runs}) < 2:
        return
    newest = max(days).replace(day=1)
    channels = {run.channel for run in runs if run.day and run.day.replace(day=1) == newest}
    if len(channels) == 1 and channels != {""}:
        yield frame.care(
            tell(
                frame.reader.words,
                "{month} used one channel only: {channel}. Its scores do not compare well with "
                "months of other lures.",
                month=frame.reader.words.month(newest),
                channel=channels.pop(),
            )
        )

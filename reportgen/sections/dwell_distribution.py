"""How reaction times spread: the share of people by minutes since delivery."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import minutes_range
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name
from reportgen.telling import _, tell
from reportgen.views import (
    Bucket,
    Chapter,
    Figure,
    Histogram,
    Phrases,
    Reader,
    SectionView,
    Sentence,
)

METRIC = "dwell_time"
_WHOLE = 99.0
"""Shares that come to this much leave no room for another."""
_PHRASES = Phrases(
    better=_("Half of the people who react do so within {value}, {change} sooner than before."),
    worse=_("Half of the people who react do so within {value}, {change} later than before."),
    unchanged=_("The median reaction time has hardly changed: {value}, after {previous}."),
    good=_("people react sooner"),
    bad=_("people react later"),
    met=_("people react within the agreed time"),
    missed=_("people react later than agreed"),
    over=_("At {value}, the median reaction takes longer than agreed."),
)


class DwellDistribution(WidgetSection):
    """Spread of reaction times, with the median."""

    WIDGETS = ("PhishingDwellTimeDistributionWidget",)
    CHAPTER = Chapter.REPORTING
    CHART = "bar"
    TARGETS: ClassVar = {METRIC: 10080.0}

    section: Literal["dwell_distribution"] = "dwell_distribution"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Spread of dwell time")

    def exhibit(self, frame: Frame) -> SectionView:
        """A true histogram: the area of a column is its share."""
        if not frame.widget.entries:
            return frame.no_data()
        shares = _shares(frame.widget.entries)
        if not shares:
            return frame.unreadable("Percentage")
        buckets = _buckets(frame.widget.entries, shares)
        if not buckets:
            return frame.unreadable("ActionRange")
        if not any(bucket.values[0] for bucket in buckets):
            return frame.no_data()
        median = _median(frame.widget.entries)
        figures = tuple(_figures(buckets, median, frame.reader))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame.reader),
            subtitle=frame.subtitle(text("% of those who reacted, by minutes since delivery")),
            lead=tuple(_lead(figures, frame.reader)),
            definition=text(
                "The area of a column is its share of people, so wide and narrow ranges compare "
                "fairly. Shares are rounded by the platform."
            ),
            data=Histogram(buckets, median),
            figures=figures,
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _shares(entries: tuple[Entry, ...]) -> tuple[float, ...]:
    """Percent of each range; nothing where one is below nought, or missing with room for it."""
    sent = [by_name(entry, "Percentage") for entry in entries]
    known = [share for share in sent if share is not None]
    whole = len(known) == len(sent) or sum(known) >= _WHOLE
    if not known or not whole or min(known) < 0:
        return ()
    return tuple(share or 0.0 for share in sent)


def _buckets(entries: tuple[Entry, ...], shares: tuple[float, ...]) -> tuple[Bucket, ...]:
    """In the order of time; a range nobody can read, or that overlaps, makes all unreadable."""
    found = []
    for entry, share in zip(entries, shares, strict=True):
        span = minutes_range(entry)
        if span is None:
            return ()
        found.append(Bucket(*span, (share,)))
    found.sort(key=lambda bucket: bucket.start)
    return _joined(found)


def _joined(found: list[Bucket]) -> tuple[Bucket, ...]:
    """The platform writes 0-15, 16-30: columns that touch, without the minute between."""
    joined: list[Bucket] = []
    for bucket in found:
        start = bucket.start
        if joined:
            before = joined[-1].end
            if before is None or start < before:
                return ()
            start = before if start - before <= 1 else start
        joined.append(Bucket(start, bucket.end, bucket.values))
    return tuple(joined)


def _median(entries: tuple[Entry, ...]) -> float | None:
    known = (by_name(entry, "AverageDwellTime") for entry in entries)
    return next((value for value in known if value is not None and value >= 0), None)


def _figures(buckets: tuple[Bucket, ...], median: float | None, reader: Reader) -> Iterator[Figure]:
    text = reader.words.text
    if median is not None:
        figure = Figure(
            METRIC,
            text("Median dwell time"),
            median,
            "minutes",
            "lower",
            smallest=2.0,
            card=3,
            phrases=_PHRASES,
        )
        yield judging.judged(figure, reader)
    span = _majority(buckets)
    if span is not None:
        share, end = span
        within = text("Reactions within {minutes}", minutes=reader.words.amount(end, "minutes"))
        yield Figure("reacted_share", within, share, "percent", "neither")
        yield Figure(
            "reacted_within",
            text("Minutes they took at the most"),
            end,
            "minutes",
            "neither",
            aside=True,
        )


def _majority(buckets: tuple[Bucket, ...]) -> tuple[float, float] | None:
    """Of the first range by whose end more than half had reacted: the share, and its end."""
    total = sum(bucket.values[0] for bucket in buckets)
    reached = 0.0
    for bucket in buckets:
        reached += bucket.values[0]
        if reached > total / 2:
            return None if bucket.end is None else (min(reached, 100.0), bucket.end)
    return None


def _title(figures: tuple[Figure, ...], reader: Reader) -> Sentence:
    known = {figure.metric: figure for figure in figures}
    if "reacted_share" in known:
        return tell(
            reader.words,
            "{value} of the people who react do so within {minutes}.",
            known["reacted_share"],
            minutes=known["reacted_within"],
        )
    if METRIC in known:
        return _half(known[METRIC], reader)
    return tell(reader.words, "The platform supplied no median reaction time for this window.")


def _half(median: Figure, reader: Reader) -> Sentence:
    return tell(reader.words, "Half of the people who react do so within {value}.", median)


def _lead(figures: tuple[Figure, ...], reader: Reader) -> Iterator[Sentence]:
    if figures and figures[0].metric == METRIC:
        yield _half(figures[0], reader)

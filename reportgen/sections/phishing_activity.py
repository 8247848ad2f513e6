"""What was sent, what went wrong and what was reported, month by month."""

from collections.abc import Iterator
from typing import Literal

from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import counted, months, reaches
from reportgen.telling import tell
from reportgen.views import (
    Chapter,
    Figure,
    Measure,
    Reader,
    Role,
    SectionView,
    Sentence,
    Series,
    Trend,
    Width,
)

_DRAWN = 6
"""Months that half a page has room for."""


class PhishingActivity(WidgetSection):
    """Simulated attacks, risky actions and reports by month."""

    WIDGETS = ("PhishingActivityWidget",)
    CHAPTER = Chapter.PHISHING
    WIDTH = Width.HALF

    section: Literal["phishing_activity"] = "phishing_activity"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Phishing activity")

    def exhibit(self, frame: Frame) -> SectionView:
        """Two narrow bars inside the bar of what was sent, on one scale."""
        entries = months(frame.widget.entries, frame.widget.request.window)[-_DRAWN:]
        if not entries:
            return frame.no_months()
        trend = _trend(entries, frame.reader)
        if not trend.series:
            return frame.unreadable("Delivered") if _filled(entries) else frame.no_data()
        if not any(value for series in trend.series for value in series.values):
            return frame.no_data()
        figures = tuple(_figures(trend, frame))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame),
            subtitle=frame.subtitle(text("counts by month"), trend.days),
            lead=(_title(figures, frame),),
            definition=text("All bars share one scale. Counts alone carry no verdict."),
            notes=tuple(frame.open_month()),
            data=trend,
            figures=figures,
            measures=(
                Measure(
                    text("Phishing activity"),
                    text("Simulated attacks sent, risky actions, reports"),
                    text("count"),
                    "neither",
                ),
            ),
            rows=rows.of_trend(trend, frame.reader),
        )


def _filled(entries: tuple[Entry, ...]) -> bool:
    return any(entry.values for entry in entries)


def _trend(entries: tuple[Entry, ...], reader: Reader) -> Trend:
    days = tuple(entry.day for entry in entries if entry.day)
    known = tuple(one for one in _series(entries, reader) if set(one.values) != {None})
    return Trend(days, known if known and known[0].role == "sent" else (), "count")


def _series(entries: tuple[Entry, ...], reader: Reader) -> Iterator[Series]:
    text = reader.words.text
    shapes: tuple[tuple[str, Role, tuple[str, ...]], ...] = (
        (text("Sent"), "sent", ("Delivered",)),
        (text("Risky actions"), "risky", ("RiskyActions", "Risky Actions")),
        (text("Reports"), "reported", ("Reported",)),
    )
    for label, role, labels in shapes:
        yield Series(label, role, tuple(counted(entry, *labels) for entry in entries))


def _figures(trend: Trend, frame: Frame) -> Iterator[Figure]:
    if not reaches(trend.days, frame.widget.request.window):
        return
    for series in trend.series:
        value = series.values[-1]
        if value is not None:
            yield Figure(f"activity_{series.role}", series.label, value, "count", "neither")


def _title(figures: tuple[Figure, ...], frame: Frame) -> Sentence:
    words, month = frame.reader.words, frame.month
    known = {figure.metric: figure for figure in figures}
    risky, reported = known.get("activity_risky"), known.get("activity_reported")
    if not figures:
        return tell(words, "The platform supplied no counts for {month}.", month=month)
    if risky is None or reported is None:
        return tell(
            words, "The platform supplied only some of the counts for {month}.", month=month
        )
    if reported.value > risky.value:
        return tell(
            words,
            "Reports outnumbered risky actions in {month}: {reported} to {risky}.",
            reported=reported,
            risky=risky,
            month=month,
        )
    if reported.value < risky.value:
        return tell(
            words,
            "Risky actions outnumbered reports in {month}: {risky} to {reported}.",
            reported=reported,
            risky=risky,
            month=month,
        )
    if not risky.value:
        return tell(words, "There were neither reports nor risky actions in {month}.", month=month)
    return tell(
        words,
        "Reports and risky actions were level in {month}: {risky} each.",
        risky=risky,
        month=month,
    )

"""Who reported the simulated attacks, month by month: three parts of a whole."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_label, months, past_month, reaches
from reportgen.telling import _, tell
from reportgen.views import (
    Chapter,
    Figure,
    Measure,
    Note,
    Phrases,
    Proposal,
    Reader,
    Row,
    SectionView,
    Sentence,
    Series,
    Trend,
    Width,
)

METRIC = "report_rate"
_ALERT = "Users Who Did Not Click And Reported"
_LATE = "Users Who Clicked And Reported"
_SILENT = "Users Who Did Not Report"
_ROUNDED_UP = 103
"""What three parts of a whole come to at the most when each is rounded up."""
_DRAWN = 12
"""Months in the chart; one bar each."""
_PHRASES = Phrases(
    better=_("{value} of people reported, up from {previous}."),
    worse=_("Reporting slipped from {previous} to {value}."),
    unchanged=_("Reporting stays at {value}."),
    good=_("people raise the alarm more often"),
    bad=_("people raise the alarm less often"),
    met=_("reporting is on target"),
    missed=_("too few people raise the alarm"),
    over=_("Only {value} of people reported, {gap} short of the target."),
)

Rates = tuple[float | None, ...]


class ReportRates(WidgetSection):
    """Report rates over time."""

    WIDGETS = ("PhishingSimulationEngagementReportingTrendsWidget",)
    CHAPTER = Chapter.REPORTING
    WIDTH = Width.SIDE
    SPAN: ClassVar = "history"
    CHART = "bar"
    TARGETS: ClassVar = {METRIC: 100.0}
    ACTIONS = (METRIC,)

    section: Literal["report_rates"] = "report_rates"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Report rates by month")

    def exhibit(self, frame: Frame) -> SectionView:
        """One bar a month; the reporting parts stand at the base line."""
        entries = months(frame.widget.entries, frame.widget.request.window)[-_DRAWN:]
        if not entries:
            return frame.no_months()
        if not any(entry.values for entry in entries):
            return frame.no_data()
        trend = _trend(entries, frame.reader)
        if not trend.series:
            return frame.unreadable(_ALERT)
        rates = tuple(_rate(entry) for entry in entries)
        figures = tuple(_figures(trend, rates, entries, frame))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame),
            subtitle=frame.subtitle(
                text("% of people who received a simulated attack, by month"), trend.days
            ),
            lead=tuple(_lead(figures, frame)),
            definition=text(
                "Report rate: people who reported a simulated attack, whether they clicked first "
                "or not, as a share of everyone who received one. The platform rounds each part "
                "up, so parts may add up to more than 100. Higher is better."
            ),
            notes=(*_notes(figures, frame.reader), *frame.open_month()),
            data=trend,
            figures=figures,
            proposals=tuple(_proposals(figures, frame.reader)),
            measures=(
                Measure(
                    text("Report rate"),
                    text("Reported without clicking + reported after clicking"),
                    text("% of people"),
                    "higher",
                ),
            ),
            rows=(*_rate_rows(trend, rates, figures, frame), *rows.of_trend(trend, frame.reader)),
        )


def _trend(entries: tuple[Entry, ...], reader: Reader) -> Trend:
    series = tuple(one for one in _series(entries, reader) if set(one.values) != {None})
    return Trend(
        tuple(entry.day for entry in entries if entry.day), series, "percent", stacked=True
    )


def _series(entries: tuple[Entry, ...], reader: Reader) -> Iterator[Series]:
    text = reader.words.text
    for label, start in (
        (text("Reported without clicking"), _ALERT),
        (text("Clicked, then reported"), _LATE),
        (text("Did not report"), _SILENT),
    ):
        yield Series(label, "part", tuple(by_label(entry, start) for entry in entries))


def _rate(entry: Entry) -> float | None:
    """
    Both reporting parts together.

    None where nobody was tested, or where a part is missing that the others leave room for.
    """
    parts = [by_label(entry, start) for start in (_ALERT, _LATE)]
    reported = [part for part in parts if part is not None]
    silent = by_label(entry, _SILENT)
    total = sum(reported) + (silent or 0)
    if not reported or total == 0 or (len(reported) < len(parts) and not _whole(silent, total)):
        return None
    return sum(reported) if total > _ROUNDED_UP else min(sum(reported), 100)


def _whole(silent: float | None, total: float) -> bool:
    return silent is not None and total >= 100


# ---- figures -------------------------------------------------------------------------------


def _figures(
    trend: Trend, rates: Rates, entries: tuple[Entry, ...], frame: Frame
) -> Iterator[Figure]:
    """The rate of the newest month, then its silent and its late part."""
    latest, text = rates[-1], frame.reader.words.text
    if latest is None or not reaches(trend.days, frame.widget.request.window):
        return
    figure = Figure(
        metric=METRIC,
        label=text("Report rate"),
        value=latest,
        unit="percent",
        better="higher",
        spark=tuple(rate for rate in rates if rate is not None),
        card=2,
        phrases=_PHRASES,
    )
    figure = judging.judged(figure, frame.reader, past_month(trend.days, rates))
    silent = _silent(entries[-1], frame.reader)
    said = [tell(frame.reader.words, "{value} of people did not report.", each) for each in silent]
    yield judging.with_evidence(figure, *said, *judging.against_goal(frame.reader.words, figure))
    yield from silent


def _silent(entry: Entry, reader: Reader) -> tuple[Figure, ...]:
    value = by_label(entry, _SILENT)
    if value is None:
        return ()
    return (Figure("silent", reader.words.text("Did not report"), value, "percent", "lower"),)


def _rate_rows(
    trend: Trend, rates: Rates, figures: tuple[Figure, ...], frame: Frame
) -> Iterator[Row]:
    text = frame.reader.words.text
    whole = Trend(trend.days, (Series(text("Report rate"), "company", rates),), "percent")
    leading = figures[0] if figures else None
    yield from rows.of_trend(whole, frame.reader, leading)


# ---- words ---------------------------------------------------------------------------------


def _title(figures: tuple[Figure, ...], frame: Frame) -> Sentence:
    if not figures:
        return _no_rate(frame)
    return judging.said(frame.reader.words, figures[0])


def _no_rate(frame: Frame) -> Sentence:
    return tell(
        frame.reader.words, "The platform supplied no report rate for {month}.", month=frame.month
    )


def _lead(figures: tuple[Figure, ...], frame: Frame) -> Iterator[Sentence]:
    if not figures:
        yield _no_rate(frame)
        return
    yield tell(
        frame.reader.words,
        "{value} of the people who received a simulated attack in {month} reported it.",
        figures[0],
        month=frame.month,
    )


def _notes(figures: tuple[Figure, ...], reader: Reader) -> Iterator[Note]:
    words = reader.words
    if not figures:
        return
    yield Note(
        words.text("What it means"),
        (
            *figures[0].evidence,
            tell(words, "A report after a click still helps: the response can start."),
        ),
    )
    if figures[0].goal is None:
        yield Note(
            words.text("No peer figure"),
            (
                tell(
                    words,
                    "The platform supplies no industry average for report rates. Without a "
                    "target, only the change can be judged.",
                ),
            ),
            care=True,
        )


def _proposals(figures: tuple[Figure, ...], reader: Reader) -> Iterator[Proposal]:
    words = reader.words
    if not figures:
        return
    figure = figures[0]
    if figure.goal and figure.goal.gap > 0:
        measure = tell(words, "report rate at {goal}", figure)
    elif figure.delta and figure.delta.judgement == "worse":
        measure = tell(words, "report rate back above {previous}", figure)
    else:
        return
    yield Proposal(
        METRIC,
        tell(words, "Run a drill that ends in one action: report."),
        words.text("Security awareness lead"),
        timedelta(weeks=8).days,
        measure,
    )

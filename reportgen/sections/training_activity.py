"""New enrolments in training by month, and how many of them are still open."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import share_of
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import counted, months, past_month, reaches
from reportgen.telling import _, tell
from reportgen.views import (
    Chapter,
    Figure,
    Phrases,
    Reader,
    SectionView,
    Sentence,
    Series,
    Trend,
    Width,
)

METRIC = "open_share"
_DRAWN = 6
_PHRASES = Phrases(
    better=_("A smaller share of new enrolments is still open: {value}, down from {previous}."),
    worse=_("A larger share of new enrolments is still open: {value}, up from {previous}."),
    unchanged=_("The open share of new enrolments has hardly changed: {value}, after {previous}."),
    over=_("At {value}, too large a share of new enrolments is still open."),
)


class TrainingActivity(WidgetSection):
    """Enrolments completed and open, by month."""

    WIDGETS = ("TrainingEnrollmentActivityWidget", "TrainingActivityWidget")
    CHAPTER = Chapter.TRAINING
    WIDTH = Width.HALF
    TARGETS: ClassVar = {METRIC: 100.0}

    section: Literal["training_activity"] = "training_activity"

    def name(self, reader: Reader) -> str:
        return reader.words.text("New enrolments in training")

    def exhibit(self, frame: Frame) -> SectionView:
        """Stacked columns with the open share printed."""
        entries = months(frame.widget.entries, frame.widget.request.window)[-_DRAWN:]
        if not entries:
            return frame.no_months()
        totals = tuple(counted(entry, "Total", "Enrollment") for entry in entries)
        still_open = tuple(counted(entry, "Incomplete") for entry in entries)
        if set(totals) == {None}:
            filled = any(entry.values for entry in entries)
            return frame.unreadable("Total") if filled else frame.no_data()
        if not any(totals):
            return frame.no_data()
        trend = _trend(entries, totals, still_open, frame.reader)
        shares = tuple(_share(*pair) for pair in zip(totals, still_open, strict=True))
        figures = tuple(_figures(trend, shares, frame))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame),
            subtitle=frame.subtitle(
                text("enrolments by month, and share not completed"), trend.days
            ),
            lead=(_title(figures, frame),) if figures else (),
            definition=text(
                "Completed is all enrolments less those not completed. Recent months have had "
                "less time to finish."
            ),
            notes=tuple(frame.open_month()),
            data=trend,
            figures=figures,
            rows=(
                *rows.of_trend(trend, frame.reader),
                *rows.of_figures(figures, frame.widget.request.window, frame.reader),
            ),
        )


Counts = tuple[float | None, ...]


def _trend(entries: tuple[Entry, ...], totals: Counts, still_open: Counts, reader: Reader) -> Trend:
    text = reader.words.text
    done = tuple(_done(*pair) for pair in zip(totals, still_open, strict=True))
    return Trend(
        tuple(entry.day for entry in entries if entry.day),
        (
            Series(text("Completed"), "completed", done),
            Series(text("Not completed"), "open", still_open),
        ),
        "count",
    )


def _done(total: float | None, still_open: float | None) -> float | None:
    """All less those open; None where a count is missing or the two contradict each other."""
    if total is None or still_open is None or still_open > total:
        return None
    return total - still_open


def _share(total: float | None, still_open: float | None) -> float | None:
    """Percent; None where nothing was begun or the counts do not tell."""
    if not total or still_open is None or _done(total, still_open) is None:
        return None
    return float(round(share_of(still_open, total)))


def _figures(trend: Trend, shares: Counts, frame: Frame) -> Iterator[Figure]:
    share = shares[-1]
    if share is None or not reaches(trend.days, frame.widget.request.window):
        return
    figure = Figure(
        METRIC,
        frame.reader.words.text("Enrolments not completed, %"),
        share,
        "percent",
        "lower",
        smallest=2.0,
        phrases=_PHRASES,
    )
    figure = judging.judged(figure, frame.reader, past_month(trend.days, shares))
    said = tell(frame.reader.words, "The newest enrolments have had the least time to finish.")
    yield judging.with_evidence(figure, said)


def _title(figures: tuple[Figure, ...], frame: Frame) -> Sentence:
    words = frame.reader.words
    if not figures:
        return tell(words, "The platform supplied no open share for {month}.", month=frame.month)
    if figures[0].delta is None:
        return tell(
            words, "{value} of the enrolments of {month} are open.", figures[0], month=frame.month
        )
    return judging.said(words, figures[0])

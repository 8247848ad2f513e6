"""A year of the phishing risk score, to be read beside a year of training."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name, months, reaches
from reportgen.telling import _, tell
from reportgen.views import (
    Chapter,
    Figure,
    Reader,
    SectionView,
    Sentence,
    Series,
    Trend,
)


class ImpactOfTraining(WidgetSection):
    """Risk score over twelve months, against the industry."""

    WIDGETS = ("ImpactOfPhishingAwarenessTrainingWidget",)
    CHAPTER = Chapter.TRAINING
    SPAN: ClassVar = "history"

    section: Literal["impact_of_training"] = "impact_of_training"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Risk during the training programme")

    def exhibit(self, frame: Frame) -> SectionView:
        """A column a month, dark once below the industry, with means of three months."""
        entries = months(frame.widget.entries, frame.widget.request.window)
        if not entries:
            return frame.no_months()
        trend = _trend(entries, frame.reader)
        if not trend.series:
            return _without_score(entries, frame)
        figures = tuple(_figures(trend, frame))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(trend, figures, frame),
            subtitle=frame.subtitle(text("risk score in %, by month"), trend.days),
            lead=tuple(_lead(trend, figures, frame)),
            definition=text(
                "The phishing risk score while training went on. Darker columns are below the "
                "industry's average; brackets show means of three months. What happens together "
                "need not be cause and effect: the mix of lures changes, too."
            ),
            notes=tuple(frame.open_month()),
            data=trend,
            figures=figures,
            rows=rows.of_trend(trend, frame.reader),
        )


def _trend(entries: tuple[Entry, ...], reader: Reader) -> Trend:
    own = tuple(by_name(entry, "Percentage") for entry in entries)
    peers = tuple(by_name(entry, "IndustryAverage") for entry in entries)
    text = reader.words.text
    series = (
        Series(text("Phishing risk score"), "company", own),
        Series(text("Industry average"), "industry", peers),
    )
    days = tuple(entry.day for entry in entries if entry.day)
    known = tuple(one for one in series if set(one.values) != {None})
    return Trend(days, known if known and known[0].role == "company" else (), "percent")


def _without_score(entries: tuple[Entry, ...], frame: Frame) -> SectionView:
    if any(by_name(entry, "IndustryAverage") is not None for entry in entries):
        return frame.no_data()
    return frame.unreadable("Percentage") if any(e.values for e in entries) else frame.no_data()


def _figures(trend: Trend, frame: Frame) -> Iterator[Figure]:
    """The newest month and the oldest one."""
    values, words = trend.series[0].values, frame.reader.words
    now = values[-1]
    if now is None or not reaches(trend.days, frame.widget.request.window):
        return
    yield Figure(
        "impact_now",
        words.text("Phishing risk score"),
        now,
        "percent",
        "neither",
        may_pass_100=True,
    )
    start = values[0]
    if start is not None and len(values) > 1:
        label = words.text("Phishing risk score, {month}", month=words.month(trend.days[0]))
        yield Figure("impact_start", label, start, "percent", "neither", may_pass_100=True)


def _title(trend: Trend, figures: tuple[Figure, ...], frame: Frame) -> Sentence:
    words = frame.reader.words
    if not figures:
        return tell(words, "The platform supplied no score for {month}.", month=frame.month)
    if len(figures) < 2:
        return tell(words, "The risk score was {value} in {month}.", figures[0], month=frame.month)
    return _moved(trend, figures, frame, _TITLES)


def _lead(trend: Trend, figures: tuple[Figure, ...], frame: Frame) -> Iterator[Sentence]:
    if len(figures) > 1:
        yield _moved(trend, figures, frame, _LEADS)


_TITLES = (
    _("Risk fell from {start} in {first} to {value} in {last}."),
    _("Risk rose from {start} in {first} to {value} in {last}."),
    _("Risk was {value} in {last}, as it was in {first}."),
)
_LEADS = (
    _("Risk fell from {start} in {first} to {value} in {last}, while the training programme ran."),
    _("Risk rose from {start} in {first} to {value} in {last}, while the training programme ran."),
    _("Risk was {value} in {last}, as it was in {first}, while the training programme ran."),
)


def _moved(
    trend: Trend, figures: tuple[Figure, ...], frame: Frame, messages: tuple[str, str, str]
) -> Sentence:
    """One of three messages: fallen, risen, as it was."""
    now, start = figures
    moved = judging.difference(now.value, start.value, "percent")
    fallen, risen, level = messages
    return tell(
        frame.reader.words,
        level if not moved else risen if moved > 0 else fallen,
        now,
        start=start,
        first=frame.reader.words.month(trend.days[0]),
        last=frame.month,
    )

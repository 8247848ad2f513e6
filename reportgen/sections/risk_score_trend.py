"""The phishing risk score by month, beside the customer's industry and all industries."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_label, has_label, month_before, months, reaches
from reportgen.telling import _, tell, tell_many
from reportgen.views import (
    Chapter,
    Figure,
    Goal,
    Measure,
    Note,
    Phrases,
    Reader,
    SectionView,
    Sentence,
    Series,
    Trend,
    Width,
)

METRIC = "risk_score"
_COMPANY = "Company Phishing Risk Score"
_INDUSTRY = "Industry Avg"
_ALL = "All Industry Avg"
PHRASES = Phrases(
    better=_("Risk fell {change} to {value}."),
    worse=_("Risk rose {change} to {value}."),
    unchanged=_("Risk stays at {value}."),
    good=_("phishing risk has fallen"),
    bad=_("phishing risk has risen"),
    met=_("phishing risk is at or below its benchmark"),
    missed=_("phishing risk is above its benchmark"),
    over=_("At {value}, risk is above its benchmark."),
)


class RiskScoreTrend(WidgetSection):
    """Risk score by month against the industry."""

    WIDGETS = ("PhishingRiskScoreAcrossIndustriesWidget",)
    CHAPTER = Chapter.PHISHING
    WIDTH = Width.SIDE
    SPAN: ClassVar = "history"
    CHART = "line"
    TARGETS: ClassVar = {METRIC: 200.0}

    section: Literal["risk_score_trend"] = "risk_score_trend"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Phishing risk score against industry")

    def exhibit(self, frame: Frame) -> SectionView:
        """A line each for the company, its industry and all industries."""
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
            subtitle=frame.subtitle(text("% of simulated attacks delivered, by month"), trend.days),
            lead=tuple(_lead(figures, frame)),
            definition=text(
                "Risky actions divided by simulated attacks delivered, in percent. One person may "
                "take several risky actions, so the score can pass 100. Lower is better."
            ),
            notes=tuple(_notes(trend, figures, frame)),
            data=trend,
            figures=figures,
            measures=(
                Measure(
                    text("Phishing risk score"),
                    text("Risky actions / simulated attacks delivered, times 100"),
                    text("%"),
                    "lower",
                ),
            ),
            rows=rows.of_trend(trend, frame.reader, _leading(figures)),
        )


def _without_score(entries: tuple[Entry, ...], frame: Frame) -> SectionView:
    """A company without simulations still gets its industry's figures beside an empty score."""
    nulls = (None,) * len(entries)
    industry = any(_values(entries, label) != nulls for label in (_INDUSTRY, _ALL))
    if industry and has_label(entries, _COMPANY):
        return frame.no_data()
    return frame.unreadable(_COMPANY)


def _trend(entries: tuple[Entry, ...], reader: Reader) -> Trend:
    series = tuple(one for one in _series(entries, reader) if set(one.values) != {None})
    known = series if series and series[0].role == "company" else ()
    return Trend(tuple(entry.day for entry in entries if entry.day), known, "percent")


def _series(entries: tuple[Entry, ...], reader: Reader) -> Iterator[Series]:
    text = reader.words.text
    yield Series(reader.company or text("Company"), "company", _values(entries, _COMPANY))
    yield Series(text("Industry average"), "industry", _values(entries, _INDUSTRY))
    yield Series(text("All industries"), "all_industries", _values(entries, _ALL))


def _values(entries: tuple[Entry, ...], label: str) -> tuple[float | None, ...]:
    return tuple(by_label(entry, label) for entry in entries)


# ---- figures -------------------------------------------------------------------------------


def _figures(trend: Trend, frame: Frame) -> Iterator[Figure]:
    """The score of the newest month first, then the one of the oldest."""
    values, text = trend.series[0].values, frame.reader.words.text
    latest = values[-1]
    if latest is None or not reaches(trend.days, frame.widget.request.window):
        return
    figure = Figure(
        metric=METRIC,
        label=text("Phishing risk score"),
        value=latest,
        unit="percent",
        better="lower",
        goal=_benchmark(trend, latest),
        spark=tuple(value for value in values if value is not None),
        card=1,
        may_pass_100=True,
        phrases=PHRASES,
    )
    figure = judging.judged(figure, frame.reader, month_before(trend, 0))
    start = _start(trend, frame)
    run = _run(trend, frame)
    evidence = _evidence(figure, start, trend, frame)
    yield judging.with_evidence(figure, *evidence)
    yield from (each for each in (start, run) if each is not None)


def _benchmark(trend: Trend, latest: float) -> Goal | None:
    """The customer's industry, else all industries."""
    for series in trend.series[1:]:
        value = series.values[-1]
        if value is not None:
            own = series.role == "industry"
            kind: judging.GoalKind = "industry" if own else "all_industries"
            return judging.goal(kind, value, latest, "lower", "percent")
    return None


def _start(trend: Trend, frame: Frame) -> Figure | None:
    """The oldest known score; None where there is only one month."""
    value = trend.series[0].values[0]
    if value is None or len(trend.days) < 3:
        return None
    words = frame.reader.words
    label = words.text("Phishing risk score, {month}", month=words.month(trend.days[0]))
    day = trend.days[0]
    return Figure(
        "risk_score_start", label, value, "percent", "neither", day=day, may_pass_100=True
    )


def _run(trend: Trend, frame: Frame) -> Figure | None:
    """How many months in a row the score has fallen, up to the newest; None below three."""
    values, count = trend.series[0].values, 0
    for newer, older in zip(reversed(values[1:]), reversed(values[:-1]), strict=True):
        if newer is None or older is None or judging.difference(newer, older, "percent") >= 0:
            break
        count += 1
    label = frame.reader.words.text("Months in a row with falling risk")
    return (
        Figure("risk_score_run", label, count, "count", "neither", aside=True)
        if count > 2
        else None
    )


def _leading(figures: tuple[Figure, ...]) -> Figure | None:
    return figures[0] if figures else None


def _known(figures: tuple[Figure, ...]) -> dict[str, Figure]:
    return {figure.metric: figure for figure in figures}


# ---- words ---------------------------------------------------------------------------------


def _title(trend: Trend, figures: tuple[Figure, ...], frame: Frame) -> Sentence:
    if not figures:
        return _no_score(frame)
    figure, words = figures[0], frame.reader.words
    start, crossed = _known(figures).get("risk_score_start"), _crossed(trend)
    if start is None or not crossed:
        return judging.said(words, figure)
    if crossed == "below":
        return tell(
            words,
            "Risk went from {start}, above the industry, to {value}, below it.",
            figure,
            start=start,
        )
    return tell(
        words,
        "Risk went from {start}, below the industry, to {value}, above it.",
        figure,
        start=start,
    )


def _crossed(trend: Trend) -> str:
    """Which side of its industry the company is on now, where it began on the other one."""
    own = trend.series[0].values
    peers = next((one.values for one in trend.series if one.role == "industry"), None)
    if peers is None:
        return ""
    ends = [(own[0], peers[0]), (own[-1], peers[-1])]
    gaps = [
        judging.difference(one, two, "percent")
        for one, two in ends
        if one is not None and two is not None
    ]
    if len(gaps) < len(ends):
        return ""
    if gaps[0] > 0 > gaps[1]:
        return "below"
    return "above" if gaps[0] < 0 < gaps[1] else ""


def _no_score(frame: Frame) -> Sentence:
    return tell(
        frame.reader.words, "The platform supplied no score for {month}.", month=frame.month
    )


def _lead(figures: tuple[Figure, ...], frame: Frame) -> Iterator[Sentence]:
    if not figures:
        yield _no_score(frame)
        return
    figure = figures[0]
    yield tell(frame.reader.words, _against_industry(figure), figure, month=frame.month)


def _against_industry(figure: Figure) -> str:
    if figure.goal is None or figure.goal.kind != "industry":
        return _("Risky actions came to {value} of the simulated attacks in {month}.")
    if figure.goal.gap < 0:
        return _(
            "Risky actions came to {value} of the simulated attacks in {month}, {gap} below the "
            "industry average."
        )
    if figure.goal.gap > 0:
        return _(
            "Risky actions came to {value} of the simulated attacks in {month}, {gap} above the "
            "industry average."
        )
    return _(
        "Risky actions came to {value} of the simulated attacks in {month}, level with the "
        "industry average."
    )


def _notes(trend: Trend, figures: tuple[Figure, ...], frame: Frame) -> Iterator[Note]:
    said = tuple(_meaning(trend, figures, frame)) if figures else ()
    if said:
        yield Note(frame.reader.words.text("What it means"), said)
    yield from frame.open_month()


def _meaning(trend: Trend, figures: tuple[Figure, ...], frame: Frame) -> Iterator[Sentence]:
    words, run = frame.reader.words, _known(figures).get("risk_score_run")
    if run:
        yield tell_many(
            words,
            "Risk has fallen in the last month.",
            "Risk has fallen in each of the last {count} months.",
            run,
        )
    yield from figures[0].evidence


def _evidence(
    figure: Figure, start: Figure | None, trend: Trend, frame: Frame
) -> Iterator[Sentence]:
    words = frame.reader.words
    if start:
        yield tell(
            words,
            "The score was {start} in {month} and is {value} now.",
            figure,
            start=start,
            month=words.month(trend.days[0]),
        )
    yield from judging.against_goal(words, figure)

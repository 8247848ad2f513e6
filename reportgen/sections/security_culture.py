"""The security culture score on its scale, and the surveys it is the mean of."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import count_in, number_in, objects_in, text_in
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name
from reportgen.telling import _, tell
from reportgen.views import (
    Band,
    Chapter,
    Culture,
    Figure,
    Measure,
    Phrases,
    Reader,
    SectionView,
    Sentence,
    Survey,
)

METRIC = "culture_score"
_HIGHEST = 5.0
_SURVEYS = 8
_RANGE = re.compile(r"\s*\([\d.,\s\N{EN DASH}-]+\)\s*$")
"""Bands may carry their range in brackets."""
_PHRASES = Phrases(
    better=_("The culture score rose {change} to {value}."),
    worse=_("The culture score slipped {change} to {value}."),
    unchanged=_("The culture score has hardly changed: {value}, after {previous}."),
    good=_("security culture is growing"),
    bad=_("security culture is slipping"),
    met=_("security culture is at or above its benchmark"),
    missed=_("security culture is below its benchmark"),
    over=_("At {value}, the culture score is below its benchmark."),
)


class SecurityCulture(WidgetSection):
    """Culture score against its benchmark."""

    WIDGETS = ("SecurityCultureScoreGaugeWidget",)
    CHAPTER = Chapter.CULTURE
    TARGETS: ClassVar = {METRIC: 5.0}

    section: Literal["security_culture"] = "security_culture"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Security culture score")

    def exhibit(self, frame: Frame) -> SectionView:
        """A band scale from 0 to 5 with the surveys below it."""
        entry = next((one for one in frame.widget.entries if one.facts or one.values), None)
        if entry is None:
            return frame.no_data()
        score = _score(entry, "overallScore", "OverallScoreX100")
        if score is None:
            return frame.unreadable("OverallScoreX100")
        if not score:
            return frame.no_data()
        data = _culture(entry, score, frame.reader)
        figures = (_figure(data, _answers(entry), frame.reader),)
        data = replace(data, previous=figures[0].previous)
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures[0], data, frame.reader),
            subtitle=frame.subtitle(text("0 to 5, mean of all answers to surveys")),
            lead=tuple(_lead(figures[0], data, frame.reader)),
            definition=text(
                "Mean of survey answers, weighted by the number of participants. The area of a "
                "circle is its number of answers. Higher is better."
            ),
            data=data,
            figures=figures,
            measures=(
                Measure(
                    text("Culture score"),
                    text("Mean of survey answers, weighted by participants"),
                    text("0 to 5"),
                    "higher",
                ),
            ),
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _score(entry: Entry, fact_name: str, value_name: str) -> float | None:
    """A figure above 5 is in hundredths, wherever it stands."""
    value = number_in(entry.facts, fact_name)
    if value is None:
        value = by_name(entry, value_name)
    if value is None or value < 0:
        return None
    value = value / 100 if value > _HIGHEST else value
    return value if value <= _HIGHEST else None


def _culture(entry: Entry, score: float, reader: Reader) -> Culture:
    bands = tuple(_bands(entry, reader))
    surveys = tuple(_surveys(entry))
    return Culture(
        score=score,
        bands=bands,
        band=_band(score, bands),
        company=reader.company or reader.words.text("Company"),
        benchmark=_score(entry, "benchmarkScore", "BenchmarkScoreX100") or None,
        benchmark_label=reader.words.text("Industry"),
        surveys=surveys[:_SURVEYS],
        more=max(len(surveys) - _SURVEYS, 0),
    )


def _bands(entry: Entry, reader: Reader) -> Iterator[Band]:
    """The five of the scale in the reader's language; as sent where the platform changed them."""
    sent = tuple(_sent_bands(entry))
    usual = [(float(place), float(place + 1)) for place in range(5)]
    if sent and [(band.start, band.end) for band in sent] != usual:
        yield from sent
        return
    for (start, end), (label, meaning) in zip(usual, _known(reader), strict=True):
        yield Band(start, end, label, meaning)


def _sent_bands(entry: Entry) -> Iterator[Band]:
    """As the platform sends them, where they cover the scale without a gap."""
    found = []
    for item in objects_in(entry.facts, "bands"):
        start, end = number_in(item, "from"), number_in(item, "to")
        label = _RANGE.sub("", text_in(item, "label"))
        if start is not None and end is not None and label:
            found.append(Band(start, end, label, text_in(item, "description")))
    found.sort(key=lambda band: band.start)
    bounds = [(one.end, two.start) for one, two in pairwise(found)]
    whole = found and found[0].start == 0 and found[-1].end == _HIGHEST
    if whole and all(end == start for end, start in bounds):
        yield from found


def _known(reader: Reader) -> tuple[tuple[str, str], ...]:
    text = reader.words.text
    return (
        (text("At risk"), text("Habits leave the company open; start with the basics.")),
        (text("Weak"), text("Some habits exist but few keep them.")),
        (text("Needs improvement"), text("Habits are uneven between teams.")),
        (text("Moderate"), text("Habits hold; work on the weakest topics.")),
        (text("Strong"), text("Habits are part of daily work.")),
    )


def _band(score: float, bands: tuple[Band, ...]) -> int | None:
    """The first that holds the score wins at a bound."""
    inside = (place for place, band in enumerate(bands) if band.start <= score <= band.end)
    return next(inside, None)


def _surveys(entry: Entry) -> Iterator[Survey]:
    """The best first."""
    found = [_survey(item) for item in objects_in(entry.facts, "enrollments")]
    yield from sorted((one for one in found if one), key=lambda one: -one.score)


def _survey(item: Mapping[str, Any]) -> Survey | None:
    name, score = text_in(item, "enrollmentName", "name"), number_in(item, "overallScore")
    if not name or score is None or score < 0:
        return None
    score = score / 100 if score > _HIGHEST else score
    answers = count_in(item, "participantCount") or 0
    return Survey(name, score, answers) if score <= _HIGHEST else None


def _answers(entry: Entry) -> int | None:
    """Those of all surveys, also of the ones not drawn."""
    return sum(survey.answers for survey in _surveys(entry)) or count_in(
        entry.facts, "participantCount"
    )


def _figure(data: Culture, answers: int | None, reader: Reader) -> Figure:
    text = reader.words.text
    figure = Figure(
        METRIC,
        text("Security culture"),
        data.score,
        "score",
        "higher",
        goal=judging.goal("industry", data.benchmark, data.score, "higher", "score"),
        smallest=0.05,
        card=6,
        phrases=_PHRASES,
        people=answers,
    )
    figure = judging.judged(figure, reader)
    return judging.with_evidence(figure, *judging.against_goal(reader.words, figure))


def _title(figure: Figure, data: Culture, reader: Reader) -> Sentence:
    words, aim = reader.words, figure.goal
    if data.band is None:
        return judging.said(words, figure)
    band = data.bands[data.band].label
    if aim is None:
        return tell(words, "Security culture: {band}, at {value}.", figure, band=band)
    if aim.kind == "target":
        message = _OWN_TITLES[0 if aim.gap <= 0 else 1]
    elif not aim.gap:
        message = _PEER_TITLES[2]
    else:
        message = _PEER_TITLES[0 if aim.gap < 0 else 1]
    return tell(words, message, figure, band=band)


_OWN_TITLES = (
    _("Security culture: {band}, which meets the target of {goal}."),
    _("Security culture: {band}, {gap} short of the target of {goal}."),
)
_PEER_TITLES = (
    _("Security culture: {band}, {gap} ahead of the industry."),
    _("Security culture: {band}, {gap} behind the industry."),
    _("Security culture: {band}, level with the industry."),
)


def _lead(figure: Figure, data: Culture, reader: Reader) -> Iterator[Sentence]:
    words = reader.words
    if figure.delta:
        yield judging.said(words, figure)
    else:
        yield tell(words, "The culture score is {value}.", figure)
    yield from judging.against_goal(words, figure)

"""How many people received a simulated attack at all: one dot a person."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import share_of
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name
from reportgen.telling import _, tell_many
from reportgen.views import (
    Chapter,
    Crowd,
    Figure,
    Measure,
    Phrases,
    Reader,
    SectionView,
    Sentence,
    Width,
)

METRIC = "simulation_coverage"
_PHRASES = Phrases(
    better=_("Coverage rose {change} to {value}."),
    worse=_("Coverage fell {change} to {value}."),
    unchanged=_("Coverage stays at {value}."),
    good=_("test coverage has grown"),
    bad=_("test coverage has shrunk"),
    met=_("coverage is on target"),
    missed=_("too few people are tested"),
    over=_("At {value}, coverage is short of its target."),
)


class SimulationCoverage(WidgetSection):
    """People with at least one simulated attack, as people."""

    WIDGETS = ("SimulationCoverageWidget",)
    CHAPTER = Chapter.PHISHING
    WIDTH = Width.HALF
    TARGETS: ClassVar = {METRIC: 100.0}

    section: Literal["simulation_coverage"] = "simulation_coverage"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Simulation coverage")

    def exhibit(self, frame: Frame) -> SectionView:
        """A crowd in which the people not tested stay hollow."""
        entry = next((one for one in frame.widget.entries if one.values), None)
        if entry is None:
            return frame.no_data()
        counts = _counts(entry)
        if counts is None:
            return frame.unreadable("CountSimulated")
        tested, missed = counts
        if not tested + missed:
            return frame.no_data()
        figures = tuple(_figures(entry, tested, missed, frame.reader))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame.reader),
            subtitle=frame.subtitle(text("people with at least one simulated attack")),
            lead=(_title(figures, frame.reader),),
            definition=text("People who received at least one simulated attack, among all people."),
            notes=tuple(frame.few_people(tested + missed)),
            data=Crowd(tested + missed, missed, text("Not tested"), text("Tested"), "missing"),
            figures=figures,
            measures=(
                Measure(
                    text("Simulation coverage"),
                    text("People with at least one simulated attack / all people"),
                    text("% of people"),
                    "higher",
                ),
            ),
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _counts(entry: Entry) -> tuple[int, int] | None:
    tested, missed = by_name(entry, "CountSimulated"), by_name(entry, "CountNonSimulated")
    if tested is None or missed is None or tested < 0 or missed < 0:
        return None
    return round(tested), round(missed)


def _figures(entry: Entry, tested: int, missed: int, reader: Reader) -> Iterator[Figure]:
    """Shares come from the counts: the platform rounds its own up."""
    text = reader.words.text
    figure = Figure(
        METRIC,
        text("Simulation coverage"),
        share_of(tested, tested + missed),
        "percent",
        "higher",
        card=7,
        phrases=_PHRASES,
        people=tested + missed,
    )
    figure = judging.judged(figure, reader)
    yield judging.with_evidence(figure, *judging.against_goal(reader.words, figure))
    yield Figure("not_tested", text("People not tested"), missed, "count", "lower")
    yield Figure("people", text("People"), tested + missed, "count", "neither")


def _title(figures: tuple[Figure, ...], reader: Reader) -> Sentence:
    missed, people = figures[1], figures[2]
    if not missed.value:
        return tell_many(
            reader.words,
            "The one person was tested.",
            "All {count} people were tested.",
            people,
        )
    if missed.value == people.value:
        return tell_many(
            reader.words,
            "The one person was not tested.",
            "None of the {count} people was tested.",
            people,
        )
    if missed.value * 2 < people.value:
        return tell_many(
            reader.words,
            "All but {count} of the {people} people were tested.",
            "All but {count} of the {people} people were tested.",
            missed,
            people=people,
        )
    return tell_many(
        reader.words,
        "{count} of the {people} people was not tested.",
        "{count} of the {people} people were not tested.",
        missed,
        people=people,
    )

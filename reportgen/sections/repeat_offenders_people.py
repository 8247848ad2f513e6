"""How many people failed repeatedly, among all who were tested: one dot a person."""

from collections.abc import Iterator
from typing import Literal

from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name
from reportgen.telling import tell, tell_many
from reportgen.views import (
    Chapter,
    Crowd,
    Figure,
    Proposal,
    Reader,
    SectionView,
    Sentence,
    Width,
)

METRIC = "repeat_offender_people"
_MINUTES = 30
"""What a talk with one person takes."""


class RepeatOffendersPeople(WidgetSection):
    """Repeat offenders among the people tested, as people."""

    WIDGETS = ("RepeatOffendersUsersThresholdWidget",)
    CHAPTER = Chapter.PEOPLE
    WIDTH = Width.HALF
    ACTIONS = ("repeat_offenders",)

    section: Literal["repeat_offenders_people"] = "repeat_offenders_people"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Repeat offenders among the people tested")

    def exhibit(self, frame: Frame) -> SectionView:
        """A crowd in which the repeat offenders stand out."""
        entry = next((one for one in frame.widget.entries if one.values), None)
        if entry is None:
            return frame.no_data()
        crowd = _crowd(entry, frame.reader)
        if crowd is None:
            return frame.unreadable("CountRepeatOffender")
        if not crowd.total:
            return frame.no_data()
        figures = tuple(_figures(crowd, frame.reader))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame.reader),
            subtitle=frame.subtitle(text("people who failed at least twice")),
            definition=text("People who failed at least two simulated attacks, among all tested."),
            notes=tuple(frame.few_people(crowd.total)),
            data=crowd,
            figures=figures,
            proposals=tuple(_proposals(figures, frame.reader)),
            rows=rows.of_figures(figures[:2], frame.widget.request.window, frame.reader),
        )


def _crowd(entry: Entry, reader: Reader) -> Crowd | None:
    """`CountSimulated` is the rest: the two shares add up to 100."""
    failed, rest = by_name(entry, "CountRepeatOffender"), by_name(entry, "CountSimulated")
    if failed is None or rest is None or failed < 0 or rest < 0:
        return None
    text = reader.words.text
    return Crowd(
        round(failed) + round(rest), round(failed), text("Repeat offenders"), text("Others"), "bad"
    )


def _figures(crowd: Crowd, reader: Reader) -> Iterator[Figure]:
    text = reader.words.text
    yield Figure(METRIC, text("Repeat offenders, people"), crowd.marked, "count", "lower")
    yield Figure("people_tested", text("People tested"), crowd.total, "count", "neither")
    hours = round(crowd.marked * _MINUTES / 60) or 1
    yield Figure("talk_minutes", text("Minutes a talk takes"), _MINUTES, "minutes", "neither")
    yield Figure("talk_hours", text("Hours all talks take"), hours, "count", "neither")


def _title(figures: tuple[Figure, ...], reader: Reader) -> Sentence:
    failed, tested = figures[:2]
    if not failed.value:
        return tell_many(
            reader.words,
            "The one person tested did not fail twice.",
            "None of the {count} people tested failed twice.",
            tested,
        )
    if tested.value == 1:
        return tell(reader.words, "The one person tested failed at least twice.")
    return tell_many(
        reader.words,
        "{count} of the {tested} people tested failed at least twice.",
        "{count} of the {tested} people tested failed at least twice.",
        failed,
        tested=tested,
    )


def _proposals(figures: tuple[Figure, ...], reader: Reader) -> Iterator[Proposal]:
    words = reader.words
    failed, _tested, minutes, hours = figures
    if not failed.value:
        return
    yield Proposal(
        "repeat_offenders",
        tell_many(
            words,
            "Talk to the one repeat offender face to face.",
            "Talk to each of the {count} repeat offenders face to face.",
            failed,
        ),
        words.text("Line managers"),
        28,
        tell(words, "fewer repeat offenders than {failed}", failed=failed),
        _decision(failed, minutes, hours, reader),
    )


def _decision(failed: Figure, minutes: Figure, hours: Figure, reader: Reader) -> Sentence:
    return tell_many(
        reader.words,
        "release {minutes} of working time for a talk with the one person.",
        "release {minutes} of working time for each of {count} talks, about {hours} h in all.",
        failed,
        minutes=minutes,
        hours=hours,
    )

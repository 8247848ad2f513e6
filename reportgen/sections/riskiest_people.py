"""Who fails most: people by their human risk score. Personal data."""

from collections.abc import Iterator
from typing import Literal

from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import fact, mean
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.human_risk import CRITICAL, human_risk
from reportgen.sections.reading import by_place
from reportgen.telling import tell, tell_many
from reportgen.views import (
    Chapter,
    Figure,
    Note,
    Rank,
    Ranking,
    Reader,
    SectionView,
    Sentence,
)

_SHOWN, _AT_MOST = 10, 12


class RiskiestPeople(WidgetSection):
    """People by falling risk."""

    WIDGETS = ("HumanRiskScoreforHighestRiskUsersWidget",)
    CHAPTER = Chapter.PEOPLE

    section: Literal["riskiest_people"] = "riskiest_people"

    def name(self, reader: Reader) -> str:
        return reader.words.text("People with the highest risk")

    def exhibit(self, frame: Frame) -> SectionView:
        """One row a person, the riskiest first, with a line at the critical level."""
        if not frame.widget.entries:
            return frame.no_data()
        found = tuple(_rows(frame.widget.entries, frame.reader))
        if not found:
            return frame.unreadable("score")
        shown = found if len(found) <= _AT_MOST else found[:_SHOWN]
        rest = found[len(shown) :]
        figures = tuple(_figures(found, frame.reader))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, len(found), frame.reader),
            subtitle=frame.subtitle(text("human risk score in %, highest first")),
            lead=(_title(figures, len(found), frame.reader),),
            definition=text(
                "Personal data: use it to offer help, not to rank. Of few simulated attacks, one "
                "failure moves a person's score by many points."
            ),
            notes=tuple(_notes(found, frame.reader)),
            data=Ranking(
                shown, "percent", None, CRITICAL, len(rest), mean(row.value for row in rest)
            ),
            figures=figures,
            measures=(human_risk(frame.reader),),
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _rows(entries: tuple[Entry, ...], reader: Reader) -> Iterator[Rank]:
    found = [
        Rank(_name(entry, reader), score, detail=fact(entry, "department"))
        for entry in entries
        if (score := by_place(entry, 0)) is not None
    ]
    yield from sorted(found, key=lambda row: (-row.value, row.name))


def _name(entry: Entry, reader: Reader) -> str:
    """Masked names are shown as they come."""
    return fact(entry, "fullName", "name", "email") or reader.words.text("No name on file")


def _figures(found: tuple[Rank, ...], reader: Reader) -> Iterator[Figure]:
    text = reader.words.text
    critical = sum(row.value > CRITICAL for row in found)
    yield Figure(
        "critical_people", text("People above the critical line"), critical, "count", "neither"
    )
    yield Figure("critical_line", text("Critical line"), CRITICAL, "percent", "neither", aside=True)
    yield Figure(
        "highest_person", text("Highest score of a person"), found[0].value, "percent", "neither"
    )


def _title(figures: tuple[Figure, ...], listed: int, reader: Reader) -> Sentence:
    """The platform lists a few people only: where all of them are critical, there may be more."""
    critical, line, highest = figures
    if not critical.value:
        return tell(
            reader.words,
            "Nobody is above the critical line of {line}: the highest score is {highest}.",
            line=line,
            highest=highest,
        )
    if critical.value == listed:
        return tell_many(
            reader.words,
            "The one person listed is above the critical line of {line}.",
            "Each of the {count} people listed is above the critical line of {line}.",
            critical,
            line=line,
        )
    return tell_many(
        reader.words,
        "{count} person is above the critical line of {line}.",
        "{count} people are above the critical line of {line}.",
        critical,
        line=line,
    )


def _notes(found: tuple[Rank, ...], reader: Reader) -> Iterator[Note]:
    if any("*" in row.name for row in found):
        said = tell(reader.words, "The platform masks the names of this company's people.")
        yield Note(reader.words.text("Masked names"), (said,))

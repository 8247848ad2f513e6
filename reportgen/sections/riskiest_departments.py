"""Where people fail most: departments by their human risk score."""

from collections.abc import Iterator
from typing import Literal

from reportgen import judging
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
    Proposal,
    Rank,
    Ranking,
    Reader,
    SectionView,
    Sentence,
)

METRIC = "department_risk"
_SHOWN, _AT_MOST = 10, 12
_SMALL = 10
"""A department with fewer people swings widely."""
_STANDS_OUT = 2.0
"""So many points above the average are more than chance."""


class RiskiestDepartments(WidgetSection):
    """Departments by falling risk."""

    WIDGETS = ("HumanRiskScoreforHighestRiskDepartmentsWidget",)
    CHAPTER = Chapter.PEOPLE
    CHART = "bar"
    ACTIONS = (METRIC,)

    section: Literal["riskiest_departments"] = "riskiest_departments"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Departments with the highest risk")

    def exhibit(self, frame: Frame) -> SectionView:
        """One row a department, the riskiest first, with a line at their average."""
        if not frame.widget.entries:
            return frame.no_data()
        found = tuple(_rows(frame.widget.entries, frame.reader))
        if not found:
            return frame.unreadable("score")
        shown = found if len(found) <= _AT_MOST else found[:_SHOWN]
        rest = found[len(shown) :]
        average = _average(found)
        figures = tuple(_figures(found, average, frame.reader))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, found[0], frame.reader),
            subtitle=frame.subtitle(text("human risk score in %, with head count")),
            lead=(_title(figures, found[0], frame.reader),),
            definition=text(
                "Human risk score: simulated attacks with at least one risky action, as a share "
                "of those received, over the people of a department. The line is the average of "
                "the departments shown, weighted by head count."
            ),
            notes=tuple(_notes(found, frame)),
            data=Ranking(
                shown, "percent", average, CRITICAL, len(rest), mean(row.value for row in rest)
            ),
            figures=figures,
            proposals=tuple(_proposals(figures, found[0], frame.reader)),
            measures=(human_risk(frame.reader),),
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _rows(entries: tuple[Entry, ...], reader: Reader) -> Iterator[Rank]:
    found = [
        Rank(fact(entry, "department", "name") or _unnamed(reader), score, _people(entry))
        for entry in entries
        if (score := by_place(entry, 0)) is not None
    ]
    yield from sorted(found, key=lambda row: (-row.value, row.name))


def _unnamed(reader: Reader) -> str:
    return reader.words.text("No department on file")


def _people(entry: Entry) -> int | None:
    count = by_place(entry, 1)
    return None if count is None or count < 0 else round(count)


def _average(found: tuple[Rank, ...]) -> float | None:
    """The mean weighted by head count; None when a head count is missing."""
    if len(found) < 2 or any(row.people is None for row in found):
        return None
    people = sum(row.people or 0 for row in found)
    return sum(row.value * (row.people or 0) for row in found) / people if people else None


def _figures(found: tuple[Rank, ...], average: float | None, reader: Reader) -> Iterator[Figure]:
    text, first = reader.words.text, found[0]
    yield Figure(
        METRIC,
        text("Highest score of a department: {department}", department=first.name),
        first.value,
        "percent",
        "neither",
        goal=judging.goal("average", average, first.value, "lower", "percent"),
        people=first.people,
    )
    if first.people:
        yield Figure(
            "department_people", text("People in it"), first.people, "count", "neither", aside=True
        )


def _stands_out(figure: Figure) -> bool:
    """Well above the others, and not by the chance of a handful of people."""
    large = figure.people is not None and figure.people >= _SMALL
    return large and figure.goal is not None and figure.goal.gap >= _STANDS_OUT


def _title(figures: tuple[Figure, ...], first: Rank, reader: Reader) -> Sentence:
    words, figure = reader.words, figures[0]
    if first.name == _unnamed(reader):
        return tell(
            words, "People without a department on file have the highest score: {value}.", figure
        )
    if _stands_out(figure):
        return tell(
            words,
            "{department} is the place to start: {value} against an average of {goal}.",
            figure,
            department=first.name,
        )
    return tell(
        words, "{department} has the highest score: {value}.", figure, department=first.name
    )


def _notes(found: tuple[Rank, ...], frame: Frame) -> Iterator[Note]:
    if any(row.people is not None and row.people < _SMALL for row in found):
        yield frame.care(
            tell(
                frame.reader.words,
                "Scores of small departments swing widely: a single person moves them.",
            )
        )


def _proposals(figures: tuple[Figure, ...], first: Rank, reader: Reader) -> Iterator[Proposal]:
    words, figure = reader.words, figures[0]
    if not _stands_out(figure) or first.name == _unnamed(reader):
        return
    text = tell_many(
        words,
        "Train the one person of {department} first.",
        "Train the {count} people of {department} first.",
        figures[1],
        department=first.name,
    )
    measure = tell(words, "its score below {value}", figure)
    yield Proposal(METRIC, text, words.text("Head of the department"), 42, measure)

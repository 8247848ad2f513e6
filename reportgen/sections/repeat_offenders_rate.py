"""The share of people who failed repeatedly, against the agreed ceiling."""

from typing import ClassVar, Literal

from reportgen import judging
from reportgen.sections import rows
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import named
from reportgen.telling import _, tell
from reportgen.views import (
    Chapter,
    Figure,
    Level,
    Measure,
    Phrases,
    Reader,
    SectionView,
    Sentence,
    Width,
)

METRIC = "repeat_offenders"
PHRASES = Phrases(
    better=_("Repeat offending fell {change} to {value}."),
    worse=_("Repeat offending rose {change} to {value}."),
    unchanged=_("Repeat offending stays at {value}."),
    good=_("repeat offending has fallen"),
    bad=_("repeat offending has risen"),
    met=_("repeat offending is within its ceiling"),
    missed=_("too many people fail repeatedly"),
    over=_("At {value}, repeat offending is over its ceiling."),
)


class RepeatOffendersRate(WidgetSection):
    """Repeat offenders against the protection level agreement."""

    WIDGETS = ("RepeatOffendersUsersRateWidget",)
    CHAPTER = Chapter.PEOPLE
    WIDTH = Width.HALF
    TARGETS: ClassVar = {METRIC: 100.0}

    section: Literal["repeat_offenders_rate"] = "repeat_offenders_rate"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Repeat offenders")

    def exhibit(self, frame: Frame) -> SectionView:
        """One value against one ceiling; a measured zero is shown as zero."""
        entry = next((one for one in frame.widget.entries if one.values), None)
        if entry is None:
            return frame.no_data()
        value = named(entry, "RepeatOffenderPercentage", 0)
        if value is None:
            return frame.unreadable("RepeatOffenderPercentage")
        figure = _figure(value, named(entry, "PLA", 1), frame.reader)
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figure, frame.reader),
            subtitle=frame.subtitle(text("% of people tested")),
            lead=(_failed_twice(figure, frame.reader),),
            definition=text(
                "People who failed at least two simulated attacks, as a share of everyone who "
                "received one. The ceiling is the protection level agreed on. Lower is better."
            ),
            data=_level(figure, frame.reader),
            figures=(figure,),
            measures=(
                Measure(
                    text("Repeat offenders"),
                    text("People with two or more failures / people tested"),
                    text("% of people"),
                    "lower",
                ),
            ),
            rows=rows.of_figures((figure,), frame.widget.request.window, frame.reader),
        )


def _figure(value: float, ceiling: float | None, reader: Reader) -> Figure:
    figure = Figure(
        metric=METRIC,
        label=reader.words.text("Repeat offenders"),
        value=value,
        unit="percent",
        better="lower",
        goal=judging.goal("ceiling", ceiling, value, "lower", "percent"),
        card=4,
        phrases=PHRASES,
    )
    figure = judging.judged(figure, reader)
    return judging.with_evidence(figure, *judging.against_goal(reader.words, figure))


def _level(figure: Figure, reader: Reader) -> Level:
    words = reader.words
    label = ""
    if figure.previous is not None and figure.previous_day is not None:
        month = words.month(figure.previous_day, short=True)
        label = words.text("{month} edition", month=month) if figure.previous_edition else month
    ceiling = figure.goal.value if figure.goal else None
    return Level(figure.value, "percent", ceiling, "ceiling", figure.previous, label)


def _title(figure: Figure, reader: Reader) -> Sentence:
    words, aim = reader.words, figure.goal
    if aim is None:
        return _failed_twice(figure, reader)
    if aim.gap > 0:
        return tell(words, "Repeat offending is {gap} over the ceiling of {goal}.", figure)
    return tell(words, "Repeat offending is within the ceiling of {goal}.", figure)


def _failed_twice(figure: Figure, reader: Reader) -> Sentence:
    words = reader.words
    if figure.goal is None:
        return tell(words, "{value} of the people tested failed at least twice.", figure)
    return tell(
        words, "{value} of the people tested failed at least twice; the ceiling is {goal}.", figure
    )

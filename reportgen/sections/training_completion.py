"""How far people are with their training."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name
from reportgen.telling import _, tell, tell_many
from reportgen.views import (
    Chapter,
    Figure,
    Measure,
    Part,
    Parts,
    Phrases,
    Proposal,
    Reader,
    SectionView,
    Sentence,
    Width,
)

METRIC = "training_completion"
_PHRASES = Phrases(
    better=_("Training completion rose {change} to {value}."),
    worse=_("Training completion fell {change} to {value}."),
    unchanged=_("Training completion stays at {value}."),
    good=_("more of the training is completed"),
    bad=_("less of the training is completed"),
    met=_("training is on target"),
    missed=_("training lags behind its target"),
    over=_("At {value}, training completion is short of its target."),
)


class TrainingCompletion(WidgetSection):
    """Training completed, in progress and incomplete."""

    WIDGETS = ("TrainingCompletionWidget",)
    CHAPTER = Chapter.TRAINING
    WIDTH = Width.HALF
    CHART = "bar"
    TARGETS: ClassVar = {METRIC: 100.0}
    ACTIONS = (METRIC,)

    section: Literal["training_completion"] = "training_completion"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Training completion")

    def exhibit(self, frame: Frame) -> SectionView:
        """Three parts of everyone enrolled."""
        entry = next((one for one in frame.widget.entries if one.values), None)
        if entry is None:
            return frame.no_data()
        parts = tuple(_parts(entry, frame.reader))
        if not parts:
            return frame.unreadable("Completed")
        if not any(part.share for part in parts):
            return frame.no_data()
        figures = tuple(_figures(parts, frame.reader))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame.reader),
            subtitle=frame.subtitle(text("enrolments by progress, in %")),
            lead=tuple(_lead(figures, frame.reader)),
            definition=text(
                "Enrolments in training by their progress. The platform rounds shares up, so they "
                "may add up to more than 100. Higher completion is better."
            ),
            data=Parts(parts, figures[0].goal.value if figures[0].goal else None),
            figures=figures,
            proposals=tuple(_proposals(figures, frame.reader)),
            measures=(
                Measure(
                    text("Training completion"),
                    text("Completed / all enrolments"),
                    text("% of enrolments"),
                    "higher",
                ),
            ),
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _parts(entry: Entry, reader: Reader) -> Iterator[Part]:
    """Completed, in progress, incomplete. Without a share for completed there is nothing to say."""
    text = reader.words.text
    names = (
        ("Completed", text("Completed")),
        ("InProgress", text("In progress")),
        ("Incomplete", text("Incomplete")),
    )
    if by_name(entry, "Completed") is None:
        return
    for name, label in names:
        count = by_name(entry, f"{name}Count")
        yield Part(label, by_name(entry, name) or 0.0, None if count is None else round(count))


def _completed(parts: tuple[Part, ...]) -> float:
    """The share as supplied; rounded up to 100 it would deny the enrolments that are open."""
    share, still_open = parts[0].share, any(part.count for part in parts[1:])
    return 99.0 if still_open and 99 < share <= 100 else share


def _figures(parts: tuple[Part, ...], reader: Reader) -> Iterator[Figure]:
    text = reader.words.text
    figure = Figure(
        metric=METRIC,
        label=text("Training completion"),
        value=_completed(parts),
        unit="percent",
        better="higher",
        card=5,
        phrases=_PHRASES,
        people=sum(part.count or 0 for part in parts) or None,
    )
    figure = judging.judged(figure, reader)
    still_open = tuple(_open(parts, reader))
    said = [
        tell_many(
            reader.words,
            "{count} enrolment is not completed.",
            "{count} enrolments are not completed.",
            one,
        )
        for one in still_open
    ]
    yield judging.with_evidence(figure, *said, *judging.against_goal(reader.words, figure))
    yield from still_open


def _open(parts: tuple[Part, ...], reader: Reader) -> Iterator[Figure]:
    count = sum(part.count or 0 for part in parts[1:])
    if count:
        yield Figure(
            "open_enrolments",
            reader.words.text("Enrolments not completed"),
            count,
            "count",
            "lower",
        )


def _title(figures: tuple[Figure, ...], reader: Reader) -> Sentence:
    words, figure = reader.words, figures[0]
    if figure.goal is None:
        return tell(words, "{value} of enrolments are completed.", figure)
    if figure.goal.gap > 0:
        return tell(words, "Completion is {gap} short of the target of {goal}.", figure)
    return tell(words, "Completion meets the target of {goal}.", figure)


def _lead(figures: tuple[Figure, ...], reader: Reader) -> Iterator[Sentence]:
    yield tell(reader.words, "{value} of enrolments are completed.", figures[0])
    yield from figures[0].evidence


def _proposals(figures: tuple[Figure, ...], reader: Reader) -> Iterator[Proposal]:
    words = reader.words
    if len(figures) < 2 or (figures[0].goal and figures[0].goal.gap <= 0):
        return
    figure, still_open = figures
    measure = (
        tell(words, "completion at {goal}", figure)
        if figure.goal
        else tell(words, "completion above {value}", figure)
    )
    yield Proposal(
        METRIC,
        tell_many(
            words,
            "Close out the {count} unfinished enrolment.",
            "Close out the {count} unfinished enrolments.",
            still_open,
        ),
        words.text("Line managers"),
        42,
        measure,
    )

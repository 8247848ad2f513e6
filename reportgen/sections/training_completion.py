"""How far people are with their training."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from reportgen.model import Entry, Period, Widget, WidgetRequest
from reportgen.sections import nothing
from reportgen.sections.reading import by_name
from reportgen.views import Figure, Goal, Part, Parts, Reader, SectionState, SectionView

WIDGET_TYPE = "TrainingCompletionWidget"
METRIC = "training_completion"


class TrainingCompletion(BaseModel):
    """Training completed, in progress and not begun."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: Literal["training_completion"] = "training_completion"
    title: str | None = None
    resource_id: str | None = None

    def request(self, period: Period, history: Period) -> WidgetRequest:
        """The report's own period."""
        return WidgetRequest(WIDGET_TYPE, period, "bar", self.resource_id)

    def view(self, widget: Widget, reader: Reader) -> SectionView:
        """Three parts of everyone enrolled."""
        words = reader.words
        title = self.title or words.text("Training completion")
        if missing := nothing.unanswered(self.section, title, widget, reader):
            return missing
        if not any(entry.values for entry in widget.entries):
            return nothing.no_data(self.section, title, widget, reader)
        parts = tuple(_parts(widget.entries[0], reader))
        if not parts:
            return nothing.unreadable(self.section, title, widget, reader, "Completed")
        if not any(part.share for part in parts):
            return nothing.no_data(self.section, title, widget, reader)
        target = reader.targets.get(METRIC)
        done = parts[0].share
        return SectionView(
            kind=self.section,
            title=title,
            lead=_lead(parts, target, reader),
            definition=words.text(
                "Enrolments in training by their progress. Higher completion is better."
            ),
            window=widget.request.window,
            state=SectionState.SHOWN,
            data=Parts(parts, target),
            figure=Figure(
                metric=METRIC,
                label=words.text("Training completion"),
                value=done,
                unit="percent",
                better="higher",
                goal=Goal("target", target, target - done) if target is not None else None,
            ),
        )


def _parts(entry: Entry, reader: Reader) -> Iterator[Part]:
    """Completed, in progress, not begun. Without a share for completed there is nothing to say."""
    text = reader.words.text
    names = (
        ("Completed", text("Completed")),
        ("InProgress", text("In progress")),
        ("Incomplete", text("Not begun")),
    )
    if by_name(entry, "Completed") is None:
        return
    for name, label in names:
        count = by_name(entry, f"{name}Count")
        yield Part(label, by_name(entry, name) or 0.0, None if count is None else round(count))


def _lead(parts: tuple[Part, ...], target: float | None, reader: Reader) -> str:
    words = reader.words
    said = words.text("{value} of enrolments are completed.", value=words.percent(parts[0].share))
    open_ones = sum(part.count or 0 for part in parts[1:])
    return " ".join((said, *_open(open_ones, reader), *_short(parts[0].share, target, reader)))


def _open(count: int, reader: Reader) -> Iterator[str]:
    if count:
        yield reader.words.plural(
            "{count} enrolment is still open.", "{count} enrolments are still open.", count
        )


def _short(done: float, target: float | None, reader: Reader) -> Iterator[str]:
    words = reader.words
    if target is None:
        return
    if done >= target:
        yield words.text("The target of {target} is met.", target=words.percent(target))
    else:
        yield words.text(
            "That is {gap} short of the target of {target}.",
            gap=words.change(target - done, "percent"),
            target=words.percent(target),
        )

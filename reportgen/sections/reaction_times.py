"""How long people take to react to each campaign: the median and the quickest one."""

from collections.abc import Iterator
from typing import Literal

from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import fact, mean
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name
from reportgen.telling import tell
from reportgen.views import (
    Chapter,
    Figure,
    Measure,
    Reaction,
    Reactions,
    Reader,
    SectionView,
    Sentence,
)

_SHOWN, _AT_MOST = 10, 12


class ReactionTimes(WidgetSection):
    """Median and quickest reaction, by campaign."""

    WIDGETS = ("PhishingDwellTimeAndQuickestResponseTimeWidget",)
    CHAPTER = Chapter.REPORTING

    section: Literal["reaction_times"] = "reaction_times"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Dwell time by campaign")

    def exhibit(self, frame: Frame) -> SectionView:
        """One row a campaign, from the quickest reaction to the median."""
        if not frame.widget.entries:
            return frame.no_data()
        found = tuple(_reactions(frame))
        if not found or min(row.median for row in found) < 0:
            return frame.unreadable("AverageDwellTime")
        shown = found if len(found) <= _AT_MOST else found[-_SHOWN:]
        rest = found[: len(found) - len(shown)]
        slowest = max(found, key=lambda row: row.median)
        figures = tuple(_figures(found, slowest, frame.reader))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures[0], slowest, found, frame.reader),
            subtitle=frame.subtitle(text("minutes from delivery to reaction")),
            definition=text(
                "Median: half the people who reacted did so sooner. The platform rounds up to "
                "whole minutes; before January 2025 it gave means, which do not compare."
            ),
            data=Reactions(shown, len(rest), mean(row.median for row in rest)),
            figures=figures,
            measures=(
                Measure(
                    text("Dwell time"),
                    text("Median time from delivery to reaction"),
                    text("minutes"),
                    "lower",
                ),
                Measure(
                    text("Quickest response"),
                    text("Time to the first reaction"),
                    text("minutes"),
                    "lower",
                ),
            ),
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _reactions(frame: Frame) -> Iterator[Reaction]:
    for entry in frame.widget.entries:
        row = _reaction(entry, frame.reader)
        if row is not None:
            yield row


def _reaction(entry: Entry, reader: Reader) -> Reaction | None:
    median, quickest = by_name(entry, "AverageDwellTime"), by_name(entry, "QuickestResponse")
    if median is None:
        return None
    sound = quickest is not None and 0 <= quickest <= median
    name = fact(entry, "name", "campaignName") or reader.words.text("No name on file")
    return Reaction(name, median, quickest if sound else None)


def _figures(found: tuple[Reaction, ...], slowest: Reaction, reader: Reader) -> Iterator[Figure]:
    text = reader.words.text
    yield Figure(
        "slowest_reaction",
        text("Slowest median reaction: {campaign}", campaign=slowest.name),
        slowest.median,
        "minutes",
        "neither",
    )
    known = [row.quickest for row in found if row.quickest is not None]
    if known:
        yield Figure(
            "quickest_reaction", text("Quickest reaction"), min(known), "minutes", "neither"
        )


def _title(
    figure: Figure, slowest: Reaction, found: tuple[Reaction, ...], reader: Reader
) -> Sentence:
    if len(found) < 2 or len({row.median for row in found}) < 2:
        return tell(reader.words, "Half of the people who react do so within {value}.", figure)
    return tell(
        reader.words,
        "People took longest over {campaign}: a median of {value}.",
        figure,
        campaign=slowest.name,
    )

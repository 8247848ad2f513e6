"""How soon people fail: clicks and submissions by minutes since delivery, beside peers."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from reportgen import judging
from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import minutes_end, share_of
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import by_name
from reportgen.telling import _, tell
from reportgen.views import (
    Bucket,
    Chapter,
    FailureTimes,
    Figure,
    Measure,
    Peer,
    Reader,
    SectionView,
    Sentence,
)

_COUNTS = ("Clicked", "SubmittedData")
_EARLY = 2
"""So many of the first stretches count as early."""


class TimeToFailure(WidgetSection):
    """How fast people click and submit, beside the industry."""

    WIDGETS = ("ResponseTimesToPhishingActionsWidget",)
    CHAPTER = Chapter.PHISHING
    TARGETS: ClassVar = {"click_time": 10080.0, "submit_time": 10080.0}

    section: Literal["time_to_failure"] = "time_to_failure"

    def name(self, reader: Reader) -> str:
        return reader.words.text("Time to failure")

    def exhibit(self, frame: Frame) -> SectionView:
        """Stacked columns on a time axis, with the averages above them on the same one."""
        if not frame.widget.entries:
            return frame.no_data()
        buckets = _buckets(frame.widget.entries)
        if not buckets:
            return frame.unreadable("ActionRange")
        if not _counted(frame.widget.entries):
            return frame.unreadable("Clicked")
        if not any(sum(bucket.values) for bucket in buckets):
            return frame.no_data()
        figures = tuple(_figures(buckets, frame))
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame.reader),
            subtitle=frame.subtitle(text("people by minutes since delivery")),
            lead=tuple(_lead(figures, frame.reader)),
            definition=text(
                "Time from delivery to the first click or submission. A longer time is better: it "
                "leaves room for a warning. Hollow marks show the industry's average."
            ),
            data=FailureTimes(
                buckets,
                (text("Clicked a link"), text("Submitted data")),
                tuple(_peers(figures, frame.reader)),
            ),
            figures=figures,
            measures=(
                Measure(
                    text("Time to failure"),
                    text("Time from delivery to click or submission"),
                    text("minutes"),
                    "higher",
                ),
            ),
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


def _buckets(entries: tuple[Entry, ...]) -> tuple[Bucket, ...]:
    """In the order of time; nothing where an element's minutes cannot be read or come twice."""
    ends = [(minutes_end(entry), entry) for entry in entries]
    known = sorted(((end, entry) for end, entry in ends if end is not None), key=lambda one: one[0])
    if len(known) < len(entries) or len({end for end, _entry in known}) < len(known):
        return ()
    starts = (0.0, *(end for end, _entry in known))
    return tuple(
        Bucket(start, end, (_count(entry, _COUNTS[0]), _count(entry, _COUNTS[1])))
        for start, (end, entry) in zip(starts, known, strict=False)
        if end > start
    )


def _counted(entries: tuple[Entry, ...]) -> bool:
    """True when the elements hold counts, none of them below nought."""
    known = [by_name(entry, name) for entry in entries for name in _COUNTS]
    counts = [count for count in known if count is not None]
    return bool(counts) and min(counts) >= 0


def _count(entry: Entry, name: str) -> float:
    return by_name(entry, name) or 0.0


def _figures(buckets: tuple[Bucket, ...], frame: Frame) -> Iterator[Figure]:
    reader, entries = frame.reader, frame.widget.entries
    text = reader.words.text
    yield from _average(
        entries,
        "AverageClickTime",
        "industryAverageClickTime",
        "click_time",
        text("Average time to a click"),
        reader,
    )
    yield from _average(
        entries,
        "AverageDataSubmitTime",
        "industryAverageDataSubmitTime",
        "submit_time",
        text("Average time to a submission"),
        reader,
    )
    clicks = sum(bucket.values[0] for bucket in buckets)
    if len(buckets) > _EARLY and clicks:
        early = sum(bucket.values[0] for bucket in buckets[:_EARLY])
        end = buckets[_EARLY - 1].end or 0.0
        share = Figure(
            "early_clicks",
            text("Clicks within {minutes}", minutes=reader.words.amount(end, "minutes")),
            share_of(early, clicks),
            "percent",
            "neither",
        )
        yield share
        yield Figure(
            "early_minutes",
            text("Minutes that count as early"),
            end,
            "minutes",
            "neither",
            aside=True,
        )


def _average(
    entries: tuple[Entry, ...], own: str, peers: str, metric: str, label: str, reader: Reader
) -> Iterator[Figure]:
    value, industry = _first(entries, own), _first(entries, peers)
    if value is None or value < 0:
        return
    figure = Figure(
        metric,
        label,
        value,
        "minutes",
        "higher",
        goal=judging.goal("industry", industry, value, "higher", "minutes"),
    )
    yield judging.judged(figure, reader)


def _first(entries: tuple[Entry, ...], name: str) -> float | None:
    """The averages stand in one of the elements, as a rule in the first."""
    known = (by_name(entry, name) for entry in entries)
    return next((value for value in known if value is not None), None)


def _peers(figures: tuple[Figure, ...], reader: Reader) -> Iterator[Peer]:
    words = reader.words
    labels = {
        "click_time": words.text("Average click"),
        "submit_time": words.text("Average submission"),
    }
    for figure in figures:
        if figure.metric in labels:
            yield Peer(
                labels[figure.metric],
                figure.value,
                figure.goal.value if figure.goal else None,
                _verdict(figure, reader),
                _judgement(figure),
            )


def _judgement(figure: Figure) -> Literal["better", "worse", "unchanged", "neither"]:
    if figure.goal is None:
        return "neither"
    if not figure.goal.gap:
        return "unchanged"
    return "worse" if figure.goal.gap > 0 else "better"


def _verdict(figure: Figure, reader: Reader) -> str:
    words = reader.words
    if figure.goal is None:
        return ""
    gap = words.change(figure.goal.gap, figure.unit)
    match _judgement(figure):
        case "worse":
            return words.text("{gap} faster than peers: worse", gap=gap)
        case "better":
            return words.text("{gap} later than peers: better", gap=gap)
        case _:
            return words.text("level with peers")


_CLICKS = {
    "worse": _("People click sooner than at peers: after {value} on average, against {goal}."),
    "better": _("People click later than at peers: after {value} on average, against {goal}."),
    "unchanged": _("People click as soon as at peers: after {value} on average."),
    "neither": _("People who click do so after {value} on average."),
}
_SUBMISSIONS = {
    "worse": _(
        "People submit data sooner than at peers: after {value} on average, against {goal}."
    ),
    "better": _(
        "People submit data later than at peers: after {value} on average, against {goal}."
    ),
    "unchanged": _("People submit data as soon as at peers: after {value} on average."),
    "neither": _("People who submit data do so after {value} on average."),
}


def _title(figures: tuple[Figure, ...], reader: Reader) -> Sentence:
    known = {figure.metric: figure for figure in figures}
    for metric, messages in (("click_time", _CLICKS), ("submit_time", _SUBMISSIONS)):
        if metric in known:
            return tell(reader.words, messages[_judgement(known[metric])], known[metric])
    unknown = tell(reader.words, "The platform supplied no average times for this window.")
    return next(_lead(figures, reader), unknown)


def _lead(figures: tuple[Figure, ...], reader: Reader) -> Iterator[Sentence]:
    known = {figure.metric: figure for figure in figures}
    if "early_clicks" in known:
        yield tell(
            reader.words,
            "{value} of clicks came within {minutes} of delivery.",
            known["early_clicks"],
            minutes=known["early_minutes"],
        )

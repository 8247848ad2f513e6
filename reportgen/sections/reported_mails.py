"""What the mails that people reported turned out to be."""

from collections.abc import Iterator, Mapping
from typing import Literal

from reportgen.model import Entry
from reportgen.sections import rows
from reportgen.sections.facts import any_in, count_in, fact, objects_in, text_in
from reportgen.sections.framing import Frame, WidgetSection
from reportgen.sections.reading import named
from reportgen.telling import tell, tell_many
from reportgen.views import (
    Chapter,
    Figure,
    Measure,
    Outcome,
    Outcomes,
    Reader,
    SectionView,
    Sentence,
    Width,
)

_THREATS = ("phishing", "malicious")
_SOURCES = 8


class ReportedMails(WidgetSection):
    """Reported mails by outcome."""

    WIDGETS = ("TotalReportedSuspiciousEmailsAndPercentageWidget",)
    CHAPTER = Chapter.REPORTING
    WIDTH = Width.SIDE

    section: Literal["reported_mails"] = "reported_mails"

    def name(self, reader: Reader) -> str:
        return reader.words.text("What the reported mails turned out to be")

    def exhibit(self, frame: Frame) -> SectionView:
        """Ordered bars, confirmed threats dark; beside them where the simulated ones were."""
        entries = [entry for entry in frame.widget.entries if entry.values]
        if not entries:
            return frame.no_data()
        counts = _counts(entries)
        if counts is None:
            return frame.unreadable("ActionRange")
        if not any(count for count, _share in counts.values()):
            return frame.no_data()
        data = _outcomes(counts, entries, frame.reader)
        figures = _figures(data, frame.reader)
        text = frame.reader.words.text
        return frame.shown(
            title=_title(figures, frame.reader),
            subtitle=frame.subtitle(text("counts and % of all reported")),
            lead=(_title(figures, frame.reader),),
            definition=text(
                "A mail counts once for each person who reports it. Darker bars are confirmed "
                "threats. Undetected: analysed, nothing found. More reports may mean more attacks, "
                "so there is no verdict."
            ),
            data=data,
            figures=figures,
            measures=(
                Measure(
                    text("Reported threats"),
                    text("Reported mails found to be phishing or malicious"),
                    text("count"),
                    "neither",
                ),
            ),
            rows=rows.of_figures(figures, frame.widget.request.window, frame.reader),
        )


Counts = Mapping[str, tuple[int, float | None]]


def _counts(entries: list[Entry]) -> Counts | None:
    """Count and share by outcome as sent; None where an element does not name its outcome."""
    found: dict[str, tuple[int, float | None]] = {}
    for entry in entries:
        outcome = fact(entry, "ActionRange")
        count = named(entry, "Count", 1)
        if not outcome or count is None or count < 0:
            return None
        share = named(entry, "Percentage", 0)
        before = found.get(outcome, (0, None))
        found[outcome] = (before[0] + round(count), share)
    return found


def _outcomes(counts: Counts, entries: list[Entry], reader: Reader) -> Outcomes:
    total = sum(count for count, _share in counts.values())
    ranked = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
    sources = tuple(_sources(entries, reader))
    return Outcomes(
        tuple(
            Outcome(
                _said(name, reader),
                100 * count / total if share is None else share,
                count,
                name.casefold() in _THREATS,
            )
            for name, (count, share) in ranked
        ),
        total,
        sources[:_SOURCES],
        max(len(sources) - _SOURCES, 0),
    )


def _said(outcome: str, reader: Reader) -> str:
    text = reader.words.text
    known = {
        "simulation": text("Simulation"),
        "undetected": text("Undetected"),
        "phishing": text("Phishing"),
        "malicious": text("Malicious"),
    }
    return known.get(outcome.casefold(), outcome)


def _sources(entries: list[Entry], reader: Reader) -> Iterator[tuple[str, int]]:
    """In which campaigns the simulated mails were reported, the most frequent first."""
    entry = next(
        (one for one in entries if fact(one, "ActionRange").casefold() == "simulation"), None
    )
    found = any_in(entry.facts, "sourceBreakdown") if entry else None
    if not isinstance(found, Mapping):
        return
    named_ones = [
        (name, count)
        for item in objects_in(found, "campaigns")
        if (name := text_in(item, "campaignName", "name"))
        and (count := count_in(item, "count", "reportCount")) is not None
    ]
    yield from sorted(named_ones, key=lambda pair: (-pair[1], pair[0]))
    button = count_in(found, "incidentResponderCount")
    if button:
        yield reader.words.text("Via the report button only"), button


def _figures(data: Outcomes, reader: Reader) -> tuple[Figure, ...]:
    text = reader.words.text
    threats = sum(row.count for row in data.rows if row.threat)
    return (
        Figure(
            "real_threats",
            text("Reported mails that were confirmed threats"),
            threats,
            "count",
            "neither",
        ),
        Figure("reported_mails", text("Reported mails"), data.total, "count", "neither"),
    )


def _title(figures: tuple[Figure, ...], reader: Reader) -> Sentence:
    threats, total = figures
    if not threats.value:
        return tell_many(
            reader.words,
            "The one mail people reported was no confirmed threat.",
            "None of the {count} mails people reported was a confirmed threat.",
            total,
        )
    if total.value == 1:
        return tell(reader.words, "The one mail people reported was a confirmed threat.")
    return tell_many(
        reader.words,
        "{count} of the {total} mails people reported was a confirmed threat.",
        "{count} of the {total} mails people reported were confirmed threats.",
        threats,
        total=total,
    )

"""Rules that compare with the answers of the time before."""

from collections.abc import Iterator, Mapping
from datetime import date

from reportgen.gate.case import Case, Measured
from reportgen.model import Widget
from reportgen.views import Crowd, Ranking, SectionState, SectionView, Trend

_TELLING = 30
"""With fewer numbers other than nought, and none of them by month, two months may well be alike."""
_HANDFUL = 10
"""Among so few people, one who joins or leaves is a large share."""
_STEADY = 3
"""Months without a pause after which a pause is no habit."""


# ---- the same again ------------------------------------------------------------------------


def same_as_before(case: Case) -> Iterator[str]:
    """Another month, and letter by letter the answers of the last edition."""
    pairs = [
        (one.widget, one.then)
        for one in case.measured
        if one.then and (_filled(one.widget) or _filled(one.then))
    ]
    by_month = any(entry.day for now, _ in pairs for entry in now.entries)
    enough = by_month or sum(_telling(now) for now, _ in pairs) >= _TELLING
    if case.edition and enough and all(_stands_still(now, then) for now, then in pairs):
        yield case.words.text("All figures are the same as in the edition before.")


def _filled(widget: Widget) -> bool:
    return any(entry.values or entry.rows for entry in widget.entries)


def _stands_still(now: Widget, then: Widget) -> bool:
    """Within one month the platform rightly says the same of it."""
    return now.entries == then.entries and _month(now) != _month(then)


def _month(widget: Widget) -> date:
    return widget.request.window.last_day.replace(day=1)


def _telling(widget: Widget) -> int:
    """How many numbers other than nought it holds."""
    return sum(bool(value.number) for entry in widget.entries for value in entry.values)


# ---- people --------------------------------------------------------------------------------


def people_changed(case: Case) -> Iterator[str]:
    """There are far more or far fewer people than before."""
    counts = next(_head_counts(case), None)
    if counts is None:
        return
    before, now = counts
    most = (case.rules["people_changed"].share or 0) * before
    if max(before, now) > _HANDFUL and abs(now - before) > most:
        yield case.words.text(
            "The number of people went from {before} to {now}.",
            before=case.words.number(before),
            now=case.words.number(now),
        )


def _head_counts(case: Case) -> Iterator[tuple[float, float]]:
    """Before and now: of everybody, tested or not; else of the departments named both times."""
    known = [(one.before, one.view) for one in case.measured if one.before]
    for before, now in known:
        then, people = _everybody(before), _everybody(now)
        if then is not None and people is not None:
            yield then, people
    for before, now in known:
        then_by, now_by = _by_department(before), _by_department(now)
        common = then_by.keys() & now_by.keys()
        if common:
            yield sum(then_by[name] for name in common), sum(now_by[name] for name in common)


def _everybody(view: SectionView) -> float | None:
    return next((figure.value for figure in view.figures if figure.metric == "people"), None)


def _by_department(view: SectionView) -> Mapping[str, int]:
    rows = view.data.rows if isinstance(view.data, Ranking) else ()
    return {row.name: row.people for row in rows if row.people is not None}


# ---- activity ------------------------------------------------------------------------------


def activity_zero(case: Case) -> Iterator[str]:
    """No simulated attack in the period, after months that all had some."""
    if case.whole_months and any(_fell_silent(one, case) for one in case.measured):
        yield case.words.text(
            "No simulated attacks were sent in {period}, while there were some before.",
            period=case.words.period(case.period),
        )


def _fell_silent(one: Measured, case: Case) -> bool:
    if one.view.state not in (SectionState.SHOWN, SectionState.NO_DATA):
        return False
    tested, tested_before = _tested(one.view), _tested(one.before)
    return _stopped(one, case) or (tested == 0 and bool(tested_before))


def _stopped(one: Measured, case: Case) -> bool:
    """Messages sent by month: none in the period, some in each of the months before it."""
    sent = {**_sent(one.before), **_sent(one.view)}
    start = case.period.start.replace(day=1)
    before = [sent[day] for day in sorted(sent) if day < start][-_STEADY:]
    now = sum(count for day, count in sent.items() if start <= day < case.period.end)
    return not now and bool(before) and all(before)


def _sent(view: SectionView | None) -> dict[date, float]:
    data = view.data if view else None
    if not isinstance(data, Trend):
        return {}
    return {
        day: count
        for series in data.series
        if series.role == "sent"
        for day, count in zip(data.days, series.values, strict=True)
        if count is not None
    }


def _tested(view: SectionView | None) -> int | None:
    """People with at least one simulated attack."""
    data = view.data if view else None
    if not isinstance(data, Crowd) or data.marked_is != "missing":
        return None
    return data.total - data.marked


# ---- meaning -------------------------------------------------------------------------------


def drifted(case: Case) -> Iterator[str]:
    """The platform has changed how a measure is defined."""
    for one in case.measured:
        if case.edition and one.drifted and _filled(one.widget) and one.then and _filled(one.then):
            reason = case.words.text(
                "The platform has changed how it is defined; earlier figures do not compare."
            )
            yield f"{one.view.name}: {reason}"

"""Pages that must not look odd: an ordinary month bent to every extreme of form and name."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from reportgen import bundled
from reportgen.model import Brand, Concern, Verdict
from reportgen.views import (
    Campaigns,
    Culture,
    Exhibit,
    Outcomes,
    Page,
    Ranking,
    Reactions,
    SectionData,
    SectionState,
    SectionView,
    Sentence,
    Table,
    Trend,
)
from tests.sample_pages import BRAND as HALVORN
from tests.sample_pages import recorded

__all__ = ["HALVORN", "MARAVEL", "crowded", "empty", "named", "of_months", "ordinary"]

MARAVEL = Brand(
    "Maravel",
    primary="#A8321F",
    accent="#5E636B",
    logo=str(bundled.TEMPLATES / "brands" / "maravel.svg"),
    headings="sans",
)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=1>{{ 7*7 }}\u202egnp.exe\x00\ud800"
GERMAN = "Bundesverband der Donaudampfschifffahrtsgesellschaften und Hafenbetreiber e. V. & Co"
ARABIC = "شركة الخليج للخدمات اللوجستية"
JAPANESE = "株式会社東京海上物流サービス"
ONE_WORD = "W" * 120
NAMES = (HOSTILE, GERMAN, ARABIC, JAPANESE, ONE_WORD, "", " ", "31%", "{value}", "A\nB")


@cache
def ordinary() -> Page:
    """The samples: nineteen exhibits, nothing missing."""
    return recorded()


def empty() -> Page:
    """Nothing to show, for each of the reasons there are."""
    states = [state for state in SectionState if state is not SectionState.SHOWN]
    views = tuple(
        replace(view, state=states[place % len(states)], data=None, figures=(), reason="No reason.")
        for place, view in enumerate(ordinary().sections)
    )
    return replace(
        ordinary(),
        headline=Sentence("No figures are available for November 2026."),
        lede=(),
        figures=(),
        findings=(),
        actions=(),
        decision=None,
        cover=Sentence(""),
        sections=views,
        chapters=tuple(replace(one, lead=(), rows=()) for one in ordinary().chapters),
        missing=views,
        measures=(),
    )


def crowded() -> Page:
    """A summary as long as the longest languages make it, on the shorter paper."""
    page = ordinary()
    return replace(
        page,
        page_size="Letter",
        headline=Sentence(
            "Das Phishing-Risiko erreicht den niedrigsten Wert seit zwölf Monaten, doch weniger "
            "Beschäftigte schlagen Alarm als je zuvor."
        ),
        lede=page.lede * 2,
        findings=tuple(replace(one, text=one.text * 3) for one in page.findings),
        concerns=(
            Concern(
                "data",
                Verdict.BLOCK,
                "A reason of some length, such as a platform that answers with nothing.",
            ),
        )
        * 6,
        mark="held",
    )


# ---- histories of any length ---------------------------------------------------------------


def of_months(count: int) -> Page:
    """Every trend over so many months, scores up to far above 100."""
    return _with(lambda data: _months(data, count) if isinstance(data, Trend) else data)


def _months(trend: Trend, count: int) -> Trend:
    newest = 2026 * 12 + 10
    days = tuple(date(one // 12, one % 12 + 1, 1) for one in range(newest - count + 1, newest + 1))
    return replace(
        trend,
        days=days,
        series=tuple(
            replace(one, values=_stretched(one.values, count, stacked=trend.stacked))
            for one in trend.series
        ),
    )


def _stretched(
    values: Sequence[float | None], count: int, *, stacked: bool
) -> tuple[float | None, ...]:
    known = [value for value in values if value is not None] or [0.0]
    return tuple(
        known[place % len(known)] * (1 if stacked else 1 + place % 7) for place in range(count)
    )


# ---- names of any kind ---------------------------------------------------------------------


def named(name: str) -> Page:
    """A customer of this name, which also stands wherever a name may stand."""
    page = _with(lambda data: _renamed(data, name))
    return replace(page, customer=name, title=name or page.title)


def _renamed(data: SectionData | None, name: str) -> SectionData | None:
    """With the name in place of every name of a row."""
    if isinstance(data, Ranking | Campaigns | Reactions | Outcomes):
        return replace(data, rows=tuple(replace(row, name=name) for row in data.rows))  # type: ignore[arg-type]
    if isinstance(data, Trend):
        return replace(data, series=tuple(replace(one, label=name) for one in data.series))
    if isinstance(data, Culture):
        surveys = tuple(replace(one, name=name) for one in data.surveys)
        return replace(data, company=name, surveys=surveys)
    if isinstance(data, Table):
        rows = tuple(tuple(name for _ in row) for row in data.rows)
        return replace(data, columns=tuple(name for _ in data.columns), rows=rows)
    return data


# ---- the ordinary page with other data -----------------------------------------------------


def _with(change: Callable[[SectionData | None], SectionData | None]) -> Page:
    def changed(view: SectionView) -> SectionView:
        return replace(view, data=change(view.data))

    page = ordinary()
    return replace(
        page,
        sections=tuple(changed(view) for view in page.sections),
        chapters=tuple(
            replace(
                chapter,
                rows=tuple(
                    tuple(Exhibit(one.number, changed(one.view)) for one in row)
                    for row in chapter.rows
                ),
            )
            for chapter in page.chapters
        ),
    )

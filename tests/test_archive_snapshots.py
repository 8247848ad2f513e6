"""A snapshot holds everything its page was made from."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.archive import FileArchive
from reportgen.language import words
from reportgen.model import (
    Answers,
    Availability,
    Customer,
    Entry,
    Period,
    SavedReport,
    SavedWidget,
    Value,
    Widget,
    WidgetRequest,
)
from reportgen.pipeline import Draft, Gathered, Job, Replaced, composed, draft
from reportgen.sources.recorded import RecordedSource
from tests.papers import document
from tests.sample_pages import DATA, MOMENT, SAMPLES, Fixed, job


@pytest.fixture
def archive(tmp_path: Path) -> FileArchive:
    return FileArchive("archive", tmp_path)


def again(archive: FileArchive, drafted: Draft) -> Draft:
    """Composed anew, of nothing but what was kept."""
    was = drafted.job
    kept = archive.snapshot(archive.keep(document(key=was.key), drafted.snapshot))
    anew = Job(
        key=was.key,
        customer=was.customer,
        title=kept.title,
        template=kept.template,
        spans=kept.spans,
        sections=kept.sections,
        saved_report=kept.saved_report,
        words=words(kept.language),
        channels=(),
        file_name=was.file_name,
        rules=kept.rules,
    )
    return composed(anew, kept.gathered)


@pytest.mark.parametrize("company", sorted(path.name for path in DATA.iterdir() if path.is_dir()))
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_sample_page_comes_back(archive: FileArchive, company: str, language: str) -> None:
    customer = replace(SAMPLES, company_id=company, language=language)
    source = Fixed(RecordedSource(DATA))
    first = draft(job(customer), source)
    assert again(archive, first).page == first.page
    compared = draft(job(customer), source, first.gathered.answers.widgets)
    assert again(archive, compared).page == compared.page
    assert again(archive, compared).gathered.edition


@pytest.mark.parametrize("on_file", [True, False])
def test_a_corrected_edition_comes_back(archive: FileArchive, on_file: bool) -> None:
    first = draft(job(SAMPLES), Fixed(RecordedSource(DATA)), ())
    old = tuple(reversed(first.gathered.answers.widgets[:9])) if on_file else None
    second = replace(first.job, key=replace(first.job.key, edition=2))
    gathered = replace(first.gathered, replaced=Replaced(1, MOMENT, old))
    corrected = composed(second, gathered)
    assert corrected.page.correction is not None
    assert bool(corrected.page.correction.count) is on_file
    assert again(archive, corrected).page == corrected.page


def test_an_archive_of_before_corrections_still_loads(archive: FileArchive) -> None:
    first = draft(job(SAMPLES), Fixed(RecordedSource(DATA)), ())
    snapshot = first.snapshot
    del snapshot["replaced"]
    place = archive.keep(document(key=first.job.key), snapshot)
    assert archive.snapshot(place).gathered == first.gathered


class Saved(RecordedSource):
    """Recordings with a report that the customer saved."""

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        tiles = ("RiskScoreTrendWidget", "EmptyWidget", "SimulationCoverageWidget", "NewWidget")
        return SavedReport(
            "7",
            name,
            customer.name,
            tuple(SavedWidget(str(n), tile, f"Tile {n}") for n, tile in enumerate(tiles)),
        )


def test_a_saved_report_comes_back_as_the_customer_arranged_it(archive: FileArchive) -> None:
    following = replace(job(SAMPLES), sections=(), saved_report="Board pack")
    first = draft(following, Fixed(Saved(DATA)))
    assert [view.name for view in first.page.sections] == ["Tile 0", "Tile 2", "Tile 3"]
    assert again(archive, first).page == first.page


numbers = st.floats(allow_nan=False) | st.integers(-(2**53), 2**53).map(float)
texts = st.text(st.characters(codec=None), max_size=20)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
facts = st.dictionaries(texts, plain, max_size=3)
entries = st.builds(
    Entry,
    day=st.none() | st.dates(),
    values=st.lists(st.builds(Value, st.none() | numbers, texts, texts, texts), max_size=3).map(
        tuple
    ),
    facts=facts,
    columns=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    rows=st.lists(facts, max_size=2).map(tuple),
)
ASKED = WidgetRequest("SomeWidget", Period(date(2026, 10, 1), date(2026, 11, 1)), "bar", "7")
answered = st.builds(
    Widget,
    request=st.just(ASKED),
    availability=st.sampled_from(Availability),
    resource_id=texts,
    title=texts,
    description=texts,
    chart_type=texts,
    entries=st.lists(entries, max_size=3).map(tuple),
    reason=texts,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(widget=answered, raw=facts, edition=st.booleans())
def test_any_answer_comes_back_exactly(
    archive: FileArchive, widget: Widget, raw: Mapping[str, object], edition: bool
) -> None:
    answers = Answers("xC5kQ2", MOMENT, (widget,), ({"answer": raw},))
    gathered = Gathered(answers, (widget, widget), edition)
    first = draft(job(SAMPLES), Fixed(RecordedSource(DATA)))
    snapshot = replace(first, gathered=gathered).snapshot
    assert archive.snapshot(archive.keep(document(), snapshot)).gathered == gathered


def test_a_number_that_is_none_comes_back_as_such(archive: FileArchive) -> None:
    value = Value(math.nan)
    widget = Widget(ASKED, Availability.ANSWERED, entries=(Entry(values=(value,)),))
    place = archive.keep(document(), {"widgets": (widget,)})
    (found,) = archive.widgets(place)
    number = found.entries[0].values[0].number
    assert number is not None
    assert math.isnan(number)

"""A corrected edition: what it replaces, what has changed, and how it says so."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from reportgen import pipeline
from reportgen.archive import FileArchive
from reportgen.errors import StorageUnavailable
from reportgen.language import available
from reportgen.ledger import SqlLedger, open_ledger
from reportgen.model import Answers, Customer, Entry, RunKey, Widget
from reportgen.pipeline import (
    Desk,
    Job,
    PastEdition,
    Replaced,
    RunState,
    Source,
    composed,
    gather,
)
from reportgen.rendering.html import Writer
from reportgen.rendering.machine import figures_json
from reportgen.rendering.press import Press
from reportgen.sources.recorded import RecordedSource
from reportgen.views import Change, Correction, Page
from tests.inventing import Told, item, value
from tests.pdfua import faults, nodes
from tests.sample_pages import DATA, SAMPLES, Fixed, job
from tests.sections.making import reader as reader_of

MADE = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)
"""The replaced edition, on 4 December where the customer is."""
BERLIN = replace(SAMPLES, time_zone="Europe/Berlin")
RATE, RISK = "repeat_offenders_rate", "risk_score_trend"
COVERAGE, TABLE = "simulation_coverage", "PhishingCampaignRiskiestUsersTableWidget"
NOVEMBER = date(2026, 11, 1)
Raw = Mapping[str, list[dict[str, object]]]


def offenders(rate: float) -> Raw:
    sent = value(rate, "RepeatOffenderPercentage", "Current Level")
    return {"RepeatOffendersUsersRateWidget": [item([sent])]}


def coverage(tested: int, missed: int) -> Raw:
    values = [value(tested, "CountSimulated"), value(missed, "CountNonSimulated")]
    return {"SimulationCoverageWidget": [item(values)]}


def risk(first: int, *scores: float | None) -> Raw:
    """By month, from this one of 2026 on."""
    label = "Company Phishing Risk Score"
    months = enumerate(scores, first)
    found = [item([value(score, None, label)], date(2026, month, 1)) for month, score in months]
    return {"PhishingRiskScoreAcrossIndustriesWidget": found}


def edition(number: int, customer: Customer, *items: object, months: int = 12) -> Job:
    wanted = job(customer, items=items, months=months)
    return replace(wanted, key=replace(wanted.key, edition=number))


def answers(raw: Raw, wanted: Job) -> tuple[Widget, ...]:
    return gather(wanted, Told(raw), ()).answers.widgets


def corrected(
    then: Raw,
    now: Raw,
    *items: object,
    before: tuple[object, ...] = (),
    months: tuple[int, int] = (12, 12),
) -> Correction:
    """What the second edition says of a first one, with the sections `before` if they differ."""
    old = answers(then, edition(1, BERLIN, *(before or items), months=months[0]))
    wanted = edition(2, BERLIN, *items, months=months[1])
    gathered = replace(gather(wanted, Told(now), ()), replaced=Replaced(1, MADE, old))
    found = composed(wanted, gathered).page.correction
    assert found is not None
    return found


def listed(found: Correction) -> list[tuple[str, str, str]]:
    return [(one.label, one.then, one.now) for _title, group in found.groups for one in group]


# ---- which figures -------------------------------------------------------------------------


def test_changed_figures_are_listed_and_unchanged_ones_are_not() -> None:
    found = corrected(
        offenders(12) | coverage(90, 10), offenders(9) | coverage(90, 10), RATE, COVERAGE
    )
    assert (found.edition, found.day, found.on_file) == (1, date(2026, 12, 4), True)
    assert found.groups == (
        (
            "People and departments at risk",
            (Change("Repeat offenders", NOVEMBER, "12%", "9%"),),
        ),
    )
    assert found.exhibits == (2,)


def test_what_prints_alike_has_not_changed() -> None:
    found = corrected(offenders(11.9), offenders(12.1), RATE)
    assert (found.groups, found.count) == ((), 0)


def test_nothing_has_changed() -> None:
    found = corrected(offenders(12), offenders(12), RATE)
    assert found == Correction(1, date(2026, 12, 4))


def test_every_month_is_compared_not_only_those_of_the_table() -> None:
    found = corrected(risk(1, *range(20, 31)), risk(1, 99, *range(21, 31)), RISK)
    assert listed(found) == [("Phishing risk score", "20%", "99%")]
    assert found.groups[0][1][0].month == date(2026, 1, 1)


def test_a_month_that_came_or_went_is_named() -> None:
    found = corrected(risk(9, 24, None, 11), risk(9, 24, 17, 11), RISK)
    assert listed(found) == [("Phishing risk score", "not shown", "17%")]


def test_another_length_of_the_history_is_no_change() -> None:
    found = corrected(risk(1, *range(20, 31)), risk(6, *range(25, 31)), RISK, months=(12, 6))
    assert listed(found) == []


def test_measures_that_appear_and_disappear_are_listed_with_their_value() -> None:
    found = corrected(offenders(12), coverage(97, 3), RATE, COVERAGE)
    assert listed(found) == [
        ("Simulation coverage", "not shown", "97%"),
        ("People not tested", "not shown", "3"),
        ("People", "not shown", "100"),
        ("Repeat offenders", "12%", "not shown"),
    ]


def test_a_measure_the_report_no_longer_has_is_listed() -> None:
    found = corrected(offenders(12), coverage(97, 3), COVERAGE, before=(RATE,))
    assert ("Repeat offenders", "12%", "not shown") in listed(found)


def test_an_exhibit_without_figures_in_the_table_comes_and_goes_by_its_name() -> None:
    source = RecordedSource(DATA)
    with_table, without = edition(1, SAMPLES, RATE, TABLE), edition(2, SAMPLES, RATE)
    old = gather(with_table, source, ()).answers.widgets
    gathered = replace(gather(without, source, ()), replaced=Replaced(1, MADE, old))
    found = composed(without, gathered).page.correction
    assert found is not None
    assert listed(found) == [("Phishing Campaign Riskiest Users", "shown", "not shown")]


def test_a_table_with_other_rows_is_named_by_its_exhibit() -> None:
    """Its rows are no figures of the table of all figures."""
    wanted = edition(2, SAMPLES, RATE, "riskiest_departments")
    gathered = gather(wanted, RecordedSource(DATA), ())
    rate, ranking = gathered.answers.widgets
    last = ranking.entries[-1]
    lower = replace(last, values=(replace(last.values[0], number=1.0), *last.values[1:]))
    old = (rate, replace(ranking, entries=(*ranking.entries[:-1], lower)))
    page = composed(wanted, replace(gathered, replaced=Replaced(1, MADE, old))).page
    assert page.correction is not None
    assert (page.correction.groups, page.correction.exhibits) == ((), (2,))
    assert "No figure has changed." not in Writer().html(page, "")


def test_what_two_exhibits_show_alike_is_listed_once() -> None:
    twice = (RATE, {"section": RATE, "resource_id": "7"})
    found = corrected(offenders(12), offenders(9), *twice)
    assert listed(found) == [("Repeat offenders", "12%", "9%")]
    assert found.exhibits == (1, 2)


def test_the_same_question_twice_is_compared_each_with_its_own() -> None:
    found = corrected(offenders(12), offenders(12), RATE, RATE)
    assert found == Correction(1, date(2026, 12, 4))


# ---- which edition -------------------------------------------------------------------------


def desk(folder: Path, source: Source, press: Press, ledger: SqlLedger) -> Desk:
    return Desk(Fixed(source), press, FileArchive("archive", folder), ledger, lambda: MADE)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as opened:
        yield opened


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db", clock=lambda: MADE) as opened:
        yield opened


def make(number: int, here: Desk, *, hand_over: bool = True) -> RunState | None:
    wanted = replace(edition(number, BERLIN, RATE), hand_over=hand_over)
    return pipeline.run(wanted, here, manual=True).state


def kept(here: Desk, number: int) -> tuple[Page, bytes]:
    """The page of a kept edition, composed anew from the archive alone, and its document."""
    archive = here.archive
    assert isinstance(archive, FileArchive)
    key = edition(number, BERLIN, RATE).key
    place = f"archive/{key.report}/{key.company_id}/{key.period}/{number}"
    snapshot = archive.snapshot(place)
    return composed(edition(number, BERLIN, RATE), snapshot.gathered).page, archive.load(place).pdf


@pytest.mark.parametrize("hand_over", [True, False], ids=["sent", "kept"])
def test_an_edition_names_the_newest_before_it_that_went_out_or_was_kept(
    tmp_path: Path, press: Press, ledger: SqlLedger, hand_over: bool
) -> None:
    rates = (12, 9, 9)
    for number, rate in enumerate(rates, 1):
        here = desk(tmp_path, Told(offenders(rate)), press, ledger)
        state = make(number, here, hand_over=hand_over)
        assert state is (RunState.SUCCEEDED if hand_over else RunState.KEPT)
    corrections = [kept(here, number)[0].correction for number in (1, 2, 3)]
    assert corrections[0] is None
    assert [one.edition for one in corrections if one] == [1, 2]
    assert [listed(one) for one in corrections if one] == [[("Repeat offenders", "12%", "9%")], []]


def test_a_corrected_edition_is_made_again_to_the_byte_from_the_archive(
    tmp_path: Path, press: Press, ledger: SqlLedger
) -> None:
    for number, rate in ((1, 12), (2, 9)):
        here = desk(tmp_path, Told(offenders(rate)), press, ledger)
        make(number, here)
    page, pdf = kept(here, 2)
    assert press.pdf(page).pdf == pdf
    text = " ".join("".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages).split())
    assert "replaces edition 1 of 4 December 2026" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_held_edition_is_not_replaced(tmp_path: Path, press: Press, ledger: SqlLedger) -> None:
    here = desk(tmp_path, Told(offenders(300)), press, ledger)
    assert make(1, here) is RunState.HELD
    here = desk(tmp_path, Told(offenders(9)), press, ledger)
    make(2, here)
    assert kept(here, 2)[0].correction is None


@pytest.mark.parametrize("noted", [True, False], ids=["pruned", "lost"])
def test_an_edition_whose_answers_are_gone_is_named_all_the_same(
    tmp_path: Path, press: Press, ledger: SqlLedger, noted: bool
) -> None:
    here = desk(tmp_path, Told(offenders(12)), press, ledger)
    make(1, here)
    (first,) = ledger.kept()
    FileArchive("archive", tmp_path).remove(first.key, first.place)
    if noted:
        ledger.removed(first, "for a test")
    make(2, here)
    page, pdf = kept(here, 2)
    assert page.correction == Correction(1, date(2026, 12, 4), on_file=False)
    assert press.pdf(page).pdf == pdf
    text = Writer().html(page, "")
    assert "no longer on file" in text
    assert "No figure has changed." not in text


def test_an_archive_out_of_reach_is_not_taken_for_an_empty_one(ledger: SqlLedger) -> None:
    """Else the report would say for good that the figures are gone."""

    class Away(FileArchive):
        def widgets(self, place: str) -> tuple[Widget, ...]:
            raise StorageUnavailable("the archive does not answer")

    class Known:
        def replaced(self, key: RunKey) -> PastEdition | None:
            return PastEdition(1, MADE, "archive/monthly/widgets/2026-11/1")

    key = edition(2, BERLIN, RATE).key
    with pytest.raises(StorageUnavailable):
        pipeline.replaced(key, Away("archive"), Known())  # type: ignore[arg-type]


# ---- how it says so ------------------------------------------------------------------------


def sample(language: str, many: int | None, page_size: str = "A4") -> Page:
    """The recorded company, corrected: so many changes at the least; None: nothing on file."""
    customer = replace(BERLIN, language=language, page_size=page_size)
    wanted = job(customer)
    wanted = replace(wanted, key=replace(wanted.key, edition=2))
    gathered = gather(wanted, Fixed(RecordedSource(DATA)), ())
    old = None if many is None else tuple(_until(gathered.answers, many, wanted))
    return composed(wanted, replace(gathered, replaced=Replaced(1, MADE, old))).page


def _until(now: Answers, many: int, wanted: Job) -> Iterator[Widget]:
    """Answers of another edition: widget by widget, until enough figures differ."""
    changed = 0
    for widget, section in zip(now.widgets, wanted.sections, strict=True):
        if changed >= many:
            yield widget
            continue
        other = replace(widget, entries=tuple(_one_more(entry) for entry in widget.entries))
        views = (section.view(each, reader_of()) for each in (widget, other))
        then, after = (view.rows for view in views)
        changed += sum(
            row.values[month] != old.values.get(month)
            for row, old in zip(then, after, strict=True)
            for month in row.values
        )
        yield other


def _one_more(entry: Entry) -> Entry:
    values = (replace(one, number=one.number and one.number + 1) for one in entry.values)
    return replace(entry, values=tuple(values))


@pytest.fixture(scope="module")
def first() -> Page:
    return composed(job(SAMPLES), gather(job(SAMPLES), Fixed(RecordedSource(DATA)), ())).page


def test_a_first_edition_says_nothing_of_it(first: Page, press: Press) -> None:
    html = Writer().html(first, "")
    assert first.correction is None
    assert 'id="correction"' not in html
    assert "replaces edition" not in html
    letter = press.letter(first, "report.pdf", 1)
    assert letter.subject == "Human risk report, November 2026: Harbourline Logistics"
    assert "eplaces" not in letter.text + letter.html
    assert "correction" not in json.loads(figures_json(first))


def test_cover_block_and_last_page_name_the_replaced_edition() -> None:
    html = Writer().html(sample("en", 0), "").replace("\N{NO-BREAK SPACE}", " ")
    assert "2, replaces edition 1 of 4 December 2026" in html
    assert "This is edition 2. It replaces edition 1 of 4 December 2026. No figure has" in html
    assert "Edition 1 of 4 December 2026</td>" in html


@pytest.mark.parametrize(
    ("many", "said"),
    [
        (0, "No figure has changed."),
        (1, "9 figures have changed. The page after the summary says which."),
        (None, "Its figures are no longer on file, so the changes cannot be listed."),
    ],
)
def test_the_mail_says_what_it_replaces_and_how_much_has_changed(
    press: Press, many: int | None, said: str
) -> None:
    letter = press.letter(sample("en", many), "report.pdf", 1)
    assert letter.subject == "Corrected: Human risk report, November 2026: Harbourline Logistics"
    which = "This is edition 2. It replaces edition 1 of 4 December 2026."
    assert f"{which} {said}" in letter.text
    assert f"{which} {said}" in letter.html


def test_the_copy_for_machines_holds_the_changes() -> None:
    page = sample("en", 1)
    found = json.loads(figures_json(page))["correction"]
    assert (found["replaced_edition"], found["replaced_edition_made"]) == (1, "2026-12-04")
    assert found["on_file"] is True
    assert found["changes"][0] == {
        "chapter": "Phishing resilience",
        "label": "Phishing risk score",
        "month": "2026-09-01",
        "then": "25%",
        "now": "24%",
    }


@pytest.mark.parametrize(
    ("language", "many", "page_size"),
    [
        ("en", 0, "A4"),
        ("en", None, "Letter"),
        ("de", 4, "Letter"),
        ("en", 40, "A4"),
        ("de", 40, "Letter"),
        ("ar", 40, "A4"),
        ("ar", 4, "A4"),
    ],
)
def test_the_block_fits_its_pages_and_readers_aloud_can_use_its_table(
    press: Press, language: str, many: int | None, page_size: str
) -> None:
    page = sample(language, many, page_size)
    assert page.reasons == ()
    assert page.correction is not None
    assert page.correction.count >= (many or 0)
    made = press.pdf(page)
    assert made.flaws == ()
    assert faults(made.pdf) == []


def test_its_table_has_headers_for_rows_and_columns(press: Press) -> None:
    page = sample("en", 4)
    assert page.correction is not None
    reader = PdfReader(io.BytesIO(press.pdf(page).pdf))
    table = next(node for node in nodes(reader) if node["/S"] == "/Table")
    cells = [node for node in _inside(table) if node["/S"] in ("/TH", "/TD")]
    scopes = [cell["/A"].get("/Scope") for cell in cells if cell["/S"] == "/TH"]
    assert scopes[:4] == ["/Column"] * 4
    assert scopes.count("/Row") == page.correction.count + len(page.correction.groups)
    values = [cell for cell in cells if cell["/S"] == "/TD"]
    assert len(values) == 3 * page.correction.count
    assert all(len(cell["/A"]["/Headers"]) == 2 for cell in values)


def _inside(node: Any) -> Iterator[dict[str, Any]]:
    """Every element of the structure tree below this one."""
    found = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(found, list):
        for each in found:
            yield from _inside(each)
    elif isinstance(found, dict) and "/S" in found:
        yield found
        yield from _inside(found.get("/K"))


@pytest.mark.parametrize("language", available())
def test_every_language_says_it_in_its_own_words(language: str, press: Press) -> None:
    page = sample(language, 4)
    html, letter = Writer().html(page, ""), press.letter(page, "report.pdf", 1)
    english = ("Corrected", "replaces edition", "Replaces<", "Exhibits drawn", ">Month<")
    assert all((text in html) is (language == "en") for text in english)
    assert letter.subject.startswith("Corrected:") is (language == "en")

"""Asking the source for everything a page needs, and proving whose data it is."""

from reportgen import comparison, proof
from reportgen.errors import (
    ReportgenError,
    SourceBusy,
    SourceError,
)
from reportgen.model import (
    Answers,
    RunKey,
    SavedReport,
    Spans,
    Widget,
    WidgetRequest,
)
from reportgen.pipeline.job import Desk, Gathered, Job, Replaced
from reportgen.pipeline.world import Archive, Ledger, PastEdition, Section, Source
from reportgen.proof import Witness
from reportgen.sections import for_saved_report


def gather(job: Job, source: Source, earlier: tuple[Widget, ...] | None = None) -> Gathered:
    """Ask the source for everything the page needs, and prove whose data it is."""
    saved = _saved(job, source)
    sections = sections_of(job, saved)
    requests = tuple(section.request(job.spans) for section in sections)
    answers, witnesses = _proven(job, requests, saved, source)
    if earlier is not None:
        return Gathered(answers, earlier, edition=True, saved_report=saved, witnesses=witnesses)
    before = _asked_again(job, sections, requests, source)
    return Gathered(answers, before, saved_report=saved, witnesses=witnesses)


def _proven(
    job: Job, requests: tuple[WidgetRequest, ...], saved: SavedReport | None, source: Source
) -> tuple[Answers, tuple[Witness, ...] | None]:
    """The answers, and who confirms whose they are. Raises WrongCustomer.

    Figures may move between two readings, so a contradiction nobody owns is looked at once more.
    """
    for last in (False, True):
        answers = source.fetch(job.customer, requests)
        testimony = source.testimony(job.customer, answers)
        found = proof.contradiction(answers, testimony)
        owner = source.owner(job.customer, found) if found else ""
        if found is None or owner or last:
            break
    witnesses = proof.proven(answers, job.customer, saved, testimony)
    if found is not None:
        raise proof.contradicted(found, job.customer, owner)
    return answers, None if testimony is None else witnesses


def _saved(job: Job, source: Source) -> SavedReport | None:
    if job.saved_report is None:
        return None
    return source.saved_report(job.customer, job.saved_report)


def sections_of(job: Job, saved: SavedReport | None) -> tuple[Section, ...]:
    return job.sections if saved is None else for_saved_report(saved)


def _asked_again(
    job: Job, sections: tuple[Section, ...], requests: tuple[WidgetRequest, ...], source: Source
) -> tuple[Widget, ...]:
    """The period before, of measures that bring no months of their own; nothing if refused."""
    spans = comparison.before(job.spans)
    wanted = tuple(
        section.request(spans)
        for section, request in zip(sections, requests, strict=True)
        if request.widget_type and not _brings_months(request, job.spans)
    )
    if not wanted:
        return ()
    try:
        answers, _ = _proven(job, wanted, None, source)
    except SourceBusy:
        raise  # asked again later, it answers: no report goes out without its comparison for that
    except SourceError:
        return ()
    return answers.widgets


def _brings_months(request: WidgetRequest, spans: Spans) -> bool:
    """True for a measure asked over the whole history: its months hold the period before."""
    return request.window == spans.history and request.window not in (spans.window, spans.period)


def edition_before(job: Job, desk: Desk) -> tuple[Widget, ...] | None:
    """The answers of the edition before; one that cannot be read does not stop this one."""
    place = desk.ledger.earlier(job.key, job.spans.period)
    if place is None:
        return None
    try:
        return desk.archive.widgets(place)
    except ReportgenError:
        return None


def replaced(key: RunKey, archive: Archive, ledger: Ledger) -> Replaced | None:
    """
    The edition that this one replaces; None for a first one.

    Raises StorageError while the archive cannot be reached: what is only out of reach is not said
    to be gone.
    """
    past = ledger.replaced(key) if key.edition > 1 else None
    if past is None:
        return None
    return Replaced(past.number, past.made_at, _on_file(past, archive))


def _on_file(past: PastEdition, archive: Archive) -> tuple[Widget, ...] | None:
    if past.place is None:
        return None
    try:
        return archive.widgets(past.place)
    except ReportgenError as error:
        if error.retry:
            raise
        return None

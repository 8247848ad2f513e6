"""From what was gathered to the document. Nobody is asked, and nothing leaves the house here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from reportgen import comparison, corrections, gate
from reportgen.composing import Heading, compose, today, weighed
from reportgen.model import (
    Answers,
    Concern,
    Customer,
    Document,
    DocumentState,
    Verdict,
    Widget,
)
from reportgen.pipeline.gathering import sections_of
from reportgen.pipeline.job import Draft, Gathered, Job, Replaced
from reportgen.pipeline.world import Press, Section
from reportgen.sections import for_widget_type
from reportgen.views import Page, Reader, SectionView


def composed(job: Job, gathered: Gathered) -> Draft:
    """The page of what was gathered. Asks nobody: the same job and answers give the same page."""
    reader = _reader(job, gathered.answers)
    look = _look(gathered, reader)
    sections = sections_of(job, gathered.saved_report)
    shown = tuple(zip(sections, gathered.answers.widgets, strict=True))
    measured = tuple(look(section, widget) for section, widget in shown)
    views = tuple(one.view for one in measured)
    before = _replacement(gathered.replaced, shown, views, look)
    case = gate.Case(
        customer=job.customer,
        period=job.spans.period,
        today=reader.today,
        measured=measured,
        words=job.words,
        edition=gathered.edition,
        rules=job.rules,
    )
    page = _page(job, gathered, views, before)
    return Draft(weighed(page, gate.concerns(case)), job, gathered)


def _page(
    job: Job,
    gathered: Gathered,
    views: tuple[SectionView, ...],
    before: corrections.Replacement | None,
) -> Page:
    return compose(
        Heading(
            title=job.title,
            template=job.template,
            customer=job.customer,
            key=job.key,
            spans=job.spans,
            answers=gathered.answers,
            replaced=before,
            confirmed=tuple((each.kind, each.count) for each in gathered.witnesses or ()),
        ),
        views,
        job.words,
    )


def _reader(job: Job, answers: Answers) -> Reader:
    return Reader(
        words=job.words,
        targets=job.customer.targets,
        today=today(answers, job.customer),
        company=job.customer.name,
    )


Look = Callable[[Section, Widget], gate.Measured]
"""How a section shows an answer to the reader of this report."""


def _look(gathered: Gathered, reader: Reader) -> Look:
    """The section's view, compared with what it would have shown the time before."""

    def measured(section: Section, widget: Widget) -> gate.Measured:
        then = comparison.matching(widget, gathered.earlier)
        if then is None:
            return gate.Measured(widget, section.view(widget, reader))
        before = section.view(then, reader)
        pasts = comparison.pasts(before, edition=gathered.edition)
        drifted = comparison.drifted(widget, then)
        view = section.view(widget, replace(reader, earlier=pasts, drifted=drifted))
        return gate.Measured(widget, view, then, before, drifted)

    return measured


def _replacement(
    before: Replaced | None,
    shown: tuple[tuple[Section, Widget], ...],
    views: tuple[SectionView, ...],
    look: Look,
) -> corrections.Replacement | None:
    """The replaced edition, with what it showed beside what is shown now."""
    if before is None:
        return None
    if before.widgets is None:
        return corrections.Replacement(before.edition, before.made_at)
    left, pairs = list(before.widgets), []
    for (section, widget), view in zip(shown, views, strict=True):
        then = comparison.same_question(widget, left)
        if then is not None:
            left.remove(then)
        pairs.append((look(section, then).view if then else None, view))
    gone = ((look(_section_of(widget), widget).view, None) for widget in left if _was_asked(widget))
    return corrections.Replacement(before.edition, before.made_at, (*pairs, *gone))


def _was_asked(widget: Widget) -> bool:
    return bool(widget.request.widget_type)


def _section_of(widget: Widget) -> Section:
    """The section that showed an answer, where the report no longer has it."""
    request = widget.request
    return for_widget_type(request.widget_type, resource_id=request.resource_id)


def produce(
    job: Job, page: Page, press: Press, made_at: datetime, concerns: tuple[Concern, ...] = ()
) -> Document:
    """Print the page and write its covering letter. Nothing leaves the house here.

    A print with a flaw waits for a person; so does one with concerns besides those of the page.
    One that must never go out for its flaws says so itself.
    """
    made, printed = press.pdf(page, job.file_name), page
    flaws = gate.named("flaw", made.flaws, job.rules)
    page = weighed(page, (*flaws, *concerns))
    if page.mark != printed.mark:
        made = press.pdf(page)
    protected = _protected(made.pdf, job.customer, press)
    letter = made.letter if protected is None and page == printed else None
    return Document(
        key=job.key,
        customer=job.customer,
        report_title=job.title,
        period=job.spans.period,
        file_name=job.file_name,
        pdf=made.pdf,
        sha256=sha256(made.pdf).hexdigest(),
        letter=letter or press.letter(page, job.file_name, len(protected or made.pdf)),
        state=_document_state(page.concerns),
        reasons=page.reasons,
        made_at=made_at,
        made_with=press.made_with(),
        protected=protected,
    )


def _document_state(concerns: tuple[Concern, ...]) -> DocumentState:
    verdicts = {each.verdict for each in concerns}
    if Verdict.BLOCK in verdicts:
        return DocumentState.BLOCKED
    return DocumentState.HELD if Verdict.HOLD in verdicts else DocumentState.READY


def _protected(pdf: bytes, customer: Customer, press: Press) -> bytes | None:
    """The copy that leaves in its place; what is made again from the archive gets none."""
    protection = customer.protection
    if protection is None or protection.password is None:
        return None
    return press.protect(pdf, protection.password)

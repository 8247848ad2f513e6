"""From the views of all sections to the page of the whole document."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from reportgen import chapters, checks, corrections, insights
from reportgen.model import Answers, Concern, Customer, RunKey, Spans, Verdict
from reportgen.views import Correction, Exhibit, Page, SectionView, Sentence, Words


@dataclass(frozen=True, slots=True)
class Heading:
    """What a document is, apart from its sections."""

    title: str
    template: str
    customer: Customer
    key: RunKey
    spans: Spans
    answers: Answers
    confirmed: tuple[tuple[str, int], ...] = ()
    replaced: corrections.Replacement | None = None
    """The edition before of the same period, where there is one."""


def compose(heading: Heading, views: tuple[SectionView, ...], words: Words) -> Page:
    """The page; blocked where a sentence of it is not true."""
    figures = insights.distinct(views)
    found = chapters.chapters(views, words)
    exhibits = chapters.exhibits(found)
    proposals = tuple(proposal for view in views for proposal in view.proposals)
    made = today(heading.answers, heading.customer)
    actions, decision = insights.actions(proposals, figures, heading.customer.actions, made)
    page = Page(
        title=heading.title,
        customer=heading.customer.name,
        brand=heading.customer.brand,
        language=words.language,
        page_size="Letter" if heading.customer.page_size == "Letter" else "A4",
        period=heading.spans.period,
        window=heading.spans.window,
        time_zone=heading.customer.time_zone,
        data_as_of=heading.answers.fetched_at,
        edition=heading.key.edition,
        reference=str(heading.key),
        headline=insights.headline(figures, words, heading.spans.period),
        lede=insights.lede(insights.cards(figures) or figures, views, words),
        figures=insights.cards(figures),
        findings=insights.findings(figures, exhibits, words),
        sections=views,
        chapters=found,
        missing=chapters.missing(views),
        actions=actions,
        decision=decision,
        measures=chapters.measures(exhibits),
        table=chapters.figure_table(found, heading.spans.period),
        cover=insights.cover(figures, words),
        fingerprint=_fingerprint(heading.answers),
        confirmed=heading.confirmed,
        template=heading.template,
        correction=_correction(heading, exhibits, words),
        protected=heading.customer.protection is not None,
    )
    every = tuple(figure for view in views for figure in view.figures)
    untrue = checks.untrue(_said(page), every, words)
    return weighed(page, untrue)


def _correction(heading: Heading, exhibits: tuple[Exhibit, ...], words: Words) -> Correction | None:
    if heading.replaced is None:
        return None
    day = local_day(heading.replaced.made_at, heading.customer)
    return corrections.correction(heading.replaced, day, exhibits, chapters.titles(words), words)


def today(answers: Answers, customer: Customer) -> date:
    """The day of the report, where the customer is."""
    return local_day(answers.fetched_at, customer)


def local_day(moment: datetime, customer: Customer) -> date:
    """The day it was then, where the customer is."""
    return moment.astimezone(ZoneInfo(customer.time_zone)).date()


def weighed(page: Page, concerns: tuple[Concern, ...]) -> Page:
    """The page with more concerns; marked when one of them keeps it in for good."""
    blocked = any(each.verdict is Verdict.BLOCK for each in concerns)
    mark = page.mark or ("held" if blocked else "")
    return replace(page, mark=mark, concerns=(*page.concerns, *concerns))


def _said(page: Page) -> Iterator[Sentence]:
    """Every sentence of the document."""
    yield from (page.headline, page.cover, *page.lede)
    for finding in page.findings:
        yield from (finding.title, *finding.text)
    for view in page.sections:
        yield from checks.sentences(view)


def _fingerprint(answers: Answers) -> str:
    """SHA-256 of what the platform answered, whatever the order of its keys."""
    said = [part.get("answer") for part in answers.raw]
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

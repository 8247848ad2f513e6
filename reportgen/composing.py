"""From the views of all sections to the page of the whole document."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from zoneinfo import ZoneInfo

from reportgen import chapters, checks, insights
from reportgen.model import Answers, Customer, RunKey, Spans
from reportgen.views import Page, SectionView, Sentence, Words


@dataclass(frozen=True, slots=True)
class Heading:
    """What a document is, apart from its sections."""

    title: str
    template: str
    customer: Customer
    key: RunKey
    spans: Spans
    answers: Answers


def compose(heading: Heading, views: tuple[SectionView, ...], words: Words) -> Page:
    """The page; one that must not go out is marked as held, with the reasons."""
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
        template=heading.template,
        protected=heading.customer.protection is not None,
    )
    every = tuple(figure for view in views for figure in view.figures)
    untrue = checks.untrue(_said(page), every, words)
    return held(page, (*checks.gate(views, words), *untrue))


def today(answers: Answers, customer: Customer) -> date:
    """The day of the report, where the customer is."""
    return answers.fetched_at.astimezone(ZoneInfo(customer.time_zone)).date()


def held(page: Page, reasons: tuple[str, ...]) -> Page:
    """The page with more reasons not to let it out; as it was without any."""
    if not reasons:
        return page
    return replace(page, mark=page.mark or "held", reasons=(*page.reasons, *reasons))


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

"""Making a kept report again: from the archive alone, without asking anybody."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile

from reportgen import bundled, proof
from reportgen.app.house import House
from reportgen.app.jobs import file_name
from reportgen.errors import ConfigError, SourceRefused, StorageError, TemplateError
from reportgen.language import words
from reportgen.ledger import KeptRun
from reportgen.model import (
    Answers,
    Customer,
    Document,
    RunKey,
    SavedReport,
    Widget,
    WidgetRequest,
)
from reportgen.pipeline import (
    Desk,
    Gathered,
    Job,
    Outcome,
    Press,
    composed,
    produce,
    replaced,
    run,
)
from reportgen.rendering import press as rendering
from reportgen.rendering.scratch import Scratch

_DIGEST = 64
"""Letters of a SHA-256: nobody wants to read those."""


@dataclass(frozen=True, slots=True)
class Remade:
    """A document as kept, and as this program makes it."""

    kept: Document
    made: Document

    @property
    def same(self) -> bool:
        """True when not a byte differs."""
        return self.made.pdf == self.kept.pdf

    @property
    def changes(self) -> tuple[str, ...]:
        """What else shapes the document now than when it was made; for people."""
        return tuple(_changes(self.kept.made_with, self.made.made_with))


def rerender(house: House, wanted: str) -> Remade:
    """Make the document of a past run again. Raises ConfigError for a run nobody knows."""
    past = _run(house, wanted)
    with _job(house, past) as (job, document):
        made = _made(job, house.press, document)
    return Remade(document, made)


def rerender_as(house: House, wanted: str, template: str) -> Outcome:
    """
    A new edition of the same figures with another template, which stays in the archive.

    `template` is the name of one in the template folders, or a file.
    """
    past = _run(house, wanted)
    with _job(house, past) as (job, document), _press(house, template) as (press, name):
        anew = _as_edition(house, job, _next_edition(house, job.key), name)
        _made(anew, press, document)  # a template that cannot be used leaves no run behind
        desk = Desk(Nobody(), press, house.archive, house.ledger, house.clock)
        return run(anew, desk, manual=True)


def _as_edition(house: House, job: Job, number: int, template: str) -> Job:
    """The same figures as a further edition, which names the one it replaces."""
    key = replace(job.key, edition=number)
    before = replaced(key, house.archive, house.ledger)
    return replace(
        job,
        key=key,
        template=template,
        file_name=file_name(job.customer, key),
        gathered=job.gathered and replace(job.gathered, replaced=before),
    )


def kept(house: House, wanted: str) -> Document:
    """The document of a past run, as it is in the archive."""
    return house.archive.load(_run(house, wanted).place)


def _next_edition(house: House, key: RunKey) -> int:
    return house.ledger.next_edition(key.report, key.company_id, key.period)


def _made(job: Job, press: Press, kept: Document) -> Document:
    """As `pipeline` makes it from what was gathered, and at the moment of then."""
    if job.gathered is None or kept.made_at is None:
        raise StorageError(f"{job.key}: the archive does not hold what it takes to make it again")
    page = composed(job, job.gathered).page
    return produce(job, page, press, kept.made_at)


# ---- which run -----------------------------------------------------------------------------


def _run(house: House, wanted: str) -> KeptRun:
    """The run of this name; the customer's name may stand in the place of its id."""
    found = [past for past in house.ledger.kept() if wanted.casefold() in _names(past)]
    if len(found) != 1:
        cause = f"{len(found)} runs are called" if found else "no document was made by a run"
        raise ConfigError(f"{cause} {wanted!r}; `reportgen history` lists them")
    if found[0].removed_at:
        raise StorageError(
            f"{found[0].key}: removed from the archive on {found[0].removed_at:%Y-%m-%d}"
        )
    return found[0]


def _names(past: KeptRun) -> tuple[str, ...]:
    """By id and by name, a first edition with and without its number."""
    named = replace(past.key, company_id=past.customer)
    names = [str(key) for key in (past.key, named)]
    if past.key.edition == 1:
        names += [f"{name}/1" for name in names]
    return tuple(name.casefold() for name in names)


@contextmanager
def _job(house: House, past: KeptRun) -> Iterator[tuple[Job, Document]]:
    """The job as it was, with what was gathered for it and the logos of then; and its document."""
    kept = house.archive.load(past.place)
    snapshot = house.archive.snapshot(past.place)
    _prove(kept, snapshot.gathered)
    with Scratch() as folder:
        brand = house.archive.brand(past.place, Path(folder))
        yield (
            Job(
                key=kept.key,
                customer=replace(kept.customer, brand=brand),
                title=snapshot.title,
                template=snapshot.template,
                spans=snapshot.spans,
                sections=snapshot.sections,
                saved_report=snapshot.saved_report,
                words=words(snapshot.language),
                channels=(),
                file_name=kept.file_name,
                hand_over=False,
                gathered=snapshot.gathered,
                rules=snapshot.rules,
            ),
            kept,
        )


def _prove(kept: Document, gathered: Gathered) -> None:
    """What was mixed up in the archive must not give one customer another's figures."""
    proof.prove(gathered.answers, kept.customer)
    if gathered.saved_report:
        proof.prove_saved(gathered.saved_report, kept.customer)


# ---- with what -----------------------------------------------------------------------------


@contextmanager
def _press(house: House, template: str) -> Iterator[tuple[Press, str]]:
    """The press that knows this template, and its name there; `./name` is always a file."""
    own = house.settings.templates
    if any(_is_inside(folder, template) for folder in (own, bundled.TEMPLATES) if folder):
        yield house.press, template
        return
    file = Path(template)
    if not file.is_file():
        raise TemplateError(f"there is no template {template!r}, in no template folder and no file")
    with Scratch() as folder:
        copyfile(file, Path(folder, file.name))
        with rendering.Press(Path(folder), own) as press:
            yield press, file.name


def _is_inside(folder: Path, name: str) -> bool:
    inside = not name.startswith((".", "/")) and ".." not in Path(name).parts
    return inside and (folder / name).is_file()


class Nobody:
    """A source that is not there: what is made again is made from what was kept."""

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        """Raises SourceRefused."""
        raise SourceRefused(f"{customer.name}: {len(requests)} answers are not in the archive")

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        """Raises SourceRefused."""
        raise SourceRefused(f"{customer.name}: the saved report {name!r} is not in the archive")

    def testimony(self, customer: Customer, answers: Answers) -> None:
        """Nobody is asked."""

    def owner(self, customer: Customer, widget: Widget) -> str:
        """Nobody is asked."""
        return ""


# ---- what has changed ----------------------------------------------------------------------


def _changes(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({**then, **now}):
        before, after = then.get(name), now.get(name)
        if before == after:
            continue
        if max(len(before or ""), len(after or "")) >= _DIGEST:
            yield f"{name}: changed"
        else:
            yield f"{name}: {before or 'not noted'}, now {after or 'none'}"

"""Proof: whose data this is, and whether every sentence is borne out by the figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reportgen.errors import WrongCustomer
from reportgen.model import Answers, Concern, Customer, SavedReport, Verdict
from reportgen.telling import printed, standing
from reportgen.views import Figure, Quoted, SectionView, Sentence, Words

_ID_KEYS = ("companyresourceid", "companyid")
_NAME_KEYS = ("companyname", "company")


def prove(answers: Answers, customer: Customer) -> None:
    """Make sure that nothing in the answers names another company. Raises WrongCustomer."""
    if answers.company_id != customer.company_id:
        raise WrongCustomer(
            f"the answers are for company {answers.company_id}, "
            f"the report is for {customer.company_id}"
        )
    for part in answers.raw:
        _prove_part(part, customer)


def prove_saved(saved: SavedReport, customer: Customer) -> None:
    """Make sure that a saved report is the customer's own. Raises WrongCustomer."""
    known = {_folded(customer.name), _folded(customer.company_name)} - {""}
    if saved.company_name and _folded(saved.company_name) not in known:
        raise WrongCustomer(
            f"the saved report {saved.name!r} belongs to {saved.company_name!r}, "
            f"not to {customer.name!r}"
        )


def _prove_part(part: object, customer: Customer) -> None:
    """Ids of digits only are the platform's internal numbers and prove nothing."""
    for key, value in _texts(part):
        foreign_id = key in _ID_KEYS and not value.isdecimal() and value != customer.company_id
        foreign_name = key in _NAME_KEYS and _folded(value) not in (
            _folded(customer.name),
            _folded(customer.company_name),
        )
        if foreign_id or foreign_name:
            raise WrongCustomer(
                f"an answer for {customer.name!r} names another company: {key} is {value!r}"
            )


def _texts(part: object) -> Iterator[tuple[str, str]]:
    """Every text with its key, however deep, keys without case."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield from ((str(k).casefold(), v) for k, v in one.items() if isinstance(v, str) and v)
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


# ---- true sentences ------------------------------------------------------------------------


def untrue(
    sentences: Iterable[Sentence], figures: Iterable[Figure], words: Words
) -> tuple[Concern, ...]:
    """
    Why the report must stay in for what it says: every number of a sentence has to be a field of a
    figure, printed as it is printed everywhere; empty when all of them are.
    """
    known: dict[str, list[Figure]] = {}
    for figure in figures:
        known.setdefault(figure.metric, []).append(figure)
    return tuple(
        Concern(
            "untrue_sentence",
            Verdict.BLOCK,
            words.text(
                "A sentence does not agree with the figures: {sentence}", sentence=sentence.text
            ),
        )
        for sentence in sentences
        if not _true(sentence, known, words)
    )


def _true(sentence: Sentence, known: Mapping[str, Sequence[Figure]], words: Words) -> bool:
    """Every claim is a figure's and stands in the text; beside claims and names are no digits."""
    sound = all(
        any(
            _as_printed(claim.printed, one, claim.part, words)
            for one in known.get(claim.metric, ())
        )
        for claim in sentence.claims
    )
    claimed = tuple(claim.printed for claim in sentence.claims)
    named = tuple(name for name in sentence.names if _has_digits(name))
    return sound and _made_of(sentence.text, claimed, named)


def _made_of(text: str, claimed: Sequence[str], named: Sequence[str]) -> bool:
    """True when every claim stands in the text and, names aside, no other digits do."""
    if not claimed and not named:
        return not _has_digits(text)
    if not claimed and _made_of(text, (), named[1:]):
        return True
    piece = claimed[0] if claimed else named[0]
    rest = (claimed[1:], named) if claimed else ((), named[1:])
    found = standing(piece).finditer(text)
    return any(_made_of(f"{text[: at.start()]}\0{text[at.end() :]}", *rest) for at in found)


def _has_digits(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _as_printed(text: str, figure: Figure, part: Quoted, words: Words) -> bool:
    """Counts may be printed without their unit, where the plural form says it."""
    plain = words.number(round(figure.value)) if part == "value" else None
    return text in (printed(words, figure, part), plain)


def sentences(view: SectionView) -> Iterator[Sentence]:
    """Everything an exhibit says."""
    yield view.title
    yield from view.lead
    for note in view.notes:
        yield from note.text
    for figure in view.figures:
        yield from figure.evidence
    for proposal in view.proposals:
        yield from (proposal.text, proposal.measure)
        if proposal.decision:
            yield proposal.decision

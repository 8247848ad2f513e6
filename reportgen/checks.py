"""True sentences: whether everything a report says is borne out by its figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reportgen.model import Concern, Verdict
from reportgen.telling import printed, standing
from reportgen.views import Figure, Quoted, SectionView, Sentence, Words


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

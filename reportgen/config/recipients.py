"""Mail that could reach somebody outside its customer, as the plain data of a file shows it."""

from collections.abc import Iterator
from typing import Any

from reportgen.channels import domains
from reportgen.channels.addresses import is_address
from reportgen.config.problems import Problem
from reportgen.config.reading import Key, Source

People = tuple[tuple[Key, dict[str, Any]], ...]
_SHARED = "shared_recipients"
_DEFAULTS: Key = ("defaults",)


def astray(source: Source, data: dict[str, Any], people: People) -> Iterator[Problem]:
    """Every address that stands where it must not; one that is no address is told elsewhere."""
    shared = {text.casefold() for _, text in _addresses((), data, _SHARED)}
    everybodys = _patterns(dict(people).get(_DEFAULTS, {}))
    seen: dict[str, Key] = {}
    for key, item in people:
        if key == _DEFAULTS:
            continue
        patterns = (*_patterns(item), *everybodys)
        for place, text in _addresses(key, item, "recipients"):
            if patterns and not domains.is_allowed(text, patterns):
                yield _outside(source, place, text, patterns)
            elif text.casefold() not in shared:
                yield from _not_shared(source, place, text, seen.setdefault(text.casefold(), key))


def _outside(source: Source, place: Key, text: str, patterns: tuple[str, ...]) -> Problem:
    return source.problem(
        place,
        f"{text} is outside the `allowed_domains` ({', '.join(patterns)})",
        "mend the address, or add its domain there",
    )


def _not_shared(source: Source, place: Key, text: str, first: Key) -> Iterator[Problem]:
    """A customer's own address stands under that customer alone, and never under a rule."""
    if place[0] == "discover":
        yield source.problem(
            place,
            f"{text} gets the reports of every company that the rule finds",
            f"list your own people under `{_SHARED}`, and name customers' one by one",
        )
    elif first != place[:2]:
        yield source.problem(
            place,
            f"{text} stands under {'.'.join(str(part) for part in first)} as well",
            f"keep one of the two; only those listed under `{_SHARED}` may stand under several",
        )


def _addresses(key: Key, item: dict[str, Any], part: str) -> Iterator[tuple[Key, str]]:
    """The addresses of a list, with their places."""
    found = item.get(part)
    for place, text in enumerate(found if isinstance(found, list) else ()):
        if isinstance(text, str) and is_address(text):
            yield (*key, part, place), text


def _patterns(item: dict[str, Any]) -> tuple[str, ...]:
    """Domains that mail may go to; none where one is no domain, which is told elsewhere."""
    found = item.get("allowed_domains")
    try:
        return tuple(domains.allowed(str(text)) for text in found or ())
    except (TypeError, ValueError):
        return ()

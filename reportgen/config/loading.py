"""From a file to settings: every problem is found before any is told."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reportgen.config.consistency import inconsistencies
from reportgen.config.environment import env_file, environment
from reportgen.config.problems import ConfigProblems, Problem
from reportgen.config.reading import Source, fill
from reportgen.config.settings import Settings
from reportgen.config.wording import said
from reportgen.sources import Keepnet, Recorded


def load(path: Path, environ: Mapping[str, str], unneeded: tuple[str, ...] = ()) -> Settings:
    """
    The settings of a file. Raises ConfigProblems with every mistake in it.

    `${NAME}` is filled from `environ` and from the `.env` beside the file; paths are relative to
    the file. What cannot be filled is no mistake in the `unneeded` parts of the file, and in
    secrets of an `unneeded` name: who asks no platform needs no secret for it.
    """
    source = Source(path)
    known, problems = environment(source.base, environ)
    data, unfilled = fill(source, known)
    secret_files = (*source.secret_files, *env_file(source.base))
    surroundings = {"base": source.base, "file": source.file, "secret_files": secret_files}
    problems += [each for each in unfilled if not _names(each.key) & set(unneeded)]
    problems += inconsistencies(source, data)
    try:
        settings = Settings.model_validate(data | surroundings)
    except ValidationError as error:
        raise ConfigProblems(_once([*problems, *_invalid(source, error)])) from None
    if problems:
        raise ConfigProblems(_once(problems))
    return _placed(settings)


def _names(key: str) -> set[str]:
    """The part of the file that a key lies in, and the secret it stands for."""
    return {key.partition(".")[0], key.rpartition(".")[2].removesuffix("_file")}


def _placed(settings: Settings) -> Settings:
    """Paths made absolute."""
    changes: dict[str, Any] = {}
    if settings.templates:
        changes["templates"] = (settings.base / settings.templates).resolve()
    if isinstance(settings.source, Recorded):
        folder = (settings.base / settings.source.folder).resolve()
        changes["source"] = settings.source.model_copy(update={"folder": folder})
    if isinstance(settings.source, Keepnet) and settings.source.ca_file:
        file = (settings.base / settings.source.ca_file).resolve()
        changes["source"] = settings.source.model_copy(update={"ca_file": file})
    return settings.model_copy(update=changes)


def _invalid(source: Source, error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_input=False):
        yield source.problem(*said(detail))


def _once(problems: Iterable[Problem]) -> Iterable[Problem]:
    """One for each key, the first: a value that could not be filled is wrong for that alone."""
    found: dict[tuple[int, str], Problem] = {}
    for problem in problems:
        found.setdefault((problem.line, problem.key), problem)
    return found.values()

"""What is wrong with a configuration, where, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass

from reportgen.errors import ConfigError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file."""

    file: str
    line: int
    key: str
    """Path of the key, such as `customers.2.recipients`."""
    wrong: str
    right: str

    def __str__(self) -> str:
        """One printable line, whatever the file holds."""
        place = f"{self.file}:{self.line}: "
        key = f"{self.key}: " if self.key else ""
        cure = f"; {self.right}" if self.right else ""
        line = f"{place}{key}{self.wrong}{cure}"
        return "".join(
            letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line
        )


class ConfigProblems(ConfigError):
    """Every mistake of a file at once, in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

"""Save the document under a folder: local disk, or any store that fsspec knows."""

import string
from collections.abc import Callable
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from reportgen import periods, storing
from reportgen.errors import DeliveryError, DeliveryRefused, DeliveryUnavailable, StorageError
from reportgen.model import Document, Receipt
from reportgen.names import file_part
from reportgen.pipeline import Delivery

VARIABLES = (
    "customer",
    "company_id",
    "report",
    "title",
    "period",
    "year",
    "month",
    "edition",
    "language",
)
_PATTERN = "{customer}/{report}-{period}.pdf"
_ENDING = ".pdf"
_LONGEST_STEM = 240  # bytes; with the ending it fits the 255 of every file system
_LONGEST_VALUE = 110  # bytes; two such and a period fit


class Folder(BaseModel):
    """Save under a folder or an fsspec URL."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    channel: Literal["folder"] = "folder"
    label: str = Field("folder", description="Tells two folders apart.")
    url: str = Field(
        "out/reports", min_length=1, repr=False, description="Folder, or URL such as s3://bucket."
    )
    file_name: str = Field(
        _PATTERN,
        description="Name of each file; variables: "
        + ", ".join(f"{{{v}}}" for v in VARIABLES)
        + ".",
    )

    @field_validator("file_name")
    @classmethod
    def _a_pattern(cls, value: str) -> str:
        names = _variables(value)
        if not {"customer", "company_id"} & set(names) or "period" not in names:
            raise ValueError(
                "two reports would get one name; use {customer} or {company_id}, and {period}"
            )
        if not value.endswith(_ENDING):
            raise ValueError(f"a report is a PDF; let the name end in {_ENDING}")
        if any(not part.strip(" .-") for part in value.removesuffix(_ENDING).split("/")):
            raise ValueError("a file lies below the folder; write neither `..` nor empty parts")
        return value

    def at(self, base: Path) -> Self:
        """The same with an absolute place."""
        return self.model_copy(update={"url": storing.absolute(self.url, base)})

    def deliveries(self, document: Document) -> tuple[Delivery, ...]:
        """One file."""
        name = self.name_of(document)
        return (Delivery(self.label, storing.shown(self._place(name)), name, document.outgoing),)

    def _place(self, name: str) -> str:
        return f"{self.url.rstrip('/')}/{name}"

    def name_of(self, document: Document) -> str:
        """The path below the folder; a later edition never takes an earlier one's name."""
        pattern, edition = self.file_name.removesuffix(_ENDING), document.key.edition
        if edition > 1 and "{edition}" not in pattern:
            pattern += "-{edition}"
        values = _values(document)
        parts = [file_part(part.format(**values), _LONGEST_STEM) for part in pattern.split("/")]
        return "/".join(parts) + _ENDING

    def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
        """Store the file. The same bytes there already count as stored; others are refused."""
        proof = sha256(delivery.content).hexdigest()
        place = self._place(delivery.reference)
        try:
            if not storing.write_new(place, delivery.content):
                self._compare(place, proof)
        except StorageError as error:
            raise _as_delivery(error) from error
        return Receipt(delivery.target, proof)

    def check(self) -> str:
        """Make sure that the place can be written. Raises StorageError."""
        return storing.probe(self.url)

    @staticmethod
    def _compare(place: str, proof: str) -> None:
        if sha256(storing.read(place)).hexdigest() != proof:
            raise DeliveryRefused(
                f"{storing.shown(place)} holds another document already; move it away, or add "
                "{company_id} to `file_name`"
            )


def _variables(pattern: str) -> list[str]:
    """The names between braces. Raises ValueError that says what was perhaps meant."""
    try:
        pieces = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise ValueError(f"is not a pattern ({error}); write such as {_PATTERN}") from error
    names = [name for _, name, _, _ in pieces if name is not None]
    for name in names:
        if name not in VARIABLES:
            near = get_close_matches(name, VARIABLES, 1)
            hint = f"did you mean {{{near[0]}}}?" if near else f"known: {', '.join(VARIABLES)}"
            raise ValueError(f"{{{name}}} is no variable of file names; {hint}")
    if any(form or conversion for _, _, form, conversion in pieces):
        raise ValueError("a variable stands plain between its braces, without : or !")
    return names


def _as_delivery(error: StorageError) -> DeliveryError:
    kind = DeliveryUnavailable if error.retry else DeliveryRefused
    return kind(str(error))


def _values(document: Document) -> dict[str, str]:
    """Each value is one safe path component: a name can never add a folder."""
    period = document.period
    plain = {
        "customer": document.customer.name,
        "company_id": document.customer.company_id,
        "report": document.key.report,
        "title": document.report_title,
        "period": periods.key(period),
        "year": f"{period.last_day:%Y}",
        "month": f"{period.last_day:%m}",
        "edition": str(document.key.edition),
        "language": document.customer.language,
    }
    return {name: file_part(value, _LONGEST_VALUE) for name, value in plain.items()}

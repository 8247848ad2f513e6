"""Widgets from files, in the platform's own shape: for templates, previews and tests."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from reportgen.errors import SourceRefused, UnexpectedPayload
from reportgen.model import (
    Answers,
    Availability,
    Company,
    Customer,
    SavedReport,
    Widget,
    WidgetRequest,
)
from reportgen.sources.envelope import lowered, sound
from reportgen.sources.keepnet import CatalogueEntry, SignedIn
from reportgen.sources.wire import entries, first_text


class RecordedSource:
    """Reads `<folder>/<company id>/<widget type>.json`; each file holds one widget's answer.

    `<folder>/<company id>/company.json` may hold the company's `name`.
    """

    base_url = "file:"
    reseller = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held open."""

    concurrency = 1
    """Files are there at once."""

    def stop(self) -> None:
        """Nothing waits."""

    def check(self) -> SignedIn:
        """There is nothing to sign in to."""
        return SignedIn(())

    def platform_time(self) -> None:
        """Files do not know what time it is."""

    def companies(self) -> tuple[Company, ...]:
        """A company for each folder."""
        if not self._folder.is_dir():
            raise SourceRefused(f"there is no folder {self._folder}; mend `source.folder`")
        return tuple(
            Company(folder.name, first_text(_read(folder / "company.json"), "name") or folder.name)
            for folder in sorted(self._folder.iterdir())
            if folder.is_dir()
        )

    def catalogue(self, customer: Customer) -> tuple[CatalogueEntry, ...]:
        """An entry for each file."""
        return tuple(
            CatalogueEntry(file.stem, file.stem, "", file.stem, "")
            for file in sorted((self._folder / customer.company_id).glob("*.json"))
            if file.stem != "company"
        )

    def saved_reports(self, customer: Customer) -> tuple[tuple[str, str], ...]:
        """Recordings hold none."""
        return ()

    def saved_report(self, customer: Customer, name: str) -> SavedReport:
        """Recordings hold none. Raises SourceRefused."""
        raise SourceRefused(f"{customer.name} has no saved report {name!r}: recordings hold none")

    def fetch(self, customer: Customer, requests: tuple[WidgetRequest, ...]) -> Answers:
        """One widget for each request; a missing file counts as not licensed."""
        folder = self._folder / customer.company_id
        widgets = tuple(_widget(folder, request, customer) for request in requests)
        return Answers(customer.company_id, datetime.now(UTC), widgets)

    def testimony(self, customer: Customer, answers: Answers) -> None:
        """Files have no witnesses."""

    def owner(self, customer: Customer, widget: Widget) -> str:
        """Nobody can be asked."""
        return ""


def _widget(folder: Path, request: WidgetRequest, customer: Customer) -> Widget:
    item = _read(folder / f"{request.widget_type}.json")
    if not item:
        return Widget(request, Availability.NOT_LICENSED)
    found = entries(item.get("widgetdatas"), customer.date_format, request.widget_type)
    return Widget(
        request,
        Availability.ANSWERED,
        request.widget_type,
        title=first_text(item, "name"),
        description=first_text(item, "description"),
        chart_type=first_text(item, "charttype"),
        entries=found,
    )


def _read(file: Path) -> Mapping[str, Any]:
    if not file.is_file():
        return {}
    try:
        return lowered(sound(json.loads(file.read_text("utf-8")), str(file)))
    except (ValueError, RecursionError) as error:
        raise UnexpectedPayload(f"{file} holds no JSON") from error

"""Every field that holds text from outside, filled with texts of one's choice."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen.model import ActionRule, Brand, Customer
from reportgen.pipeline import draft
from reportgen.sections import NAMES
from reportgen.sources.recorded import RecordedSource
from reportgen.views import Page
from tests.sample_pages import DATA, EXTRA, SAMPLES, Fixed, job

Say = Callable[[], str]
"""Gives the next text."""

_FREE = {
    "name", "description", "fullname", "email", "department", "campaignname", "phishingtype",
    "benchmarklabel", "benchmarkcomparisonsentence", "annotations", "surveyname", "owner", "title",
    "category", "source", "definition",
}  # fmt: skip
_SERIES = ("PhishingCampaignTrendWidget",)
"""Widgets whose labels are printed as they are sent."""
ITEMS: tuple[object, ...] = (
    *NAMES,
    "PhishingCampaignTrendWidget",
    {"section": "generic_table", "widget": "PhishingCampaignRiskiestUsersTableWidget", "rows": 200},
)


class Turns:
    """Texts one after the other, again and again; each marked, so that it is found in print."""

    def __init__(self, texts: Sequence[str], start: int = 0) -> None:
        self._texts = texts
        self._next = start
        self.said: dict[str, str] = {}
        """What was said, by its mark."""

    def __call__(self) -> str:
        mark = f"Q{_letters(len(self.said))}Z"
        said = json.loads(json.dumps(self._texts[self._next % len(self._texts)]))  # halves joined
        text = f"{mark}{said}{mark[::-1]}"
        self._next += 1
        self.said[mark] = text
        return text


def _letters(number: int) -> str:
    """A number in letters, all of one length: digits beside a sentence's own would hold it."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(3))


# ---- what the platform answers -------------------------------------------------------------


def record(folder: Path, say: Say) -> None:
    """The sample answers, with their free texts replaced, as files of a recorded company."""
    home = folder / SAMPLES.company_id
    home.mkdir(parents=True, exist_ok=True)
    for file in sorted((DATA / "widgets").glob("*.json")):
        item = json.loads(file.read_text("utf-8"))
        replaced = _replaced(item, say, shown_labels=file.stem in _SERIES)
        (home / file.name).write_text(json.dumps(replaced), "utf-8")


def _replaced(item: dict[str, Any], say: Say, *, shown_labels: bool) -> dict[str, Any]:
    labels: dict[str, str] = {}
    item |= {"name": say(), "description": say()}
    for entry in item["widgetDatas"]:
        entry["dataObject"] = _free(entry.get("dataObject"), say)
        for value in entry.get("values") or ():
            value["annotations"] = say() if value.get("annotations") else None
            if shown_labels:
                value["label"] = labels.setdefault(value["label"], say())
        for row in entry.get("tableValues") or ():
            row.update({key: say() for key, cell in row.items() if isinstance(cell, str)})
        for column in entry.get("tableDefinitions") or ():
            column["label"] = say()
    return item


def _free(node: Any, say: Say) -> Any:
    if isinstance(node, dict):
        return {
            key: say() if key.casefold() in _FREE and isinstance(value, str) else _free(value, say)
            for key, value in node.items()
        }
    return [_free(each, say) for each in node] if isinstance(node, list) else node


def table(folder: Path, say: Say, rows: int) -> None:
    """A table of that many rows, each of its six columns free text."""
    columns = [f"c{place}" for place in range(6)]
    entry = {
        "tableValues": [{column: say() for column in columns} for _ in range(rows)],
        "tableDefinitions": [{"name": column, "label": say()} for column in columns],
    }
    home = folder / SAMPLES.company_id
    home.mkdir(parents=True, exist_ok=True)
    file = home / f"{EXTRA[1]}.json"
    file.write_text(json.dumps({"description": say(), "widgetDatas": [entry]}), "utf-8")


# ---- what the configuration says -----------------------------------------------------------


def customer(say: Say) -> Customer:
    """A customer whose every text is said."""
    brand = Brand(
        name=say(),
        legal_name=say(),
        website=say(),
        contact_name=say(),
        contact_email="reports@halvorn.example",
        contact_phone=say(),
        confidentiality=say(),
    )
    owners = {metric: ActionRule(owner=say()) for metric in ("repeat_offenders", "report_rate")}
    return replace(SAMPLES, name=say(), company_name=say(), brand=brand, actions=owners)


def page(folder: Path, whose: Customer, title: str, items: Sequence[object] = ITEMS) -> Page:
    """The page of the recorded answers, by the real path."""
    ticket = replace(job(whose, items=tuple(items)), title=title, customer=whose)
    return draft(ticket, Fixed(RecordedSource(folder)), ()).page


def titled(say: Say) -> Iterator[object]:
    """Every section under a title of the customer's own, as in saved reports."""
    for item in ITEMS:
        named = {"section": item} if isinstance(item, str) and item in NAMES else item
        if isinstance(named, str):
            named = {"section": "generic_trend", "widget": named}
        yield {**named, "title": say()}  # type: ignore[dict-item]

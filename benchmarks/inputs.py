"""What is measured: configurations, and pages made from them. Every configuration is made here."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from reportgen import bundled
from reportgen.app.house import House
from reportgen.app.orders import Order
from reportgen.app.preview import preview_page
from reportgen.config import load
from reportgen.sandbox import SandboxSettings
from reportgen.views import ChapterView, Exhibit, Page, SectionView, Table

Config = Mapping[str, Any]
DEMO_CUSTOMER = "Harbourline Logistics"
REPORT = "monthly"
_ONE_MORE = "PhishingCampaignTrendWidget"
"""Beside the seventeen sections of the shipped report: a widget shown by its shape."""
_TABLE = "PhishingCampaignRiskiestUsersTableWidget"

_UNLIMITED = {"requests_per_second": 1000}
"""What is measured is this machine, not its politeness to the platform."""


def demo() -> Config:
    """The shipped configuration, its full report with one more widget."""
    config: dict[str, Any] = YAML(typ="safe", pure=True).load(bundled.EXAMPLE_CONFIG)
    config["reports"][REPORT]["widgets"].append(_ONE_MORE)
    return config


def crowd(api: str, settings: Config, source: Config) -> Config:
    """All companies of the stand-in, the demo's full report, into a folder.

    `settings` and `source` are further keys, of the file and of its part `source`.
    """
    usual, known = demo(), SandboxSettings()
    keepnet = {
        "kind": "keepnet",
        "base_url": api,
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        **_UNLIMITED,
    }
    return {
        "source": keepnet | dict(source),
        "brands": usual["brands"],
        "defaults": usual["defaults"],
        "discover": [{"all": True}],
        "reports": {REPORT: usual["reports"][REPORT]},
        "delivery": [{"channel": "folder", "url": "reports"}],
        "ledger": "sqlite:///ledger.db",
        "archive": "archive",
        **settings,
    }


def table() -> Config:
    """The demo with a report of one table."""
    config: dict[str, Any] = dict(demo())
    section = {"section": "generic_table", "widget": _TABLE}
    config["reports"] = {REPORT: {**config["reports"][REPORT], "widgets": [section]}}
    return config


def written(config: Config, folder: Path) -> Path:
    """The configuration as a file (JSON is YAML)."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.yaml"
    file.write_text(json.dumps(config, indent=1))
    return file


def page_of(config: Config, customer: str, folder: Path) -> Page:
    """The page of the customer's report, as it goes out."""
    with House(load(written(config, folder), {})) as house:
        page, _ = preview_page(house, Order((REPORT,), (customer,)))
    return replace(page, mark="")


def with_rows(page: Page, count: int) -> Page:
    """The page with so many rows in its tables; `rows` in a configuration ends at 200."""
    return replace(
        page,
        sections=tuple(_longer(view, count) for view in page.sections),
        chapters=tuple(_longer_chapter(chapter, count) for chapter in page.chapters),
    )


def _longer_chapter(chapter: ChapterView, count: int) -> ChapterView:
    rows = tuple(
        tuple(Exhibit(each.number, _longer(each.view, count)) for each in row)
        for row in chapter.rows
    )
    return replace(chapter, rows=rows)


def _longer(view: SectionView, count: int) -> SectionView:
    if not isinstance(view.data, Table):
        return view
    rows = tuple(
        (f"{first} {place}", *others)
        for place, (first, *others) in zip(range(count), cycle(view.data.rows), strict=False)
    )
    return replace(view, data=replace(view.data, rows=rows))

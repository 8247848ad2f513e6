"""What is measured: configurations, and pages made from them. Every configuration is made here."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from reportgen import bundled
from reportgen.app import House, Order, preview_page
from reportgen.config import load
from reportgen.sandbox import SandboxSettings
from reportgen.views import Page

Config = Mapping[str, Any]
DEMO_CUSTOMER = "Harbourline Logistics"
REPORT = "monthly"
_ONE_MORE = "PhishingCampaignTrendWidget"
"""Beside the seventeen sections of the shipped report: a widget shown by its shape."""
_DATA = re.compile(r"data:([a-z/+-]+);base64,([A-Za-z0-9+/=]+)")
_ENDINGS = {"image/svg+xml": ".svg", "image/png": ".png", "font/otf": ".otf", "font/ttf": ".ttf"}


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


def as_one_file(html: str, folder: Path) -> Path:
    """The page for a browser, with fonts and logos inside."""
    file = folder / "page.html"
    file.write_text(html)
    return file


def as_files(html: str, folder: Path) -> Path:
    """The page for a browser, with fonts and logos beside it."""

    def beside(found: re.Match[str]) -> str:
        data = b64decode(found[2])
        name = f"{sha256(data).hexdigest()[:12]}{_ENDINGS.get(found[1], '')}"
        (folder / name).write_bytes(data)
        return name

    file = folder / "page-with-files.html"
    file.write_text(_DATA.sub(beside, html))
    return file

"""Telling the operator, the reseller's own staff: never a customer. And the heartbeat."""

import re
import warnings
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import requests
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from reportgen.errors import NoticeFailed

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_PATIENCE = 10.0
"""Seconds that the heartbeat's server may take."""


class Operator(BaseModel):
    """Who is told what became of the reports, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notify: tuple[SecretStr, ...] = Field(
        (),
        description="Apprise URLs, such as `mailto://…`, `msteams://…`, `slack://…`, `json://…`; "
        "best as `${NAME}`, for they hold passwords.",
    )
    at: str = Field("08:00", description="When the daily message leaves, as HH:MM.")
    time_zone: str = Field("UTC", description="The zone of that time, such as Europe/Berlin.")
    heartbeat: SecretStr | None = Field(
        None, description="URL that is fetched after each healthy round; a watcher misses it."
    )

    @field_validator("notify")
    @classmethod
    def _urls(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for place, url in enumerate(value, 1):
            if not _URL.fullmatch(url.get_secret_value()):
                raise ValueError(f"number {place} is no URL; write such as mailto://… or json://…")
        return value

    @field_validator("heartbeat")
    @classmethod
    def _a_web_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value and urlsplit(value.get_secret_value()).scheme not in ("http", "https"):
            raise ValueError("is no web address; write https://…")
        return value

    @field_validator("at", mode="before")
    @classmethod
    def _a_time(cls, value: object) -> str:
        if not _TIME.fullmatch(str(value)):
            raise ValueError('is no time; write one from "00:00" to "23:59", in quotes')
        return str(value)

    @field_validator("time_zone")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ValueError, OSError) as error:
            raise ValueError(f"there is no time zone {value!r}; write such as UTC") from error

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the daily message."""
        return ZoneInfo(self.time_zone)

    def tell(self, subject: str, text: str) -> None:
        """Send to every address. Raises NoticeFailed for those that did not take it."""
        failed = [url for url in self.notify if not _sent(url.get_secret_value(), subject, text)]
        if failed:
            raise NoticeFailed(f"the operator was not told through {_shown(failed)}; mend `notify`")

    def beat(self) -> None:
        """Show that all goes well. Raises NoticeFailed."""
        if self.heartbeat is None:
            return
        where = _shown([self.heartbeat])
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.get(
                    self.heartbeat.get_secret_value(), timeout=_PATIENCE, allow_redirects=False
                )
        except requests.RequestException as error:
            kind = type(error).__name__
            raise NoticeFailed(f"the heartbeat did not reach {where} ({kind})") from None
        if answer.status_code >= 300:
            raise NoticeFailed(f"the heartbeat at {where} was answered {answer.status_code}")

    def check(self) -> str:
        """Make sure that every address is of a kind that can be told. Raises NoticeFailed."""
        wrong = [url for url in self.notify if _plugin(url.get_secret_value()) is None]
        if wrong:
            raise NoticeFailed(f"these are no addresses for notices: {_shown(wrong)}")
        return f"{len(self.notify)} addresses" + (", heartbeat" if self.heartbeat else "")


def _sent(url: str, subject: str, text: str) -> bool:
    plugin = _plugin(url)
    return plugin is not None and bool(plugin.notify(body=text, title=subject, body_format="text"))


def _plugin(url: str) -> Any:
    """The library's way to this address; None for what it does not know.

    It reads no configuration of its own and loads nothing from the user's folders.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its own modules use old ones
        import apprise

        asset = apprise.AppriseAsset(app_id="reportgen", app_desc="", secure_logging=True)
        return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def _shown(urls: Iterable[SecretStr]) -> str:
    """Kind and host only: the rest holds secrets, and with some kinds so does the host."""
    parts = [urlsplit(url.get_secret_value()) for url in urls]
    plain = ("http", "https", "json", "jsons", "mailto", "mailtos")
    return ", ".join(
        f"{part.scheme}://{part.netloc.rpartition('@')[2] if part.scheme in plain else '…'}"
        for part in parts
    )

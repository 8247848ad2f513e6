"""The kinds of source a configuration may name."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from reportgen.names import loopback

if TYPE_CHECKING:
    from reportgen.sources.keepnet import KeepnetSource
    from reportgen.sources.recorded import RecordedSource

_HOST = "https://api.keepnetlabs.com"


class Keepnet(BaseModel):
    """The platform's REST API, with a client made in the portal under Company Settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: Literal["keepnet"] = "keepnet"
    base_url: str = Field(_HOST, description="Address of the API; https, except on this machine.")
    client_id: str = Field(min_length=1, description="Client id of the REST API client.")
    client_secret: SecretStr = Field(
        min_length=1,
        description="Its secret: `${NAME}` of the environment, or give `client_secret_file`.",
    )
    page_size: int = Field(100, ge=1, le=500, description="Companies per page of the search.")
    batch_size: int = Field(
        10,
        ge=1,
        le=50,
        description="Widgets per call at the most; those of a call that fails are asked for one by "
        "one.",
    )
    timeout: float = Field(30, gt=0, le=600, description="Seconds an answer may take.")
    widget_timeout: float = Field(
        100, gt=0, le=600, description="Seconds an answer with widget data may take."
    )
    requests_per_second: float = Field(
        10,
        gt=0,
        le=1000,
        description="Calls that begin in a second, of all reports together; as many may follow a "
        "quiet time at once. The platform publishes no figure: ten are what one person causes who "
        "opens a dashboard in the portal every two seconds. 500 customers take about ten minutes.",
    )
    concurrency: int = Field(
        8, ge=1, le=64, description="Calls under way at once, of all reports together."
    )
    attempts: int = Field(4, ge=1, le=10, description="How often a call is tried.")
    second_look: bool = Field(
        True,
        description="Ask for everything a second time, scoped another way, and once without a "
        "scope: what proves whose the figures are. Twice the calls; `false` leaves the names "
        "within the answers as the only proof.",
    )
    max_answer_mb: int = Field(32, ge=1, le=512, description="Largest answer, in megabytes.")

    ca_file: Path | None = Field(
        None,
        description="Certificates (PEM) of the authorities to trust, instead of the usual ones.",
    )
    proxy: SecretStr | None = Field(
        None,
        description="Proxy to the API, `http://host:port`; with a password in it write `${NAME}`. "
        "None is taken from the environment.",
    )

    @field_validator("proxy")
    @classmethod
    def _a_proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_proxy(value.get_secret_value()):
            raise ValueError("write an address such as http://proxy.example:3128")
        return value

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value.strip())
        if not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError(f"write an address such as {_HOST}")
        if parts.scheme != "https" and not (parts.scheme == "http" and loopback(parts.hostname)):
            raise ValueError("plain http is accepted on this machine only; write https://")
        return value.strip().rstrip("/").removesuffix("/api").rstrip("/")

    def open(self) -> "KeepnetSource":
        """A live connection; use it as a context manager."""
        from reportgen.sources.keepnet import connect  # loading requests takes a while

        return connect(self)


class Demo(BaseModel):
    """Invented companies, served on this machine by the sandbox."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: Literal["demo"] = "demo"
    seed: int = Field(2026, description="Another seed tells other stories.")
    today: date | None = Field(None, description="The day the stories end; the real one if empty.")


class Recorded(BaseModel):
    """Answers from files, for templates and tests: `<company id>/<widget type>.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: Literal["recorded"] = "recorded"
    folder: Path = Field(description="The folder that holds a folder for each company.")

    def open(self) -> "RecordedSource":
        """A source that reads the files."""
        from reportgen.sources.recorded import RecordedSource

        return RecordedSource(self.folder)


def _is_proxy(address: str) -> bool:
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
    bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    return parts.scheme in ("http", "https") and named and bare

"""What most tests need: a sandbox, a source that talks to it, a customer, a configuration."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from pydantic import SecretStr

from reportgen.model import Customer
from reportgen.sandbox import Sandbox, SandboxSettings, parse_fault
from reportgen.sources import Keepnet
from reportgen.sources.keepnet import KeepnetSource, connect

# no test is about speed, and the same change gives the same verdict everywhere
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

TODAY = date(2026, 11, 23)
HARBOURLINE = Customer(
    "xC5kfGz7w2Nz",
    "Harbourline Logistics",
    company_name="Harbourline Logistics",
    recipients=("ceo@harbourline.example", "it@harbourline.example"),
    targets={"training_completion": 80},
)

OpenSandbox = Callable[..., Sandbox]


@pytest.fixture
def open_sandbox() -> Iterator[OpenSandbox]:
    """Opens sandboxes with faults by their command-line spelling; closes them afterwards."""
    with ExitStack() as stack:

        def open_(*faults: str, **wishes: object) -> Sandbox:
            wanted = SandboxSettings(
                today=TODAY,
                faults=tuple(parse_fault(text) for text in faults),
                **wishes,  # type: ignore[arg-type]
            )
            return stack.enter_context(Sandbox(wanted))

        yield open_


@pytest.fixture
def open_source(open_sandbox: OpenSandbox) -> Iterator[Callable[..., KeepnetSource]]:
    """Opens a source against a new sandbox with these faults; pauses are not waited for."""
    with ExitStack() as stack:

        def open_(*faults: str, **wishes: object) -> KeepnetSource:
            kind = keepnet(open_sandbox(*faults), **wishes)
            return stack.enter_context(connect(kind, pause=lambda _seconds: None))

        yield open_


def keepnet(sandbox: Sandbox, **wishes: object) -> Keepnet:
    """The configuration of a source that talks to this sandbox."""
    known = sandbox.settings
    return Keepnet(
        base_url=sandbox.url,
        client_id=known.client_id,
        client_secret=SecretStr(known.client_secret),
        **{"requests_per_second": 1000, **wishes},  # type: ignore[arg-type]
    )


@pytest.fixture
def config(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a configuration file."""

    def write(text: str) -> Path:
        path = tmp_path / "config.yaml"
        path.write_text(text, "utf-8")
        return path

    return write

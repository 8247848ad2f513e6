"""Everybody the path talks to, opened from the settings when first asked for."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pydantic import SecretStr

from reportgen import storing
from reportgen.channels import AnyChannel, Email, Folder
from reportgen.config import ResolvedCustomer, Settings, customers
from reportgen.errors import ConfigError
from reportgen.model import Customer
from reportgen.notices import Operator
from reportgen.sources import Demo, Keepnet

if TYPE_CHECKING:
    from reportgen.archive import FileArchive
    from reportgen.ledger import SqlLedger
    from reportgen.pipeline import Desk
    from reportgen.rendering.press import Press
    from reportgen.sources.keepnet import KeepnetSource
    from reportgen.sources.recorded import RecordedSource

OUTBOX = Path("out/outbox")
"""Where the demo's mail server keeps what it accepted, beside the configuration."""


def utc_now() -> datetime:
    """The moment, aware."""
    return datetime.now(UTC)


class House:
    """Source, press, archive, ledger and channels of one configuration; a context manager.

    Nothing is opened, nor its program loaded, before it is needed: a preview touches no ledger,
    `due` prints nothing.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @cached_property
    def source(self) -> "KeepnetSource | RecordedSource":
        """The live source. The demo is the sandbox, spoken to over real HTTP."""
        kind = self.settings.source
        if isinstance(kind, Demo):
            kind = self._demo(kind)
        opened = kind.open()
        self._open.enter_context(opened)
        return opened

    def _demo(self, kind: Demo) -> Keepnet:
        from reportgen.sandbox import Sandbox, SandboxSettings

        wanted = SandboxSettings(seed=kind.seed, today=kind.today)
        sandbox = self._open.enter_context(Sandbox(wanted))
        return Keepnet(
            kind="keepnet",
            base_url=sandbox.url,
            client_id=wanted.client_id,
            client_secret=SecretStr(wanted.client_secret),
            requests_per_second=1000,
        )

    @cached_property
    def press(self) -> "Press":
        from reportgen.rendering.press import Press  # the engine takes a second to load

        return self._open.enter_context(Press(self.settings.templates))

    @property
    def workers(self) -> int:
        """Processes that may make documents at once."""
        return self.settings.workers or _processors()

    @property
    def hands(self) -> int:
        """Reports that may be under way at once: as many as can be asked for, and made."""
        return self.workers + self.source.concurrency

    @contextmanager
    def staffed(self, reports: int) -> Iterator[None]:
        """Workers enough for so many reports; afterwards they are gone, with their memory."""
        with self.press.staffed(min(self.workers, max(reports, 1))):
            yield

    def stop(self) -> None:
        """End what is under way in other threads: asking, waiting and making, not handing over."""
        self.source.stop()
        self.press.stop()
        for channel in self.channels:
            if isinstance(channel, Email):
                channel.stop()

    @cached_property
    def ledger(self) -> "SqlLedger":
        from reportgen.ledger import open_ledger

        return self._open.enter_context(
            open_ledger(self.settings.ledger, self.settings.base, clock=self.clock)
        )

    def check_ledger(self) -> str:
        """Make sure that it can be read, written and is sound. Raises as `ledger`."""
        from reportgen.ledger.glance import glance

        return glance(self.settings.ledger, self.settings.base) or self.ledger.check()

    def check_archive(self) -> str:
        """Make sure that the place can be written. Raises StorageError."""
        return storing.probe(storing.absolute(self.settings.archive, self.settings.base))

    @cached_property
    def archive(self) -> "FileArchive":
        from reportgen.archive import FileArchive

        return FileArchive(self.settings.archive, self.settings.base)

    @cached_property
    def channels(self) -> tuple[AnyChannel, ...]:
        """The ways out, in the order of the file; places are absolute, the demo server runs."""
        return tuple(self._ready(channel) for channel in self.settings.delivery)

    @cached_property
    def operator(self) -> Operator:
        """Who runs this, to be told."""
        return Operator(self.settings.operator.notify, self.settings.operator.heartbeat)

    def _ready(self, channel: AnyChannel) -> AnyChannel:
        if isinstance(channel, Folder):
            return channel.at(self.settings.base)
        paced = channel.taking_turns()
        return paced.with_server(*self._mailbox) if paced.server == "demo" else paced

    @cached_property
    def _mailbox(self) -> tuple[str, int]:
        from reportgen.sandbox.mailbox import Mailbox

        mailbox = self._open.enter_context(Mailbox(self.outbox))
        return mailbox.host, mailbox.port

    @property
    def outbox(self) -> Path:
        """Where demo mail ends up."""
        return self.settings.base / OUTBOX

    @cached_property
    def desk(self) -> "Desk":
        from reportgen.pipeline import Desk

        return Desk(self.source, self.press, self.archive, self.ledger, self.clock)

    def open_up(self) -> None:
        """Open everything that a round needs, before threads share it."""
        _ = self.desk, self.channels

    def customers(self) -> tuple[tuple[ResolvedCustomer, ...], tuple[str, ...]]:
        """All customers as the platform knows them now, and what could not be matched."""
        return customers(self.settings, self.source.companies())

    def customer(self, name: str) -> Customer:
        """The company of this name or id, as configured or as the platform lists it.

        Raises ConfigError for a name nobody knows.
        """
        wanted = name.casefold()
        for each in self.customers()[0]:
            if wanted in _names(each.customer):
                return each.customer
        for company in self.source.companies():
            if wanted in (company.company_id.casefold(), company.name.casefold()):
                return Customer(
                    company.company_id,
                    company.name,
                    company_name=company.name,
                    licence_expired=company.licence_expired,
                )
        raise ConfigError(
            f"no company is called {name!r}; `reportgen companies` lists names and ids"
        )

    def ways_out(self) -> str:
        """Where reports would go, in words."""
        return ", ".join(channel.label for channel in self.settings.delivery) or "nowhere"

    def places(self) -> tuple[str, ...]:
        """One line per way out: where to look for what was handed over."""
        return tuple(self._place(channel) for channel in self.settings.delivery)

    def _place(self, channel: AnyChannel) -> str:
        if isinstance(channel, Folder):
            return f"Reports are in {storing.shown(channel.at(self.settings.base).url)}"
        if channel.server == "demo":
            return f"The demo's mail server keeps its messages in {self.outbox}"
        return f"Mail went out through {channel.server}"


def _processors() -> int:
    """Those this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _names(customer: Customer) -> tuple[str, ...]:
    known = (customer.company_id, customer.name, customer.company_name)
    return tuple(text.casefold() for text in known if text)

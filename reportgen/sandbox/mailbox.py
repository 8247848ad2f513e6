"""The demo's mail server: speaks real SMTP on this machine and keeps every message as a file."""

import asyncio
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, AnyStr, Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Stage = Literal["greeting", "ehlo", "auth", "mail", "data"]
"""Where in the conversation an answer is due."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """How the server behaves; the default accepts everything."""

    refuse: tuple[str, ...] = ()
    """Addresses answered with 550."""
    defer: tuple[str, ...] = ()
    """Addresses answered with 451."""
    at_dot: str = ""
    """`refuse` (554), `defer` (452), `drop` (accepts, then hangs up without a word), `mumble`
    (accepts, and answers nonsense), `cut` (hangs up before the message), or empty."""
    login: tuple[str, str] | None = None
    """User and password that must be given."""
    tls: ssl.SSLContext | None = None
    """Offers STARTTLS with this context, and insists on it."""
    replies: Mapping[Stage, str] = field(default_factory=dict)
    """Another answer at a stage, such as `451 later`; empty hangs up."""
    times: int | None = None
    """After so many of those answers it behaves; None: never."""
    delay: float = 0
    """Seconds between keeping a message and answering its final dot."""


class Mailbox:
    """Runs while its context is open; messages are `<recipient>-<digest>.eml` in the folder."""

    def __init__(
        self,
        folder: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        settings: MailboxSettings | None = None,
    ) -> None:
        self._folder = folder
        self._settings = settings or MailboxSettings()
        options: dict[str, Any] = {"enable_SMTPUTF8": True}
        if self._settings.login:
            options |= {
                "authenticator": self._authenticate,
                "auth_required": True,
                "auth_require_tls": self._settings.tls is not None,
            }
        if self._settings.tls:
            options |= {"tls_context": self._settings.tls, "require_starttls": True}
        self._left = self._settings.times
        self._tried = False
        self._controller = _Controller(self, hostname=host, port=port, **options)

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._controller.start()
        self._tried = True
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def host(self) -> str:
        """Where it listens."""
        return self._controller.hostname

    @property
    def port(self) -> int:
        """On which port."""
        server = self._controller.server
        if not isinstance(server, asyncio.Server):
            raise RuntimeError("the mailbox is not open")  # noqa: TRY004 - a state, not a type
        return int(server.sockets[0].getsockname()[1])

    def messages(self) -> tuple[Path, ...]:
        """Every message so far."""
        return tuple(sorted(self._folder.glob("*.eml")))

    def scripted(self, stage: Stage) -> str | None:
        """What to answer at this stage instead of the usual; empty to hang up."""
        if stage == "data" and self._settings.at_dot == "cut":
            return ""
        reply = self._settings.replies.get(stage)
        if reply is None or self._left == 0 or not self._tried:
            return None
        if self._left is not None:
            self._left -= 1
        return reply

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self._settings.login, handled=False)

    # ---- what the protocol asks (names are the library's) ----------------------------------

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Answer one recipient."""
        if address in self._settings.refuse:
            return "550 5.1.1 no such mailbox"
        if address in self._settings.defer:
            return "451 4.2.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Answer the final dot."""
        answers = {"refuse": "554 5.7.1 not wanted", "defer": "452 4.3.1 the disk is full"}
        if self._settings.at_dot in answers:
            return answers[self._settings.at_dot]
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            self._keep(recipient, content)
        if self._settings.delay:
            await asyncio.sleep(self._settings.delay)
        if self._settings.at_dot == "drop":
            _hang_up(server)
        return "mumble" if self._settings.at_dot == "mumble" else "250 2.0.0 kept"

    def _keep(self, recipient: str, content: bytes) -> None:
        name = f"{re.sub(r'[^A-Za-z0-9@._-]', '_', recipient)[:80]}-{_digest(content)}"
        temporary = self._folder / f"{name}.tmp"
        temporary.write_bytes(content)
        temporary.replace(self._unused(name))

    def _unused(self, name: str) -> Path:
        """A copy gets a name of its own: a sender that mails twice must be seen to do so."""
        names = (f"{name}{f'-{number}' if number > 1 else ''}.eml" for number in count(1))
        return next(file for each in names if not (file := self._folder / each).exists())


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:8]


def _hang_up(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


class _Line(SMTP):
    """One connection, which may go wrong at any stage."""

    def __init__(self, mailbox: Mailbox, **options: Any) -> None:
        super().__init__(mailbox, **options)
        self._mailbox = mailbox
        self._greeted = False

    async def push(self, status: AnyStr) -> None:
        """Every answer leaves through here, the greeting first."""
        if not self._greeted:
            self._greeted = True
            if await self._answered("greeting"):
                return
        await super().push(status)

    async def _answered(self, stage: Stage) -> bool:
        """True when the script has answered, or hung up."""
        reply = self._mailbox.scripted(stage)
        if reply is None:
            return False
        if reply:
            await super().push(reply)
        else:
            _hang_up(self)
        return True

    # the library's names, as the protocol's commands
    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self._answered("ehlo"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        if not await self._answered("ehlo"):
            await super().smtp_HELO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if not await self._answered("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        if not await self._answered("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not await self._answered("data"):
            await super().smtp_DATA(arg)


class _Controller(Controller):
    """A controller that lets the system choose the port."""

    def factory(self) -> SMTP:
        """The library's way to make one connection."""
        return _Line(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        """The library's self-test, at the port the system chose."""
        if isinstance(self.server, asyncio.Server):
            address = self.server.sockets[0].getsockname()[:2]
            with socket.create_connection(address, timeout=10) as probe:
                probe.recv(1024)

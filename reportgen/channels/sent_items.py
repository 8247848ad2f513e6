"""A mailbox that holds what was sent: it can tell whether a message in doubt was accepted."""

import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from typing import Literal, Self

from imap_tools import AND, BaseMailBox, Header, MailBox, MailBoxUnencrypted, UidRange
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    UnexpectedCommandStatusError,
)
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from reportgen.errors import DeliveryError, DeliveryRefused, DeliveryUnavailable
from reportgen.names import loopback

_PORTS = {"starttls": 143, "tls": 993, "plain": 143}
_MOST_ALIKE = 5
"""Messages looked at for one Message-ID; a server that does not search answers with all."""
_NO = (IMAP4.error, UnexpectedCommandStatusError)
"""How the two libraries below say that the server said no."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the mailbox told, by Message-ID."""

    there: frozenset[str]
    missing: frozenset[str]
    """What was surely not accepted; empty unless the mailbox is complete."""


class SentItems(BaseModel):
    """An IMAP mailbox that what is sent ends up in, such as the sender's own or a journal."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    server: str = Field(min_length=1, description="Host name of the IMAP server.")
    port: int | None = Field(None, ge=1, le=65535, description="Its port; usual ones if empty.")
    security: Literal["tls", "starttls", "plain"] = Field(
        "tls", description="tls (port 993), starttls (143), or plain (143)."
    )
    allow_plain: bool = Field(
        False, description="Permit `plain` to another machine; the password goes readable."
    )
    username: str = Field(min_length=1, description="Login of the mailbox.")
    password: SecretStr = Field(
        min_length=1, description="`${NAME}`, or give `password_file`; for Gmail an app password."
    )
    folder: str = Field(
        "Sent", min_length=1, description="Folder that holds them; Gmail: `[Gmail]/Sent Mail`."
    )
    complete: bool = Field(
        False,
        description="True only when it surely holds every message that the mail server accepts: "
        "what is not there is then sent again.",
    )
    timeout: float = Field(30, gt=0, le=600, description="Seconds the server may take to answer.")

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.security == "plain" and not self.allow_plain and not loopback(self.server):
            raise ValueError(
                "a plain password to another machine can be read on the way; "
                "write `security: tls`, or `allow_plain: true`"
            )
        return self

    def look(self, references: Collection[str]) -> Looked:
        """Search for these Message-IDs; changes nothing there. Raises DeliveryError."""
        with self._opened() as box:
            there = frozenset(each for each in references if _holds(box, each))
            left = frozenset(references) - there
            sure = self.complete and bool(left) and _finds_its_newest(box)
        return Looked(there, left if sure else frozenset())

    def check(self) -> str:
        """Connect, sign in, open the folder, hang up. Raises DeliveryError."""
        with self._opened() as box:
            count = int(box.folder.status(self.folder, ("MESSAGES",))["MESSAGES"])
        return f"{self.server} answers over {self.security}, {self.folder!r} holds {count} messages"

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        """The folder, opened for reading; whatever goes wrong is translated."""
        try:
            box = self._connected()
            try:
                self._sign_in(box)
                box.folder.set(self.folder, readonly=True)
                yield box
                with suppress(OSError, IMAP4.error, ImapToolsError):
                    box.logout()
            finally:
                with suppress(OSError):
                    box.client.shutdown()
        except DeliveryError:
            raise
        except Exception as error:  # noqa: BLE001 - of two libraries; a text may quote the password
            raise self._translated(error) from None

    def _connected(self) -> BaseMailBox:
        port, trust = self.port or _PORTS[self.security], ssl.create_default_context()
        if self.security == "tls":
            return MailBox(self.server, port, timeout=self.timeout, ssl_context=trust)
        return MailBoxUnencrypted(self.server, port, timeout=self.timeout)

    def _sign_in(self, box: BaseMailBox) -> None:
        where, password = f"sent items on {self.server}", self.password.get_secret_value()
        if self.security == "starttls":
            if "STARTTLS" not in box.client.capabilities:
                raise DeliveryRefused(f"{where}: it does not offer what `security` wants")
            box.client.starttls(ssl.create_default_context())
        plain = f"{self.username}{password}"
        login = box.login if plain.isascii() and plain.isprintable() else box.login_utf8
        try:
            login(self.username, password, initial_folder=None)
        except IMAP4.abort:
            raise
        except _NO:
            raise DeliveryRefused(
                f"{where}: the login is not accepted; mend username or password (Gmail and others "
                "want an app password, and IMAP turned on)"
            ) from None

    def _translated(self, error: Exception) -> DeliveryError:
        where = f"sent items on {self.server}"
        if isinstance(error, MailboxFolderSelectError):
            return DeliveryRefused(f"{where}: there is no folder {self.folder!r}; mend `folder`")
        if isinstance(error, ssl.SSLCertVerificationError):
            cause = error.verify_message
            return DeliveryRefused(f"{where}: its certificate is not trusted ({cause})")
        if isinstance(error, UnexpectedCommandStatusError):
            return DeliveryUnavailable(f"{where}: it refused what was asked")
        if isinstance(error, OSError | IMAP4.abort):
            return DeliveryUnavailable(f"{where}: no connection ({type(error).__name__})")
        return DeliveryUnavailable(f"{where}: it cannot be understood ({type(error).__name__})")


def _holds(box: BaseMailBox, reference: str) -> bool:
    """Servers search for a part of the header; the message found must have all of it."""
    wanted = AND(header=Header("Message-ID", reference))
    return reference in _message_ids(box, str(wanted))


def _finds_its_newest(box: BaseMailBox) -> bool:
    """True when its search works: what is not found is then not there."""
    newest = _message_ids(box, str(AND(uid=UidRange("*"))))
    return any(_holds(box, each) for each in newest)


def _message_ids(box: BaseMailBox, criteria: str) -> list[str]:
    found = box.fetch(criteria, limit=_MOST_ALIKE, mark_seen=False, headers_only=True)
    headers = [each.headers for each in found]
    return [text.strip() for each in headers if "message-id" in each for text in each["message-id"]]

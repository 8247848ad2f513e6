"""Mail the document: one message for each recipient, frozen before it is sent."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from reportgen.channels import domains
from reportgen.channels.addresses import address, body, is_address, one_line, sender, subject
from reportgen.channels.sent_items import SentItems
from reportgen.errors import (
    DeliveryError,
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
)
from reportgen.model import Customer, Document, Receipt, RunKey
from reportgen.names import loopback
from reportgen.pipeline import Delivery
from reportgen.uptime import since_boot

DEMO = "demo"
_PORTS = {"starttls": 587, "tls": 465, "plain": 25}
_LONGEST_ANSWER = 200
_NAP = 60.0
"""Seconds that the mark before the final dot may take; somebody else may have the run after."""


class Email(BaseModel):
    """Mail to each recipient through an SMTP server."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    channel: Literal["email"] = "email"
    label: str = Field("email", description="Tells two mail servers apart.")
    server: str = Field(
        min_length=1,
        description="Host name, or `demo` for a server on this machine that keeps all.",
    )
    port: int | None = Field(None, ge=1, le=65535, description="Its port; usual ones if empty.")
    security: Literal["starttls", "tls", "plain"] = Field(
        "starttls", description="starttls (port 587), tls (465), or plain (25)."
    )
    allow_plain: bool = Field(
        False, description="Permit `plain` to another machine; figures and password go readable."
    )
    username: str | None = Field(None, description="Login, if the server wants one.")
    password: SecretStr | None = Field(None, description="`${NAME}`, or give `password_file`.")
    sender: str = Field(description="Address of the From line.")
    sender_name: str = Field("", description="Name of the From line; the brand's if empty.")
    reply_to: str | None = Field(None, description="Where answers go; a person's address.")
    timeout: float = Field(60, gt=0, le=600, description="Seconds the server may take to answer.")
    max_mb: float = Field(20, gt=0, le=150, description="Largest message, in megabytes.")
    sent_items: SentItems | None = Field(
        None, description="A mailbox that holds what was sent, to settle deliveries in doubt."
    )

    @field_validator("sender", "reply_to")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        try:
            return value if value is None else address(value).addr_spec
        except DeliveryRefused as error:
            raise ValueError(str(error)) from error

    @model_validator(mode="after")
    def _safe(self) -> Self:
        plain = self.security == "plain" and self.server != DEMO
        if plain and not self.allow_plain and not loopback(self.server):
            raise ValueError(
                "plain mail to another machine can be read on the way; "
                "write `security: starttls`, or `allow_plain: true`"
            )
        if self.password is not None and self.username is None:
            raise ValueError("a password without a user; add `username`")
        return self

    def with_server(self, host: str, port: int) -> Self:
        """The same, speaking plainly to a server on this machine."""
        return self.model_copy(
            update={
                "server": host,
                "port": port,
                "security": "plain",
                "username": None,
                "password": None,
            }
        )

    # ---- messages --------------------------------------------------------------------------

    def deliveries(self, document: Document) -> tuple[Delivery, ...]:
        """One message for each recipient; recipients never see each other.

        Addresses that differ in capitals only are one mailbox. For one that is no address, lies
        outside the customer's domains or was taken out since, no message is made and `deliver`
        refuses; the others get theirs.
        """
        unlike: dict[str, str] = {}
        for recipient in document.customer.recipients:
            unlike.setdefault(recipient.casefold(), recipient)
        return tuple(self._delivery(document, recipient) for recipient in unlike.values())

    def _delivery(self, document: Document, recipient: str) -> Delivery:
        message_id = self._message_id(document.key, recipient)
        refusal = _refusal(document.customer, recipient)
        if refusal:
            return Delivery(self.label, recipient, message_id, b"", refusal)
        message = self._message(document, recipient, message_id)
        return Delivery(self.label, recipient, message_id, message.as_bytes(policy=policy.SMTP))

    def _message_id(self, key: RunKey, recipient: str) -> str:
        """The same on every attempt, so that a server can drop a second copy."""
        name = sha256(f"{key!s}/{key.edition}\n{recipient.casefold()}".encode()).hexdigest()[:32]
        return f"<{name}@{self.sender.rpartition('@')[2]}>"

    def _message(self, document: Document, recipient: str, message_id: str) -> EmailMessage:
        letter, brand = document.letter, document.customer.brand
        message = EmailMessage(policy=policy.SMTP)
        message.set_raw("Subject", subject(letter.subject))
        message.set_raw("From", sender(self.sender, self.sender_name or brand.name))
        message["To"] = address(recipient)
        reply_to = self.reply_to or brand.contact_email
        if is_address(reply_to):
            message["Reply-To"] = address(reply_to)
        if document.made_at is not None:
            message["Date"] = format_datetime(document.made_at)
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(body(letter.text), cte="base64")
        message.add_alternative(body(letter.html), subtype="html", cte="base64")
        message.add_attachment(
            document.outgoing,
            maintype="application",
            subtype="pdf",
            filename=one_line(document.file_name),
        )
        _fix_boundaries(message, message_id)
        return message

    # ---- sending ---------------------------------------------------------------------------

    def deliver(self, delivery: Delivery, commit: Callable[[], None]) -> Receipt:
        """Send one message; `commit` is called right before its final dot.

        Raises DeliveryUnavailable, DeliveryRefused, or DeliveryUnknown for an answer that got lost.
        """
        address(delivery.target)
        if delivery.refusal:
            raise DeliveryRefused(delivery.refusal)
        if len(delivery.content) > self.max_mb * 1_000_000:
            size = len(delivery.content) / 1_000_000
            raise DeliveryRefused(
                f"{delivery.target}: the message has {size:.1f} MB, more than `max_mb` allows"
            )
        with self._connected() as server:
            return Receipt(delivery.target, self._send(server, delivery, commit))

    def check(self) -> str:
        """Connect, secure, sign in, and hang up. Raises DeliveryError."""
        with self._connected() as server:
            size = server.esmtp_features.get("size", "")
            limit = f", takes {int(size) // 1_000_000} MB" if size.isdecimal() and int(size) else ""
            login = f" as {self.username}" if self.username else ""
            return f"{self.server} answers over {self.security}{login}{limit}"

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        where = f"mail server {self.server}"
        try:
            server = self._connection()
        except (OSError, smtplib.SMTPException) as error:
            raise _translated(where, error) from error
        try:
            self._introduce(server, where)
            yield server
            _say_goodbye(server)
        finally:
            server.close()  # without a word after a fault: amid a message, QUIT would be its text

    def _connection(self) -> smtplib.SMTP:
        port, name = self.port or _PORTS[self.security], self.sender.rpartition("@")[2]
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.server, port, name, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.server, port, name, timeout=self.timeout)

    def _introduce(self, server: smtplib.SMTP, where: str) -> None:
        try:
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if self.username and self.password:
                server.login(self.username, self.password.get_secret_value())
        except (OSError, smtplib.SMTPException) as error:
            raise _translated(where, error) from None  # the cause may quote the credentials
        except UnicodeError:
            raise DeliveryRefused(
                f"{where}: username and password may hold plain ASCII letters only"
            ) from None

    def _send(self, server: smtplib.SMTP, delivery: Delivery, commit: Callable[[], None]) -> str:
        """The conversation of one message; the answer to its final dot."""
        try:
            _expect(server.mail(self.sender, _options(server, delivery)), delivery.target)
            _expect(server.rcpt(delivery.target), delivery.target)
            server.putcmd("data")
            _expect(server.getreply(), delivery.target, 354)
            server.send(_quoted(delivery.content))
        except (OSError, smtplib.SMTPException) as error:
            raise _translated(delivery.target, error) from error
        marked = since_boot()
        commit()
        if since_boot() - marked > _NAP:
            raise DeliveryUnavailable(
                f"{delivery.target}: this machine slept before the end of the message; nothing sent"
            )
        return self._end(server, delivery)

    @staticmethod
    def _end(server: smtplib.SMTP, delivery: Delivery) -> str:
        """The point of no return: from here on only a clear answer tells."""
        lost = DeliveryUnknown(
            f"{delivery.target}: the connection ended before the server's answer; "
            f"look for {delivery.reference} in its log"
        )
        try:
            server.send(b".\r\n")
            reply = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise lost from error
        if reply[0] // 100 not in (2, 4, 5):
            raise lost
        return _expect(reply, delivery.target)


# ---- messages in detail --------------------------------------------------------------------


def _refusal(customer: Customer, recipient: str) -> str:
    """Why nothing may go there; empty when it may."""
    try:
        address(recipient)
    except DeliveryRefused as refused:
        return str(refused)
    if recipient in customer.withdrawn:
        return f"{recipient}: taken out of the recipients of {customer.name}; nothing was sent"
    if not customer.allowed_domains or domains.is_allowed(recipient, customer.allowed_domains):
        return ""
    return (
        f"{recipient}: outside the `allowed_domains` of {customer.name} "
        f"({', '.join(customer.allowed_domains)}); nothing was sent; mend one of the two"
    )


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """Boundaries from the Message-ID, so that the same document gives the same bytes."""
    for place, part in enumerate(message.walk()):
        if part.is_multipart():
            digest = sha256(f"{message_id}{place}".encode()).hexdigest()[:24]
            part.set_boundary(f"={digest}=")


def _quoted(content: bytes) -> bytes:
    """The message as it travels: lines that begin with a dot get a second one."""
    lines = content.split(b"\r\n")
    body = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return body if body.endswith(b"\r\n") else body + b"\r\n"


# ---- the conversation ----------------------------------------------------------------------


def _options(server: smtplib.SMTP, delivery: Delivery) -> list[str]:
    return [f"size={len(delivery.content)}"] if server.has_extn("size") else []


def _expect(reply: tuple[int, bytes], target: str, code: int = 0) -> str:
    """The server's words, when it agrees. Raises what a 4xx or 5xx means."""
    status, words = reply
    said = f"{status} {one_line(words.decode('utf-8', 'replace'))[:_LONGEST_ANSWER]}"
    if status == code or (not code and 200 <= status < 300):
        return said
    kind = DeliveryUnavailable if status < 500 else DeliveryRefused
    raise kind(f"{target}: the mail server answered {said}")


def _translated(where: str, error: Exception) -> DeliveryError:
    """What a fault before the final dot means: nothing was accepted."""
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return DeliveryRefused(f"{where}: the login is not accepted; mend username or password")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return DeliveryRefused(f"{where}: it does not offer what `security` or the login wants")
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryRefused(f"{where}: its certificate is not trusted ({error.verify_message})")
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:
        return DeliveryRefused(f"{where}: it refused with {error.smtp_code}")
    if isinstance(error, socket.gaierror):
        return DeliveryUnavailable(f"{where}: there is no such host")
    return DeliveryUnavailable(f"{where}: no connection ({type(error).__name__})")


def _say_goodbye(server: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        server.quit()

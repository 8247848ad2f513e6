"""Mail the document: one message for each recipient, frozen before it is sent."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    field_validator,
    model_validator,
)

from reportgen.channels import domains
from reportgen.channels.addresses import (
    address,
    body,
    checked,
    is_address,
    one_line,
    sender,
    subject,
)
from reportgen.channels.pacing import Turns
from reportgen.channels.sent_items import SentItems
from reportgen.errors import DeliveryRefused
from reportgen.model import Customer, Document, Receipt, RunKey
from reportgen.names import loopback
from reportgen.pipeline import Delivery

if TYPE_CHECKING:
    from email.message import EmailMessage

DEMO = "demo"


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
    messages_per_minute: int | None = Field(
        25,
        ge=1,
        le=10_000,
        description="No more than the server takes (Microsoft 365: 30, counted by mailbox); empty: "
        "as fast as it goes.",
    )
    sent_items: SentItems | None = Field(
        None, description="A mailbox that holds what was sent, to settle deliveries in doubt."
    )
    _turns: Turns | None = PrivateAttr(None)

    @field_validator("sender", "reply_to")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        try:
            return value if value is None else checked(value)
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

    def taking_turns(self) -> Self:
        """The same, which sends no more than `messages_per_minute`; its copies share the count."""
        paced = self.model_copy()
        if self.messages_per_minute:
            paced._turns = Turns(self.messages_per_minute)
        return paced

    def stop(self) -> None:
        """Begin no more messages; one under way is finished."""
        if self._turns:
            self._turns.stop()

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
        return Delivery(self.label, recipient, message_id, message.as_bytes())

    def _message_id(self, key: RunKey, recipient: str) -> str:
        """The same on every attempt, so that a server can drop a second copy."""
        name = sha256(f"{key!s}/{key.edition}\n{recipient.casefold()}".encode()).hexdigest()[:32]
        return f"<{name}@{self.sender.rpartition('@')[2]}>"

    def _message(self, document: Document, recipient: str, message_id: str) -> "EmailMessage":
        from email.message import EmailMessage
        from email.policy import SMTP
        from email.utils import format_datetime

        letter, brand = document.letter, document.customer.brand
        message = EmailMessage(policy=SMTP)
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
        checked(delivery.target)
        if delivery.refusal:
            raise DeliveryRefused(delivery.refusal)
        if len(delivery.content) > self.max_mb * 1_000_000:
            size = len(delivery.content) / 1_000_000
            raise DeliveryRefused(
                f"{delivery.target}: the message has {size:.1f} MB, more than `max_mb` allows"
            )
        from reportgen.channels import smtp  # loaded when there is something to send

        if self._turns:
            self._turns.take()
        with smtp.connected(self) as server:
            return Receipt(delivery.target, smtp.send(self, server, delivery, commit))

    def check(self) -> str:
        """Connect, secure, sign in, and hang up. Raises DeliveryError."""
        from reportgen.channels.smtp import connected

        with connected(self) as server:
            size = server.esmtp_features.get("size", "")
            limit = f", takes {int(size) // 1_000_000} MB" if size.isdecimal() and int(size) else ""
            login = f" as {self.username}" if self.username else ""
            return f"{self.server} answers over {self.security}{login}{limit}"


# ---- messages in detail --------------------------------------------------------------------


def _refusal(customer: Customer, recipient: str) -> str:
    """Why nothing may go there; empty when it may."""
    try:
        checked(recipient)
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


def _fix_boundaries(message: "EmailMessage", message_id: str) -> None:
    """Boundaries from the Message-ID, so that the same document gives the same bytes."""
    for place, part in enumerate(message.walk()):
        if part.is_multipart():
            digest = sha256(f"{message_id}{place}".encode()).hexdigest()[:24]
            part.set_boundary(f"={digest}=")

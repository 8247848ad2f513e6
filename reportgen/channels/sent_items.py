"""A mailbox that holds what was sent: it can tell whether a message in doubt was accepted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from reportgen.names import loopback


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
        from reportgen.channels.mailbox import finds_its_newest, holds, opened

        with opened(self) as box:
            there = frozenset(each for each in references if holds(box, each))
            left = frozenset(references) - there
            sure = self.complete and bool(left) and finds_its_newest(box)
        return Looked(there, left if sure else frozenset())

    def check(self) -> str:
        """Connect, sign in, open the folder, hang up. Raises DeliveryError."""
        from reportgen.channels.mailbox import opened

        with opened(self) as box:
            count = int(box.folder.status(self.folder, ("MESSAGES",))["MESSAGES"])
        return f"{self.server} answers over {self.security}, {self.folder!r} holds {count} messages"

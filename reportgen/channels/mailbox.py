"""The conversation with a mailbox that holds what was sent (IMAP)."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from imaplib import IMAP4
from typing import TYPE_CHECKING

from imap_tools import AND, BaseMailBox, Header, MailBox, MailBoxUnencrypted, UidRange
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    UnexpectedCommandStatusError,
)

from reportgen.errors import DeliveryError, DeliveryRefused, DeliveryUnavailable

if TYPE_CHECKING:
    from reportgen.channels.sent_items import SentItems

_PORTS = {"starttls": 143, "tls": 993, "plain": 143}
_MOST_ALIKE = 5
"""Messages looked at for one Message-ID; a server that does not search answers with all."""
_NO = (IMAP4.error, UnexpectedCommandStatusError)
"""How the two libraries below say that the server said no."""


@contextmanager
def opened(items: "SentItems") -> Iterator[BaseMailBox]:
    """The folder, opened for reading; whatever goes wrong is translated."""
    try:
        box = _connected(items)
        try:
            _sign_in(items, box)
            box.folder.set(items.folder, readonly=True)
            yield box
            with suppress(OSError, IMAP4.error, ImapToolsError):
                box.logout()
        finally:
            with suppress(OSError):
                box.client.shutdown()
    except DeliveryError:
        raise
    except Exception as error:  # noqa: BLE001 - of two libraries; a text may quote the password
        raise _translated(items, error) from None


def _connected(items: "SentItems") -> BaseMailBox:
    port, trust = items.port or _PORTS[items.security], ssl.create_default_context()
    if items.security == "tls":
        return MailBox(items.server, port, timeout=items.timeout, ssl_context=trust)
    return MailBoxUnencrypted(items.server, port, timeout=items.timeout)


def _sign_in(items: "SentItems", box: BaseMailBox) -> None:
    where, password = f"sent items on {items.server}", items.password.get_secret_value()
    if items.security == "starttls":
        if "STARTTLS" not in box.client.capabilities:
            raise DeliveryRefused(f"{where}: it does not offer what `security` wants")
        box.client.starttls(ssl.create_default_context())
    plain = f"{items.username}{password}"
    login = box.login if plain.isascii() and plain.isprintable() else box.login_utf8
    try:
        login(items.username, password, initial_folder=None)
    except IMAP4.abort:
        raise
    except _NO:
        raise DeliveryRefused(
            f"{where}: the login is not accepted; mend username or password (Gmail and others "
            "want an app password, and IMAP turned on)"
        ) from None


def _translated(items: "SentItems", error: Exception) -> DeliveryError:
    where = f"sent items on {items.server}"
    if isinstance(error, MailboxFolderSelectError):
        return DeliveryRefused(f"{where}: there is no folder {items.folder!r}; mend `folder`")
    if isinstance(error, ssl.SSLCertVerificationError):
        cause = error.verify_message
        return DeliveryRefused(f"{where}: its certificate is not trusted ({cause})")
    if isinstance(error, UnexpectedCommandStatusError):
        return DeliveryUnavailable(f"{where}: it refused what was asked")
    if isinstance(error, OSError | IMAP4.abort):
        return DeliveryUnavailable(f"{where}: no connection ({type(error).__name__})")
    return DeliveryUnavailable(f"{where}: it cannot be understood ({type(error).__name__})")


def holds(box: BaseMailBox, reference: str) -> bool:
    """Servers search for a part of the header; the message found must have all of it."""
    wanted = AND(header=Header("Message-ID", reference))
    return reference in _message_ids(box, str(wanted))


def finds_its_newest(box: BaseMailBox) -> bool:
    """True when its search works: what is not found is then not there."""
    newest = _message_ids(box, str(AND(uid=UidRange("*"))))
    return any(holds(box, each) for each in newest)


def _message_ids(box: BaseMailBox, criteria: str) -> list[str]:
    found = box.fetch(criteria, limit=_MOST_ALIKE, mark_seen=False, headers_only=True)
    headers = [each.headers for each in found]
    return [text.strip() for each in headers if "message-id" in each for text in each["message-id"]]

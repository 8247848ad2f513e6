"""The conversation with a mail server, up to the answer to the final dot."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reportgen.channels.addresses import one_line
from reportgen.errors import (
    DeliveryError,
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
)
from reportgen.pipeline import Delivery
from reportgen.uptime import since_boot

if TYPE_CHECKING:
    from reportgen.channels.email import Email

_PORTS = {"starttls": 587, "tls": 465, "plain": 25}
_LONGEST_ANSWER = 200
_NAP = 60.0
"""Seconds that the mark before the final dot may take; somebody else may have the run after."""


@contextmanager
def connected(way: "Email") -> Iterator[smtplib.SMTP]:
    """A server that listens to us. Raises DeliveryUnavailable or DeliveryRefused."""
    where = f"mail server {way.server}"
    try:
        server = _connection(way)
    except (OSError, smtplib.SMTPException) as error:
        raise _translated(where, error) from error
    try:
        _introduce(way, server, where)
        yield server
        _say_goodbye(server)
    finally:
        server.close()  # without a word after a fault: amid a message, QUIT would be its text


def _connection(way: "Email") -> smtplib.SMTP:
    port, name = way.port or _PORTS[way.security], way.sender.rpartition("@")[2]
    if way.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(way.server, port, name, timeout=way.timeout, context=context)
    return smtplib.SMTP(way.server, port, name, timeout=way.timeout)


def _introduce(way: "Email", server: smtplib.SMTP, where: str) -> None:
    try:
        server.ehlo_or_helo_if_needed()
        if way.security == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if way.username and way.password:
            server.login(way.username, way.password.get_secret_value())
    except (OSError, smtplib.SMTPException) as error:
        raise _translated(where, error) from None  # the cause may quote the credentials
    except UnicodeError:
        raise DeliveryRefused(
            f"{where}: username and password may hold plain ASCII letters only"
        ) from None


def send(way: "Email", server: smtplib.SMTP, delivery: Delivery, commit: Callable[[], None]) -> str:
    """
    The conversation of one message; the answer to its final dot.

    Raises as `Email.deliver`.
    """
    try:
        _expect(server.mail(way.sender, _options(server, delivery)), delivery.target)
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
    return _end(server, delivery)


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


def _quoted(content: bytes) -> bytes:
    """The message as it travels: lines that begin with a dot get a second one."""
    lines = content.split(b"\r\n")
    body = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return body if body.endswith(b"\r\n") else body + b"\r\n"


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

"""What an answer of the platform means: its envelope, its status, and whose turn it is next."""

from collections.abc import Mapping
from typing import Any

from reportgen.errors import (
    AccessNotGranted,
    SourceBusy,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    UnexpectedPayload,
)

_LONGEST = 200
_DEEPEST = 100
"""Levels of nesting; the platform's own answers have about ten."""
_MESSAGES = (
    "validationmessages",
    "messages",
    "message",
    "error_description",
    "errors",
    "detail",
    "title",
    "error",
)
RENEWABLE = (306, 401)
"""Status codes that call for a new token, once."""
BUSY = (429, 503)
"""Status codes of a server that has too much to do, whatever it is asked."""


def lowered(body: object) -> Mapping[str, Any]:
    """The outermost keys without regard to case; empty for anything but an object."""
    if not isinstance(body, Mapping):
        return {}
    return {str(key).casefold(): value for key, value in body.items()}


def sound(body: Any, what: str) -> Any:
    """
    A parsed body that every part of the program can bear: texts without half characters.

    Raises UnexpectedPayload for one nested deeper than any answer of the platform.
    """
    return _sound(body, what, _DEEPEST)


def _sound(value: Any, what: str, deeper: int) -> Any:
    if not deeper:
        raise UnexpectedPayload(f"{what}: the answer is nested too deeply; has the API changed?")
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode("utf-8")
    if isinstance(value, list):
        return [_sound(each, what, deeper - 1) for each in value]
    if isinstance(value, dict):
        return {
            _sound(key, what, deeper): _sound(each, what, deeper - 1) for key, each in value.items()
        }
    return value


def unwrap(body: object, what: str) -> Any:
    """
    The `data` of a successful answer.

    Raises UnexpectedPayload when there is no envelope, SourceUnavailable when it says failure.
    """
    fields = lowered(body)
    if "data" not in fields and "issuccess" not in fields and "status" not in fields:
        raise UnexpectedPayload(f"{what}: the answer has no `data`; has the API changed?")
    status = fields.get("status")
    failed = isinstance(status, str) and status.upper() not in ("SUCCESS", "")
    if failed or fields.get("issuccess") is False:
        raise refusal(200, body, what)
    return fields.get("data")


def refusal(code: int, body: object, what: str) -> SourceError:
    """The error that an unsuccessful answer means, named for who acts next."""
    fields = lowered(body)
    status = str(fields.get("status") or "").upper()
    said = message(body)
    if status == "PRIVACY_ERROR":
        return AccessNotGranted(
            f"{what}: the customer has not granted access to its data; ask it to allow the "
            "reseller in its privacy settings"
        )
    if status == "IP_RESTRICTED":
        return SourceRefused(
            f"{what}: this machine's address is not allowed; add it to the credential's and the "
            "company's address lists"
        )
    return _by_code(code, f"{what}: {said}" if said else what)


def _by_code(code: int, text: str) -> SourceError:
    if code in RENEWABLE:
        return SourceRefused(f"{text} (status {code}: the token is not accepted)")
    if code == 403:
        return SourceRefused(
            f"{text} (status 403: the role lacks the right, or the company is not managed by this "
            "reseller)"
        )
    if code == 404:
        return SourceRefused(f"{text} (status 404: the company or report is unknown)")
    if code in BUSY:
        return SourceBusy(f"{text} (status {code})")
    if code >= 500 or code == 200:
        return SourceUnavailable(f"{text} (status {code})")
    return SourceRefused(f"{text} (status {code})")


def message(body: object) -> str:
    """The first message of an answer, in one printable line; empty when there is none."""
    fields = lowered(body)
    for name in _MESSAGES:
        text = _text(fields.get(name))
        if text:
            return text
    return ""


def _text(value: object) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping):
        value = lowered(value).get("message")
    if not isinstance(value, str):
        return ""
    line = "".join(letter if letter.isprintable() else " " for letter in value[:_LONGEST])
    return " ".join(line.split())

"""What an answer of the platform means: its envelope, its status, and whose turn it is next."""

from collections.abc import Mapping
from typing import Any

from reportgen.errors import (
    AccessNotGranted,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    UnexpectedPayload,
)

_LONGEST = 200
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


def lowered(body: object) -> Mapping[str, Any]:
    """The outermost keys without regard to case; empty for anything but an object."""
    if not isinstance(body, Mapping):
        return {}
    return {str(key).casefold(): value for key, value in body.items()}


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
    if code == 429 or code >= 500 or code == 200:
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

"""The token: fetched by form, kept until a minute before it ends, renewed once when refused."""

import binascii
import json
import threading
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import SecretStr

from reportgen.errors import SourceRefused, UnexpectedPayload
from reportgen.sources.envelope import lowered
from reportgen.sources.transport import Answer, Call, Limits, Transport, data_or_raise
from reportgen.sources.wire import first_text, number

_LEEWAY = 60.0
"""Seconds before its end at which a token is renewed, so that it does not die on the way."""
_USUAL_LIFE = 3600.0
"""Seconds, where the server does not say."""
_WHAT = "signing in"


class Tokens:
    """One token for all threads; whoever finds it old renews it while the others wait."""

    def __init__(
        self,
        transport: Transport,
        url: str,
        client_id: str,
        client_secret: SecretStr,
        limits: Limits,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._url = url
        self._client_id = client_id
        self._client_secret = client_secret
        self._limits = limits
        self._now = now
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0
        self.permissions: tuple[str, ...] | None = None
        """What the last token may do, where the server says so."""
        self.company = ""
        """Name of the company the credentials belong to, where the token says it."""

    def current(self, refused: str = "") -> str:
        """
        A living token; never the one that was just `refused`.

        Raises SourceRefused for wrong credentials, SourceUnavailable without an answer.
        """
        with self._lock:
            if self._token in ("", refused) or self._now() >= self._good_until:
                self._renew()
            return self._token

    def _renew(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret.get_secret_value(),
            "scope": "api1",
        }
        answer = self._transport.send(
            Call("POST", self._url, _WHAT, {}, form=form, limits=self._limits)
        )
        fields = lowered(self._granted(answer))
        token = fields.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise UnexpectedPayload(f"{_WHAT}: the answer holds no access_token")
        life = number(fields.get("expires_in")) or _USUAL_LIFE
        self._token = token
        self._good_until = self._now() + max(life - _LEEWAY, 0.0)
        named = fields.get("permissions")
        self.permissions = tuple(map(str, named)) if isinstance(named, list) else None
        self.company = first_text(_claims(token), "user_company_name")

    @staticmethod
    def _granted(answer: Answer) -> object:
        if answer.status in (400, 401):
            raise SourceRefused(
                f"{_WHAT}: the client id or secret is not accepted; make a new REST API client in "
                "the portal and put it into `source`"
            )
        return data_or_raise(answer, _WHAT)


def _claims(token: str) -> Mapping[str, Any]:
    """What a JWT says about itself (section 1.3 of the vendor's guide); nothing where it is none.

    For messages only: nobody checks its signature here.
    """
    try:
        return lowered(json.loads(urlsafe_b64decode(f"{token.split('.')[1]}===")))
    except (IndexError, ValueError, binascii.Error, RecursionError):
        return {}

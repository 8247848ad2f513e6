"""One request and its answer: pace, limits, time-outs, retries; no answer is remembered."""

import logging
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from reportgen import __version__
from reportgen.errors import (
    ConfigError,
    SourceBusy,
    SourceRefused,
    SourceUnavailable,
    UnexpectedPayload,
)
from reportgen.sources.breaker import Asking, Breaker
from reportgen.sources.envelope import BUSY, refusal
from reportgen.sources.pace import Pace, Turnstile
from reportgen.sources.parsing import parsed
from reportgen.uptime import since_boot

log = logging.getLogger(__name__)

_REDIRECTS = (301, 302, 303, 307, 308)
_RETRIED = (429, 500, 502, 503, 504)
_LONGEST_PAUSE = 120.0
"""Seconds; a server that asks for more is not waited for longer."""
_CHUNK = 65536
_USUAL = Pace()
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": f"reportgen/{__version__}",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how often, how much."""

    connect: float = 10.0
    """Seconds until the connection stands."""
    read: float = 30.0
    """Seconds between two bytes, and for the whole answer."""
    attempts: int = 4
    size: int = 32 * 1024 * 1024
    """Bytes of an answer, decoded."""
    in_parts: bool = False
    """True for what is asked in parts when it fails as a whole: only overload is waited for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer read to its end."""

    status: int
    body: Any
    """Parsed JSON; None when the body was empty or no JSON."""
    retry_after: str = ""
    unreadable: bool = False
    """True for a body that is not JSON."""

    @property
    def good(self) -> bool:
        """True for any 2xx with a readable body."""
        return 200 <= self.status < 300 and not self.unreadable


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    url: str
    what: str
    """In words, for messages."""
    headers: Mapping[str, str]
    company_id: str = ""
    """The company it is about; empty where it is about none, or about all."""
    json: Any = None
    form: Mapping[str, str] | None = None
    limits: Limits = Limits()


class Transport:
    """Sends calls over pooled connections. Every retried call is a read, whatever its method.

    The adapter is used without a session around it: nothing comes from the environment (proxy,
    `.netrc`, certificates), no redirect is followed, no cookie is kept, and threads share nothing
    but the pool of connections, which is made for that. Certificates are always checked: against
    `ca_file` alone where there is one.

    All threads share its pace, the pauses a server asks for, and the rest after failures.
    """

    def __init__(
        self,
        pause: Callable[[float], None] | None = None,
        ca_file: Path | None = None,
        proxy: str | None = None,
        pace: Pace = _USUAL,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`pause` waits in place of the usual wait, which `stop` ends."""
        self.places = pace.places
        """Calls that may be under way at once."""
        self._turnstile = Turnstile(pace, pause, now)
        self._breaker = Breaker(now)
        self._told: tuple[datetime, float] | None = None
        self._adapter = HTTPAdapter(pool_connections=4, pool_maxsize=pace.places)
        self._verify = _certificates(ca_file)
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}

    def close(self) -> None:
        """Let the connections go."""
        self._adapter.close()

    def platform_time(self) -> datetime | None:
        """The moment it is by the `Date` of the last answer that had one; aware UTC."""
        if self._told is None:
            return None
        moment, then = self._told
        return moment + timedelta(seconds=since_boot() - then)

    def stop(self) -> None:
        """End every wait at once and refuse further calls; those under way end by themselves."""
        self._turnstile.stop()

    def send(self, call: Call) -> Answer:
        """
        The answer, whatever its status, after retries where another attempt may help.

        Raises SourceUnavailable when no whole answer came, SourceBusy when none was asked for.
        """
        _refuse_headers(call)
        with self._breaker.asking(call.company_id, call.what) as asking:
            try:
                answer = self._tried(call, asking)
            except SourceBusy:
                raise
            except SourceUnavailable:
                asking.failed = None if call.limits.in_parts else True
                raise
            asking.failed = _failed(answer, call)
            return answer

    def _tried(self, call: Call, asking: Asking) -> Answer:
        """The answer of the last attempt; a probe has one only."""
        attempts = 1 if asking.is_probe else call.limits.attempts
        for attempt in range(1, attempts + 1):
            self._breaker.refuse_if_resting(asking, call.what)
            last = attempt == attempts
            pause = _backoff(attempt)
            try:
                answer = self._once(call)
            except SourceBusy:
                raise
            except SourceUnavailable as error:
                if last or call.limits.in_parts:
                    raise
                log.info("%s: %s, trying again", call.what, error)
            else:
                asked = self._heed(answer)
                if last or not _may_help(answer, call):
                    return answer
                log.info("%s: status %s, trying again", call.what, answer.status)
                pause = asked if asked is not None else pause
            self._turnstile.wait(pause, call.what)
        raise SourceUnavailable(f"{call.what}: no attempt was made")

    def _heed(self, answer: Answer) -> float | None:
        """Seconds this call has to wait by Retry-After; all calls wait for what is too busy."""
        asked = _asked_pause(answer.retry_after)
        if not asked:
            return None
        if answer.status not in BUSY:
            return asked
        self._turnstile.keep_quiet(asked)
        return 0.0

    def _once(self, call: Call) -> Answer:
        with self._turnstile.passing(call.what):
            return self._exchanged(call)

    def _exchanged(self, call: Call) -> Answer:
        try:
            response = self._adapter.send(
                _prepared(call),
                stream=True,
                timeout=(call.limits.connect, call.limits.read),
                verify=self._verify,
                proxies=self._proxies,
            )
            with response:
                self._listen(response.headers.get("Date", ""))
                _refuse_redirect(response, call)
                body = _read(response, call)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise SourceUnavailable(f"{call.what}: {_cause(error)}") from error
        log.debug("%s %s: %s, %d bytes", call.method, call.url, response.status_code, len(body))
        return _answer(response, body, call.what)

    def _listen(self, date: str) -> None:
        moment = _moment(date)
        if moment is not None and moment.year < MAXYEAR:
            self._told = moment, since_boot()


def data_or_raise(answer: Answer, what: str) -> Any:
    """The parsed body of a good answer. Raises what any other answer means."""
    if answer.good:
        return answer.body
    if 200 <= answer.status < 300:
        raise SourceUnavailable(f"{what}: the answer is not JSON")
    raise refusal(answer.status, answer.body, what)


def _certificates(ca_file: Path | None) -> bool | str:
    """What `requests` checks certificates with. Raises ConfigError for a file that holds none."""
    if ca_file is None:
        return True
    try:
        ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise ConfigError(
            f"`ca_file`: {ca_file} cannot be used: {reason}; name a file of certificates (PEM)"
        ) from error
    return str(ca_file)


def _prepared(call: Call) -> requests.PreparedRequest:
    headers = {**_HEADERS, **call.headers}
    return requests.Request(
        call.method, call.url, headers, data=call.form, json=call.json
    ).prepare()


def _refuse_headers(call: Call) -> None:
    """A line break would add a header, other letters cannot be sent."""
    for name, value in call.headers.items():
        if not value.isascii() or not value.isprintable() or value != value.strip():
            raise SourceRefused(
                f"{call.what}: the header {name} would hold a sign that cannot be sent; mend the "
                "company id"
            )


def _refuse_redirect(response: requests.Response, call: Call) -> None:
    """Followed, it would take the token and the question to somebody else."""
    if response.status_code not in _REDIRECTS:
        return
    try:
        host = urlsplit(response.headers.get("Location", "")).hostname or "another path"
    except ValueError:
        host = "an address that cannot be read"
    shown = "".join(letter for letter in host[:100] if letter.isprintable())
    raise SourceRefused(
        f"{call.what}: the server sends us to {shown} (status {response.status_code}), which is "
        "never followed; if that is right, put the address into `base_url`"
    )


def _read(response: requests.Response, call: Call) -> bytes:
    """The whole decoded body, within the size and within the time, however slowly it trickles."""
    deadline = time.monotonic() + call.limits.read
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(_CHUNK, decode_content=True):
        size += len(part)
        if size > call.limits.size:
            raise UnexpectedPayload(f"{call.what}: the answer is larger than the limit")
        if time.monotonic() > deadline:
            raise SourceUnavailable(f"{call.what}: the answer took too long")
        parts.append(part)
    expected = response.headers.get("Content-Length")
    plain = "Content-Encoding" not in response.headers
    if plain and expected and expected.isdecimal() and size < int(expected):
        raise SourceUnavailable(f"{call.what}: the answer was cut short")
    return b"".join(parts)


def _answer(response: requests.Response, body: bytes, what: str) -> Answer:
    retry_after = response.headers.get("Retry-After", "")
    if not body.strip():
        good = 200 <= response.status_code < 300
        return Answer(response.status_code, None, retry_after, unreadable=good)
    try:
        value = parsed(body, what)
    except ValueError:
        return Answer(response.status_code, None, retry_after, unreadable=True)
    except UnexpectedPayload:
        if response.status_code < 300:
            raise
        return Answer(response.status_code, None, retry_after, unreadable=True)
    return Answer(response.status_code, value, retry_after)


def _may_help(answer: Answer, call: Call) -> bool:
    """True where another attempt may."""
    if call.limits.in_parts:
        return answer.status in BUSY
    return answer.status in _RETRIED or (answer.unreadable and answer.status < 300)


def _failed(answer: Answer, call: Call) -> bool:
    """True where it is the platform that fails; 500 is met for a single widget, too."""
    return answer.status != 500 and _may_help(answer, call)


def _backoff(attempt: int) -> float:
    """Seconds: 1, 2, 4 and so on, each with up to as much again by chance."""
    base = float(2 ** (attempt - 1))
    return min(base + base * random.random(), _LONGEST_PAUSE)  # noqa: S311 - spreads load only


def _asked_pause(header: str) -> float:
    """What Retry-After asks for, in seconds; 0 when it says nothing readable."""
    if header.strip().isdecimal():
        return min(float(header), _LONGEST_PAUSE)
    moment = _moment(header)
    if moment is None:
        return 0.0
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_PAUSE)


def _moment(header: str) -> datetime | None:
    """The moment that a header names; None when it is not readable."""
    try:
        moment = parsedate_to_datetime(header)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _cause(error: Exception) -> str:
    """A short reason without addresses, tokens or bodies."""
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "the server's certificate is not trusted; for an authority of your own set `ca_file`"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy cannot be reached or refuses; mend `proxy`"
    if isinstance(error, requests.ConnectionError):
        return "the server cannot be reached or hung up"
    return f"the connection failed ({type(error).__name__})"

"""Tells the operator, never a customer: notices by mail, chat or webhook, and the heartbeat.

Addresses are apprise's. They hold passwords and tokens, so that nothing here prints them, and what
the libraries below would log of them is dropped.
"""

import logging
import re
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from reportgen.errors import OperatorNotTold

if TYPE_CHECKING:
    from apprise import NotifyBase

_PATIENCE = 90.0  # seconds for a notice; a service may want a pause between two pieces
_BEAT_PATIENCE = 10.0  # seconds for the heartbeat
_SOCKET_PATIENCE = "15"  # seconds for one answer, unless the address says otherwise (cto, rto)
_MOST_PIECES = 10
"""Long texts are split where a service takes short ones only; the rest is left out, and said so."""
_UNKNOWN = "no connection, or not accepted"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_STATUS = re.compile(r"\berror=([1-5]\d\d)\b")
_TELLTALES = (
    "oauthlib",
    "requests_oauthlib",
    "requests_oauthlib.oauth1_auth",
    "requests_oauthlib.oauth1_session",
    "requests_oauthlib.oauth2_session",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.util.retry",
)
"""Loggers of libraries that write whole addresses."""


class Operator:
    """Whom to tell when something is wrong, and whom that all is well."""

    def __init__(
        self,
        notify: Sequence[SecretStr] = (),
        heartbeat: SecretStr | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        """Opens nothing yet. Raises ValueError for what `check_address` refuses."""
        self._ways = tuple(_opened(each.get_secret_value()) for each in notify)
        self._heartbeat = heartbeat
        self._patience = patience

    @property
    def names(self) -> tuple[str, ...]:
        """The notice addresses as they may be shown: scheme, and host where it is no secret."""
        return tuple(way.name for way in self._ways)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The same, each unlike the others: several of one name are counted."""
        names = self.names
        return tuple(f"{name}#{names[:place].count(name)}" for place, name in enumerate(names))

    @property
    def heartbeat(self) -> str:
        """Scheme and host of the heartbeat; empty without one."""
        return _place(self._heartbeat.get_secret_value()) if self._heartbeat else ""

    def inform(self, subject: str, text: str, to: Collection[str] | None = None) -> None:
        """Send a plain text to these of the `addresses` at once, else to every one.

        Raises OperatorNotTold with the addresses that failed; the others have it then.
        """
        calls = {
            address: _Call(way.name, _sending(way, subject, text))
            for address, way in zip(self.addresses, self._ways, strict=True)
            if to is None or address in to
        }
        failed = _made(calls, self._patience)
        if failed:
            reasons = "; ".join(failed.values())
            raise OperatorNotTold(f"the operator was not told: {reasons}", tuple(failed))

    def beat(self) -> OperatorNotTold | None:
        """Ping the heartbeat, if there is one. Answers what went wrong; never raises it."""
        if self._heartbeat is None:
            return None
        url = self._heartbeat.get_secret_value()
        call = _Call(_place(url), lambda: _ping(url))
        failed = _made({"": call}, min(_BEAT_PATIENCE, self._patience))
        return OperatorNotTold(f"the heartbeat failed: {failed['']}") if failed else None


def check_address(url: str) -> None:
    """Raises ValueError, without the address, for one that no service understands."""
    _opened(url)


def check_heartbeat(url: str) -> None:
    """Raises ValueError, without the address, for one that cannot be pinged."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.hostname or ""))
        sound = sound and parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        sound = False
    if not sound:
        raise ValueError("is not a web address; write one such as https://hc.example.com/ping/…")


# ---- addresses -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Way:
    """One address, opened; only its name may be shown."""

    name: str
    service: "NotifyBase" = field(repr=False)


def _opened(url: str) -> _Way:
    library = _library()
    parsed = library.url_to_dict(url)
    if parsed is None:
        raise ValueError(_no_address(url))
    defaults = {"overflow": "split", "cto": _SOCKET_PATIENCE, "rto": _SOCKET_PATIENCE}
    service = library.open(defaults | parsed)
    if service is None:
        raise ValueError(_no_address(url))
    return _Way(_name(url, service), service)


def _no_address(url: str) -> str:
    scheme, mark, _ = url.partition("://")
    if mark and scheme.lower() in _library().schemes():
        return (
            f"is no complete {scheme.lower()}:// address, or its service needs a package that is "
            "not installed; see the service's page in the manual of apprise, and write signs such "
            "as / ? @ in a password as %2F %3F %40"
        )
    return (
        "is no address that apprise knows; "
        "write one such as mailto://user:password@smtp.example.com?to=ops@example.com"
    )


def _name(url: str, service: "NotifyBase") -> str:
    """Scheme and host; some services keep a token where others have the host."""
    scheme = url.partition("://")[0].lower()
    if scheme in ("http", "https"):
        return _place(url)
    templates: tuple[str, ...] = service.templates
    if all(_host_comes_first(template) for template in templates):
        return _place(url)
    return f"{scheme}://…"


def _host_comes_first(template: str) -> bool:
    place = template.partition("://")[2].partition("/")[0]
    return place.rpartition("@")[2].partition(":")[0] == "{host}"


def _place(url: str) -> str:
    """Scheme and host alone."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host if _HOST.fullmatch(host) else '…'}"


# ---- sending -------------------------------------------------------------------------------


@dataclass(slots=True)
class _Call:
    """Something to do at one place, and how it ended."""

    place: str
    action: Callable[[], str]
    """Answers what went wrong, or nothing."""
    outcome: str | None = None
    status: str = ""

    def run(self) -> None:
        _CALL.set(self)
        try:
            self.outcome = self.action()
        except Exception as error:  # noqa: BLE001 - a library's own; its text may hold a secret
            self.outcome = f"no success ({type(error).__name__})"


def _made(calls: Mapping[str, _Call], patience: float) -> dict[str, str]:
    """Make all calls at the same time, and no longer than that; which of them failed, and why.

    A call that takes too long is left to itself: it hinders neither the others nor the end of the
    program.
    """
    deadline = _Deadline(patience)
    threads = [Thread(target=call.run, name="notice", daemon=True) for call in calls.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(deadline.left())
    late = f"no answer within {patience:g} seconds"
    ended = {name: late if call.outcome is None else call.outcome for name, call in calls.items()}
    return {name: f"{calls[name].place}: {reason}" for name, reason in ended.items() if reason}


def _sending(way: _Way, subject: str, text: str) -> Callable[[], str]:
    return lambda: _library().send(way.service, subject, _fitting(text, way.service.body_maxlen))


def _fitting(text: str, longest: int) -> str:
    """The text as far as a service takes it in a bearable number of pieces."""
    most = longest * _MOST_PIECES * 4 // 5  # marks that are escaped take more room
    if len(text) <= most:
        return text
    kept = text[:most].rpartition("\n")[0] or text[:most]
    left = len(text[len(kept) :].splitlines())
    return f"{kept}\n… and {left} more lines; `reportgen history` has them all."


def _ping(url: str) -> str:
    import requests  # whoever only reads the address does without

    try:
        with requests.get(
            url, timeout=_BEAT_PATIENCE / 2, allow_redirects=False, stream=True
        ) as answer:
            return "" if answer.status_code // 100 == 2 else f"it answered {answer.status_code}"
    except requests.Timeout:
        return "no answer in time"
    except requests.ConnectionError:
        return "no connection"


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        return max(0.0, self._end - monotonic())


# ---- the library ---------------------------------------------------------------------------


class _Library:
    """Apprise, with types, without a word in the log, and without anything of the machine's user.

    It keeps nothing on disk; files of configuration are only read by a class that is not used.
    """

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a hundred services import is not ours to mend
            import apprise
            from apprise import plugins

            manager: Any = apprise.NotificationManager
            self._schemes = frozenset(str(scheme) for scheme in manager().schemas())
        self._apprise = apprise
        self._parse: Callable[[str], dict[str, Any] | None] = plugins.url_to_dict
        self._asset = apprise.AppriseAsset(
            app_id="reportgen",
            app_desc="reportgen",
            app_url="",
            image_url_mask="",
            image_url_logo="",
            storage_mode="memory",
            service_timeout=0,  # the deadline is ours: a thread that hangs must not hold the end
            async_mode=False,
            interpret_emojis=False,
            interpret_escapes=False,
            pgp_autogen=False,
            pem_autogen=False,
            http_redirects=False,
            timezone="UTC",
        )

    def schemes(self) -> frozenset[str]:
        return self._schemes

    def url_to_dict(self, url: str) -> dict[str, Any] | None:
        return self._parse(url) or None

    def open(self, parsed: dict[str, Any]) -> "NotifyBase | None":
        return self._apprise.Apprise.instantiate(parsed, asset=self._asset)

    def send(self, service: "NotifyBase", subject: str, text: str) -> str:
        """What went wrong, or nothing."""
        sender = self._apprise.Apprise(service, asset=self._asset)
        if sender.notify(text, title=subject, body_format="text"):
            return ""
        call = _CALL.get()
        return f"it answered {call.status}" if call and call.status else _UNKNOWN


@cache
def _library() -> _Library:
    """Loaded when the first address is read: it takes a second."""
    return _Library()


# ---- silence -------------------------------------------------------------------------------

_CALL: ContextVar[_Call | None] = ContextVar("call", default=None)
"""What this thread is speaking to, if it is one that speaks to an address."""


def _while_no_notice_is_sent(_record: logging.LogRecord) -> bool:
    return _CALL.get() is None


def _never(record: logging.LogRecord) -> bool:
    """Drops the record. The status of an answer is the one word of it that is told."""
    call, status = _CALL.get(), _STATUS.search(record.getMessage())
    if call is not None and status is not None:
        call.status = status[1]
    return False


def _silence() -> None:
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_never)
    for name in _TELLTALES:
        logging.getLogger(name).addFilter(_while_no_notice_is_sent)


_silence()

"""Notices to the operator over real sockets: what arrives, what fails, and what never shows."""

import email
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from reportgen import bundled
from reportgen.config import ConfigProblems, load
from reportgen.errors import OperatorNotTold
from reportgen.notices import Operator, check_address
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.program import reportgen, sandbox_process

SECRET = "planted-7f3a-token"
ODD = "Ünal & <b>Söhne</b> *GmbH* _AG_ `x` [y](z) :smile: \\n \U0001f512"
LONG = "\n".join(f"{number}. {ODD}" for number in range(400))
BASE = """\
source: {kind: demo}
brands: {halvorn: {name: Halvorn Cyber}}
customers: [{company: Harbourline Logistics}]
reports: {monthly: {title: Report, widgets: [risk_score_trend]}}
defaults: {time_zone: Europe/Berlin}
"""


class Hook(ThreadingHTTPServer):
    """A web server that keeps what it gets."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, status: int, location: str, trickle: threading.Event | None) -> None:
        self.status, self.location, self.trickle = status, location, trickle
        self.got: list[tuple[str, bytes]] = []
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def messages(self) -> list[Any]:
        return [json.loads(content) for _, content in self.got]


class _Answer(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        self.server.got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer()

    def do_GET(self) -> None:
        self.server.got.append((self.path, b""))
        self._answer()

    def _answer(self) -> None:
        if self.server.trickle:
            self._trickle(self.server.trickle)
            return
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _trickle(self, end: threading.Event) -> None:
        """Headers without end: no single read waits long, the answer never comes."""
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not end.wait(0.05):
                self.wfile.write(b"x")
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


@contextmanager
def serving(hook: Hook) -> Iterator[Hook]:
    thread = threading.Thread(target=hook.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hook
    finally:
        if hook.trickle:
            hook.trickle.set()
        hook.shutdown()
        thread.join()
        hook.server_close()


OpenHook = Callable[..., Hook]


@pytest.fixture
def open_hook() -> Iterator[OpenHook]:
    with ExitStack() as stack:

        def open_(status: int = 200, *, location: str = "", trickle: bool = False) -> Hook:
            hook = Hook(status, location, threading.Event() if trickle else None)
            return stack.enter_context(serving(hook))

        yield open_


@pytest.fixture
def nobody() -> str:
    """A place where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def operator(*urls: str, heartbeat: str = "", patience: float = 30) -> Operator:
    beat = SecretStr(heartbeat) if heartbeat else None
    return Operator([SecretStr(url) for url in urls], beat, patience)


def mailto(mailbox: Mailbox) -> str:
    place = f"{mailbox.host}:{mailbox.port}"
    return f"mailto://{place}/?from=reports@halvorn.example&to=ops@halvorn.example&mode=insecure"


def kept(mailbox: Mailbox) -> EmailMessage:
    (path,) = mailbox.messages()
    read = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


# ---- what arrives --------------------------------------------------------------------------


@pytest.mark.parametrize("text", [ODD, f"first\n\n  indented {ODD}\nlast", LONG[:30_000]])
def test_a_webhook_gets_the_text_letter_by_letter(open_hook: OpenHook, text: str) -> None:
    hook = open_hook()
    operator(f"json://{hook.place}/hooks/{SECRET}").inform(f"2 late: {ODD}", text)
    ((path, _),) = hook.got
    (message,) = hook.messages()
    assert path.startswith(f"/hooks/{SECRET}")
    assert (message["title"], message["message"]) == (f"2 late: {ODD}", text)


def test_a_text_that_is_too_long_for_a_service_comes_in_pieces_with_every_line(
    open_hook: OpenHook,
) -> None:
    hook = open_hook()
    operator(f"json://{hook.place}/").inform("late", LONG * 3)
    pieces = [message["message"] for message in hook.messages()]
    assert len(pieces) > 1
    assert "".join("".join(pieces).split()) == "".join((LONG * 3).split())


def test_a_text_without_end_is_cut_at_a_line_and_says_so(open_hook: OpenHook) -> None:
    hook = open_hook()
    operator(f"json://{hook.place}/").inform("late", "a line of a report\n" * 40_000)
    last = hook.messages()[-1]["message"].splitlines()
    assert len(hook.got) <= 10
    assert last[-2] == "a line of a report"
    assert last[-1].endswith("more lines; `reportgen history` has them all.")


def test_a_service_of_markdown_shows_the_names_and_not_their_marks(open_hook: OpenHook) -> None:
    hook = open_hook()
    operator(f"json://{hook.place}/?format=markdown").inform("late", "*GmbH* _AG_ <b>x</b>")
    (message,) = hook.messages()
    assert message["message"] == r"\*GmbH\* \_AG\_ <b\>x</b\>"


def test_a_mail_server_gets_plain_text(tmp_path: Path) -> None:
    with Mailbox(tmp_path / "box") as mailbox:
        operator(mailto(mailbox)).inform("2 reports are late: Ünal", LONG[:20_000].rstrip())
        read = kept(mailbox)
    body = read.get_body(("plain",))
    assert body is not None
    assert read["Subject"] == "2 reports are late: Ünal"
    assert body.get_content_charset() == "utf-8"
    assert body.get_content().replace("\r\n", "\n").rstrip("\n") == LONG[:20_000].rstrip()


def test_nobody_to_tell_is_no_mistake() -> None:
    assert operator().names == ()
    operator().inform("late", "text")
    assert operator().beat() is None


# ---- what fails ----------------------------------------------------------------------------


def test_one_address_that_fails_is_named_and_the_others_have_the_notice(
    open_hook: OpenHook, nobody: str, tmp_path: Path
) -> None:
    well, refusing = open_hook(), open_hook(403)
    with Mailbox(tmp_path / "box") as mailbox:
        wanted = operator(
            f"json://{nobody}/{SECRET}",
            f"jsons://{nobody}/{SECRET}",
            f"json://u:{SECRET}@{refusing.place}/{SECRET}",
            f"json://{well.place}/{SECRET}",
            mailto(mailbox),
        )
        with pytest.raises(OperatorNotTold) as caught:
            wanted.inform("late", "text")
        assert kept(mailbox)["Subject"] == "late"
    assert caught.value.retry
    assert str(caught.value) == (
        "the operator was not told: json://127.0.0.1: no connection, or not accepted; "
        "jsons://127.0.0.1: no connection, or not accepted; json://127.0.0.1: it answered 403"
    )
    assert [message["message"] for message in well.messages()] == ["text"]


def test_a_mail_server_that_refuses_is_a_failure(tmp_path: Path) -> None:
    refusing = MailboxSettings(refuse=("ops@halvorn.example",))
    with (
        Mailbox(tmp_path / "box", settings=refusing) as mailbox,
        pytest.raises(OperatorNotTold, match=r"mailto://127\.0\.0\.1: "),
    ):
        operator(mailto(mailbox)).inform("late", "text")


def test_a_server_that_trickles_is_left_in_time(open_hook: OpenHook) -> None:
    slow, well = open_hook(trickle=True), open_hook()
    wanted = operator(
        f"json://{slow.place}/{SECRET}",
        f"json://{well.place}/",
        heartbeat=f"http://{slow.place}/{SECRET}",
        patience=1,
    )
    start = time.monotonic()
    with pytest.raises(OperatorNotTold, match=r"json://127\.0\.0\.1: no answer within 1 seconds$"):
        wanted.inform("late", "text")
    failed = wanted.beat()
    assert time.monotonic() - start < 4
    assert "http://127.0.0.1: no answer within 1 seconds" in str(failed)
    assert len(well.got) == 1


# ---- heartbeat -----------------------------------------------------------------------------


def test_the_heartbeat_is_one_get(open_hook: OpenHook) -> None:
    hook = open_hook()
    assert operator(heartbeat=f"http://{hook.place}/ping/{SECRET}?a=b").beat() is None
    assert hook.got == [(f"/ping/{SECRET}?a=b", b"")]


def test_the_heartbeat_and_notices_follow_no_redirect(open_hook: OpenHook) -> None:
    other = open_hook()
    hook = open_hook(302, location=f"http://{other.place}/{SECRET}")
    wanted = operator(f"json://{hook.place}/", heartbeat=f"http://{hook.place}/{SECRET}")
    assert str(wanted.beat()) == "the heartbeat failed: http://127.0.0.1: it answered 302"
    with pytest.raises(OperatorNotTold, match="it answered 302"):
        wanted.inform("late", "text")
    assert other.got == []


def test_a_heartbeat_that_nobody_hears_is_an_error_that_is_not_raised(nobody: str) -> None:
    failed = operator(heartbeat=f"http://{nobody}/{SECRET}").beat()
    assert isinstance(failed, OperatorNotTold)
    assert str(failed) == "the heartbeat failed: http://127.0.0.1: no connection"


# ---- secrets -------------------------------------------------------------------------------


def test_no_secret_reaches_log_error_or_repr(
    open_hook: OpenHook,
    nobody: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    well, refusing = open_hook(), open_hook(500)
    places = (well.place, refusing.place, nobody)
    urls = [f"json://u{SECRET}:{SECRET}@{place}/{SECRET}?+X={SECRET}" for place in places]
    shown = []
    for place in places:
        wanted = operator(*urls, heartbeat=f"http://{place}/{SECRET}")
        with pytest.raises(OperatorNotTold) as caught:
            wanted.inform("late", "text")
        shown += [repr(wanted), repr(wanted.names), repr(vars(wanted)), repr(caught.value)]
        shown += [repr(wanted.beat()), str(caught.value.__cause__), str(caught.value.__context__)]
    told = capfd.readouterr()
    assert len(well.got) == 4
    assert SECRET not in "".join([*shown, caplog.text, told.out, told.err])


def test_a_library_may_still_log_what_is_no_notice(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    check_address("json://ops.example.com/")
    logging.getLogger("urllib3.connectionpool").debug("a call of the platform")
    assert "a call of the platform" in caplog.text


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ?x={SECRET}", "slack://…"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544", "tgram://…"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
         "https://hooks.slack.com"),
        ("workflows://prod.example.com:443/643e69f83c8944/sig", "workflows://prod.example.com"),
        (f"mailto://ops:{SECRET}@mail.example.com", "mailto://mail.example.com"),
    ],
)  # fmt: skip
def test_an_address_is_shown_by_scheme_and_by_host_where_that_is_no_token(
    url: str, name: str
) -> None:
    assert operator(url).names == (name,)


# ---- settings ------------------------------------------------------------------------------


def test_settings_are_filled_from_the_environment_and_keep_their_secrets(
    config: Callable[[str], Path],
) -> None:
    path = config(BASE + 'operator: {notify: ["${HOOK}"], at: "07:15", heartbeat: "${BEAT}"}\n')
    environ = {"HOOK": f"json://h.example/{SECRET}", "BEAT": f"https://b.example/{SECRET}"}
    settings = load(path, environ)
    assert settings.operator.notify[0].get_secret_value() == environ["HOOK"]
    assert (settings.operator.time.hour, settings.operator.time.minute) == (7, 15)
    assert settings.operator_zone.key == "Europe/Berlin"
    assert SECRET not in repr(settings) + settings.model_dump_json()


def test_the_example_shows_addresses_that_can_be_read(config: Callable[[str], Path]) -> None:
    lines = bundled.EXAMPLE_CONFIG.read_text("utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("# operator:"))
    part = takewhile(lambda line: line.startswith("# "), lines[start:])
    text = BASE + "\n".join(line.removeprefix("# ") for line in part)
    teams = "https://prod-1.westeurope.logic.azure.com:443/workflows/643e69f83c8944/triggers/manual"
    environ = {
        "OPS_TEAMS_URL": f"{teams}/paths/invoke?api-version=2016-06-01&sv=1.0&sig=KODuebWbDGYFr0z0",
        "OPS_MAIL_PASSWORD": "a%2Fb%3Fc%40d",
        "HEARTBEAT_URL": "https://hc.example.com/ping/0001",
    }
    settings = load(config(text), environ).operator
    assert Operator(settings.notify, settings.heartbeat).names == (
        "https://prod-1.westeurope.logic.azure.com",
        "mailto://smtp.example.com",
    )


def test_without_a_part_of_their_own_operators_have_the_usual_hour(
    config: Callable[[str], Path],
) -> None:
    settings = load(config(BASE), {})
    assert (settings.operator.notify, settings.operator.heartbeat) == ((), None)
    assert settings.operator.at == "08:00"


def test_mistakes_are_told_with_line_and_key_and_without_the_secret(
    config: Callable[[str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = config(
        BASE
        + f"""\
operator:
  notify:
    - json://ops.example.com/{SECRET}
    - {SECRET}://x
    - slack://{SECRET}
    - https://ops.example.com/{SECRET}
    - ${{UNSET}}
  at: 8
  time_zone: Europe/Berln
  heartbeat: ftp://x/{SECRET}
  notfy: []
"""
    )
    with pytest.raises(ConfigProblems) as caught:
        load(path, {})
    said = [str(problem) for problem in caught.value.problems]
    assert [line.split(" ")[:2] for line in said] == [
        ["config.yaml:9:", "operator.notify.1:"],
        ["config.yaml:10:", "operator.notify.2:"],
        ["config.yaml:11:", "operator.notify.3:"],
        ["config.yaml:12:", "operator.notify.4:"],
        ["config.yaml:13:", "operator.at:"],
        ["config.yaml:14:", "operator.time_zone:"],
        ["config.yaml:15:", "operator.heartbeat:"],
        ["config.yaml:16:", "operator.notfy:"],
    ]
    assert "slack://" in said[1]
    assert all("; " in line for line in said)
    assert SECRET not in "".join(said) + caplog.text


# ---- the program ---------------------------------------------------------------------------


def test_check_says_what_is_well_formed_and_sends_only_when_asked(
    open_hook: OpenHook, tmp_path: Path
) -> None:
    hook, somebody_elses = open_hook(), open_hook()
    environ = {"HOOK": f"json://{hook.place}/{SECRET}"} | _user(tmp_path, somebody_elses)
    with sandbox_process() as api:
        source = (
            f"{{kind: keepnet, base_url: '{api}', client_id: demo-client, "
            "client_secret: '${API_SECRET}'}"
        )
        text = BASE.replace("{kind: demo}", source) + "operator: {notify: ['${HOOK}']}\n"
        (tmp_path / "config.yaml").write_text(text, "utf-8")
        quiet = reportgen("check", "--offline", cwd=tmp_path, environ=environ)
        assert "well-formed: json://127.0.0.1" in quiet.out
        assert hook.got == []
        told = reportgen("check", "--notify", "--log-level", "debug", cwd=tmp_path, environ=environ)
    assert "sent to json://127.0.0.1" in told.out, told.err
    assert [message["title"] for message in hook.messages()] == ["reportgen: test notice"]
    assert SECRET not in quiet.out + quiet.err + told.out + told.err
    assert somebody_elses.got == []
    assert _files(tmp_path / "home") == {".apprise", ".config/apprise/apprise.yml"}


def _user(folder: Path, hook: Hook) -> dict[str, str]:
    """The environment of somebody who uses apprise for other things."""
    url, home = f"json://{hook.place}/", folder / "home"
    (home / ".config/apprise").mkdir(parents=True)
    (home / ".apprise").write_text(url, "utf-8")
    (home / ".config/apprise/apprise.yml").write_text(f"urls: ['{url}']", "utf-8")
    return {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "APPRISE_URLS": url}


def _files(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if ".cache" not in path.parts}


def test_check_warns_where_nobody_would_hear_of_trouble(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(BASE, "utf-8")
    told = reportgen("check", "--offline", "--json", cwd=tmp_path)
    (remark,) = (each for each in told.json if each["subject"] == "notices")
    assert remark["verdict"] == "warning"
    both = reportgen("check", "--offline", "--notify", cwd=tmp_path)
    assert (both.status, "leave out --offline" in both.err) == (2, True)

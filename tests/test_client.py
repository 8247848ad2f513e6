"""The API client before a hostile or broken server, network and environment."""

import gzip
import json
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme
from pydantic import SecretStr, ValidationError

from reportgen.config import ConfigProblems, load
from reportgen.errors import (
    ConfigError,
    SourceRefused,
    SourceUnavailable,
    UnexpectedPayload,
)
from reportgen.sources import Keepnet
from reportgen.sources.keepnet import KeepnetSource, connect
from reportgen.sources.parsing import parsed
from reportgen.sources.transport import Call, Limits, Transport
from reportgen.sources.wire import number

PASSWORD = "a-proxy-password-5c1e"
ONCE = Limits(connect=5, read=5, attempts=1)


@dataclass
class Server:
    """A server that answers everything alike and remembers what it was asked."""

    status: int = 200
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()
    seen: list[dict[str, str]] = field(default_factory=list)
    """Path and headers of each request, names in lower case."""
    url: str = ""

    @property
    def port(self) -> str:
        return self.url.rpartition(":")[2]


@contextmanager
def serving(server: Server, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            known = {name.lower(): value for name, value in self.headers.items()}
            server.seen.append({"path": self.path, **known})
            self.send_response(server.status)
            for name, value in (*server.headers, ("Content-Length", str(len(server.body)))):
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(server.body)

        do_GET = do_POST = do_CONNECT = answer  # noqa: N815 - the names the library asks for

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust the certificate hangs up; that is the test."""

    listening = Quiet(("127.0.0.1", 0), Answer)
    if tls:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
    thread = Thread(target=listening.serve_forever)
    thread.start()
    server.url = f"{'https' if tls else 'http'}://127.0.0.1:{listening.server_port}"
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(server: Server | None = None, tls: ssl.SSLContext | None = None) -> Server:
            return stack.enter_context(serving(server or Server(), tls))

        yield start


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport(pause=lambda _seconds: None)
    yield made
    made.close()


def get(server: Server, **headers: str) -> Call:
    return Call("GET", f"{server.url}/api/x", "reading x", headers, limits=ONCE)


@contextmanager
def source(server: Server, **wishes: object) -> Iterator[KeepnetSource]:
    kind = Keepnet(
        base_url=server.url,
        client_id="id",
        client_secret=SecretStr("secret"),
        attempts=1,
        **wishes,  # type: ignore[arg-type]
    )
    with connect(kind, pause=lambda _seconds: None) as opened:
        yield opened


TOKEN = json.dumps({"access_token": "a-token", "expires_in": 3600}).encode()


# ---- certificates --------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """An authority of one's own; `ca.pem` is its certificate."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return authority


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_an_authority_of_ones_own_is_trusted_by_name_of_its_file(
    serve: Serve, authority: trustme.CA, tmp_path: Path
) -> None:
    server = serve(Server(body=TOKEN), certified(authority, "127.0.0.1"))
    with source(server, ca_file=tmp_path / "ca.pem") as opened:
        opened.check()
    assert [each["path"] for each in server.seen] == ["/connect/token"]


@pytest.mark.parametrize("name", ["127.0.0.1", "another.example"])
def test_what_is_not_trusted_is_not_spoken_to(
    name: str,
    serve: Serve,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither without the file, whatever the environment says, nor under another name."""
    server = serve(Server(body=TOKEN), certified(authority, name))
    wishes = {}
    if name == "127.0.0.1":
        for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            monkeypatch.setenv(variable, str(tmp_path / "ca.pem"))
    else:
        wishes["ca_file"] = tmp_path / "ca.pem"
    with (
        source(server, **wishes) as opened,
        pytest.raises(SourceUnavailable, match=r"certificate is not trusted; .* set `ca_file`"),
    ):
        opened.check()
    assert server.seen == []


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(ConfigError, match=rf"`ca_file`: .*{name} cannot be used: .*PEM"):
            Transport(ca_file=tmp_path / name)


# ---- other origins -------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_one_error_and_nothing_goes_there(
    status: int, serve: Serve, transport: Transport
) -> None:
    other = serve()
    away = (("Location", f"{other.url}/x?key=hidden-in-query"),)
    server = serve(Server(status=status, headers=away))
    with pytest.raises(SourceRefused) as caught:
        transport.send(get(server, Authorization="Bearer a-token"))
    said = str(caught.value)
    assert f"the server sends us to 127.0.0.1 (status {status})" in said
    assert "hidden-in-query" not in said
    with source(server) as opened, pytest.raises(SourceRefused, match="never followed"):
        opened.check()
    assert len(server.seen) == 2
    assert other.seen == []


@pytest.mark.parametrize("place", ["", "/elsewhere", "http://[", "\t", "https://x\u00e9\u0007y/"])
def test_a_redirect_to_nowhere_is_the_same_error(
    place: str, serve: Serve, transport: Transport
) -> None:
    headers = (("Location", place),) if place else ()
    server = serve(Server(status=302, headers=headers))
    with pytest.raises(SourceRefused, match="never followed") as caught:
        transport.send(get(server))
    assert str(caught.value).isprintable()


def test_the_environment_adds_nothing(
    serve: Serve, transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, other = serve(), serve()
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password kept\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, other.url)
        monkeypatch.setenv(name.upper(), other.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert transport.send(get(server)).good
    assert "authorization" not in server.seen[0]
    assert other.seen == []


def test_nothing_is_remembered_from_call_to_call(serve: Serve, transport: Transport) -> None:
    server = serve(Server(headers=(("Set-Cookie", "customer=first; Path=/"),)))
    for _ in range(2):
        transport.send(get(server))
    assert ["cookie" in each for each in server.seen] == [False, False]


# ---- a proxy -------------------------------------------------------------------------------


def test_a_proxy_is_used_when_the_file_says_so(serve: Serve) -> None:
    proxy = serve(Server(body=TOKEN))
    address = proxy.url.replace("//", f"//ann:{PASSWORD}@")
    with source(Server(url="http://127.0.0.1:9"), proxy=SecretStr(address)) as opened:
        opened.check()
    assert proxy.seen[0]["path"] == "http://127.0.0.1:9/connect/token"
    assert proxy.seen[0]["proxy-authorization"].startswith("Basic ")


def test_a_proxy_that_refuses_is_told_without_its_password(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    proxy = serve(Server(status=407))
    address = proxy.url.replace("//", f"//ann:{PASSWORD}@")
    with (
        source(Server(url="https://api.invalid"), proxy=SecretStr(address)) as opened,
        pytest.raises(SourceUnavailable, match="proxy cannot be reached or refuses") as caught,
    ):
        opened.check()
    assert PASSWORD not in str(caught.value) + caplog.text + repr(opened)
    assert "authorization" not in proxy.seen[0]


@pytest.mark.parametrize(
    "address",
    [
        "proxy.example:3128",
        "socks5://p:1",
        "http://",
        "http://p:99999999",
        "http://p/x?y",
        "ftp://p",
    ],
)
def test_an_address_that_is_no_proxy_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Keepnet(client_id="x", client_secret=SecretStr("y"), proxy=SecretStr(address))
    (problem,) = caught.value.errors(include_input=False, include_url=False)
    assert problem["msg"].endswith("write an address such as http://proxy.example:3128")


def test_the_file_of_certificates_lies_beside_the_configuration(tmp_path: Path) -> None:
    text = (
        "source: {kind: keepnet, client_id: x, client_secret: y, ca_file: ca.pem, proxy: 'http://p'}\n"
        "brands: {b: {name: B}}\ncustomers: [{company_id: abc}]\n"
        "reports: {m: {title: T, widgets: [risk_score_trend]}}\n"
    )
    (tmp_path / "config.yaml").write_text(text)
    settings = load(tmp_path / "config.yaml", {})
    assert isinstance(settings.source, Keepnet)
    assert settings.source.ca_file == (tmp_path / "ca.pem").resolve()
    assert "http://p" not in repr(settings)


# ---- answers -------------------------------------------------------------------------------


NESTED = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (NESTED, "nested too deeply"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
        ("[" * 65 + "]" * 65, "nested more than 64 deep"),
        ('{"data": {"companyId": "a", "companyId": "b"}}', "gives 'companyId' twice"),
        ('{"data": ' + "9" * 5000 + "}", "a number of 5000 digits"),
        ('{"data": [' + "9" * 400 + "]}", "a number of 400 digits"),
        ("[" + "1," * 2_000_001 + "1]", "more than 2000000 parts"),
        ("[" + "[]," * 1_000_001 + "1]", "more than 2000000 parts"),
    ],
    ids=["lists", "objects", "deep", "twice", "digits", "large", "many", "empty"],
)
def test_json_that_no_platform_sends_is_one_clear_error(
    body: str, said: str, serve: Serve, transport: Transport
) -> None:
    server = serve(Server(body=body.encode()))
    with pytest.raises(UnexpectedPayload, match=said) as caught:
        transport.send(get(server))
    assert str(caught.value).startswith("reading x: ")
    assert len(str(caught.value)) < 120
    assert len(server.seen) == 1


def test_an_answer_that_unfolds_is_stopped_at_the_limit(serve: Serve, transport: Transport) -> None:
    small = gzip.compress(b" " * 200_000_000, 1)
    server = serve(Server(body=small, headers=(("Content-Encoding", "gzip"),)))
    with pytest.raises(UnexpectedPayload, match="larger than the limit"):
        transport.send(get(server))


def test_the_same_in_an_error_of_the_server_is_an_error_of_the_server(
    serve: Serve, transport: Transport
) -> None:
    answer = transport.send(get(serve(Server(status=503, body=NESTED.encode()))))
    assert (answer.status, answer.unreadable) == (503, True)


def test_what_platforms_do_send_is_read() -> None:
    text = '{"a": {"a": [1, -2.5, 1e3, null, true, "[[[", 12345678901234567890]}}'
    assert parsed(text.encode(), "x") == json.loads(text)
    assert parsed(("[" * 64 + "]" * 64).encode(), "x")
    for odd in ("{'a': 1}", "NaN", "-Infinity", "[1", "", "\ud800"):
        with pytest.raises(ValueError, match=r".*"):
            parsed(odd.encode("utf-8", "surrogatepass"), "x")


@pytest.mark.parametrize("odd", ["9" * 400, 1e999, float("nan"), True, None, "1e5", [1]])
def test_what_is_no_finite_number_is_none(odd: object) -> None:
    assert number(odd) is None


@pytest.mark.parametrize(
    "asked",
    [
        *("999999999999", "9" * 4000, "-5", "1e9", "nan", "inf", "٣", "soon", ""),
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 31 Dec 99999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Mon, 01 Jan 2024 00:00:00 -99999999999",
    ],
)
def test_no_server_makes_us_wait_for_long(asked: str, serve: Serve) -> None:
    pauses: list[float] = []
    transport = Transport(pauses.append)
    name = asked.encode("utf-8").decode("latin-1")
    server = serve(Server(status=429, headers=(("Retry-After", name),)))
    call = get(server)
    answer = transport.send(Call(call.method, call.url, call.what, {}, limits=Limits(attempts=2)))
    transport.close()
    assert answer.status == 429
    assert len(pauses) == 1
    assert 0 < pauses[0] <= 120


# ---- what we send --------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "a\nb", "a\x00b", "Şirket", " a", "a\x7f"])
def test_a_header_that_cannot_be_sent_stops_before_the_connection(
    value: str, serve: Serve, transport: Transport
) -> None:
    server = serve()
    with pytest.raises(SourceRefused, match=r"the header X-Id would hold .* mend the company id"):
        transport.send(get(server, **{"X-Id": value}))
    assert server.seen == []


@pytest.mark.parametrize("value", ["a\\r\\nX: b", "Şirket", "a b", "a\\u0000"])
def test_a_company_id_that_cannot_be_one_is_found_in_the_file(value: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        "source: {kind: demo}\nbrands: {b: {name: B}}\n"
        f'customers:\n  - company_id: "{value}"\n'
        "reports: {m: {title: T, widgets: [risk_score_trend]}}\n"
    )
    with pytest.raises(ConfigProblems, match=r"config.yaml:4.*(is no company id|holds a NUL)"):
        load(tmp_path / "config.yaml", {})


@pytest.mark.parametrize("address", ["http://api.example", "ftp://127.0.0.1", "https://u:p@h"])
def test_the_platform_is_asked_over_tls(address: str) -> None:
    with pytest.raises(ValidationError):
        Keepnet(base_url=address, client_id="x", client_secret=SecretStr("y"))

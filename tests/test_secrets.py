"""Secrets of every kind are planted in `.env`; nothing that the program says or keeps holds one."""

import base64
import email
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest

from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.program import Ended, reportgen, sandbox_process

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
PLANTED = {
    "PLATFORM_SECRET": "demo-secret-of-nobody",
    "SMTP_PASSWORD": "smtp-7f3a/oyster+catcher",
    "PDF_PASSWORD": "pdf-7f3a seven tugs & a crane",
    "NOTICE_PASSWORD": "notice-7f3a-sandpiper",
    "NOTICE_TOKEN": "token-7f3a-dunlin",
    "HEARTBEAT_TOKEN": "beat-7f3a-turnstone",
    "PROXY_PASSWORD": "proxy-7f3a-greenshank",
    "LEDGER_PASSWORD": "ledger-7f3a-whimbrel",
    "STORE_PASSWORD": "store-7f3a-godwit",
}
CONFIG = """
source:
  kind: keepnet
  base_url: {api}
  client_id: demo-client
  client_secret: ${{PLATFORM_SECRET}}
  attempts: 1
brands:
  halvorn: {{name: Halvorn Cyber, logo: brands/halvorn.svg}}
customers:
  - company: Harbourline Logistics
    recipients: [ceo@harbourline.example, it@harbourline.example]
    pdf_password: ${{PDF_PASSWORD}}
  - company: Nordhafen Klinikum GmbH
    recipients: [leitung@nordhafen.example]
reports:
  monthly:
    title: Human risk report
    widgets: [risk_score_trend, training_completion]
    schedule: {{every: month, on: 1}}
delivery:
  - {{channel: folder, url: reports}}
  - channel: email
    server: 127.0.0.1
    port: {smtp}
    sender: reports@halvorn.example
    security: plain
    username: mailer
    password: ${{SMTP_PASSWORD}}
operator:
  notify: ["json://me:${{NOTICE_PASSWORD}}@127.0.0.1:1/${{NOTICE_TOKEN}}"]
  heartbeat: http://127.0.0.1:1/ping/${{HEARTBEAT_TOKEN}}
  at: "00:00"
ledger: sqlite:///ledger.db
archive: archive
"""
LEDGER, ARCHIVE = "sqlite:///ledger.db", "archive: archive"
AWAY = "postgresql+psycopg://me:${LEDGER_PASSWORD}@127.0.0.1:1/ledger"
HARBOURLINE = ("--customer", "Harbourline Logistics")
NOBODY = {"API_SECRET": "not-one-of-those"}
DEBUG = ("--log-level", "debug", "--log-format", "json")
"""The most that can be told."""


def spellings(secret: str) -> set[bytes]:
    """How a secret may be written: as it is, for addresses, in hex, in base64 at any place."""
    plain = secret.encode()
    encoded = {base64.b64encode(bytes(shift) + plain)[4:-4] for shift in range(3)}
    wide = {secret.encode("utf-16-be"), secret.encode("utf-16-le")}
    return {plain, quote(secret, safe="").encode(), plain.hex().encode(), *encoded, *wide}


def leaks(content: bytes) -> list[str]:
    """The names of the secrets that can be found in it."""
    return [
        name
        for name, secret in PLANTED.items()
        if any(spelling in content for spelling in spellings(secret))
    ]


@dataclass(frozen=True)
class Place:
    """A folder with a configuration, and the secrets in its `.env`."""

    folder: Path

    def write(self, text: str, **changes: str) -> None:
        (self.folder / "config.yaml").write_text(text, "utf-8")
        lines = (f"{name}='{value}'\n" for name, value in (PLANTED | changes).items())
        (self.folder / ".env").write_text("".join(lines), "utf-8")

    def run(self, *arguments: str, **environ: str) -> Ended:
        """The program; no word of it holds a secret."""
        ended = reportgen(*arguments, cwd=self.folder, environ={**NOBODY, **environ})
        assert leaks((ended.out + ended.err).encode()) == [], arguments
        return ended


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def kept(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What every file holds, and what is packed in it."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != ".env":
            content = file.read_bytes()
            yield str(file), content
            if file.suffix == ".pdf":
                yield f"inside {file}", _unpacked(content)
            if file.suffix == ".eml":
                yield from ((f"in {file}", part) for part in _parts(content))


def _unpacked(pdf: bytes) -> bytes:
    """Everything in a document, decoded."""
    for password in ("", PLANTED["PDF_PASSWORD"]):
        try:
            with pikepdf.open(io.BytesIO(pdf), password=password) as opened:
                made = io.BytesIO()
                opened.save(
                    made,
                    compress_streams=False,
                    stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                    object_stream_mode=pikepdf.ObjectStreamMode.disable,
                )
                return made.getvalue()
        except pikepdf.PasswordError:
            continue
    raise AssertionError("a document that nobody can open")


def _parts(message: bytes) -> Iterator[bytes]:
    for part in email.message_from_bytes(message, policy=policy.default).walk():
        content = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield _unpacked(content) if content.startswith(b"%PDF") else content
            yield content


def test_nothing_said_or_kept_holds_a_secret(place: Place) -> None:
    login = MailboxSettings(login=("mailer", PLANTED["SMTP_PASSWORD"]))
    with sandbox_process() as api, Mailbox(place.folder / "outbox", settings=login) as mailbox:
        text = CONFIG.format(api=api, smtp=mailbox.port)
        place.write(text)
        ran = place.run("run", "--json", "--period", "2026-09", *DEBUG)
        assert [run["state"] for run in ran.json] == ["succeeded"] * 2
        assert place.run("check", *DEBUG).status == 0
        assert place.run("check", "--notify", "--json", *DEBUG).status == 1
        assert "the operator was not told" in place.run("run", "--due", *DEBUG).err
        place.write(re.sub(r"  notify: .*\n", "", text))
        assert "the heartbeat failed" in place.run("run", "--due", *DEBUG).err
        place.write(text)
        key = "monthly/Harbourline Logistics/2026-09"
        for command in (
            ("status",),
            ("status", "--json"),
            ("history", "--json"),
            ("due",),
            ("resolve", "--json"),
            ("upcoming", "--json"),
            ("companies", "--json"),
            ("rerender", key, "--json", "-o", "again.pdf"),
            ("run", "--dry-run"),
        ):
            place.run(*command)
        place.run("preview", "--html", "-o", "page.html", *DEBUG)
        place.run("pause", *HARBOURLINE, "--reason", "a test")
        assert [_locked(file) for file in mailbox.messages()] == [True, True, False]
        _do_without_the_password(place, text, key)
    for name, content in kept(place.folder):
        assert leaks(content) == [], name
        assert b"Bearer " not in content, name


def _locked(message: Path) -> bool:
    """Whether the attached report opens with the password only."""
    read = email.message_from_bytes(message.read_bytes(), policy=policy.default)
    pdf = next(read.iter_attachments()).get_content()
    try:
        pikepdf.open(io.BytesIO(pdf)).close()
    except pikepdf.PasswordError:
        return True
    return False


def _do_without_the_password(place: Place, text: str, key: str) -> None:
    """What sends nothing needs none; what sends does."""
    place.write(text.replace("${PDF_PASSWORD}", "${NOBODY_SETS_THIS}"))
    assert place.run("rerender", key).status == 0
    assert place.run("preview", "--html", "-o", "page.html").status == 0
    assert place.run("run").status == 2


MISHAPS = {
    "platform": ("client_secret: ${PLATFORM_SECRET}", "client_secret: ${WRONG_SECRET}", "run"),
    "mail": ("password: ${SMTP_PASSWORD}", "password: ${WRONG_SECRET}", "check"),
    "mail letters": ("password: ${SMTP_PASSWORD}", "password: ${WRONG_SECRET}é", "check"),
    "ledger away": (LEDGER, AWAY, "run"),
    "ledger unknown": (LEDGER, AWAY.replace("postgresql+psycopg", "mysql"), "run"),
    "ledger misspelt": (LEDGER, "me:${LEDGER_PASSWORD}", "run"),
    "ledger port": (LEDGER, AWAY.replace(":1/", ":port/"), "run"),
    "archive away": (ARCHIVE, "archive: ftp://me:${STORE_PASSWORD}@127.0.0.1:1/a", "run"),
    "archive unknown": (ARCHIVE, "archive: what://me:${STORE_PASSWORD}@127.0.0.1:1/a", "run"),
    "folder away": ("url: reports", "url: 'ftp://me:${STORE_PASSWORD}@127.0.0.1:1/a'", "run"),
    "heartbeat": ("http://127.0.0.1:1/ping/", "ftp//", "run"),
    "notice": ("json://me", "nothing://me", "run"),
    "weak": ("pdf_password: ${PDF_PASSWORD}", "pdf_password: ${SHORT}", "run"),
    "shared": (
        "recipients: [leitung@nordhafen.example]",
        "recipients: [leitung@nordhafen.example]\n    pdf_password: ${PDF_PASSWORD}",
        "run",
    ),
    "key": ("client_secret: ${PLATFORM_SECRET}", "client_secrt: ${PLATFORM_SECRET}", "run"),
    "number": ("  attempts: 1", "  attempts: ${PLATFORM_SECRET}", "run"),
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A platform and a mail server for all mishaps."""
    login = MailboxSettings(login=("mailer", PLANTED["SMTP_PASSWORD"]))
    outbox = tmp_path_factory.mktemp("outbox")
    with sandbox_process() as api, Mailbox(outbox, settings=login) as mailbox:
        yield CONFIG.format(api=api, smtp=mailbox.port)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_no_mishap_tells_a_secret_not_even_its_traceback(
    servers: str, place: Place, mishap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after, command = MISHAPS[mishap]
    monkeypatch.setitem(PLANTED, "WRONG_SECRET", "wrong-7f3a-avocet")
    monkeypatch.setitem(PLANTED, "SHORT", "short-7f3a")
    assert before in servers
    place.write(servers.replace(before, after))
    quiet = place.run(command, *DEBUG)
    loud = place.run(command, *DEBUG, REPORTGEN_DEBUG="1")
    assert quiet.status != 0
    assert loud.status != 0
    for name, content in kept(place.folder):
        assert leaks(content) == [], name


def test_a_proxy_with_a_password_is_not_shown(servers: str, place: Place) -> None:
    place.write(servers)
    proxy = f"http://me:{PLANTED['PROXY_PASSWORD']}@127.0.0.1:1"
    names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")
    environ = {**dict.fromkeys(names, proxy), "NO_PROXY": "", "no_proxy": ""}
    for command in (("run",), ("check", "--notify"), ("run", "--due"), ("companies",)):
        place.run(*command, *DEBUG, **environ)
        place.run(*command, *DEBUG, REPORTGEN_DEBUG="1", **environ)


def test_the_search_finds_what_is_hidden() -> None:
    """Otherwise all of the above would prove nothing."""
    for name, secret in PLANTED.items():
        for content in (
            secret.encode(),
            f"https://me:{quote(secret, safe='')}@host".encode(),
            base64.b64encode(f"me:{secret}".encode()),
            base64.b64encode(f"you:{secret}!".encode()),
            base64.b64encode(f"mailer:{secret}".encode()),
        ):
            assert leaks(content) == [name]

"""An IMAP server of the tests' own, in a folder that is thrown away."""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
import trustme

USER, PASSWORD = "reports", "a-mailbox-password-that-must-not-show"
OTHER_PASSWORD = "pässwört"
"""Of the user `other`: letters that a plain LOGIN cannot carry."""
_PATIENCE = 30.0
"""Seconds until it answers."""
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = {encryption}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/passwd
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/mail
}}
first_valid_uid = 1
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True)
class Imap:
    """The server while it runs."""

    port: int
    """For plain connections and STARTTLS."""
    tls_port: int

    def file(self, content: bytes, folder: str = "Sent") -> None:
        """Put a message there, as a mail server does."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=_PATIENCE)
        client.login(USER, PASSWORD)
        assert client.append(folder, "", "", content)[0] == "OK"
        client.logout()

    def messages(self, folder: str = "Sent") -> list[str]:
        """The flags of what is there."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=_PATIENCE)
        client.login(USER, PASSWORD)
        client.select(folder, readonly=True)
        found = client.fetch("1:*", "(FLAGS)")[1]
        client.logout()
        return [str(each) for each in found if each is not None]


@contextmanager
def private_server(authority: trustme.CA, *, encryption: bool = True) -> Iterator[Imap]:
    """Start it. Skips the test with a reason where that cannot be done."""
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    _skip_unless_known(program)
    folder = Path(tempfile.mkdtemp(prefix="reportgen-imap-"))
    folder.chmod(0o711)  # its processes run as several users
    imap = Imap(_free_port(), _free_port())
    try:
        _configure(folder, imap, authority, "yes" if encryption else "no")
        server = subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"], cwd="/")
        try:
            _wait(imap, folder)
            yield imap
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(_PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _skip_unless_known(program: str) -> None:
    if not Path(program).is_file():
        pytest.skip("no Dovecot is installed")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    if not version.stdout.startswith("2.3."):
        pytest.skip(f"Dovecot {version.stdout.split()[0]} has other settings than 2.3")


def _configure(folder: Path, imap: Imap, authority: trustme.CA, encryption: str) -> None:
    root = os.geteuid() == 0
    user = pwd.getpwuid(os.geteuid()).pw_name
    group = grp.getgrgid(os.getegid()).gr_name
    users = {
        "internal": "dovecot" if root else user,
        "group": "dovecot" if root else group,
        "login": "dovenull" if root else user,
        "owner": "nobody" if root else user,
        "owner_group": "nogroup" if root else group,
    }
    issued = authority.issue_cert("localhost")
    (folder / "cert.pem").write_bytes(b"".join(each.bytes() for each in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "passwd").write_text(f"{USER}:{PASSWORD}\nother:{OTHER_PASSWORD}\n")
    (folder / "mail").mkdir()
    if root:
        shutil.chown(folder / "mail", "nobody", "nogroup")
    text = _CONFIG.format(
        folder=folder, port=imap.port, tls_port=imap.tls_port, encryption=encryption, **users
    )
    (folder / "dovecot.conf").write_text(text)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(imap: Imap, folder: Path) -> None:
    end = monotonic() + _PATIENCE
    while monotonic() < end:
        with suppress(OSError, imaplib.IMAP4.error):
            client = imaplib.IMAP4("127.0.0.1", imap.port, timeout=_PATIENCE)
            client.login(USER, PASSWORD)
            client.logout()
            return
        Event().wait(0.05)
    log = folder / "log"
    raise AssertionError(f"Dovecot does not answer: {log.read_text() if log.exists() else ''}")

"""Deliveries in doubt, looked up in a real IMAP mailbox."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr, ValidationError

from reportgen.channels.sent_items import SentItems
from reportgen.errors import DeliveryRefused, DeliveryUnavailable
from reportgen.sandbox.mailbox import Mailbox, MailboxSettings
from tests.dovecot import OTHER_PASSWORD, PASSWORD, USER, Imap, private_server
from tests.test_hindrances import rewrite
from tests.test_watch import HARBOURLINE, NORDHAFEN, Place, place, runs

ID, OTHER = "<0123abcd@halvorn.example>", "<ffff0000@halvorn.example>"


def message(reference: str) -> bytes:
    return f"Message-ID: {reference}\r\nSubject: Report\r\n\r\nFigures\r\n".encode()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def imap(authority: trustme.CA) -> Iterator[Imap]:
    with private_server(authority) as server:
        yield server


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def mailbox(port: int, **wishes: object) -> SentItems:
    values = {"server": "127.0.0.1", "security": "plain", "username": USER, "password": PASSWORD}
    return SentItems(**{**values, "port": port, "timeout": 10, **wishes})  # type: ignore[arg-type]


# ---- looking -------------------------------------------------------------------------------


def test_what_is_there_is_found_and_nothing_is_touched(imap: Imap) -> None:
    imap.file(message(ID))
    before = imap.messages()
    looked = mailbox(imap.port).look([ID, OTHER])
    assert (looked.there, looked.missing) == ({ID}, set())
    assert imap.messages() == before, "no mark of having been read"


def test_a_message_that_only_names_it_is_not_it(imap: Imap) -> None:
    imap.file(message(OTHER).replace(b"\r\n\r\n", f"\r\nIn-Reply-To: {ID}\r\n\r\n".encode(), 1))
    imap.file(message(f"<x{ID}"))
    assert mailbox(imap.port).look([ID]).there == set()


def test_only_a_complete_mailbox_whose_search_works_says_what_is_missing(imap: Imap) -> None:
    complete = mailbox(imap.port, complete=True)
    assert complete.look([ID]).missing == set(), "an empty folder proves nothing"
    imap.file(message(OTHER))
    assert complete.look([ID]).missing == {ID}
    assert mailbox(imap.port).look([ID]).missing == set()
    imap.file(message(ID))
    assert complete.look([ID]).missing == set()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_over_encrypted_connections(security: str, imap: Imap) -> None:
    port = imap.tls_port if security == "tls" else imap.port
    imap.file(message(ID))
    asked = mailbox(port, server="localhost", security=security)
    assert asked.look([ID]).there == {ID}
    assert asked.check() == f"localhost answers over {security}, 'Sent' holds 1 messages"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_is_not_trusted_ends_it(security: str, imap: Imap) -> None:
    port = imap.tls_port if security == "tls" else imap.port
    with pytest.raises(DeliveryRefused, match="certificate is not trusted"):
        mailbox(port, server="localhost", security=security).look([ID])


def test_a_server_without_encryption_gets_no_password(authority: trustme.CA) -> None:
    with (
        private_server(authority, encryption=False) as bare,
        pytest.raises(DeliveryRefused, match="does not offer what `security` wants"),
    ):
        mailbox(bare.port, server="localhost", security="starttls").look([ID])


def test_a_password_with_other_letters(imap: Imap) -> None:
    right = mailbox(imap.port, username="other", password=OTHER_PASSWORD)
    assert "holds 0 messages" in right.check()
    with pytest.raises(DeliveryRefused, match="login is not accepted"):
        mailbox(imap.port, username="other", password="pässword").check()


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"password": "not-the-password-7a"}, "login is not accepted"),
        ({"folder": "Elsewhere"}, "no folder 'Elsewhere'"),
    ],
)
def test_what_the_operator_has_to_mend(wishes: dict[str, str], says: str, imap: Imap) -> None:
    with pytest.raises(DeliveryRefused, match=says) as caught:
        mailbox(imap.port, **wishes).check()
    assert "not-the-password" not in str(caught.value)
    assert PASSWORD not in str(caught.value)


@contextmanager
def answering(*words: bytes) -> Iterator[int]:
    """A server that says this to whoever comes, and then nothing; answers its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept: list[socket.socket] = []

        def serve() -> None:
            connection, _ = listener.accept()
            kept.append(connection)
            connection.sendall(b"".join(words))
            if words:
                connection.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join()
        for connection in kept:
            connection.close()


@pytest.mark.parametrize(
    "words",
    [
        (),
        (b"\x00\xff\r\n",),
        (b"220 mail.example ESMTP\r\n",),
        (b"* OK ready\r\n* CAPABILITY IMAP4rev1\r\n", b"AAAA0 OK\r\n" * 3),
        (b"* BYE go away\r\n",),
        (b"* PREAUTH ready\r\n", b"* CAPABILITY IMAP4rev1\r\n"),
        (b"* OK " + b"x" * 100_000,),
    ],
)
def test_a_server_that_talks_nonsense_or_not_at_all(words: tuple[bytes, ...]) -> None:
    with answering(*words) as port, pytest.raises(DeliveryUnavailable, match="sent items on"):
        mailbox(port, timeout=1).look([ID])


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(DeliveryUnavailable, match="no connection"):
        mailbox(1, timeout=1).check()


def test_settings_are_safe() -> None:
    with pytest.raises(ValidationError, match="can be read on the way"):
        mailbox(143, server="imap.example.com")
    with pytest.raises(ValidationError):
        SentItems(server="imap.example.com", username="", password=SecretStr("x"))
    assert PASSWORD not in repr(mailbox(143))


# ---- settling ------------------------------------------------------------------------------


@contextmanager
def doubtful(folder: Path, imap_port: int, *, complete: bool = False) -> Iterator[Place]:
    """A round whose two messages were accepted without an answer, at half past six."""
    with place(folder, MailboxSettings(at_dot="drop")) as here:
        wishes = f"username: {USER}, password_file: secret, complete: {str(complete).lower()}"
        (folder / "secret").write_text(PASSWORD)
        rewrite(
            here,
            "channel: email, ",
            "channel: email, sent_items: {server: 127.0.0.1, security: plain, timeout: 10, "
            f"port: {imap_port}, {wishes}}}, ",
        )
        here.serve("2026-10-15T05:00", "2026-11-01T06:30")
        assert here.mailed() == [1, 1]
        assert here.look("2026-11-01T06:31") == {"unknown": runs("2026-10")}
        yield here


def accepted(here: Place) -> list[bytes]:
    """The messages as the mail server has them."""
    return [file.read_bytes() for file in sorted((here.folder / "outbox").glob("*.eml"))]


@contextmanager
def mended(here: Place) -> Iterator[Mailbox]:
    """Mail goes out by a server that behaves."""
    with Mailbox(here.folder / "mended") as server:
        rewrite(here, r"(channel: email.*server: 127.0.0.1, port: )\d+(, sender)",
                rf"\g<1>{server.port}\g<2>")  # fmt: skip
        yield server


def test_what_is_found_has_arrived_and_is_never_sent_again(imap: Imap, tmp_path: Path) -> None:
    with doubtful(tmp_path, imap.port) as here:
        for content in accepted(here):
            imap.file(content)
        here.serve("2026-11-01T06:44")
        assert here.look("2026-11-01T06:44") == {"unknown": runs("2026-10")}, "too early to say"
        here.serve("2026-11-01T06:46")
        assert here.look("2026-11-01T06:46") == {"sent": runs("2026-10")}
        history = here.run("history", "--json").json
        proofs = {row["proof"] for run in history for row in run["deliveries"]}
        assert proofs == {"found in sent items"}
        assert here.mailed() == [1, 1]
        assert "2 sent." in here.told()[-1]


def test_what_is_not_found_stays_in_doubt_and_is_looked_up_again(
    imap: Imap, tmp_path: Path
) -> None:
    with doubtful(tmp_path, imap.port) as here:
        here.serve("2026-11-01T08:20", "2026-11-01T11:00")
        assert here.look("2026-11-01T11:00") == {"unknown": runs("2026-10")}
        imap.file(accepted(here)[0])
        here.serve("2026-11-01T11:00:30")
        assert len(here.look("2026-11-01T11:01")["unknown"]) == 2, "not at every tick"
        here.serve("2026-11-01T11:10")
        found = here.look("2026-11-01T11:10")
        assert (len(found["unknown"]), len(found["sent"])) == (1, 1)
        assert here.mailed() == [1, 1]


def test_what_a_complete_mailbox_lacks_goes_out_again_by_the_next_round(
    imap: Imap, tmp_path: Path
) -> None:
    with doubtful(tmp_path, imap.port, complete=True) as here, mended(here) as server:
        first, _lost = accepted(here)
        imap.file(first)
        here.serve("2026-11-01T06:50")
        found = here.look("2026-11-01T06:50")
        assert (len(found["unknown"]), len(found["sent"])) == (1, 1), "it may still be filed"
        here.serve("2026-11-01T07:01", "2026-11-01T07:01:30", "2026-11-01T07:12")
        assert here.look("2026-11-01T07:12") == {"sent": runs("2026-10")}
        assert len(server.messages()) == 1
        assert server.messages()[0].read_bytes() == accepted(here)[1], "the very same message"


def test_after_days_a_complete_mailbox_may_have_been_tidied_up(imap: Imap, tmp_path: Path) -> None:
    with doubtful(tmp_path, imap.port, complete=True) as here, mended(here) as server:
        imap.file(message(OTHER))
        here.serve("2026-11-05T06:50", "2026-11-05T06:51")
        assert here.look("2026-11-05T07:00") == {"unknown": runs("2026-10")}
        assert server.messages() == ()


def test_a_mailbox_that_cannot_be_reached_changes_nothing_and_is_said(tmp_path: Path) -> None:
    with doubtful(tmp_path, 1, complete=True) as here:
        here.serve("2026-11-01T07:30", "2026-11-01T07:45")
        assert here.look("2026-11-01T07:45") == {"unknown": runs("2026-10")}
        status = here.run("status", "--look")
        checked = here.run("check")
        assert status.status == 1
        assert "sent items on 127.0.0.1: no connection" in status.err
        assert "nothing is changed" in status.err
        assert PASSWORD not in status.err + status.out
        assert "sent items email" in checked.out + checked.err
        assert here.mailed() == [1, 1]


def test_a_person_may_look_at_once(imap: Imap, tmp_path: Path) -> None:
    with doubtful(tmp_path, imap.port) as here:
        first, second = accepted(here)
        imap.file(first)
        open_ones = here.run("resolve", "--look", "--json")
        assert len(open_ones.json) == 1
        assert "found in sent items; the run is succeeded" in open_ones.err
        assert "proves nothing: still in doubt" in open_ones.err
        imap.file(second)
        status = here.run("status", "--look")
        assert "found in sent items" in status.out
        assert "unknown" not in status.out
        assert here.run("resolve").out.startswith("Nothing is in doubt")


def test_somebody_who_settles_it_meanwhile_is_not_overruled(imap: Imap, tmp_path: Path) -> None:
    with doubtful(tmp_path, imap.port) as here:
        with here.at("2026-11-01T09:00") as house:
            doubts = house.ledger.doubts()
            assert {doubt.key.company_id for doubt in doubts} == {HARBOURLINE, NORDHAFEN}
            house.ledger.resolve(
                doubts[0].key, doubts[0].target, sent=True, by="ann", reason="in the log"
            )
            assert house.ledger.looked_up(doubts[0], sent=False, proof="gone") is None
            assert len(house.ledger.doubts()) == 1
        assert len(here.look("2026-11-01T09:00")["sent"]) == 1

"""The cage of the press: hostile templates end in one error each, and reach nothing."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from reportgen.errors import RenderingError, TemplateError
from reportgen.model import Brand
from reportgen.rendering.cage import Bounds
from reportgen.rendering.press import Press
from reportgen.sandbox.mailbox import Mailbox
from reportgen.sources.keepnet import KeepnetSource
from reportgen.views import Page
from tests.conftest import HARBOURLINE
from tests.program import CONFIG, reportgen, sandbox_process
from tests.sample_pages import page_of

Open = Callable[..., KeepnetSource]
linux = pytest.mark.skipif(sys.platform != "linux", reason="walls are a matter of Linux")

ROOT = Path(__file__).parent.parent
SMALL = Bounds(wall=60, processor=2, memory=768 * 1024 * 1024)
GOOD = "<html lang=en><title>x</title><p>All is well.</p>"


class Canary:
    """A server on this machine that must see nothing."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        canary = self

        class Answer(BaseHTTPRequestHandler):
            def handle(self) -> None:
                canary.seen.append(str(self.client_address))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port = self._server.server_port

    @contextmanager
    def singing(self) -> Iterator["Canary"]:
        thread = Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary().singing() as canary:
        yield canary


@pytest.fixture
def page(open_source: Open) -> Page:
    return page_of(open_source(), HARBOURLINE, period="2026-10", items=("risk_score_trend",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("templates")


@pytest.fixture(scope="module")
def press(folder: Path) -> Iterator[Press]:
    with Press(folder, bounds=SMALL) as press:
        yield press


def printed(press: Press, folder: Path, page: Page, body: str) -> bytes:
    (folder / "report.html").write_text(body)
    return press.pdf(page).pdf


# ---- what never ends, or takes too much ----------------------------------------------------


USE_BOMB = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><defs><path id='a0' d='M0 0h1'/>"
    + "".join(f"<g id='a{n}'>" + f"<use href='#a{n - 1}'/>" * 20 + "</g>" for n in range(1, 9))
    + "</defs><use href='#a8'/></svg>"
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "more than 2 s of processor time; look into its templates",
        ),
        ("{% for a in range(99999999) %}{% endfor %}", r"report.html:1: Range too big"),
        ("{{ 'x' * 60000000 }}", "makes more than 20 million letters"),
        ("{{ 'x' * 3000000000 }}", "more than 768 MB of memory"),
        (
            "{% for a in range(99999) %}{% for b in range(999) %}xxxxxx{% endfor %}{% endfor %}",
            "makes more than 20 million letters",
        ),
        ("<html lang=en><title>x</title>" + "<div>" * 500 + "x", "nests its parts too deeply"),
        (
            "<html lang=en><title>x</title>" + "<div style='display:flex'>" * 25 + "x",
            "more than 2 s of processor time|could not be made|too deeply",
        ),
        (
            "<html lang=en><title>x</title><table>" + "<tr><td>x<td>x<td>x" * 30_000,
            "more than 2 s of processor time|memory",
        ),
        (
            "<html lang=en><title>x</title><table><tr><td colspan=1000000>x",
            "more than 2 s of processor time|memory|could not be made",
        ),
        (
            f"<html lang=en><title>x</title>{USE_BOMB}",
            "more than 2 s of processor time|could not be made",
        ),
        (
            "<html lang=en><title>x</title><img alt=x src='https://assets.invalid/huge.png'>",
            "engine refuses.*huge.png",
        ),
    ],
    ids=(
        *("endless", "range", "long", "longest", "many", "deep", "flex", "rows", "span"),
        *("use", "picture"),
    ),
)
def test_what_takes_too_much_ends_in_one_error_and_the_next_report_is_fine(
    body: str, said: str, press: Press, folder: Path, page: Page
) -> None:
    if not (folder / "huge.png").exists():
        Image.new("1", (20_000, 20_000)).save(folder / "huge.png")
    with pytest.raises((TemplateError, RenderingError), match=said) as caught:
        printed(press, folder, page, body)
    assert "\n" not in str(caught.value)
    assert printed(press, folder, page, GOOD).startswith(b"%PDF")


def test_a_logo_that_never_stops_referring_to_itself_is_named(
    press: Press, folder: Path, page: Page
) -> None:
    logo = folder / "mark.svg"
    logo.write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><clipPath id='c'>"
        "<rect width='9' height='9' clip-path='url(#c)'/></clipPath>"
        "<rect width='9' height='9' clip-path='url(#c)'/></svg>"
    )
    brand = Brand("B", logo=str(logo))
    body = f"{GOOD}<img alt=x src='https://assets.invalid/logo/light'>"
    for attempt in (
        lambda: press.check_logos(brand),
        lambda: printed(press, folder, replace(page, brand=brand), body),
    ):
        with pytest.raises(TemplateError, match=r"logo mark\.svg cannot be drawn; export it as"):
            attempt()


def test_not_every_flaw_of_a_hopeless_page_is_told(press: Press, folder: Path, page: Page) -> None:
    narrow = "".join(f"<p id=p{number} style='width: 1pt'>wwwwwwww" for number in range(150))
    (folder / "report.html").write_text(GOOD + narrow)
    assert len(press.pdf(page).flaws) == 100


def test_a_letter_is_bounded_as_well(press: Press, folder: Path, page: Page) -> None:
    own = folder / "letter.txt"
    own.write_text("{{ 'x' * 3000000000 }}")
    with pytest.raises(RenderingError, match="more than 768 MB of memory"):
        press.letter(page, "report.pdf", 1)
    own.unlink()
    assert press.letter(page, "report.pdf", 1).subject


# ---- what reaches out ----------------------------------------------------------------------


WAYS = (
    "<img alt=x src='{}'>",
    "<object data='{}'></object>",
    "<embed src='{}'>",
    "<iframe src='{}'></iframe>",
    "<video poster='{}' src='{}'></video>",
    "<input type=image src='{}'>",
    "<picture><source srcset='{}'><img alt=x src='{}'></picture>",
    "<link rel=stylesheet href='{}'>",
    "<link rel=attachment href='{}'>",
    "<a rel=attachment href='{}'>x</a>",
    "<base href='{}'><img alt=x src='{}'>",
    "<style>@import '{}';</style>",
    "<style>@import url({});</style>",
    "<style>@font-face {{ font-family: f; src: url('{}') }} p {{ font-family: f }}</style><p>x",
    "<p style=\"background: url('{}')\">x",
    "<p style=\"list-style: url('{}'); display: list-item\">x",
    "<p style=\"border-image: url('{}') 1; border: 1px solid\">x",
    "<style>p::before {{ content: url('{}') }}</style><p>x",
    "<style>@page {{ background: url('{}') }}</style><p>x",
    "<style>@color-profile device-cmyk {{ src: url('{}') }}</style><p>x",
    "<svg width=9 height=9><image width=9 height=9 href='{}'/></svg>",
    "<svg width=9 height=9 xmlns:xlink='http://www.w3.org/1999/xlink'>"
    "<image width=9 height=9 xlink:href='{}'/></svg>",
    "<svg width=9 height=9><use href='{}#x'/></svg>",
    "<svg width=9 height=9><style>@import '{}';</style><rect width=9 height=9 /></svg>",
    "<svg width=9 height=9><rect width=9 height=9 fill=\"url('{}#x')\"/></svg>",
)


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_file_or_a_server(
    way: str, press: Press, folder: Path, page: Page, canary: Canary, tmp_path: Path
) -> None:
    """Either an error, or a document without it."""
    secret = tmp_path / "secret.svg"
    secret.write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' id='x' width='9' height='9'>"
        "<text>KEEPSAKE</text></svg>"
    )
    for address in (f"file://{secret}", f"http://127.0.0.1:{canary.port}/x.svg"):
        body = f"<html lang=en><title>x</title>{way.format(address, address)}"
        with suppress(TemplateError, RenderingError):
            pdf = printed(press, folder, page, body)
            assert b"KEEPSAKE" not in pdf
    assert canary.seen == []


def test_a_template_reads_templates_only(
    press: Press, folder: Path, page: Page, tmp_path: Path
) -> None:
    outside = tmp_path / "secret.html"
    outside.write_text("KEEPSAKE")
    (folder / "linked.html").symlink_to(outside)
    for name, said in (
        (str(outside), "there is no template"),
        (f"../{tmp_path.name}/secret.html", "there is no template"),
        ("linked.html", r"secret\.html|linked\.html.*may not use"),
    ):
        with pytest.raises(TemplateError, match=said):
            printed(press, folder, page, f"{{% include '{name}' %}}")


def test_without_its_cage_a_worker_makes_nothing(
    page: Page, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here its scratch folder was swept away by somebody."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Press(folder) as press:
        (scratch,) = tmp_path.iterdir()
        shutil.rmtree(scratch)
        with pytest.raises(RenderingError, match="is not caged: FileNotFoundError"):
            press.pdf(page)
        scratch.mkdir()


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_cleaners_of_temporary_files_leave_the_scratch_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may wait for weeks; systemd-tmpfiles skips what is locked."""
    import fcntl

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Press():
        (scratch,) = tmp_path.iterdir()
        handle = os.open(scratch, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)
    assert list(tmp_path.iterdir()) == []


# ---- the cage itself -----------------------------------------------------------------------


ESCAPES = """
import ctypes, json, os, socket, subprocess, sys
from pathlib import Path
from reportgen.rendering import cage
port, scratch, templates, outside = int(sys.argv[1]), *sys.argv[2:]
libc = ctypes.CDLL(None, use_errno=True)
cage.enter(cage.Cage((templates,), scratch, cage.Bounds()))

def native_connection():
    handle = libc.socket(2, 1, 0)
    address = b"\\x02\\x00" + port.to_bytes(2, "big") + bytes((127, 0, 0, 1)) + bytes(8)
    if libc.connect(handle, address, 16) != 0:
        raise OSError(ctypes.get_errno(), "refused")

def native_file():
    if libc.open(os.fsencode(outside + "/native"), os.O_CREAT | os.O_WRONLY, 0o600) < 0:
        raise OSError(ctypes.get_errno(), "refused")

def native_program():
    if libc.execve(b"/bin/true", None, None) != 0:
        raise OSError(ctypes.get_errno(), "refused")

tries = {
    "connect": lambda: socket.create_connection(("127.0.0.1", port), 1),
    "resolve": lambda: socket.getaddrinfo("localhost", 80),
    "listen": lambda: socket.socket().bind(("127.0.0.1", 0)),
    "run": lambda: subprocess.run(["/bin/true"]),
    "system": lambda: os.system("true"),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "fork": os.fork,
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "read": lambda: open("/etc/passwd").read(),
    "read config": lambda: open(outside + "/config.yaml").read(),
    "around": lambda: open(templates + "/../outside/config.yaml").read(),
    "list": lambda: os.listdir(outside),
    "write": lambda: open(outside + "/new", "w"),
    "append": lambda: open(outside + "/config.yaml", "a"),
    "make": lambda: os.mkdir(outside + "/folder"),
    "remove": lambda: os.remove(outside + "/config.yaml"),
    "rename": lambda: os.rename(outside + "/config.yaml", scratch + "/x"),
    "link": lambda: os.symlink(outside, scratch + "/way"),
    "change a template": lambda: open(templates + "/own.html", "w"),
    "native connection": native_connection,
    "native file": native_file,
    "native program": native_program,
}

def attempt(act):
    try:
        act()
    except OSError:
        return True
    return False

told = {name: attempt(act) for name, act in tries.items()}
told["secret"] = "API_SECRET" not in os.environ
told["template"] = Path(templates, "own.html").read_text() == "mine"
Path(scratch, "mine").write_text("x")
told["scratch"] = Path(scratch, "mine").read_text() == "x"
told["closed"] = cage.trouble == ""
print(json.dumps([told, cage.remarks]))
"""


@linux
def test_inside_nothing_can_be_reached_or_changed(tmp_path: Path, canary: Canary) -> None:
    """Neither through Python nor past it; what documents need is there."""
    places = [tmp_path / name for name in ("scratch", "templates", "outside")]
    for place in places:
        place.mkdir()
    (places[1] / "own.html").write_text("mine")
    (places[2] / "config.yaml").write_text("secret: 1")
    done = subprocess.run(
        [sys.executable, "-c", ESCAPES, str(canary.port), *map(str, places)],
        capture_output=True,
        text=True,
        env={**os.environ, "API_SECRET": "x", "PYTHONPATH": f"{ROOT}:{places[2]}"},
        cwd=places[2],
        check=False,
    )
    assert done.stderr == ""
    told, remarks = json.loads(done.stdout)
    past_python = {name for name in told if name.startswith("native")}
    held = told if not remarks else {n: v for n, v in told.items() if n not in past_python}
    assert [name for name, held in held.items() if not held] == []
    assert (places[2] / "config.yaml").read_text() == "secret: 1"
    assert canary.seen == []


def test_one_customers_hostile_template_does_not_stop_the_others(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "report.html").write_text(
        "{% if page.customer == 'Harbourline Logistics' %}{{ page.title * 200000000 }}{% endif %}"
        "<html lang=en><title>x</title><p>{{ page.customer }}"
    )
    with sandbox_process() as api, Mailbox(tmp_path / "outbox") as mailbox:
        text = CONFIG.format(api=api, smtp=mailbox.port)
        (tmp_path / "config.yaml").write_text(f"templates: own\n{text}")
        ended = reportgen("run", "--json", cwd=tmp_path)
        sent = [message.name.partition("-")[0] for message in mailbox.messages()]
    assert ended.status == 1
    assert {run["customer"]: run["state"] for run in ended.json} == {
        "Harbourline Logistics": "failed",
        "Nordhafen Klinikum GmbH": "succeeded",
        "Pinecrest Credit Union": "succeeded",
    }
    assert ended.json[0]["reasons"] == [
        "the document needed more than 1536 MB of memory; look into its templates and logos for "
        "what is too much"
    ]
    assert sent == ["board@pinecrest.example", "leitung@nordhafen.example"]


def test_an_engine_that_cannot_be_loaded_is_told_in_one_line(tmp_path: Path) -> None:
    """As on a system without Pango."""
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')")
    reportgen("init", cwd=tmp_path)
    ended = reportgen("preview", cwd=tmp_path, environ={"PYTHONPATH": str(tmp_path)})
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("reportgen: the PDF engine cannot be loaded (OSError: cannot load")
    assert "Traceback" not in ended.err

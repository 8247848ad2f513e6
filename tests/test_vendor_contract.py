"""Against a mock server that an outside tool generates from the vendor's own description.

Prism (an npm package) validates every request; in its dynamic mode it answers with random values
of the described types. Slow to install, so it runs where `VENDOR_CONTRACT=1` asks for it.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from reportgen import periods
from reportgen.errors import ReportgenError
from reportgen.language import words
from reportgen.sections import NAMES, parse
from reportgen.sources import Keepnet
from reportgen.sources.keepnet import KeepnetSource, connect
from reportgen.views import Reader
from tests.conftest import HARBOURLINE
from tests.sections.making import held
from tests.vendor import specification

PACKAGE = "@stoplight/prism-cli"
BODY = {
    "widgetIds": ["abc"],
    "datePeriod": "Custom",
    "startDate": "2026-10-01T00:00:00Z",
    "endDate": "2026-10-31T23:59:59Z",
}
PATHS = (
    "connect/token",
    "companies/search",
    "executive-report/metrics",
    "executive-report/search",
    "executive-report/abcdef123456",
    "executive-report/get-widget-datas",
)
OCTOBER = periods.parse("2026-10")

pytestmark = pytest.mark.skipif(
    not os.environ.get("VENDOR_CONTRACT"), reason="needs an npm install: set VENDOR_CONTRACT=1"
)


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("prism")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE]
    subprocess.run(command, check=True)
    return folder / "node_modules/.bin/prism"


@pytest.fixture(params=["static", "dynamic"])
def source(request: pytest.FixtureRequest, prism: Path) -> Iterator[tuple[KeepnetSource, Path]]:
    """A source that talks to the mock, and the mock's log."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    log = prism.parent / f"{request.param}.log"
    dynamic = ["--dynamic"] if request.param == "dynamic" else []
    command = [prism, "mock", "--port", str(port), "--errors", *dynamic, specification()]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_for(port)
            kind = Keepnet(
                base_url=f"http://127.0.0.1:{port}",
                client_id="me",
                client_secret=SecretStr("secret"),
                attempts=1,
            )
            with connect(kind, pause=lambda _: None) as opened:
                yield opened, log
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the mock server did not start")


def test_every_request_passes_validation_and_no_answer_is_a_surprise(
    source: tuple[KeepnetSource, Path],
) -> None:
    opened, log = source
    sections = tuple(parse(name) for name in NAMES)
    history = periods.history(OCTOBER, 12)
    wanted = tuple(section.request(OCTOBER, history) for section in sections)
    for _ in range(12):
        _try(opened.check)
        _try(opened.companies)
        _try(lambda: opened.catalogue(HARBOURLINE))
        _try(lambda: opened.saved_report(HARBOURLINE, "Board pack"))
        _try(lambda: opened.saved_report_by_id(HARBOURLINE, "abcdef123456", "Board pack"))
        answers = _try(lambda: opened.fetch(HARBOURLINE, wanted))
        if answers is not None:
            reader = Reader(words("en"))
            pairs = zip(sections, answers.widgets, strict=True)
            held(*(section.view(widget, reader) for section, widget in pairs))
        _try(lambda: opened.ask(HARBOURLINE, BODY, 1))
    said = log.read_text()
    for path in PATHS:
        assert f"/{path}" in said, path
    assert "Request did not pass the validation rules" not in said
    assert "#UNPROCESSABLE_ENTITY" not in said


def _try(call):  # type: ignore[no-untyped-def]  # any call, any answer
    """Our own errors are fine, a traceback of any other kind is not."""
    try:
        return call()
    except ReportgenError as error:
        said = str(error)
    assert "\n" not in said
    return None

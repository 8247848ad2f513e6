"""The yardstick: headless Chromium, kept warm, told over a pipe to print pages.

The wire is the Chrome DevTools Protocol, `--remote-debugging-pipe`: JSON with a NUL behind it, read
by the browser from descriptor 3 and written to 4.
"""

import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from base64 import b64decode
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from benchmarks.processes import Family, watched

SETTLED = 0.2
"""Seconds after which a tab is gone, and the work of its going is done."""
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
_PRINT = {
    "preferCSSPageSize": True,
    "printBackground": True,
    "generateTaggedPDF": True,
    "generateDocumentOutline": True,
}
TABS = (1, 2)
"""How many pages at a time are tried for its best."""
_PATIENCE = 120.0
"""Seconds for one answer."""


def program() -> str:
    """Where it is installed. Ends the program with a cure where it is not."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise SystemExit(
            "benchmarks: Chromium is not installed; run script/bootstrap --bench, or install the "
            "package `chromium` (Debian's name)"
        )
    return found


def version() -> str:
    """As it says itself."""
    said = subprocess.run(  # noqa: S603 - our own words
        [program(), "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    return said.stdout.decode().strip()


class Chromium:
    """A running browser; a context manager. Safe under threads: each `pdf` has a tab of its own."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        its_input, self._to = os.pipe()
        self._from, its_output = os.pipe()
        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
        words = [program(), *_QUIET, *sandbox, "--remote-debugging-pipe"]
        self._process = subprocess.Popen(  # noqa: S603 - our own words; sh takes no pipe beyond the ninth
            ["/bin/bash", "-c", f'exec "$@" 3<&{its_input} 4>&{its_output}', "chromium",
             *words, f"--user-data-dir={self._home.name}"],
            pass_fds=(its_input, its_output),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(its_input)
        os.close(its_output)
        self._lock = threading.Lock()
        self._last = 0
        self._asked: dict[int, Future[Any]] = {}
        self._loaded: defaultdict[str, threading.Event] = defaultdict(threading.Event)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Of the first of its processes."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._to)  # it ends when nobody can tell it anything any more
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        os.close(self._from)
        self._home.cleanup()

    def pdf(self, address: str) -> bytes:
        """Open a new tab, load, print, close."""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        tab = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})
        session = tab["sessionId"]
        self._call("Page.enable", {}, session)
        self._call("Page.navigate", {"url": address}, session)
        if not self._loaded[session].wait(_PATIENCE):
            raise SystemExit(f"benchmarks: Chromium did not load {address}")
        printed = self._call("Page.printToPDF", _PRINT, session)["data"]
        self._call("Target.closeTarget", {"targetId": target})
        self._loaded.pop(session, None)
        return b64decode(printed)

    def _call(self, method: str, what: dict[str, Any], session: str | None = None) -> Any:
        answer: Future[Any] = Future()
        with self._lock:
            self._last += 1
            self._asked[self._last] = answer
            message = {"id": self._last, "method": method, "params": what}
            if session:
                message["sessionId"] = session
            _write(self._to, json.dumps(message).encode() + b"\0")
        return answer.result(_PATIENCE)

    def _read(self) -> None:
        rest = bytearray()
        while part := os.read(self._from, 1 << 20):
            rest += part
            if b"\0" in part:
                *messages, rest = rest.split(b"\0")
                for message in messages:
                    self._hear(json.loads(message))
        for answer in self._asked.values():
            answer.set_exception(SystemExit("benchmarks: Chromium ended before its answer"))

    def _hear(self, message: dict[str, Any]) -> None:
        if "id" in message:
            answer = self._asked.pop(message["id"])
            if "error" in message:
                answer.set_exception(SystemExit(f"benchmarks: Chromium: {message['error']}"))
            else:
                answer.set_result(message["result"])
        elif message.get("method") == "Page.loadEventFired":
            self._loaded[message["sessionId"]].set()


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


@dataclass(frozen=True, slots=True)
class Speed:
    """What it gives with so many pages at a time."""

    per_second: float
    """Documents."""
    cpu: float
    """Seconds for a document."""
    memory: int
    """Bytes of all its processes, at the peak."""


def speed(browser: Chromium, place: str, *, tabs: int, count: int = 20) -> Speed:
    """Print the page so many times, `tabs` at a time; then a few more for the memory.

    Looking at the memory takes time of its own, so it is not done meanwhile.
    """
    family = Family(browser.pid)
    with ThreadPoolExecutor(tabs) as pool:
        before, start = family.cpu(), time.perf_counter()
        list(pool.map(browser.pdf, [place] * count))
        took = time.perf_counter() - start
        time.sleep(SETTLED)
        cpu = family.cpu() - before
        with watched(family) as watch:
            list(pool.map(browser.pdf, [place] * 3 * tabs))
    return Speed(count / took, cpu / count, watch.peak)

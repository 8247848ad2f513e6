"""The stand-in of the platform, made cheap: it answers from memory, after a pause.

It takes the processor time of the same machine that makes the reports, so each answer of the
sandbox is asked for once, before anything is measured, and repeated afterwards byte by byte:
python -m benchmarks.replay COMPANIES PAUSE. It says its address; `GET /learn` makes it ask for all
companies what was asked for the first one so far.
"""

import asyncio
import json
import os
import sys
import tempfile
from http.client import HTTPConnection
from typing import BinaryIO
from urllib.parse import urlsplit

from reportgen.sandbox import Sandbox, SandboxSettings

_SCOPE = b"x-keepnet-company-id"
_TRAVELS = (_SCOPE, b"x-ir-company-id", b"authorization", b"content-type")
_FOR_EVER = 10**7
"""Seconds a token lives: longer than any round."""
Call = tuple[bytes, tuple[tuple[bytes, bytes], ...], bytes]
"""Method and target, the headers that matter, body."""
LEARN = "/learn"


class Answers:
    """Whole answers in a file, by what was asked."""

    def __init__(self, sandbox: Sandbox, file: BinaryIO) -> None:
        self._companies = [company.company_id.encode() for company in sandbox.companies]
        self._host = urlsplit(sandbox.url).netloc
        self._file = file
        self._places: dict[int, tuple[int, int]] = {}
        self._calls: list[Call] = []
        self.asked = self.asked_late = 0
        """Calls since it learnt, and those of them that nobody had foreseen."""

    def to(self, call: Call) -> bytes:
        """The answer as it travels."""
        self.asked += 1
        place = self._places.get(_key(call))
        if place is None:
            self.asked_late += 1
            self._calls.append(call)
            return self._asked(call)
        offset, size = place
        return os.pread(self._file.fileno(), size, offset)

    def learn(self) -> bytes:
        """Ask for every company what was asked for the first one; answers how much that was."""
        first, *others = self._companies
        for call in tuple(self._calls):
            for other in others:
                if (same := _for(call, first, other)) != call:
                    self._asked(same)
        self.asked = self.asked_late = 0
        return self.summary()

    def summary(self) -> bytes:
        """How many answers it knows, and what it was asked since it learnt."""
        known = {"answers": len(self._places), "asked": self.asked, "late": self.asked_late}
        return _answer(200, b"OK", json.dumps(known).encode())

    def _asked(self, call: Call) -> bytes:
        """The sandbox's answer, kept."""
        line, headers, body = call
        method, target = line.decode().split(" ")
        connection = HTTPConnection(self._host)
        connection.request(
            method, target, body, {name.decode(): value.decode() for name, value in headers}
        )
        response = connection.getresponse()
        answer = _answer(response.status, response.reason.encode(), response.read())
        connection.close()
        self._places[_key(call)] = self._file.seek(0, os.SEEK_END), len(answer)
        self._file.write(answer)
        self._file.flush()
        return answer


def _key(call: Call) -> int:
    """Tokens come and go; they make no difference."""
    line, headers, body = call
    return hash((line, dict(headers).get(_SCOPE), body))


def _for(call: Call, company: bytes, other: bytes) -> Call:
    line, headers, body = call
    scoped = tuple((name, value.replace(company, other)) for name, value in headers)
    return line.replace(company, other), scoped, body


def _answer(status: int, reason: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json; charset=utf-8\r\n"
    return (head + b"Content-Length: %d\r\n\r\n%s") % (status, reason, len(body), body)


class Connection(asyncio.Protocol):
    """One connection, call by call."""

    def __init__(self, answers: Answers, pause: float) -> None:
        self._answers = answers
        self._pause = pause
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where the answers go."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio's own promise
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once the call is complete."""
        self._unread += data
        head, end, rest = self._unread.partition(b"\r\n\r\n")
        line, *lines = head.split(b"\r\n")
        headers = dict(_header(each) for each in lines)
        if not end or len(rest) < int(headers.get(b"content-length", 0)):
            return
        self._unread = b""
        call = line.rpartition(b" ")[0]
        if call.endswith(LEARN.encode()):
            said = self._answers.learn() if call.startswith(b"POST") else self._answers.summary()
            self._transport.write(said)
            return
        travels = tuple((name, headers[name]) for name in _TRAVELS if name in headers)
        answer = self._answers.to((call, travels, rest))
        asyncio.get_running_loop().call_later(self._pause, self._transport.write, answer)


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


async def _serve(answers: Answers, pause: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers, pause), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    """Serve until ended."""
    companies, pause = int(sys.argv[1]), float(sys.argv[2])
    settings = SandboxSettings(companies=(), crowd=companies, token_lifetime=_FOR_EVER)
    with Sandbox(settings) as sandbox, tempfile.TemporaryFile() as file:
        asyncio.run(_serve(Answers(sandbox, file), pause))


if __name__ == "__main__":
    main()

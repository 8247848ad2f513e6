"""How fast the platform is asked: the law of the bucket, places, quiet for all, and stopping."""

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from reportgen.errors import SourceBusy, SourceUnavailable
from reportgen.sources import Keepnet
from reportgen.sources.keepnet import connect
from reportgen.sources.pace import Bucket, Pace, Turnstile
from reportgen.sources.recorded import RecordedSource
from reportgen.sources.transport import Call, Limits, Transport
from tests.conftest import OpenSandbox, keepnet
from tests.sample_pages import DATA, SAMPLES
from tests.test_client import Server, serving

WAIT = 30
"""Seconds after which a thread that ought to be done is given up."""
A_HAIR = 1e-6


class Clock:
    """A clock that only waiting moves; safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 1000.0

    def now(self) -> float:
        with self._lock:
            return self._now

    def wait(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds


# ---- the law -------------------------------------------------------------------------------

RATES = st.floats(0.01, 1000)
PAUSES = st.lists(st.floats(0, 60), min_size=1, max_size=80)


@given(RATES, st.integers(1, 30), PAUSES, st.data())
def test_never_more_than_the_rate_and_the_burst_in_any_time(
    rate: float, burst: int, pauses: list[float], data: st.DataObject
) -> None:
    """Whenever it is asked, and whatever quiet times come in between."""
    bucket = Bucket(rate, burst)
    now, quiet = 1000.0, 0.0
    given_out: list[float] = []
    for pause in pauses:
        now += pause * data.draw(st.sampled_from((0.0, 0.0, 0.01, 1.0)))
        if data.draw(st.integers(0, 9)) == 0:
            quiet = max(quiet, now + pause)
            bucket.keep_quiet(now + pause)
        moment = bucket.reserve(now)
        assert moment >= max(now, quiet) - A_HAIR
        given_out.append(moment)
    assert given_out == sorted(given_out), "first come, first served"
    for place, start in enumerate(given_out):
        for end in given_out[place:]:
            inside = bisect_right(given_out, end) - place
            assert inside <= rate * (end - start) + burst + A_HAIR * rate * 10


@given(RATES, st.integers(1, 30), st.integers(1, 100))
def test_nobody_waits_longer_than_those_before_need(rate: float, burst: int, many: int) -> None:
    bucket = Bucket(rate, burst)
    moments = [bucket.reserve(1000.0) for _ in range(many)]
    assert moments[: min(burst, many)] == pytest.approx([1000.0] * min(burst, many))
    assert moments[-1] == pytest.approx(1000.0 + max(many - burst, 0) / rate)


def test_after_a_quiet_time_there_is_no_rush() -> None:
    bucket = Bucket(rate=2, burst=4)
    bucket.keep_quiet(1010.0)
    assert [bucket.reserve(1000.0) for _ in range(3)] == pytest.approx([1010.0, 1010.5, 1011.0])


# ---- under threads -------------------------------------------------------------------------


class Room:
    """Counts who is inside at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self.most = 0
        self.visits = 0

    def visit(self, turnstile: Turnstile) -> None:
        with turnstile.passing("x"):
            with self._lock:
                self._inside += 1
                self.visits += 1
                self.most = max(self.most, self._inside)
            threading.Event().wait(0.001)
            with self._lock:
                self._inside -= 1


@pytest.mark.parametrize("places", [1, 3])
def test_no_more_are_inside_than_there_are_places(places: int) -> None:
    clock, room = Clock(), Room()
    turnstile = Turnstile(Pace(rate=1000, places=places), clock.wait, clock.now)
    with ThreadPoolExecutor(16) as threads:
        for _ in range(200):
            threads.submit(room.visit, turnstile)
    assert room.visits == 200
    assert room.most <= places


def test_threads_together_keep_the_pace() -> None:
    clock = Clock()
    turnstile = Turnstile(Pace(rate=5, places=8), clock.wait, clock.now)
    room = Room()
    with ThreadPoolExecutor(16) as threads:
        for _ in range(105):
            threads.submit(room.visit, turnstile)
    assert room.visits == 105
    assert clock.now() - 1000.0 >= 20.0 - A_HAIR, "105 at 5 a second, of which 5 at once"


def test_a_place_is_given_back_whatever_happens() -> None:
    turnstile = Turnstile(Pace(rate=1000, places=1))
    for _ in range(3):
        with pytest.raises(KeyError), turnstile.passing("x"):
            raise KeyError
    with turnstile.passing("x"):
        pass


# ---- quiet for all -------------------------------------------------------------------------


def test_who_waits_already_waits_until_the_quiet_ends() -> None:
    """The quiet time begins while the second caller waits for its moment."""
    clock = Clock()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock.wait(seconds)
        if len(waits) == 1:
            turnstile.keep_quiet(40)

    turnstile = Turnstile(Pace(rate=1, places=2), wait, clock.now)
    for _ in range(2):
        with turnstile.passing("x"):
            pass
    assert waits == pytest.approx([1.0, 40.0])


def get(url: str, company_id: str = "", **limits: int) -> Call:
    return Call("GET", f"{url}/x", "reading x", {}, company_id=company_id, limits=Limits(**limits))


@pytest.mark.parametrize("status", [429, 503])
def test_one_retry_after_makes_every_thread_wait(status: int) -> None:
    clock = Clock()
    tired = Server(status=status, headers=(("Retry-After", "50"),))
    transport = Transport(clock.wait, now=clock.now)
    with closing(transport), serving(tired), serving(Server()) as well:
        assert transport.send(get(tired.url, attempts=1)).status == status
        started = clock.now()
        with ThreadPoolExecutor(4) as threads:
            answers = [threads.submit(transport.send, get(well.url)) for _ in range(4)]
        assert all(each.result().good for each in answers)
    assert clock.now() - started >= 50 - A_HAIR


def test_retry_after_with_any_other_status_is_for_that_call_alone() -> None:
    clock = Clock()
    failing = Server(status=500, headers=(("Retry-After", "50"),))
    transport = Transport(clock.wait, now=clock.now)
    with closing(transport), serving(failing), serving(Server()) as well:
        assert transport.send(get(failing.url, attempts=2)).status == 500
        waited = clock.now()
        assert waited == pytest.approx(1050.0)
        assert transport.send(get(well.url)).good
    assert clock.now() == waited


# ---- stopping ------------------------------------------------------------------------------


def waiting(call: Callable[[], object]) -> tuple[threading.Thread, list[BaseException]]:
    """A thread that makes this call, and what it raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except SourceUnavailable as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, raised


def test_stopping_ends_every_kind_of_wait_at_once() -> None:
    """A place that never gets free, a moment far away, a pause of an hour."""
    full = Turnstile(Pace(rate=1000, places=1))
    slow = Turnstile(Pace(rate=0.0001, places=9))
    with slow.passing("first"):
        pass

    def through(turnstile: Turnstile) -> None:
        with turnstile.passing("x"):
            pass

    with full.passing("for ever"):
        threads = [
            waiting(lambda: through(full)),
            waiting(lambda: through(full)),
            waiting(lambda: through(slow)),
            waiting(lambda: slow.wait(3600, "x")),
        ]
        for turnstile in (full, slow):
            turnstile.stop()
            turnstile.stop()
        for thread, raised in threads:
            thread.join(WAIT)
            assert not thread.is_alive()
            assert [str(each) for each in raised] == ["x: stopped"]


@pytest.fixture
def overloaded() -> Iterator[Server]:
    with serving(Server(status=503, headers=(("Retry-After", "100"),))) as server:
        yield server


def test_a_stopped_source_waits_no_longer_and_asks_nothing_more(overloaded: Server) -> None:
    kind = Keepnet(base_url=overloaded.url, client_id="x", client_secret=SecretStr("y"))
    with connect(kind) as source:
        heard = threading.Event()
        threads = [waiting(source.companies) for _ in range(3)]
        while not overloaded.seen:
            heard.wait(0.01)
        source.stop()
        for thread, raised in threads:
            thread.join(WAIT)
            assert not thread.is_alive()
            assert isinstance(raised[0], SourceBusy)
            assert raised[0].retry
        asked = len(overloaded.seen)
        with pytest.raises(SourceBusy, match="signing in: stopped"):
            source.companies()
    assert len(overloaded.seen) == asked


def test_a_signal_may_stop_it_whatever_it_interrupts() -> None:
    """The handler runs in the thread that holds the lock just then."""
    turnstile = Turnstile(Pace())
    with turnstile._lock:
        turnstile.stop()
    with pytest.raises(SourceBusy):
        turnstile.wait(0, "x")


def test_recorded_answers_wait_for_nobody() -> None:
    source = RecordedSource(DATA)
    source.stop()
    assert source.catalogue(SAMPLES)


# ---- the configuration ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "wish",
    [
        {"requests_per_second": 0},
        {"requests_per_second": -1},
        {"requests_per_second": float("nan")},
        {"requests_per_second": float("inf")},
        {"requests_per_second": 1001},
        {"concurrency": 0},
        {"concurrency": 65},
        {"concurrency": 1.5},
    ],
    ids=str,
)
def test_limits_that_are_none_are_refused(wish: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Keepnet(client_id="x", client_secret=SecretStr("y"), **wish)  # type: ignore[arg-type]


def test_what_the_file_says_is_kept_to(open_sandbox: OpenSandbox) -> None:
    """Half a call a second: each moment lies two seconds after the one before."""
    pauses: list[float] = []
    kind = keepnet(open_sandbox(), requests_per_second=0.5, page_size=4)
    with connect(kind, pause=pauses.append) as source:
        source.companies()
    moments = [round(each / 2) for each in pauses]
    assert moments == [1, 2, 3, 4], "four pages after the token; nobody really waits here"

"""A platform that fails for everybody is left alone; one customer's trouble stays its own."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from reportgen import periods
from reportgen.errors import SourceBusy, SourceRefused, SourceUnavailable, UnexpectedPayload
from reportgen.model import Availability, Customer, Spans
from reportgen.sandbox import Sandbox, parse_fault
from reportgen.sandbox.faults import Switchboard
from reportgen.sections import NAMES
from reportgen.sections import parse as section
from reportgen.sources.breaker import Breaker
from reportgen.sources.keepnet import KeepnetSource, connect
from reportgen.sources.transport import Call, Limits, Transport
from tests.conftest import HARBOURLINE, OpenSandbox, keepnet
from tests.test_client import Server, serving
from tests.test_pace import Clock

OCTOBER = periods.parse("2026-10")
SPANS = Spans(OCTOBER, OCTOBER, periods.history(OCTOBER, 12))
REQUESTS = tuple(section(name).request(SPANS) for name in NAMES)


@dataclass
class Platform:
    """A platform reduced to what the breaker hears of it."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.breaker = Breaker(self.clock.now)

    def call(self, company_id: str, *, failed: bool | None) -> None:
        with self.breaker.asking(company_id, "reading x") as asking:
            asking.failed = failed

    def fail(self, companies: Iterable[str]) -> None:
        for each in companies:
            self.call(each, failed=True)

    def rests(self) -> bool:
        """Looks without asking."""
        try:
            with self.breaker.asking("looking", "reading x"):
                return False
        except SourceBusy:
            return True

    def wait(self, seconds: float) -> None:
        self.clock.wait(seconds)


@pytest.fixture
def platform() -> Platform:
    return Platform()


# ---- what begins a rest --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "rests"),
    [
        (["a"] * 100, False),
        (["a"] * 50 + ["b"] * 50, False),
        (["a", "a", "a", "b", "b", "b"], False),
        (["a", "a", "b", "b", "c"], True),
        (["a", "b", "c", "d"], False),
        (["a", "b", "c", "d", "e"], True),
        ([""] * 4, False),
        ([""] * 5, True),
        (["a"] * 50 + ["", ""], False),
        (["a"] * 50 + ["", "", ""], True),
    ],
    ids=str,
)
def test_five_in_a_row_begin_a_rest_of_which_two_may_be_of_one_company(
    row: list[str], rests: bool, platform: Platform
) -> None:
    platform.fail(row)
    assert platform.rests() == rests


def test_any_answer_ends_the_row(platform: Platform) -> None:
    for _ in range(3):
        platform.fail("abcd")
        platform.call("e", failed=False)
    assert not platform.rests()


def test_what_says_nothing_about_the_platform_changes_nothing(platform: Platform) -> None:
    platform.fail("abcd")
    platform.call("e", failed=None)
    assert not platform.rests()
    platform.call("e", failed=True)
    assert platform.rests()


@pytest.mark.parametrize("error", [SourceRefused, UnexpectedPayload])
def test_a_refusal_is_an_answer(error: type[Exception], platform: Platform) -> None:
    platform.fail("abcd")
    with pytest.raises(error), platform.breaker.asking("e", "x"):
        raise error
    platform.call("e", failed=True)
    assert not platform.rests()


# ---- the rest and its end ------------------------------------------------------------------


def test_the_message_says_how_long(platform: Platform) -> None:
    platform.fail("abcde")
    with pytest.raises(
        SourceBusy,
        match=r"^reading x: the platform has failed 5 calls in a row; waiting until "
        r"\d\d:\d\d:\d\d UTC before it is asked again$",
    ) as caught:
        platform.call("f", failed=False)
    assert caught.value.retry


def test_after_the_rest_one_call_tries_and_its_success_lets_all_through(
    platform: Platform,
) -> None:
    platform.fail("abcde")
    platform.wait(30)
    with platform.breaker.asking("f", "x") as probe:
        assert probe.is_probe
        assert platform.rests(), "everybody else waits for its outcome"
        probe.failed = False
    with platform.breaker.asking("f", "x") as asking:
        assert not asking.is_probe


def test_each_failed_try_makes_the_rest_twice_as_long_up_to_ten_minutes(
    platform: Platform,
) -> None:
    platform.fail("abcde")
    for rest in (30, 60, 120, 240, 480, 600, 600):
        platform.wait(rest - 1)
        assert platform.rests()
        platform.wait(1)
        platform.fail("f")
    platform.wait(600)
    platform.call("f", failed=False)
    platform.fail("abcde")
    platform.wait(30)
    assert not platform.rests(), "the next rest is a short one again"


@pytest.mark.parametrize("error", [SourceBusy, KeyboardInterrupt, None])
def test_a_try_that_is_called_off_leaves_the_next_one_its_turn(
    error: type[BaseException] | None, platform: Platform
) -> None:
    platform.fail("abcde")
    platform.wait(30)
    try:
        with platform.breaker.asking("f", "x"):
            if error:
                raise error
    except (SourceBusy, KeyboardInterrupt):
        pass
    with platform.breaker.asking("g", "x") as asking:
        assert asking.is_probe


def test_calls_from_before_the_rest_do_not_make_it_longer_and_may_end_it(
    platform: Platform,
) -> None:
    with platform.breaker.asking("f", "x") as slow, platform.breaker.asking("g", "x") as late:
        platform.fail("abcde")
        with pytest.raises(SourceBusy):
            platform.breaker.refuse_if_resting(slow, "another attempt")
        late.failed = True
        slow.failed = None
    platform.wait(29)
    assert platform.rests()
    platform.wait(1)
    with platform.breaker.asking("h", "x") as probe:
        platform.breaker.refuse_if_resting(probe, "x")
        probe.failed = False
    assert not platform.rests()


# ---- over the wire -------------------------------------------------------------------------

COMPANIES = ("a", "b", "c", "d", "e")


def call(server: Server, company_id: str, **limits: object) -> Call:
    return Call(
        "GET", f"{server.url}/x", "reading x", {}, company_id=company_id,
        limits=Limits(**limits),  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("server", "rests"),
    [
        (Server(status=502), True),
        (Server(status=503), True),
        (Server(status=504), True),
        (Server(status=429), True),
        (Server(status=200, body=b"<html>maintenance"), True),
        (Server(status=500), False),
        (Server(status=403), False),
        (Server(status=404), False),
        (Server(status=200, body=b"{}"), False),
    ],
    ids=lambda value: f"{value.status}-{value.body!r}" if isinstance(value, Server) else str(value),
)
def test_what_counts_as_a_failure_of_the_platform(server: Server, rests: bool) -> None:
    clock = Clock()
    with serving(server), closing(Transport(clock.wait, now=clock.now)) as transport:
        for company in COMPANIES:
            transport.send(call(server, company, attempts=2))
        asked = len(server.seen)
        if rests:
            with pytest.raises(SourceBusy, match="5 calls in a row"):
                transport.send(call(server, "f"))
            assert len(server.seen) == asked
        else:
            assert transport.send(call(server, "f", attempts=1)).status == server.status


def test_a_platform_out_of_reach_is_left_alone_and_found_again() -> None:
    """One attempt tries, not four."""
    clock = Clock()
    server = Server(status=503)
    with closing(Transport(clock.wait, now=clock.now)) as transport:
        nobody = Server(url="http://127.0.0.1:9")
        for company in COMPANIES:
            with pytest.raises(SourceUnavailable, match="cannot be reached"):
                transport.send(call(nobody, company))
        with serving(server):
            with pytest.raises(SourceBusy):
                transport.send(call(server, "f"))
            clock.wait(30)
            assert transport.send(call(server, "f")).status == 503
            assert len(server.seen) == 1
            server.status = 200
            clock.wait(60)
            assert transport.send(call(server, "f")).good
            assert transport.send(call(server, "g")).good


@pytest.mark.parametrize(("status", "rests"), [(500, False), (504, False), (503, True)])
def test_a_question_that_is_asked_again_in_parts_tells_overload_only(
    status: int, rests: bool
) -> None:
    """One slow measure spoils the batches of every company: no reason to rest."""
    clock = Clock()
    server = Server(status=status)
    with serving(server), closing(Transport(clock.wait, now=clock.now)) as transport:
        for company in COMPANIES:
            transport.send(call(server, company, in_parts=True, attempts=2))
        assert len(server.seen) == (10 if rests else 5)
        if rests:
            with pytest.raises(SourceBusy):
                transport.send(call(server, "f"))
        else:
            transport.send(call(server, "f", attempts=1))


def test_a_question_without_an_answer_that_is_asked_again_in_parts_tells_nothing() -> None:
    clock = Clock()
    nobody = Server(url="http://127.0.0.1:9")
    with closing(Transport(clock.wait, now=clock.now)) as transport:
        for company in COMPANIES * 2:
            with pytest.raises(SourceUnavailable, match="cannot be reached"):
                transport.send(call(nobody, company, in_parts=True))
    assert clock.now() == pytest.approx(1000.0), "nor is it waited for"


def test_a_call_that_waits_when_the_rest_begins_is_not_tried_again() -> None:
    server = Server(status=503)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            for company in COMPANIES:
                transport.send(call(server, company, attempts=1))

    with serving(server), closing(Transport(wait, now=lambda: 1000.0)) as transport:
        with pytest.raises(SourceBusy, match="5 calls in a row"):
            transport.send(call(server, "f", attempts=3))
        assert len(server.seen) == 6
    assert len(waits) == 1


# ---- customers -----------------------------------------------------------------------------


def customers(sandbox: Sandbox) -> list[Customer]:
    return [
        Customer(each.company_id, each.name)
        for each in sandbox.companies
        if each.privacy and each.company_id != HARBOURLINE.company_id
    ]


ONE_CUSTOMERS = [
    "widget-fails=TrainingCompletionWidget",
    "server-error",
    "unavailable",
    "html-error",
    "html-ok",
    "cut",
    "cut-body",
    "broken-json",
    "batch-fails",
    "rate-limited",
    "forbidden",
]


@pytest.mark.parametrize("fault", ONE_CUSTOMERS)
def test_the_trouble_of_one_customer_is_nobody_elses(fault: str, open_sandbox: OpenSandbox) -> None:
    """However often it is asked for, alone or among others."""
    sandbox = open_sandbox(f"{fault}@{HARBOURLINE.company_id}")
    with connect(keepnet(sandbox, attempts=2), pause=lambda _: None) as source:
        for _ in range(3):
            _fetched(source, HARBOURLINE)
        with ThreadPoolExecutor(8) as threads:
            for _ in range(4):
                threads.submit(_fetched, source, HARBOURLINE)
            others = [threads.submit(_fetched, source, each) for each in customers(sandbox)]
        assert all(each.result() for each in others)


def test_a_measure_that_fails_for_everybody_is_no_reason_to_rest(
    open_sandbox: OpenSandbox,
) -> None:
    sandbox = open_sandbox("widget-fails=TrainingCompletionWidget")
    with (
        connect(keepnet(sandbox, attempts=2), pause=lambda _: None) as source,
        ThreadPoolExecutor(8) as threads,
    ):
        found = list(threads.map(lambda each: source.fetch(each, REQUESTS), customers(sandbox)))
    failed = [
        widget.request.widget_type
        for answers in found
        for widget in answers.widgets
        if widget.availability is Availability.FAILED
    ]
    assert set(failed) == {"TrainingCompletionWidget"}
    assert len(failed) > 5


def test_when_it_fails_for_all_they_wait_and_all_get_theirs_afterwards(
    open_sandbox: OpenSandbox,
) -> None:
    """No report is made with holes where the platform rests."""
    sandbox = open_sandbox()
    clock = Clock()
    kind = keepnet(sandbox, attempts=1)
    with connect(kind, pause=clock.wait, now=clock.now) as source:
        source.companies()
        sandbox.switches = Switchboard([parse_fault("unavailable")])
        for each in customers(sandbox):
            with pytest.raises(SourceUnavailable) as caught:
                source.fetch(each, REQUESTS)
            assert caught.value.retry
        asked = [each.status for each in sandbox.requests].count(503)
        assert asked == 5, "then it is left alone"
        sandbox.switches = Switchboard([])
        clock.wait(30)
        assert all(_fetched(source, each) for each in customers(sandbox))


def _fetched(source: KeepnetSource, customer: Customer) -> bool:
    """Whether every measure came, or was told not to be licensed."""
    try:
        answers = source.fetch(customer, REQUESTS)
    except (SourceUnavailable, SourceRefused):
        return False
    well = (Availability.ANSWERED, Availability.NOT_LICENSED)
    return all(each.availability in well for each in answers.widgets)

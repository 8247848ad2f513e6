"""One source under many threads: nothing is asked twice, nobody learns from another's answer."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from reportgen.errors import SourceUnavailable
from reportgen.model import Answers, Customer
from reportgen.pipeline import gather
from reportgen.sandbox import Sandbox
from reportgen.sections import NAMES
from reportgen.sources.keepnet import KeepnetSource, connect
from reportgen.sources.lately import Lately
from tests.conftest import HARBOURLINE, OpenSandbox, keepnet
from tests.sample_pages import job
from tests.test_pace import Clock

NORDHAFEN = Customer(
    "Nk8hF2pLq6Ud", "Nordhafen Klinikum GmbH", company_name="Nordhafen Klinikum GmbH"
)


def paths(sandbox: Sandbox) -> Counter[tuple[str, str]]:
    """How often each path was asked for each company; empty for none."""
    return Counter(
        (each.path.rpartition("/")[2], each.company_id or "") for each in sandbox.requests
    )


def customers(sandbox: Sandbox) -> list[Customer]:
    return [
        Customer(each.company_id, each.name, company_name=each.name)
        for each in sandbox.companies
        if each.privacy
    ]


def gathered(source: KeepnetSource, customer: Customer) -> Answers:
    return gather(job(customer, period="2026-10", items=NAMES), source).answers


# ---- what is known lately ------------------------------------------------------------------


def test_many_who_ask_at_once_get_one_reading() -> None:
    known: Lately[object] = Lately()
    begun, go_on = threading.Event(), threading.Event()
    read: list[object] = []

    def slowly() -> object:
        begun.set()
        go_on.wait(30)
        read.append(object())
        return read[-1]

    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(known.get, "a", slowly)
        begun.wait(30)
        others = [threads.submit(known.get, "a", slowly) for _ in range(7)]
        assert known.get("b", lambda: "at once") == "at once", "another company waits for nobody"
        go_on.set()
        assert {id(each.result()) for each in (first, *others)} == {id(read[0])}
    assert len(read) == 1


def test_it_is_kept_for_ten_minutes_and_by_company() -> None:
    clock = Clock()
    known: Lately[int] = Lately(clock.now)
    readings = iter(range(100))

    def read() -> int:
        return next(readings)

    assert [known.get("a", read), known.get("a", read), known.get("b", read)] == [0, 0, 1]
    clock.wait(599)
    assert known.get("a", read) == 0
    clock.wait(1)
    assert [known.get("a", read), known.get("b", read)] == [2, 3]


def test_what_was_not_learnt_is_asked_for_by_the_next() -> None:
    known: Lately[str] = Lately()

    def fails() -> str:
        raise SourceUnavailable("x")

    with pytest.raises(SourceUnavailable):
        known.get("a", fails)
    assert known.get("a", lambda: "well") == "well"


def test_a_thousand_companies_take_the_room_of_some() -> None:
    known: Lately[str] = Lately()
    for place in range(1000):
        known.get(str(place), lambda: "x")
        known.get("in use", lambda: "y")
    assert len(known._places) <= 64
    assert known.get("in use", lambda: "again") == "y", "the one used least lately goes first"


# ---- calls ---------------------------------------------------------------------------------


def test_a_report_costs_a_dozen_calls(open_sandbox: OpenSandbox) -> None:
    """17 measures, the same of the period before, each a second time; no call is made twice."""
    sandbox = open_sandbox()
    with connect(keepnet(sandbox)) as source:
        source.companies()
        gathered(source, HARBOURLINE)
        before = paths(sandbox)
        gathered(source, NORDHAFEN)
        asked = paths(sandbox) - before
    own = NORDHAFEN.company_id
    assert asked == {("metrics", own): 1, (own, own): 1, ("get-widget-datas", own): 10}


def test_many_threads_ask_no_more_than_one(
    open_sandbox: OpenSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither for the token nor for the unscoped figures, nor for two reports of one customer."""
    alone, together = open_sandbox(), open_sandbox()
    with connect(keepnet(alone)) as source:
        source.companies()
        plain = [gathered(source, each) for each in customers(alone) for _ in range(2)]
    with connect(keepnet(together)) as source:
        source.companies()
        with ThreadPoolExecutor(16) as threads:
            each_twice = [each for each in customers(together) for _ in range(2)]
            found = list(threads.map(lambda each: gathered(source, each), each_twice))
    assert paths(together) == paths(alone)
    assert [each.widgets for each in found] == [each.widgets for each in plain]
    thrown_away = [each for each in caplog.records if each.name.startswith("urllib3")]
    assert thrown_away == [], "the pool holds as many connections as calls are under way"


@pytest.mark.parametrize(
    "fault",
    [
        "shuffled",
        "slow=0.01",
        f"expired-token@{HARBOURLINE.company_id}:1",
        "batch-fails",
        "dates=dd/MM/yyyy",
        "period-integer",
    ],
)
def test_under_threads_everybody_gets_their_own(fault: str, open_sandbox: OpenSandbox) -> None:
    """The same as when they are asked in turn."""
    one, other = open_sandbox(fault), open_sandbox(fault)
    with connect(keepnet(one), pause=lambda _: None) as source:
        source.companies()
        own = {each.company_id: gathered(source, each) for each in customers(one)}
    with connect(keepnet(other), pause=lambda _: None) as source:
        source.companies()
        with ThreadPoolExecutor(16) as threads:
            found = list(threads.map(lambda each: gathered(source, each), customers(other)))
    assert all(each.widgets == own[each.company_id].widgets for each in found)


def test_unscoped_figures_that_are_refused_are_not_asked_for_by_everybody(
    open_sandbox: OpenSandbox,
) -> None:
    sandbox = open_sandbox("widget-refused=TrainingCompletionWidget")
    with connect(keepnet(sandbox)) as source:
        source.companies()
        for each in customers(sandbox):
            gathered(source, each)
            gathered(source, each)
        unscoped = paths(sandbox)["get-widget-datas", ""]
    assert unscoped < 30, "once for each window, one by one where a batch is refused"


# ---- learning ------------------------------------------------------------------------------


def test_another_companys_spelling_is_not_the_customers(open_sandbox: OpenSandbox) -> None:
    """Only Nordhafen takes its own date format alone; who looks there learns it for there."""
    sandbox = open_sandbox(f"dates-in@{NORDHAFEN.company_id}")
    with connect(keepnet(sandbox)) as source:
        source.companies()
        answers = gathered(source, HARBOURLINE)
        source.owner(HARBOURLINE, answers.widgets[0])
        asked = len(sandbox.requests)
        source.fetch(HARBOURLINE, tuple(each.request for each in answers.widgets))
        refused = [each for each in sandbox.requests[asked:] if each.status == 400]
    assert source._dialect.dates[HARBOURLINE.company_id] == "documented"
    assert source._dialect.dates[NORDHAFEN.company_id] == "own"
    assert refused == []


def test_unscoped_figures_are_read_in_each_customers_own_date_format(
    open_sandbox: OpenSandbox,
) -> None:
    """Read in the format of whoever came first, they would say something else to the next."""
    sandbox = open_sandbox("dates=dd/MM/yyyy")
    american = replace(HARBOURLINE, date_format="MM/dd/yyyy")
    unscoped = []
    for others in ((), (american,)):
        with connect(keepnet(sandbox)) as source:
            source.companies()
            for each in others:
                gathered(source, each)
            said = source.testimony(NORDHAFEN, gathered(source, NORDHAFEN))
        assert said is not None
        assert said.unscoped
        unscoped.append(said.unscoped)
    assert unscoped[0] == unscoped[1]

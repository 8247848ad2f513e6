"""What people decide, over SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reportgen.errors import DeliveryUnknown, StorageError, StorageUnavailable
from reportgen.ledger import SqlLedger
from reportgen.ledger.decisions import SETTLED_AFTER
from reportgen.ledger.writing import LEASE
from reportgen.model import Company, DocumentState
from reportgen.pipeline import Claim, Delivery, DeliveryState, RunState
from tests.papers import KEY, OCTOBER, document
from tests.test_ledger import MAIL, OTHER, Clock, clock, ledger, only, send, server, take, url

__all__ = ["clock", "ledger", "server", "url"]


def produced(ledger: SqlLedger, *deliveries: Delivery) -> Claim:
    claim = take(ledger)
    ledger.produced(claim, document(), "archive/1", deliveries)
    return claim


def states(ledger: SqlLedger) -> dict[str, DeliveryState]:
    return {row.target: row.state for row in only(ledger).deliveries}


# ---- every delivery is on record from the start --------------------------------------------


def test_all_deliveries_are_on_record_before_the_first_is_sent(ledger: SqlLedger) -> None:
    claim = produced(ledger, MAIL, OTHER)
    assert set(states(ledger).values()) == {DeliveryState.READY}
    send(ledger, claim, MAIL)
    ledger.produced(claim, document(), "archive/1", (MAIL, OTHER))
    assert states(ledger) == {MAIL.target: DeliveryState.SENT, OTHER.target: DeliveryState.READY}


def test_a_run_with_an_open_delivery_has_not_succeeded(ledger: SqlLedger) -> None:
    claim = produced(ledger, MAIL, OTHER)
    send(ledger, claim, MAIL)
    assert ledger.finish(claim, RunState.SUCCEEDED) is RunState.FAILED
    assert "1 of its deliveries" in only(ledger).reason


# ---- doubts --------------------------------------------------------------------------------


def test_settling_one_of_two_doubts_leaves_the_other_to_people(ledger: SqlLedger) -> None:
    claim = produced(ledger, MAIL, OTHER)
    for delivery in (MAIL, OTHER):
        ledger.begin(claim, delivery)
        ledger.settle(claim, delivery, DeliveryState.UNKNOWN, "no answer")
    ledger.finish(claim, RunState.FAILED)
    settle = {"by": "ann", "reason": "asked them"}
    assert ledger.resolve(KEY, MAIL.target, sent=True, **settle) is RunState.FAILED
    assert ledger.resolve(KEY, OTHER.target.upper(), sent=True, **settle) is RunState.SUCCEEDED


def test_nothing_goes_out_again_while_the_first_may_still_arrive(
    ledger: SqlLedger, clock: Clock
) -> None:
    claim = produced(ledger, MAIL)
    ledger.begin(claim, MAIL)
    ledger.committing(claim, MAIL)
    clock.move(LEASE)
    resend = {"sent": False, "by": "ann", "reason": "not in its log"}
    with pytest.raises(StorageError, match="may still accept the first one; try again after 06:15"):
        ledger.resolve(KEY, MAIL.target, **resend)
    clock.move(SETTLED_AFTER - LEASE)
    assert ledger.resolve(KEY, MAIL.target, **resend) is RunState.WAITING


def doubtful(ledger: SqlLedger, *deliveries: Delivery) -> None:
    """A run whose deliveries ended without an answer."""
    claim = produced(ledger, *deliveries)
    for delivery in deliveries:
        ledger.begin(claim, delivery)
        ledger.committing(claim, delivery)
        ledger.settle(claim, delivery, DeliveryState.UNKNOWN, "no answer")
    ledger.finish(claim, RunState.FAILED)


def test_a_look_settles_the_delivery_it_was_about_and_no_other(
    ledger: SqlLedger, clock: Clock
) -> None:
    doubtful(ledger, MAIL, OTHER)
    assert ledger.doubts() == (), "the server may still accept them"
    clock.move(SETTLED_AFTER)
    first, second = ledger.doubts()
    assert (first.key, first.target, first.reference) == (KEY, MAIL.target, MAIL.reference)
    assert ledger.looked_up(second, sent=True, proof="found") is RunState.FAILED
    assert states(ledger) == {MAIL.target: DeliveryState.UNKNOWN, OTHER.target: DeliveryState.SENT}
    assert ledger.looked_up(first, sent=False, proof="not there") is RunState.WAITING
    assert states(ledger)[MAIL.target] is DeliveryState.READY
    assert ledger.doubts() == ()


def test_what_may_go_out_again_does_not_wait_for_another_doubt(
    ledger: SqlLedger, clock: Clock
) -> None:
    doubtful(ledger, MAIL, OTHER)
    clock.move(SETTLED_AFTER)
    assert ledger.looked_up(ledger.doubts()[0], sent=False, proof="gone") is RunState.WAITING
    claim = ledger.claim(KEY, "Harbourline", OCTOBER)
    assert claim is not None
    send(ledger, claim, MAIL)
    with pytest.raises(DeliveryUnknown):
        ledger.begin(claim, OTHER)


def test_a_look_at_an_earlier_attempt_says_nothing_of_a_later_one(
    ledger: SqlLedger, clock: Clock
) -> None:
    doubtful(ledger, MAIL)
    clock.move(SETTLED_AFTER)
    (old,) = ledger.doubts()
    ledger.resolve(KEY, MAIL.target, sent=False, by="ann", reason="not in the log")
    claim = ledger.claim(KEY, "Harbourline", OCTOBER)
    assert claim is not None
    ledger.begin(claim, MAIL)
    ledger.committing(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.UNKNOWN, "no answer")
    ledger.finish(claim, RunState.FAILED)
    assert ledger.looked_up(old, sent=False, proof="not there") is None
    assert states(ledger) == {MAIL.target: DeliveryState.UNKNOWN}


def test_a_look_is_no_answer_for_what_a_dead_worker_left(ledger: SqlLedger, clock: Clock) -> None:
    doubtful(ledger, MAIL, OTHER)
    clock.move(SETTLED_AFTER)
    first = ledger.doubts()[0]
    ledger.resolve(KEY, OTHER.target, sent=False, by="ann", reason="not in the log")
    claim = ledger.claim(KEY, "Harbourline", OCTOBER)
    assert claim is not None
    ledger.begin(claim, OTHER)
    ledger.committing(claim, OTHER)
    with pytest.raises(StorageUnavailable):
        ledger.looked_up(first, sent=True, proof="found")
    clock.move(LEASE)
    assert ledger.looked_up(first, sent=True, proof="found") is RunState.FAILED
    assert states(ledger) == {MAIL.target: DeliveryState.SENT, OTHER.target: DeliveryState.UNKNOWN}


def test_a_refused_recipient_can_be_settled_by_other_means(ledger: SqlLedger) -> None:
    claim = produced(ledger, MAIL)
    ledger.begin(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.REFUSED, "550 no such user")
    ledger.finish(claim, RunState.FAILED)
    ledger.resolve(KEY, MAIL.target, sent=True, by="ann", reason="handed over on paper")
    assert only(ledger).state is RunState.SUCCEEDED


# ---- what is called off --------------------------------------------------------------------


def test_a_report_that_was_never_made_is_called_off(ledger: SqlLedger) -> None:
    ledger.skip(KEY, "Sirket", OCTOBER, by="ann", reason="contract ended")
    assert (only(ledger).state, only(ledger).reason) == (
        RunState.SKIPPED,
        "called off by ann: contract ended",
    )
    assert ledger.claim(KEY, "Sirket", OCTOBER) is None
    assert ledger.claim(KEY, "Sirket", OCTOBER, manual=True) is None, "nobody said which period"
    assert ledger.claim(KEY, "Sirket", OCTOBER, manual=True, revive=True) is not None


@pytest.mark.parametrize("state", [RunState.HELD, RunState.FAILED, RunState.WAITING])
def test_what_has_not_gone_out_is_called_off(ledger: SqlLedger, state: RunState) -> None:
    claim = take(ledger)
    ledger.produced(claim, document(state=DocumentState.HELD), "archive/1")
    ledger.finish(claim, state, ("because",))
    ledger.skip(KEY, "Sirket", OCTOBER, by="ann", reason="no")
    assert only(ledger).state is RunState.SKIPPED


def test_what_went_out_or_may_have_cannot_be_called_off(ledger: SqlLedger, clock: Clock) -> None:
    claim = produced(ledger, MAIL, OTHER)
    send(ledger, claim, MAIL)
    with pytest.raises(StorageError, match="being worked on"):
        ledger.skip(KEY, "Sirket", OCTOBER, by="ann", reason="no")
    clock.move(LEASE)
    ledger.finish(claim, RunState.FAILED)
    with pytest.raises(StorageError, match="reached somebody"):
        ledger.skip(KEY, "Sirket", OCTOBER, by="ann", reason="no")


# ---- pauses and notices --------------------------------------------------------------------


def test_a_pause_lasts_until_it_is_taken_back(ledger: SqlLedger) -> None:
    assert ledger.pause("monthly", "c1", by="ann", reason="merger")
    assert not ledger.pause("monthly", "c1", by="ben", reason="else")
    assert str(ledger.pauses()["monthly", "c1"]) == "paused 2026-11-01 by ann: merger"
    assert ledger.resume("monthly", "c1")
    assert not ledger.resume("monthly", "c1")
    assert ledger.pauses() == {}


def test_of_many_one_tells_the_operator_and_once(ledger: SqlLedger) -> None:
    assert [ledger.tell_once("round", text) for text in ("a", "a", "b", "b", "a")] == [
        True, False, True, False, True,
    ]  # fmt: skip
    ledger.untold("round")
    assert ledger.tell_once("round", "a")


# ---- reading -------------------------------------------------------------------------------


def test_runs_are_found_by_name_id_report_and_state(ledger: SqlLedger, clock: Clock) -> None:
    for number, name in enumerate(("Şirket", "Ölwerk", "Ölwerk")):
        clock.move(LEASE)
        key = replace(KEY, company_id=f"c{number}", report=f"Report{number % 2}")
        claim = ledger.claim(key, name, OCTOBER)
        assert claim
        if number:
            ledger.finish(claim, RunState.FAILED)

    def found(**wanted: object) -> list[str]:
        return [run.key.company_id for run in ledger.past(**wanted)]  # type: ignore[arg-type]

    assert found() == ["c0", "c1", "c2"]
    assert found(limit=2) == ["c1", "c2"]
    assert found(customers=["ölwerk"]) == ["c1", "c2"]
    assert found(customers=["C0"], reports=["report0"]) == ["c0"]
    assert found(states=[RunState.WORKING]) == ["c0"]
    assert found(customers=["nobody"]) == []
    assert ledger.counts() == {RunState.WORKING: 1, RunState.FAILED: 2}
    assert ledger.run(replace(KEY, company_id="nobody")) is None


# ---- memory --------------------------------------------------------------------------------


def test_the_ledger_remembers_who_was_listed_and_when_it_was_asked_last(
    ledger: SqlLedger, clock: Clock
) -> None:
    assert (ledger.last_tick(), ledger.companies()) == (None, ())
    listed = (
        Company("xC5k", "Harbourline", reseller="Halvorn", tags=("gold", "„ärzte“"), people=12),
        Company("Nk8h", "Nordhafen"),
    )
    for companies in (listed[:1], listed, listed):
        ledger.listed(companies)
    ledger.ticked(clock())
    ledger.ticked(clock() + timedelta(hours=2))
    assert ledger.last_tick() == clock() + timedelta(hours=2)
    assert ledger.companies() == (replace(listed[0], people=None), listed[1])
    ledger.listed(())
    assert ledger.companies() == ()

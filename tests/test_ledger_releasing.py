"""What waits, who lets it go, and the door that is stopped for all; over SQLite and PostgreSQL."""

from dataclasses import replace

import pytest

from reportgen.errors import RoundStopped, StorageError
from reportgen.ledger import SqlLedger
from reportgen.ledger.claims import RESERVE
from reportgen.ledger.decisions import SETTLED_AFTER
from reportgen.model import Document, DocumentState
from reportgen.pipeline import Claim, Delivery, DeliveryState, RunState
from tests.papers import KEY, OCTOBER, document
from tests.test_ledger import MAIL, OTHER, Clock, clock, ledger, only, send, server, take, url

__all__ = ["clock", "ledger", "server", "url"]

WHY = {"by": "ann", "reason": "looked at it"}
ANOTHER = replace(KEY, company_id="Nk8hF2pLq6Ud")


def made(state: DocumentState = DocumentState.READY) -> Document:
    return document(state=state)


def finished(ledger: SqlLedger, document: Document, *deliveries: Delivery) -> None:
    """A run that has come to the door with this document."""
    claim = take(ledger)
    ledger.produced(claim, document, "archive/1", deliveries)
    held = document.state is not DocumentState.READY
    ledger.finish(claim, RunState.HELD if held else RunState.READY)


def approved(ledger: SqlLedger, document: Document, **wishes: str) -> Claim:
    ledger.approve(KEY, document.sha256, people=1, **(wishes or WHY))
    claim = ledger.claim(KEY, "Sirket", OCTOBER)
    assert claim is not None
    return claim


# ---- approvals -----------------------------------------------------------------------------


def test_an_approved_document_is_taken_up_as_approved(ledger: SqlLedger) -> None:
    finished(ledger, made(DocumentState.HELD))
    assert ledger.claim(KEY, "Sirket", OCTOBER) is None, "it waits for a person"
    claim = approved(ledger, made())
    assert (claim.approved, claim.sha256, claim.document) == (True, made().sha256, "archive/1")
    assert claim.attempt == 1, "waiting at the door is no further attempt"


def test_what_is_blocked_becomes_approvable_by_no_way_round(ledger: SqlLedger) -> None:
    finished(ledger, made(DocumentState.BLOCKED))
    with pytest.raises(StorageError, match="cannot be approved"):
        ledger.approve(KEY, made().sha256, people=1, **WHY)
    with pytest.raises(StorageError, match="does not go out anyway"):
        ledger.hold(KEY, **WHY)
    with pytest.raises(StorageError, match="cannot be approved"):
        ledger.approve(KEY, made().sha256, people=1, **WHY)


def test_holding_takes_approvals_back(ledger: SqlLedger) -> None:
    finished(ledger, made(DocumentState.HELD))
    assert ledger.approve(KEY, made().sha256, people=2, **WHY) == ("ann",)
    ledger.hold(KEY, by="bob", reason="wait")
    assert ledger.approve(KEY, made().sha256, people=2, by="bob", reason="well") == ("bob",)
    assert only(ledger).state is RunState.HELD


def test_what_a_person_holds_is_made_anew_only_by_its_period(ledger: SqlLedger) -> None:
    """The gate's holds are made anew by any order: what was wrong may be mended."""
    finished(ledger, made(), MAIL)
    ledger.hold(KEY, **WHY)
    assert ledger.claim(KEY, "Sirket", OCTOBER, manual=True) is None
    again = ledger.claim(KEY, "Sirket", OCTOBER, manual=True, revive=True)
    assert again is not None
    assert again.document is None


def test_an_approval_of_what_is_kept_only_sends_nothing(ledger: SqlLedger) -> None:
    claim = ledger.claim(KEY, "Sirket", OCTOBER, kept_only=True)
    assert claim is not None
    ledger.produced(claim, made(DocumentState.HELD), "archive/1")
    ledger.finish(claim, RunState.HELD)
    ledger.approve(KEY, made().sha256, people=1, **WHY)
    assert only(ledger).state is RunState.KEPT
    assert ledger.claim(KEY, "Sirket", OCTOBER) is None


def test_every_handing_over_of_what_was_approved_is_on_record_first(ledger: SqlLedger) -> None:
    finished(ledger, made(DocumentState.HELD))
    claim = approved(ledger, made())
    ledger.expect(claim, (MAIL, OTHER))
    send(ledger, claim, MAIL)
    assert ledger.finish(claim, RunState.SUCCEEDED) is RunState.FAILED, "the other waits"


# ---- decisions stay ------------------------------------------------------------------------


def test_what_has_reached_somebody_or_may_have_is_not_rejected(ledger: SqlLedger) -> None:
    finished(ledger, made(), MAIL, OTHER)
    claim = ledger.claim(KEY, "Sirket", OCTOBER, letting_go=True)
    assert claim is not None
    ledger.begin(claim, MAIL)
    ledger.committing(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.UNKNOWN, "no answer")
    ledger.finish(claim, RunState.READY)
    with pytest.raises(StorageError, match="may have arrived somewhere"):
        ledger.reject(KEY, **WHY)


def test_what_was_held_stays_held_when_a_doubt_is_settled(ledger: SqlLedger, clock: Clock) -> None:
    finished(ledger, made(), MAIL, OTHER)
    claim = ledger.claim(KEY, "Sirket", OCTOBER, letting_go=True)
    assert claim is not None
    ledger.begin(claim, MAIL)
    ledger.committing(claim, MAIL)
    ledger.settle(claim, MAIL, DeliveryState.UNKNOWN, "no answer")
    ledger.finish(claim, RunState.READY)
    ledger.hold(KEY, **WHY)
    clock.move(SETTLED_AFTER)
    assert ledger.resolve(KEY, MAIL.target, sent=True, **WHY) is RunState.HELD
    assert ledger.claim(KEY, "Sirket", OCTOBER) is None


@pytest.mark.parametrize("decision", ["hold", "reject"])
def test_a_round_goes_on_with_what_is_ready_and_with_nothing_else(
    decision: str, ledger: SqlLedger
) -> None:
    finished(ledger, made(), MAIL)
    getattr(ledger, decision)(KEY, **WHY)
    assert ledger.claim(KEY, "Sirket", OCTOBER, letting_go=True) is None


# ---- rounds --------------------------------------------------------------------------------


def test_what_a_round_has_made_is_its_own_for_a_while(ledger: SqlLedger, clock: Clock) -> None:
    finished(ledger, made(), MAIL)
    assert ledger.claim(KEY, "Sirket", OCTOBER) is None, "another process leaves it alone"
    clock.move(RESERVE)
    assert ledger.claim(KEY, "Sirket", OCTOBER) is not None, "its round has died"


def test_what_is_to_be_sent_is_not_taken_up_for_the_archive(
    ledger: SqlLedger, clock: Clock
) -> None:
    """A backfill would end it as kept, and nobody would get it."""
    claim = take(ledger)
    ledger.finish(claim, RunState.WAITING, ("the mail server is away",))
    clock.move(SETTLED_AFTER)
    assert ledger.claim(KEY, "Sirket", OCTOBER, manual=True, kept_only=True) is None
    assert ledger.claim(KEY, "Sirket", OCTOBER) is not None


# ---- the door ------------------------------------------------------------------------------

SERIES = frozenset(("a" * 32, "b" * 32))


def mixed_up(ledger: SqlLedger) -> Claim:
    """Two companies with the same figures; the second one is blocked."""
    first = ledger.claim(ANOTHER, "Nordhafen", OCTOBER)
    assert first is not None
    other = replace(made(), key=ANOTHER)
    ledger.produced(first, other, "archive/2", (), SERIES)
    ledger.finish(first, RunState.READY)
    claim = take(ledger)
    ledger.produced(claim, made(), "archive/1", (MAIL,), SERIES)
    return claim


def test_figures_are_found_in_another_companys_report(ledger: SqlLedger) -> None:
    claim = mixed_up(ledger)
    assert ledger.alike(KEY, SERIES) == {(ANOTHER.company_id, "Nordhafen"): SERIES}
    assert ledger.alike(KEY, frozenset()) == {}
    ledger.finish(claim, RunState.READY)
    assert ledger.shared([KEY, ANOTHER]) == {KEY, ANOTHER}


def test_a_mix_up_stops_the_door_in_the_same_step(ledger: SqlLedger) -> None:
    claim = mixed_up(ledger)
    ledger.block(claim, "the figures of A are those of B")
    assert "those of B" in ledger.halted()
    going_on = ledger.claim(ANOTHER, "Nordhafen", OCTOBER, letting_go=True)
    assert going_on is not None
    with pytest.raises(RoundStopped, match="those of B") as caught:
        ledger.begin(going_on, replace(MAIL, target="ceo@nordhafen.example"))
    assert caught.value.retry


def test_after_a_person_has_looked_each_is_made_anew_by_itself(ledger: SqlLedger) -> None:
    claim = mixed_up(ledger)
    ledger.block(claim, "mixed up")
    ledger.finish(claim, RunState.FAILED)
    assert ledger.go_on(**WHY)
    assert not ledger.go_on(**WHY)
    assert ledger.halted() == ""
    assert ledger.alike(ANOTHER, SERIES) == {}, "what was blocked proves nothing"
    again = take(ledger, manual=True)
    assert again.document is None

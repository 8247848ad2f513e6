"""Handing exactly one document over, to everybody it is for."""

from reportgen.errors import (
    DeliveryError,
    DeliveryNotApproved,
    DeliveryUnknown,
)
from reportgen.model import (
    Customer,
    Document,
    Receipt,
)
from reportgen.pipeline.world import Channel, Claim, Delivery, DeliveryState, Ledger, RunState


def release(
    document: Document, channels: tuple[Channel, ...], claim: Claim, ledger: Ledger
) -> tuple[tuple[Receipt, ...], tuple[DeliveryError, ...]]:
    """Hand exactly this document over. One refused recipient does not stop the others."""
    receipts: list[Receipt] = []
    failures: list[DeliveryError] = []
    strangers = _strangers(document.customer, ledger)
    for channel in channels:
        for delivery in channel.deliveries(document):
            try:
                _check_known(delivery, strangers, document.customer)
                if ledger.begin(claim, delivery):
                    receipts.append(_hand_over(channel, delivery, claim, ledger))
            except DeliveryError as failure:
                failures.append(failure)
    return tuple(receipts), tuple(failures)


def _strangers(customer: Customer, ledger: Ledger) -> tuple[str, ...]:
    """Whose first message waits for a person, where the customer wants that."""
    if not customer.approve_new_recipients:
        return ()
    return ledger.unknown_recipients(customer.company_id, customer.recipients)


def _check_known(delivery: Delivery, strangers: tuple[str, ...], customer: Customer) -> None:
    """Nothing is begun for a stranger: the row stays ready. One refused anyway goes on to be."""
    if delivery.target in strangers and not delivery.refusal:
        raise DeliveryNotApproved(
            f"first message to {delivery.target} waits for approval: reportgen recipients approve "
            f"{customer.company_id} {delivery.target} --reason …"
        )


def _hand_over(channel: Channel, delivery: Delivery, claim: Claim, ledger: Ledger) -> Receipt:
    try:
        receipt = channel.deliver(delivery, lambda: ledger.committing(claim, delivery))
    except DeliveryError as failure:
        ledger.settle(claim, delivery, _state_of(failure), str(failure))
        raise
    ledger.settle(claim, delivery, DeliveryState.SENT, receipt.proof)
    return receipt


def _state_of(failure: DeliveryError) -> DeliveryState:
    if isinstance(failure, DeliveryUnknown):
        return DeliveryState.UNKNOWN
    return DeliveryState.WAITING if failure.retry else DeliveryState.REFUSED


def state_after(failures: tuple[DeliveryError, ...]) -> RunState:
    """A run with something to try again waits; one that needs a person has failed."""
    if not failures:
        return RunState.SUCCEEDED
    return RunState.WAITING if any(failure.retry for failure in failures) else RunState.FAILED

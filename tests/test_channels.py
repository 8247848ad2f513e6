"""One contract for every way out, over the real thing: disks, stores, a mail server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest
from pydantic import TypeAdapter

from reportgen.channels import AnyChannel, Email, Folder
from reportgen.errors import DeliveryUnavailable
from reportgen.sandbox.mailbox import Mailbox
from tests.papers import CUSTOMER, document


@dataclass(frozen=True)
class Way:
    """A channel, and how to see what arrived at its far end."""

    channel: AnyChannel
    arrived: Callable[[], int]
    broken: AnyChannel
    """The same, with nobody at the far end."""


@pytest.fixture(params=["folder", "store", "email"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    if request.param == "email":
        with Mailbox(tmp_path / "box") as mailbox:
            email = Email(server="demo", sender="reports@halvorn.example", timeout=5)
            yield Way(
                email.with_server(mailbox.host, mailbox.port),
                lambda: len(mailbox.messages()),
                email.with_server("127.0.0.1", 1),
            )
        return
    place = str(tmp_path / "reports") if request.param == "folder" else f"memory://{uuid4().hex}"
    system, root = fsspec.core.url_to_fs(place)
    yield Way(
        Folder(url=place), lambda: len(system.find(root)), Folder(url="ftp://127.0.0.1:1/reports")
    )


def test_what_is_handed_over_is_the_same_on_every_attempt(way: Way) -> None:
    assert way.channel.deliveries(document()) == way.channel.deliveries(document())


def test_each_delivery_arrives_once_and_its_receipt_says_where(way: Way) -> None:
    deliveries = way.channel.deliveries(document())
    receipts = [way.channel.deliver(delivery, lambda: None) for delivery in deliveries]
    assert way.arrived() == len(deliveries) > 0
    assert [receipt.target for receipt in receipts] == [each.target for each in deliveries]
    assert all(receipt.proof for receipt in receipts)


def test_the_label_of_the_channel_is_on_each_delivery(way: Way) -> None:
    named = way.channel.model_copy(update={"label": "second"})
    assert {each.channel for each in named.deliveries(document())} == {"second"}


def test_commit_is_called_once_at_the_most(way: Way) -> None:
    commits: list[int] = []
    way.channel.deliver(way.channel.deliveries(document())[0], lambda: commits.append(1))
    assert len(commits) == (1 if isinstance(way.channel, Email) else 0)


def test_nobody_at_the_far_end_means_later(way: Way) -> None:
    with pytest.raises(DeliveryUnavailable) as failed:
        way.broken.deliver(way.broken.deliveries(document())[0], lambda: None)
    assert failed.value.retry
    assert "\n" not in str(failed.value)


def test_looking_leaves_nothing_behind(way: Way) -> None:
    assert way.channel.check()
    assert way.arrived() == 0


def test_a_hostile_name_does_no_harm(way: Way) -> None:
    name = "..\\../\u202e\r\nBcc: evil@x.example\0"
    odd = document(customer=replace(CUSTOMER, name=name))
    deliveries = way.channel.deliveries(odd)
    for delivery in deliveries:
        way.channel.deliver(delivery, lambda: None)
    assert way.arrived() == len(deliveries)


def test_the_union_knows_the_kind_by_its_name(way: Way) -> None:
    kinds: TypeAdapter[AnyChannel] = TypeAdapter(AnyChannel)
    assert kinds.validate_python(way.channel.model_dump()) == way.channel

"""Witnesses of whose data an answer is: the same asked another way, and without a scope."""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from reportgen.errors import SourceBusy, SourceError, SourceUnavailable
from reportgen.model import Availability, Company, Customer, Period, Testimony, Widget
from reportgen.proof import same
from reportgen.sources.transport import Answer
from reportgen.sources.widget_data import Ask, Dialect, Fetch


class Send(Protocol):
    """Sends one body for widget data with this scope in its address; empty for no scope."""

    def __call__(
        self, body: Mapping[str, Any], company_id: str, /, *, in_parts: bool
    ) -> Answer: ...


_KEPT = timedelta(hours=1)
"""How long the unscoped figures of a round are used again."""
_CANDIDATES = 100
"""Companies that are asked when somebody's figures turn up in another's report."""


class Witnesses:
    """Asks again, in other ways than a report is asked for; nothing of it is printed."""

    def __init__(
        self,
        send: Send,
        dialect: Dialect,
        date_format: Callable[[str], str | None],
        batch: int,
        now: Callable[[], datetime],
    ) -> None:
        self._send = send
        self._dialect = dialect
        self._date_format = date_format
        self._batch = batch
        self._now = now
        self._unscoped: dict[tuple[Period, str, str], tuple[datetime, Widget]] = {}
        self._asking = threading.Lock()
        """Held while the unscoped figures are asked for, so that one thread asks for all."""

    def testimony(
        self,
        customer: Customer,
        widgets: Iterable[Widget],
        record: tuple[str, str] | None,
        reseller: str,
        *,
        alone: bool,
    ) -> Testimony:
        """
        What they say about these answers. `alone`: the reseller has no other companies.

        Raises SourceUnavailable for a second look that fails this time: a doubt, not a witness.
        """
        asked = tuple(each for each in widgets if each.availability is Availability.ANSWERED)
        again = self._ask(customer, asked, customer.company_id)
        _refuse_holes(again, customer)
        return Testimony(
            record,
            _answered(again),
            () if alone else self._without_scope(customer, asked),
            reseller,
        )

    def owner(self, customer: Customer, widget: Widget, companies: Iterable[Company]) -> str:
        """The name of another company that has exactly these figures; empty where none is found."""
        others = [each for each in companies if each.company_id != customer.company_id]
        for other in others[:_CANDIDATES]:
            found = self._ask(customer, (widget,), other.company_id)
            if _answered(found) and same(found[0], widget):
                return other.name
        return ""

    def _by_address(self, company_id: str) -> Ask:
        """The documented alternative to the scope header: `?companyId=`."""

        def ask(_customer: Customer, body: Mapping[str, Any], /, *, in_parts: bool) -> Answer:
            return self._send(body, company_id, in_parts=in_parts)

        return ask

    def _without_scope(self, customer: Customer, asked: tuple[Widget, ...]) -> tuple[Widget, ...]:
        """The reseller's own figures, read in the customer's date format.

        Asked for once in a round for each format, also where they are refused.
        """
        form = customer.date_format or self._date_format(customer.company_id) or ""
        with self._asking:
            now = self._now()
            self._unscoped = {
                place: each for place, each in self._unscoped.items() if now - each[0] < _KEPT
            }
            missing = tuple(each for each in asked if _place(each, form) not in self._unscoped)
            for found in self._ask(customer, missing, ""):
                if found.availability is not Availability.FAILED:
                    self._unscoped[_place(found, form)] = (now, found)
            known = (self._unscoped.get(_place(each, form)) for each in asked)
            return _answered(one[1] for one in known if one)

    def _ask(self, customer: Customer, asked: tuple[Widget, ...], scope: str) -> tuple[Widget, ...]:
        """The same requests, asked with this scope in the address; empty for none.

        Nothing where the company as a whole is refused.
        """
        ask = self._by_address(scope)
        fetch = Fetch(ask, self._dialect, customer, self._date_format, self._batch, scope)
        try:
            for window in dict.fromkeys(each.request.window for each in asked):
                ids = (each.resource_id for each in asked if each.request.window == window)
                fetch.window(window, tuple(dict.fromkeys(ids)))
        except SourceBusy:
            raise
        except SourceError:
            return ()
        return tuple(fetch.widget(each.request, each.resource_id) for each in asked)


def _answered(widgets: Iterable[Widget]) -> tuple[Widget, ...]:
    return tuple(each for each in widgets if each.availability is Availability.ANSWERED)


def _refuse_holes(widgets: Iterable[Widget], customer: Customer) -> None:
    failed = next((each for each in widgets if each.availability is Availability.FAILED), None)
    if failed is not None:
        raise SourceUnavailable(
            f"the second look at the figures of {customer.name} failed ({failed.reason}); it is "
            "tried again; `second_look: false` under `source` does without"
        )


def _place(widget: Widget, form: str) -> tuple[Period, str, str]:
    return widget.request.window, widget.resource_id, form

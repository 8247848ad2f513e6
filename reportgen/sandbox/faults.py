"""The switches of the sandbox: how the platform has been seen, or feared, to misbehave."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from reportgen.errors import ConfigError

FAULTS = {
    # how an answer travels
    "slow": "answers after VALUE seconds (default 1)",
    "rate-limited": "429; Retry-After is VALUE: seconds, `date`, `unreadable`, or none",
    "server-error": "500 in the usual envelope",
    "unavailable": "503 with an empty body",
    "cut": "the connection ends before any answer",
    "cut-body": "the body ends half way",
    "broken-json": "200 with JSON that does not parse",
    "html-error": "502 with an HTML page",
    "html-ok": "200 with an HTML page",
    "empty-body": "200 with no body",
    "huge": "200 with a body of VALUE megabytes (default 64)",
    "expired-token": "401, as after an expired token",
    "status-306": "306, which the platform's front end treats like 401",
    "redirect": "302 to another host",
    # who may ask
    "privacy": "403 PRIVACY_ERROR: the company closed its account",
    "ip-restricted": "403 IP_RESTRICTED",
    "forbidden": "403: the role lacks the right",
    "header-only": "honours only the scope header VALUE",
    "header-ignored": "does not look at the scope headers",
    "header-swapped": "takes the scope header for that of the company with id VALUE",
    "query-fails": "500 for calls scoped in the address",
    "stale": "answers a call for widget data with figures of the company with id VALUE",
    "renamed": "the company's own record calls it VALUE",
    "swapped": "answers with the data of the company VALUE, whatever the scope says",
    "no-permissions": "the token names no permissions",
    # the shape of answers
    "is-success": "the other envelope: isSuccess, data, messages",
    "pascal-errors": "error bodies in PascalCase",
    "problem-details": "error bodies as problem details with a numeric status",
    "metrics-200": "the catalogue answers 200 instead of 201",
    "id-spelling": "company ids are called VALUE: resourceId or id",
    "duplicates": "company search repeats companies across pages",
    "filter-groups": "company search refuses a filter without two groups",
    "no-results": "company search leaves out `results`",
    "shuffled": "widget answers come in another order",
    "batch-fails": "more than one widget id in a call fails with 500",
    "missing-in-batch": "calls for several widgets leave the last one out",
    "widget-fails": "500 for calls that name the widget type VALUE",
    "widget-refused": "403 for calls that name the widget type VALUE",
    "unlicensed": "the widget type VALUE is not in the catalogue",
    "unknown-widget": "catalogue and saved report hold a widget type nobody knows",
    "period-integer": "datePeriod is taken as an integer only",
    "period-string": "datePeriod is taken as a text only",
    "dates": "dates are printed as VALUE: iso, dd/MM/yyyy, MM/dd/yyyy or yyyy/MM/dd",
    "dates-in": "custom dates are taken in the company's own format only",
    "logo": "logos are answered in the form VALUE: raw, base64, svg or empty (none: 404)",
    "wrong-months": "series cover the year before",
    "empty": "widgets are empty in the form VALUE: null, list, nodatas, nulldatas or zeros",
    # the values
    "floats": "numbers with decimals",
    "numeric-text": "numbers as text",
    "percent-text": "numbers as text with a percent sign",
    "null-values": "every value is null",
    "over-100": "values above 100",
    "sums-102": "the last value of each entry is two higher",
    "masked": "names and addresses are masked",
    "no-names": "values have no names",
    "no-labels": "values have no labels",
}
"""Every switch and what it does; VALUE stands for what follows the equals sign."""


_OF_A_COMPANY = ("stale", "header-swapped", "swapped")
"""Switches that mean nothing without the id of a company."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One switch, turned on: for everybody or one company, always or for the first hits only."""

    name: str
    value: str = ""
    company_id: str = ""
    hits: int | None = None
    """How often it strikes; None means always."""


def parse_fault(text: str) -> Fault:
    """
    Read `NAME[=VALUE][@COMPANY][:COUNT]`. Raises ConfigError with the nearest known name.

    >>> parse_fault("rate-limited=3@xC5kfGz7w2Nz:2")
    Fault(name='rate-limited', value='3', company_id='xC5kfGz7w2Nz', hits=2)
    """
    body, _, count = text.rpartition(":") if text.rpartition(":")[2].isdecimal() else (text, "", "")
    body, _, company_id = body.partition("@")
    name, _, value = body.partition("=")
    if name not in FAULTS:
        near = get_close_matches(name, FAULTS, 1)
        hint = f"did you mean {near[0]!r}?" if near else "`--fault list` names them all"
        raise ConfigError(f"there is no fault {name!r}; {hint}")
    if name in _OF_A_COMPANY and not value:
        raise ConfigError(f"{name!r} needs a company id: {name}=Nk8hF2pLq6Ud")
    return Fault(name, value, company_id, int(count) if count else None)


class Switchboard:
    """Which faults strike now; counts hits, safe under threads."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults = tuple(faults)
        self._hits: Counter[Fault] = Counter()
        self._lock = threading.Lock()

    def strikes(self, name: str, company_id: str | None) -> Fault | None:
        """The fault of this name, if it strikes this company now."""
        for fault in self._faults:
            if fault.name == name and fault.company_id in ("", company_id) and self._counts(fault):
                return fault
        return None

    def _counts(self, fault: Fault) -> bool:
        if fault.hits is None:
            return True
        with self._lock:
            self._hits[fault] += 1
            return self._hits[fault] <= fault.hits

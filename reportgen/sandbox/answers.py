"""What the stand-in answers when all is well: companies, catalogue, saved reports, widget data."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from reportgen.sandbox.catalogue import BY_ID as OFFERS_BY_ID
from reportgen.sandbox.catalogue import Offer, licensed
from reportgen.sandbox.companies import COMPANIES, RESELLER, SandboxCompany
from reportgen.sandbox.mischief import Strikes, spoil
from reportgen.sandbox.story import Month, Window, history
from reportgen.sandbox.widgets import Told, trend

Json = dict[str, Any]

PERIODS = ("LastMonth", "Last3Months", "Last6Months", "LastYear", "ThisYear", "Custom")
CUSTOM = "Custom"
_PATTERNS = {"dd/MM/yyyy": "%d/%m/%Y", "MM/dd/yyyy": "%m/%d/%Y", "yyyy/MM/dd": "%Y/%m/%d"}
_UNKNOWN_TYPE = "DeepfakeVoiceResilienceWidget"
_UNKNOWN_ID = "dEePfAkE0001"


class BadRequest(Exception):
    """The request's body is not acceptable; the text is the validation message."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Answers for one company at one moment, under the switches that strike it."""

    company: SandboxCompany
    seed: int
    today: date
    strikes: Strikes

    # ---- dates -----------------------------------------------------------------------------

    def print_day(self, day: date) -> str:
        """A day as the platform prints it for this company."""
        form = self.strikes("dates") or self.company.date_format
        if form not in _PATTERNS:
            return f"{day.isoformat()}T00:00:00"
        clock = " 12:00 AM" if self.company.time_format == "12h" else " 00:00"
        return day.strftime(_PATTERNS[form]) + clock

    def _read_day(self, text: object) -> date:
        if not isinstance(text, str):
            raise BadRequest("startDate and endDate are required for a custom period")
        own = _PATTERNS.get(self.company.date_format)
        forms = [own] if own else []
        if self.strikes("dates-in") is None or not own:
            forms.append("%Y-%m-%d")
        for form in forms:
            try:
                return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a wall date
            except ValueError:
                continue
        raise BadRequest(f"The value '{text[:40]}' is not valid for a date.")

    # ---- periods ---------------------------------------------------------------------------

    def window(self, body: Json) -> tuple[date, date]:
        """First and last day of the period a request names."""
        name = self._period_name(body.get("datePeriod"))
        if name == CUSTOM:
            return self._read_day(body.get("startDate")), self._read_day(body.get("endDate"))
        first = self.today.replace(day=1)
        back = {"LastMonth": 1, "Last3Months": 2, "Last6Months": 5, "LastYear": 11}.get(name)
        if back is None:
            return date(self.today.year, 1, 1), self.today
        number = first.year * 12 + first.month - 1 - back
        return date(number // 12, number % 12 + 1, 1), self.today

    def _period_name(self, period: object) -> str:
        if isinstance(period, int) and not isinstance(period, bool):
            if self.strikes("period-string") is not None or not 0 <= period < len(PERIODS):
                raise BadRequest("The JSON value could not be converted to DatePeriod.")
            return PERIODS[period]
        if self.strikes("period-integer") is not None or period not in PERIODS:
            raise BadRequest("The JSON value could not be converted to DatePeriod.")
        return str(period)

    # ---- widgets ---------------------------------------------------------------------------

    def catalogue(self) -> list[Offer]:
        """The widgets of this company's licence."""
        missing = self.strikes("unlicensed")
        return [offer for offer in licensed(self.company) if offer.widget_type != missing]

    def metrics(self) -> Json:
        """The catalogue, by category."""
        groups: dict[str, list[Json]] = {}
        for offer in self.catalogue():
            groups.setdefault(offer.category, []).append(offer.wire())
        if self.strikes("unknown-widget") is not None:
            groups["Voice Metrics"] = [_unknown_offer()]
        return {"metrics": [{"name": name, "widgets": found} for name, found in groups.items()]}

    def widget_datas(self, body: Json) -> Any:
        """The answer to get-widget-datas; ids nobody knows are left out without a word."""
        ids = body.get("widgetIds") or []
        first, last = self.window(body)
        found = [widget for each in ids if (widget := self.widget(each, first, last))]
        if self.strikes("missing-in-batch") is not None and len(found) > 1:
            found = found[:-1]
        if self.strikes("shuffled") is not None:
            Random(self.seed).shuffle(found)  # noqa: S311 - an order, not a secret
        empty = self.strikes("empty")
        return {"null": None, "list": []}.get(empty, found) if empty else found

    def widget(self, resource_id: str, first: date, last: date) -> Json | None:
        """One widget with its data, or None when the company may not see it."""
        if resource_id == _UNKNOWN_ID and self.strikes("unknown-widget") is not None:
            return self._unknown(first, last)
        offer = OFFERS_BY_ID.get(resource_id)
        if offer is None or offer not in self.catalogue():
            return None
        months = self._months(first, last)
        data = offer.tell(self._told(months)) if months else []
        known = offer.wire()
        keys = ("resourceId", "name", "description", "chartType", "widgetType")
        return spoil({key: known[key] for key in keys} | {"widgetDatas": data}, self.strikes)

    def _unknown(self, first: date, last: date) -> Json:
        known = _unknown_offer()
        keys = ("resourceId", "name", "description", "chartType", "widgetType")
        data = trend(self._told(self._months(first, last)))
        return {key: known[key] for key in keys} | {"widgetDatas": data}

    def _months(self, first: date, last: date) -> tuple[Month, ...]:
        if self.strikes("wrong-months") is not None:
            first, last = first - timedelta(days=365), last - timedelta(days=365)
        story = history(self.company, self.seed, self.today)
        start = first.replace(day=1)
        return tuple(month for month in story if start <= month.start <= last)

    def _told(self, months: tuple[Month, ...]) -> Told:
        story = history(self.company, self.seed, self.today)
        people = self.company.people
        return Told(
            self.company, Window(months, people), Window(story[-12:], people), self.print_day
        )

    # ---- saved reports ---------------------------------------------------------------------

    def saved_reports(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Id, name and widget ids of the reports this company saved in the portal."""
        by_type = {offer.widget_type: offer.resource_id for offer in reversed(self.catalogue())}
        board = (
            "PhishingRiskScoreAcrossIndustriesWidget",
            "PhishingSimulationEngagementReportingTrendsWidget",
            "TrainingCompletionWidget",
            "HumanRiskScoreforHighestRiskDepartmentsWidget",
        )
        detail = ("PhishingCampaignTrendWidget", "PhishingCampaignRiskiestUsersTableWidget")
        return [
            (f"B{self.company.company_id[1:]}", "Board pack", _known(by_type, board)),
            (f"D{self.company.company_id[1:]}", "Campaign detail", _known(by_type, detail)),
        ]

    def report_rows(self, name: str | None) -> list[Json]:
        """The answer to executive-report/search."""
        wanted = (name or "").casefold()
        return [
            {
                "resourceId": resource_id,
                "companyId": self.company.number,
                "name": title,
                "description": "Saved in the portal",
                "isEditable": True,
                "isDeletable": True,
                "isSupportManager": False,
            }
            for resource_id, title, _ids in self.saved_reports()
            if wanted in title.casefold()
        ]

    def report(self, resource_id: str) -> Json | None:
        """One saved report with its layout and its data."""
        for known, title, ids in self.saved_reports():
            if known == resource_id:
                return self._report(known, title, ids)
        return None

    def _report(self, resource_id: str, title: str, ids: tuple[str, ...]) -> Json:
        if self.strikes("unknown-widget") is not None:
            ids = (*ids, _UNKNOWN_ID)
        first, last = self.window({"datePeriod": "Last3Months"})
        found = [self.widget(each, first, last) for each in ids]
        return {
            "resourceId": resource_id,
            "companyId": self.company.number,
            "name": title,
            "companyName": self.company.name,
            "description": "Saved in the portal",
            "dateCreated": self.print_day(self.today),
            "widgetLayout": json.dumps(_layout(ids)),
            "widgets": [widget for widget in found if widget],
            "datePeriod": "Last3Months",
            "dateRange": f"{self.print_day(first)} - {self.print_day(last)}",
            "startDate": None,
            "endDate": None,
            "isSupportManager": False,
        }


def _known(by_type: dict[str, str], types: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(by_type[each] for each in types if each in by_type)


def _unknown_offer() -> Json:
    return {
        "resourceId": _UNKNOWN_ID,
        "name": "Deepfake Voice Resilience",
        "description": "Actions by month",
        "widgetType": _UNKNOWN_TYPE,
        "chartType": "stackedBar",
        "imageUrl": None,
        "isSupportManager": False,
    }


def _layout(ids: tuple[str, ...]) -> list[Json]:
    """Two tiles a row; the first under the customer's own title, a spacer at the end."""
    tiles = [_tile(each, place) for place, each in enumerate(ids)]
    spacer = {"resourceId": "", "key": "EmptyWidget", "x": 0, "y": 99, "w": 12, "h": 1, "i": "e"}
    return [*reversed(tiles), spacer]


def _tile(resource_id: str, place: int) -> Json:
    offer = OFFERS_BY_ID.get(resource_id)
    wire = offer.wire() if offer else _unknown_offer()
    return {
        "resourceId": resource_id,
        "key": wire["widgetType"],
        "title": "Where we stand" if place == 0 else wire["name"],
        "parentKey": wire["description"],
        "chartType": wire["chartType"],
        "x": 6 * (place % 2),
        "y": 4 * (place // 2),
        "w": 6,
        "h": 4,
        "i": str(place),
        "isAllowed": True,
        "moved": False,
    }


# ---- companies -----------------------------------------------------------------------------


def company_row(company: SandboxCompany, today: date, id_key: str, *, nested: bool) -> Json:
    """A company as companies/search lists it."""
    children = [
        company_row(child, today, id_key, nested=False)
        for child in COMPANIES
        if child.parent == company.company_id
    ]
    name_key = "companyName" if id_key == "companyResourceId" else "name"
    ends = today - timedelta(days=40) if company.expired else today + timedelta(days=300)
    return {
        name_key: company.name,
        id_key: company.company_id,
        "resellerName": RESELLER.name,
        "industryName": company.industry,
        "industryResourceId": "iNdUsTrY0001",
        "licenseTypeName": "Enterprise",
        "licenseTypeResourceId": "lIcEnSe00001",
        "isNumberOfUsersLimited": True,
        "numberOfUsers": str(company.people),
        "privacyDurationId": company.privacy,
        "licenceExpired": company.expired,
        "licenseEndDate": _moment(ends),
        "createTime": _moment(today - timedelta(days=800)),
        "targetUserCount": company.people,
        "deletedTargetUserCount": 3,
        "inactiveTargetUserCount": 1,
        "monthlyActiveUserCount": company.people,
        "children": children if nested and children else None,
        "tags": list(company.tags) or None,
    }


def company_detail(company: SandboxCompany, today: date) -> Json:
    """A company as companies/{id} describes it."""
    return {
        "resourceId": company.company_id,
        "name": company.name,
        "description": None,
        "industryName": company.industry,
        "preferredLanguageTypeName": "English",
        "timeZoneId": company.time_zone,
        "dateFormat": company.date_format if company.date_format != "iso" else "dd/MM/yyyy",
        "timeFormat": company.time_format,
        "licenseEndDate": _moment(today + timedelta(days=300)),
        "isNumberOfUsersLimited": True,
        "numberOfUsers": company.people,
        "targetUserCount": company.people,
        "tags": list(company.tags) or None,
    }


def _moment(day: date) -> str:
    return datetime.combine(day, time()).isoformat()

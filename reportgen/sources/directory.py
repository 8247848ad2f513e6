"""The company search: what is asked page by page, and how its rows are read."""

from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.model import Company
from reportgen.sources.envelope import lowered
from reportgen.sources.wire import first_text, number, objects

_DENIED = 0
"""`privacyDurationId` of a company that closed its account to the reseller."""
_DEEPEST = 20


def search_body(page: int, size: int, *, grouped: bool = False) -> dict[str, Any]:
    """The request of one page; the platform refuses nulls and a missing order.

    `grouped`: with two empty filter groups, which some tenants want.
    """
    groups: list[dict[str, Any]] = [
        {"Condition": condition, "FilterItems": [], "FilterGroups": []}
        for condition in (("AND", "OR") if grouped else ())
    ]
    return {
        "pageNumber": page,
        "pageSize": size,
        "orderBy": "CompanyName",
        "ascending": True,
        "filter": {"Condition": "AND", "SearchInputTextValue": "", "FilterGroups": groups},
    }


def rows(data: object) -> tuple[Mapping[str, Any], ...]:
    """The rows of a page, which may be missing altogether."""
    if isinstance(data, list):
        return objects(data)
    return objects(lowered(data).get("results"))


def pages(data: object) -> int:
    """How many pages the platform says there are; 0 when it does not say."""
    return int(number(lowered(data).get("totalnumberofpages")) or 0)


def companies(found: object, depth: int = 0) -> Iterator[Company]:
    """A company for each row, children after their parent. Rows without an id are left out."""
    if depth > _DEEPEST or not isinstance(found, list | tuple):
        return
    for row in objects(list(found)):
        company = _company(row, depth)
        if company:
            yield company
        yield from companies(row.get("children"), depth + 1)


def _company(row: Mapping[str, Any], depth: int) -> Company | None:
    company_id = first_text(row, "companyresourceid", "resourceid", "id")
    if not company_id:
        return None
    people = number(row.get("targetusercount"))
    tags = row.get("tags")
    return Company(
        company_id=company_id,
        name=first_text(row, "companyname", "name") or company_id,
        reseller=first_text(row, "resellername"),
        industry=first_text(row, "industryname"),
        people=None if people is None else int(people),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        access_granted=number(row.get("privacydurationid")) != _DENIED,
        licence_expired=row.get("licenceexpired") is True,
        depth=depth,
    )

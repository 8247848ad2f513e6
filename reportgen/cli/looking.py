"""`companies`, `widgets`, `reports`: what the platform has to offer."""

from typing import Annotated

import typer

from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import as_json, say, table
from reportgen.cli.surroundings import open_house


def companies(
    all_columns: Annotated[bool, typer.Option("--wide", help="More columns.")] = False,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """List the companies these credentials may report on."""
    start_logging(log_level, log_format)
    with open_house(config) as house:
        found = house.source.companies()
        configured = {each.customer.company_id for each in house.customers()[0]}
    rows = [
        {
            "name": "  " * company.depth + company.name if not json else company.name,
            "id": company.company_id,
            "people": company.people,
            "industry": company.industry,
            "reseller": company.reseller,
            "tags": ", ".join(company.tags),
            "access": "granted" if company.access_granted else "not granted",
            "licence": "expired" if company.licence_expired else "valid",
            "gets reports": "yes" if company.company_id in configured else "no",
        }
        for company in found
    ]
    if json:
        as_json(rows)
        return
    columns = ["name", "id", "people", "access", "licence", "gets reports"]
    columns += ["industry", "reseller", "tags"] if all_columns else []
    table(columns, [[row[column] for column in columns] for row in rows])
    say(f"{len(rows)} companies")


def widgets(
    customer: options.Customer,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """List the widgets a customer's licence includes, and how a report shows each."""
    from reportgen.sections import for_widget_type

    start_logging(log_level, log_format)
    with open_house(config) as house:
        entries = house.source.catalogue(house.customer(customer))
    columns = ("widget", "section", "drawing", "name", "category")
    rows = [
        (
            entry.widget_type,
            for_widget_type(entry.widget_type).section,
            entry.chart_type,
            entry.name,
            entry.category,
        )
        for entry in entries
    ]
    if json:
        as_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows)


def reports(
    customer: options.Customer,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.WARNING,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """List the reports a customer saved in the portal; a report here can follow one by name."""
    start_logging(log_level, log_format)
    with open_house(config) as house:
        saved = house.source.saved_reports(house.customer(customer))
    rows = [(name, resource_id) for resource_id, name in saved]
    if json:
        as_json([{"name": name, "id": resource_id} for name, resource_id in rows])
    else:
        table(("name", "id"), rows)

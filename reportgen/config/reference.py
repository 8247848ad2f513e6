"""The configuration described: a JSON Schema for editors, and the page of the manual."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from reportgen import sections
from reportgen.channels import Email, Folder
from reportgen.channels.sent_items import SentItems
from reportgen.config.settings import (
    ALL_ACTIONS,
    ALL_TARGETS,
    NOT_WRITTEN,
    ActionSettings,
    ApprovalSettings,
    BrandSettings,
    CustomerSettings,
    Defaults,
    Discovery,
    OperatorSettings,
    Report,
    Retention,
    RuleSettings,
    Settings,
)
from reportgen.schedules import Cron, Monthly, Quarterly, Weekly
from reportgen.sections.refused import Refused
from reportgen.sources import Demo, Keepnet, Recorded

_SECTIONS: tuple[type[BaseModel], ...] = tuple(
    kind for kind in sections.kinds().values() if kind is not Refused
)
_PARTS: tuple[tuple[str, tuple[type[BaseModel], ...]], ...] = (
    ("The whole file", (Settings,)),
    ("`source`", (Keepnet, Demo, Recorded)),
    ("`brands.<name>`", (BrandSettings,)),
    ("`defaults`", (Defaults,)),
    ("`customers[]`", (CustomerSettings,)),
    ("`discover[]`", (Discovery,)),
    ("`reports.<name>`", (Report,)),
    ("`reports.<name>.widgets[]`", _SECTIONS),
    ("`reports.<name>.schedule`", (Monthly, Quarterly, Weekly, Cron)),
    ("`approval`", (ApprovalSettings,)),
    ("`actions.<metric>`", (ActionSettings,)),
    ("`gate.<rule>`", (RuleSettings,)),
    ("`delivery[]`", (Folder, Email)),
    ("`delivery[].sent_items`", (SentItems,)),
    ("`operator`", (OperatorSettings,)),
    ("`retention`", (Retention,)),
)
_HIDDEN = NOT_WRITTEN
_SECRETS = (
    ("Keepnet", "client_secret"),
    ("Email", "password"),
    ("SentItems", "password"),
    ("CustomerSettings", "pdf_password"),
)
_OF_EVERY_SECTION = {
    "title": "Another heading than its own.",
    "resource_id": "The widget's id in the platform; looked up if empty.",
}

_INTRODUCTION = """# Configuration

One YAML file, `config.yaml` by default. `reportgen init` writes a commented example,
`reportgen check` looks at everything in it, `reportgen schema` prints a JSON Schema for editors.

- Secrets do not belong into the file. `${NAME}` is replaced by the environment variable of that
  name, in any text; what the environment lacks may stand in a file `.env` beside the configuration.
  `client_secret_file`, `password_file` and `pdf_password_file` name a file that holds nothing but
  the secret.
- A section in `widgets` is named by one word (`risk_score_trend`), by a widget type of the platform
  (`PhishingCampaignTrendWidget`), or by a mapping with `section` and its settings.
- Paths are relative to the file. Unknown keys are refused, and every mistake is told at once with
  its line.
- This page is generated from the program; `script/docs` writes it anew.
"""


def schema() -> dict[str, Any]:
    """A JSON Schema of the configuration."""
    made = Settings.model_json_schema()
    made["title"] = "reportgen configuration"
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for name in _HIDDEN:
        made.get("properties", {}).pop(name, None)
    report = made.get("$defs", {}).get("Report", {})
    report.get("properties", {}).pop("name", None)
    report["required"] = [name for name in report.get("required", []) if name != "name"]
    _allow_texts(report)
    _allow_secret_files(made.get("$defs", {}))
    _describe(made.get("$defs", {}))
    _allow_verdicts(made.get("$defs", {}))
    return made


def _describe(definitions: dict[str, Any]) -> None:
    """Every key says what it is for, in the editor as well."""
    for definition in definitions.values():
        for name, field in definition.get("properties", {}).items():
            text = field.get("description") or _OF_EVERY_SECTION.get(name, "Which kind this is.")
            field["description"] = _filled(text)


def _allow_texts(report: dict[str, Any]) -> None:
    """A section may be named by one word."""
    widgets = report.get("properties", {}).get("widgets")
    if widgets:
        widgets["items"] = {"anyOf": [{"type": "string"}, widgets["items"]]}


def _allow_verdicts(definitions: dict[str, Any]) -> None:
    """A verdict may stand alone for a rule."""
    rule = definitions["RuleSettings"]
    alone = next(one for one in rule["properties"]["verdict"]["anyOf"] if "enum" in one)
    definitions["RuleSettings"] = {"anyOf": [alone, rule], "description": rule["description"]}


def _allow_secret_files(definitions: dict[str, Any]) -> None:
    for model, secret in _SECRETS:
        definition = definitions.get(model, {})
        definition.get("properties", {})[f"{secret}_file"] = {
            "type": "string",
            "description": f"File that holds {secret}.",
        }
        definition["required"] = [name for name in definition.get("required", []) if name != secret]


def reference() -> str:
    """The manual's page, as Markdown."""
    return "\n".join([_INTRODUCTION, *_lines()]).rstrip() + "\n"


def _lines() -> Iterator[str]:
    for heading, models in _PARTS:
        yield f"## {heading}\n"
        for model in models:
            if len(models) > 1:
                yield f"### {_summary(model)}\n"
            yield "| key | default | what it is |"
            yield "|---|---|---|"
            yield from _rows(model)
            yield ""


def _summary(model: type[BaseModel]) -> str:
    return (model.__doc__ or model.__name__).strip().splitlines()[0].rstrip(".")


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name in _HIDDEN or (model is Report and name == "name"):
            continue
        text = field.description or _OF_EVERY_SECTION.get(name) or _choices(field)
        escaped = _filled(text).replace("|", "\\|")
        yield f"| `{name}` | {_default(field)} | {escaped} |"


def _filled(text: str) -> str:
    """With the metrics of every section, which `settings` leaves out."""
    text = text.replace(ALL_TARGETS, ", ".join(sections.targets()))
    return text.replace(ALL_ACTIONS, ", ".join(sections.actions()))


def _choices(field: FieldInfo) -> str:
    values = getattr(field.annotation, "__args__", ())
    return "Write `" + "`, `".join(str(value) for value in values) + "`." if values else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value in (None, (), {}, "") or value is PydanticUndefined or isinstance(value, BaseModel):
        return ""
    return f"`{value}`"

"""The configuration described: a JSON Schema for editors, and the page of the manual."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from reportgen.channels import Email, Folder
from reportgen.config.settings import (
    BrandSettings,
    CustomerSettings,
    Defaults,
    Discovery,
    Report,
    Settings,
)
from reportgen.schedules import Cron, Monthly, Quarterly, Weekly
from reportgen.sources import Demo, Keepnet, Recorded

_PARTS: tuple[tuple[str, tuple[type[BaseModel], ...]], ...] = (
    ("The whole file", (Settings,)),
    ("`source`", (Keepnet, Demo, Recorded)),
    ("`brands.<name>`", (BrandSettings,)),
    ("`defaults`", (Defaults,)),
    ("`customers[]`", (CustomerSettings,)),
    ("`discover[]`", (Discovery,)),
    ("`reports.<name>`", (Report,)),
    ("`reports.<name>.schedule`", (Monthly, Quarterly, Weekly, Cron)),
    ("`delivery[]`", (Folder, Email)),
)
_HIDDEN = ("base",)

_INTRODUCTION = """# Configuration

One YAML file, `config.yaml` by default. `reportgen init` writes a commented example,
`reportgen check` looks at everything in it, `reportgen schema` prints a JSON Schema for editors.

- Secrets do not belong into the file. `${NAME}` is replaced by the environment variable of that
  name, in any text; `client_secret_file` and `password_file` name a file that holds nothing but the
  secret.
- Paths are relative to the file. Unknown keys are refused, and every mistake is told at once with
  its line.
- This page is generated from the program; `script/docs` writes it anew.
"""


def schema() -> dict[str, Any]:
    """A JSON Schema of the configuration."""
    made = Settings.model_json_schema()
    made["title"] = "reportgen configuration"
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made.get("properties", {}).pop("base", None)
    report = made.get("$defs", {}).get("Report", {})
    report.get("properties", {}).pop("name", None)
    report["required"] = [name for name in report.get("required", []) if name != "name"]
    _allow_texts(report)
    _allow_secret_files(made.get("$defs", {}))
    return made


def _allow_texts(report: dict[str, Any]) -> None:
    """A section may be named by one word."""
    widgets = report.get("properties", {}).get("widgets")
    if widgets:
        widgets["items"] = {"anyOf": [{"type": "string"}, widgets["items"]]}


def _allow_secret_files(definitions: dict[str, Any]) -> None:
    for model, secret in (("Keepnet", "client_secret"), ("Email", "password")):
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
        text = (field.description or _choices(field)).replace("|", "\\|")
        yield f"| `{name}` | {_default(field)} | {text} |"


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

"""The program as a user starts it, with companies and a configuration that mean harm."""

import email
import json
from collections.abc import Callable
from email import policy
from pathlib import Path

from reportgen.sandbox.mailbox import Mailbox
from tests.hostile.test_places import files, is_safe
from tests.program import CONFIG, reportgen, sandbox_process

HOSTILE = "Hx7qR2uEw8Fd"
"""The company of the sandbox whose names are markup, paths and commands."""
NAMES = (
    "../../Nordhafen/Kl\r\nBcc: x@example.invalid",
    "..\\..\\Nordhafen:Kl\n Bcc- x@example.invalid",
)
"""Two that make one file name."""
BRAND = 'Jones, <b>Sons</b> "X" <evil@example.invalid>, {{ 7*7 }}'
TITLE = "<h1>{{ page }}</h1> %s {value} \u202egnp =1+1"


def configured(api: str, port: int) -> str:
    """The usual configuration with hostile texts; JSON spells them, which YAML reads."""
    text = CONFIG.format(api=api, smtp=port)
    text = text[: text.index("customers:")] + text[text.index("reports:") :]
    text = text.replace("name: Halvorn Cyber", f"name: {json.dumps(BRAND)}")
    text = text.replace("title: Human risk report", f"title: {json.dumps(TITLE)}")
    customers = [
        {"company_id": HOSTILE, "recipients": ["hostile@example.invalid"]},
        {"company_id": "xC5kfGz7w2Nz", "name": NAMES[0], "recipients": ["first@example.invalid"]},
        {"company_id": "Pc3wT9vRm4Ja", "name": NAMES[1], "recipients": ["other@example.invalid"]},
    ]
    return f"{text}customers: {json.dumps(customers)}\n"


def test_hostile_companies_get_their_reports_and_harm_nobody(
    config: Callable[[str], Path], tmp_path: Path
) -> None:
    with sandbox_process() as api, Mailbox(tmp_path / "outbox") as mailbox:
        config(configured(api, mailbox.port))
        ended = reportgen("run", "--json", cwd=tmp_path)
        history = reportgen("history", cwd=tmp_path)
        companies = reportgen("companies", cwd=tmp_path)
        checked = reportgen("check", cwd=tmp_path)
        unknown = reportgen("run", "--customer", "\x1b]0;x\x07\u202e\udcff", cwd=tmp_path)
        messages = mailbox.messages()
    assert ended.out.startswith("["), ended.err
    states = [run["state"] for run in ended.json]
    assert sorted(states) == ["failed", "succeeded", "succeeded"], ended.err
    assert "company_id" in ended.json[states.index("failed")]["reasons"][0]
    assert len(messages) == 3
    for file in messages:
        _check_message(file)
    stored = [*files(tmp_path / "reports")]
    assert len(stored) == 2
    assert all(is_safe(part) for file in stored for part in file.relative_to(tmp_path).parts)
    known = {"archive", "outbox", "reports", "config.yaml"}
    assert {path.name for path in tmp_path.iterdir() if "ledger" not in path.name} == known
    assert "its files are named as those of" in checked.out
    assert unknown.status == 2
    said = ended.err + "".join(one.out + one.err for one in (history, companies, checked, unknown))
    assert all(one.isprintable() or one == "\n" for one in said)
    assert all(one >= " " or one == "\n" for one in ended.out)


def _check_message(file: Path) -> None:
    content = file.read_bytes()
    read = email.message_from_bytes(content, policy=policy.default)
    assert {"Bcc", "Cc"} & set(read.keys()) == set()
    assert [one.addr_spec for one in read["From"].addresses] == ["reports@halvorn.example"]
    assert [one.addr_spec for one in read["To"].addresses] == [file.name.partition("-")[0]]
    html, plain = read.get_body(("html",)), read.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert "<b>Sons</b>" not in html.get_content()
    assert "<b>Sons</b>" in plain.get_content()
    assert "{{ 7*7 }}" in plain.get_content()
    assert "Bcc: x@example.invalid\n" not in plain.get_content()

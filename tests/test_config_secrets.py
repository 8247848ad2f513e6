"""PDF passwords and the file `.env`: what is taken, what is refused, and that neither shows."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.config import ConfigProblems, Settings, customers, load
from reportgen.model import Company, Protection
from tests.program import reportgen

Write = Callable[[str], Path]
PASSWORD = "seven-tugs-in-a-row"
COMPANIES = (Company("a1", "Harbourline Logistics"), Company("b2", "Nordhafen Klinikum GmbH"))
TEXT = """
source: {kind: demo}
brands: {halvorn: {name: Halvorn Cyber}}
defaults: {brand: halvorn}
customers:
  - company: Harbourline Logistics
    pdf_password: ${PASSWORD}
  - company_id: b2
discover:
  - all: true
reports: {monthly: {title: Report, widgets: [risk_score_trend]}}
delivery: [{channel: folder, url: out}]
"""


def told(path: Path, **environ: str) -> str:
    with pytest.raises(ConfigProblems) as caught:
        load(path, environ)
    return str(caught.value)


# ---- PDF passwords -------------------------------------------------------------------------


def test_a_customer_has_its_password_and_no_other_customer_has_it(config: Write) -> None:
    settings = load(config(TEXT), {"PASSWORD": PASSWORD})
    resolved, _ = customers(settings, COMPANIES)
    first, second = (each.customer.protection for each in resolved)
    assert isinstance(first, Protection)
    assert first.password is not None
    assert first.password.get_secret_value() == PASSWORD
    assert second is None
    assert PASSWORD not in repr(settings) + repr(resolved) + settings.model_dump_json()


def test_it_may_lie_in_a_file(config: Write, tmp_path: Path) -> None:
    (tmp_path / "harbourline").write_text(f"{PASSWORD}\n")
    path = config(TEXT.replace("pdf_password: ${PASSWORD}", "pdf_password_file: harbourline"))
    found = load(path, {}).customers[0].pdf_password
    assert found is not None
    assert found.get_secret_value() == PASSWORD


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("", "too short or too long; use 12 to 127 letters"),
        ("eleven-char", "too short or too long"),
        ("long" * 40, "too short or too long"),
        ("aaaaaaaaaaaaaaaa", "repeats itself"),
        ("Schlüssel-im-Schloss", "not every PDF reader takes"),
        ("two lines\nof a password", "not every PDF reader takes"),
    ],
)
def test_a_weak_one_is_refused_and_not_shown(config: Write, weak: str, why: str) -> None:
    said = told(config(TEXT), PASSWORD=weak)
    assert said.startswith("config.yaml:7: customers.0.pdf_password: ")
    assert why in said
    assert not weak or weak not in said


@pytest.mark.parametrize("key", ['pdf_password: "${PASSWORD}"', "pdf_password_file: key"])
@pytest.mark.parametrize(
    ("part", "place"),
    [("defaults: {brand: halvorn", "4: defaults"), ("- {all: true", "9: discover.0")],
)
def test_one_for_many_is_refused(
    config: Write, tmp_path: Path, key: str, part: str, place: str
) -> None:
    (tmp_path / "key").write_text(PASSWORD)
    text = TEXT.replace("    pdf_password: ${PASSWORD}\n", "").replace(
        "- all: true", "- {all: true}"
    )
    said = told(config(text.replace(f"{part}}}", f"{part}, {key}}}")), PASSWORD=PASSWORD)
    name = key.partition(":")[0]
    assert said == (
        f"config.yaml:{place}.{name}: would be one password for many; "
        "give each of `customers` its own"
    )


def test_the_same_one_for_two_customers_is_refused(config: Write, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(PASSWORD)
    second = "- company_id: b2"
    path = config(TEXT.replace(second, f"{second}\n    pdf_password_file: key"))
    assert told(path, PASSWORD=PASSWORD) == (
        "config.yaml:9: customers.1.pdf_password_file: is the one of customers.0.pdf_password as "
        "well; take another one"
    )


def test_a_weak_one_in_a_file_is_told_where_the_file_is_named(
    config: Write, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("short-7f3a")
    said = told(config(TEXT.replace("pdf_password: ${PASSWORD}", "pdf_password_file: key")))
    assert said.startswith("config.yaml:7: customers.0.pdf_password_file: is too short")
    assert "7f3a" not in said


def test_ones_that_are_missing_are_told_once_each(config: Write) -> None:
    second = "- company_id: b2"
    path = config(TEXT.replace(second, f"{second}\n    pdf_password_file: key"))
    assert told(path).splitlines() == [
        "config.yaml:7: customers.0.pdf_password: the environment has no PASSWORD; set it "
        "before starting, write it into `.env` beside the file, or use a secret file",
        "config.yaml:9: customers.1.pdf_password_file: the secret file key cannot be read: No such "
        "file or directory; name a readable file that holds nothing but the secret",
    ]


def test_who_sends_nothing_needs_none(config: Write) -> None:
    assert isinstance(load(config(TEXT), {}, ("pdf_password",)), Settings)
    with pytest.raises(ConfigProblems):
        load(config(TEXT), {}, ("source", "delivery"))


def test_check_names_who_has_one(config: Write, tmp_path: Path) -> None:
    config(TEXT)
    checked = reportgen(
        "check", "--offline", "--json", cwd=tmp_path, environ={"PASSWORD": PASSWORD}
    )
    found = [each for each in checked.json if each["subject"] == "PDF passwords"]
    assert [each["finding"] for each in found] == ["Harbourline Logistics"]
    assert PASSWORD not in checked.out + checked.err


# ---- the file .env -------------------------------------------------------------------------


def loaded(config: Write, tmp_path: Path, lines: str, **environ: str) -> str:
    (tmp_path / ".env").write_text(lines, "utf-8")
    path = config(TEXT.replace("{name: Halvorn Cyber}", '{name: "${BRAND}"}'))
    return load(path, {"PASSWORD": PASSWORD, **environ}).brands["halvorn"].name


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("BRAND=Halvorn", "Halvorn"),
        ("# a comment\n\nexport BRAND='Halvorn Cyber'  # another", "Halvorn Cyber"),
        ("BRAND='$HOME ${PASSWORD} $(id)'", "$HOME ${PASSWORD} $(id)"),
        ("BRAND=a#b", "a#b"),
        ("\N{BYTE ORDER MARK}BRAND=Şirket", "Şirket"),
    ],
)
def test_a_line_gives_a_variable_as_it_stands(
    config: Write, tmp_path: Path, line: str, value: str
) -> None:
    assert loaded(config, tmp_path, line) == value


def test_the_environment_of_the_process_wins(config: Write, tmp_path: Path) -> None:
    assert loaded(config, tmp_path, "BRAND=file\n", BRAND="process") == "process"


def test_nothing_of_it_gets_into_the_environment(config: Write, tmp_path: Path) -> None:
    before = dict(os.environ)
    assert loaded(config, tmp_path, "BRAND=file\nREPORTGEN_UNUSED=1\n") == "file"
    assert dict(os.environ) == before


def test_it_lies_beside_the_configuration_wherever_one_stands(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "config.yaml").write_text(TEXT)
    (tmp_path / ".env").write_text(f"PASSWORD={PASSWORD}\n")
    where = ("--config", "../config.yaml")
    assert reportgen("check", "--offline", *where, cwd=tmp_path / "elsewhere").status == 0


def test_lines_that_cannot_be_read_are_told_and_not_shown(config: Write, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n\nsecret-7f3a\nB='secret-7f3a\nA=secret-7f3a\n")
    said = told(config(TEXT), PASSWORD=PASSWORD)
    assert said.splitlines() == [
        ".env:3: is no variable; write NAME='value'",
        ".env:4: is no variable; write NAME='value'",
        ".env:5: a name comes twice; keep one of the two",
    ]


@pytest.mark.parametrize("content", [b"A=\xff\xfe", b"A=1\n" * 400_000], ids=["bytes", "large"])
def test_a_file_that_is_no_text_is_told(config: Write, tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    assert told(config(TEXT), PASSWORD=PASSWORD).startswith(".env:1: ")

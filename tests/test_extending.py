"""The recipe of docs/extending.md, followed word by word in a copy of the program."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_RECIPE = (ROOT / "docs" / "extending.md").read_text("utf-8")
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
_PROGRAM = """
import sys
from pathlib import Path
from reportgen import sections
from reportgen.cli import main
assert sections.__file__.startswith(sys.argv[1]), sections.__file__
sys.argv = ["reportgen", "preview", "--html", "--config", sys.argv[2], "--output", sys.argv[3]]
main()
"""
_CONFIG = """
source: {kind: recorded, folder: recordings}
brands: {plain: {name: Plain}}
customers:
  - company_id: Acme01
    recipients: [a@acme.example]
    targets: {password_manager: 80}
reports:
  monthly:
    title: Report
    period: 2026-10
    widgets: [password_manager]
delivery: [{channel: folder, url: out}]
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program and its templates, with the recipe applied."""
    blocks = dict(_BLOCK.findall(_RECIPE))
    for folder in ("reportgen", "templates"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    (tmp_path / "reportgen/sections/password_manager.py").write_text(blocks["python"], "utf-8")
    (tmp_path / "templates/sections/password_manager.html").write_text(blocks["html"], "utf-8")
    registry = tmp_path / "reportgen/sections/__init__.py"
    source = registry.read_text("utf-8")
    registry.write_text(source.replace("NAMES = (\n", "NAMES = (\n" + blocks["text"]), "utf-8")
    return tmp_path


def test_a_nineteenth_widget_takes_one_file_one_word_and_one_template(copy: Path) -> None:
    recordings = copy / "recordings/Acme01"
    recordings.mkdir(parents=True)
    (copy / "config.yaml").write_text(_CONFIG, "utf-8")
    (recordings / "company.json").write_text('{"name": "Acme"}', "utf-8")
    values = [{"value": 64, "label": "Using", "name": "UsingPercentage", "annotations": None}]
    answer = {"name": "Password manager", "widgetDatas": [{"date": None, "values": values}]}
    (recordings / "PasswordManagerUseWidget.json").write_text(json.dumps(answer), "utf-8")
    page = copy / "page.html"
    command = [sys.executable, "-c", _PROGRAM, str(copy), str(copy / "config.yaml"), str(page)]
    made = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.read_text("utf-8")))
    assert "64% of people use the password manager" in text
    assert "16 pts short of the target of 80%" in text
    assert "People with a saved password / all" in text

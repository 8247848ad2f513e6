"""The wheel holds what ships, works far from the checkout, and the locks hold what it needs."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements-setup.lock", "requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)(\[.+\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)


def run(*command: str | Path, cwd: Path) -> str:
    """Start a program the way a user's shell would: nothing of the checkout in its environment."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env=inherited, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


def installed(wheel: Path, home: Path) -> Path:
    """An environment with this wheel and, borrowed from ours, the locked packages; its programs."""
    venv.create(home, with_pip=False, symlinks=True)
    paths = {"base": str(home), "platbase": str(home)}
    programs = Path(sysconfig.get_path("scripts", "venv", paths))
    libraries = Path(sysconfig.get_path("purelib", "venv", paths))
    (libraries / "borrowed.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    uv = (sys.executable, "-m", "uv", "--quiet", "pip", "install", "--offline", "--no-deps")
    run(*uv, "--python", programs / "python", wheel, cwd=home)
    return programs


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_the_wheel_holds_the_program_the_looks_and_the_example_and_nothing_else(
    wheel: Path,
) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    program = {f"reportgen/{name}" for name in files_below(ROOT / "reportgen")}
    looks = {f"reportgen/bundle/templates/{name}" for name in files_below(ROOT / "templates")}
    assert held == program | looks | {"reportgen/bundle/config.yaml"}
    for kind in ("fonts/*.otf", "languages/*.po", "report.css"):
        assert any(Path(name).match(kind) for name in held), f"no {kind} in the wheel"


def test_an_installed_wheel_makes_a_report_far_from_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    programs = installed(wheel, tmp_path / "environment")
    office = tmp_path / "office"
    office.mkdir()
    origin = "import reportgen; print(reportgen.__file__)"
    assert str(tmp_path) in run(programs / "python", "-c", origin, cwd=office)

    program = programs / "reportgen"
    assert "preview" in run(program, "--help", cwd=office)
    run(program, "init", "config.yaml", cwd=office)
    run(program, "run", "--customer", "Harbourline Logistics", cwd=office)
    (document,) = (office / "out" / "reports").rglob("*.pdf")
    assert document.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_every_package_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert PIN.match(entry), f"not pinned: {entry}"
        assert "--hash=sha256:" in entry, f"not hashed: {entry}"
    assert "://" not in text
    assert "index" not in text.casefold()


def unmet(wanted: Iterable[str], lock: str) -> list[str]:
    text = (ROOT / lock).read_text("utf-8")
    pinned = {canonicalize_name(pin["name"]): pin["version"] for pin in PIN.finditer(text)}
    requirements = [Requirement(line) for line in wanted]
    return [
        str(each)
        for each in requirements
        if pinned.get(canonicalize_name(each.name), "0") not in each.specifier
        or canonicalize_name(each.name) not in pinned
    ]


def test_the_locks_hold_what_the_project_asks_for() -> None:
    cure = "run script/lock"
    assert unmet(PROJECT["project"]["dependencies"], "requirements.lock") == [], cure
    assert unmet(PROJECT["dependency-groups"]["setup"], "requirements-setup.lock") == [], cure
    assert unmet(PROJECT["dependency-groups"]["dev"], "requirements-dev.lock") == [], cure


def test_the_locks_agree_on_every_version() -> None:
    seen: dict[str, set[str]] = {}
    for lock in LOCKS:
        for pin in PIN.finditer((ROOT / lock).read_text("utf-8")):
            seen.setdefault(pin["name"], set()).add(pin["version"])
    assert {name: versions for name, versions in seen.items() if len(versions) > 1} == {}


@pytest.mark.parametrize("script", ["audit", "bootstrap", "demo", "lock", "test"])
def test_a_script_is_executable_and_plain_sh(script: str) -> None:
    path = ROOT / "script" / script
    assert os.access(path, os.X_OK)
    assert path.read_text("utf-8").startswith("#!/bin/sh\n")
    run("sh", "-n", path, cwd=ROOT)


class Advisories(BaseHTTPRequestHandler):
    """An OSV service that knows of one flaw, in one package."""

    flawed = ""

    def do_POST(self) -> None:
        query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = query["package"]["name"]
        affected = {
            "package": {"name": name, "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999"}]}],
        }
        flaw = {"id": "PYSEC-0000-1", "summary": "invented", "affected": [affected]}
        body = json.dumps({"vulns": [flaw]} if name == self.flawed else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


def audit(*arguments: str | Path, **environ: str) -> tuple[int, str]:
    done = subprocess.run(
        [ROOT / "script" / "audit", *arguments],
        env={**os.environ, "NO_PROXY": "", "no_proxy": "", **environ},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("flawed", "status", "told"),
    [
        ("", 0, "0 known vulnerabilities in the 1"),
        ("jinja2", 1, "jinja2 3.1.6: PYSEC-0000-1; mended in: 999"),
    ],
)
def test_an_audit_tells_what_is_known(
    flawed: str, status: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Advisories, "flawed", flawed)
    with ThreadingHTTPServer(("127.0.0.1", 0), Advisories) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        service = ("--vulnerability-service", "osv", "--osv-url", url)
        found, said = audit(*service, "--cache-dir", tmp_path, NO_PROXY="127.0.0.1")
        server.shutdown()
    assert found == status, said
    assert told in said


def test_an_audit_that_can_look_at_nothing_does_not_pass(tmp_path: Path) -> None:
    """The tool itself ends well then."""
    names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")
    found, said = audit("--cache-dir", tmp_path, **dict.fromkeys(names, "http://127.0.0.1:1"))
    assert found == 3, said
    assert "Nobody can tell" in said


def test_no_command_loads_what_few_customers_need() -> None:
    code = (
        "import reportgen.cli, reportgen.app, reportgen.rendering.press, sys; print(*sys.modules)"
    )
    loaded = run(sys.executable, "-c", code, cwd=ROOT).split()
    assert "reportgen.rendering.press" in loaded
    assert "pikepdf" not in loaded


def test_every_exception_to_a_rule_of_security_says_why() -> None:
    """Those rules are ruff's S; RUF finds exceptions that nobody needs any more."""
    assert {"S", "RUF"} <= set(PROJECT["tool"]["ruff"]["lint"]["select"])
    bare = re.compile(r"noqa(: S[0-9, S]+)?\s*$|ruff: noqa", re.MULTILINE)
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("reportgen", "benchmarks", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__) and bare.search(path.read_text("utf-8"))
    ]
    assert found == []

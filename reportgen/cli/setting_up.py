"""`init`, `check`, `schema`, `sandbox`: getting started and making sure."""

import shutil
import threading
from pathlib import Path
from typing import Annotated

import typer

from reportgen import bundled
from reportgen.cli import options
from reportgen.cli.logs import start_logging
from reportgen.cli.options import CONFIG, LogFormat, LogLevel
from reportgen.cli.show import as_json, passing, say, table
from reportgen.cli.surroundings import open_house
from reportgen.errors import ConfigError

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


def init(
    path: Annotated[Path, typer.Argument(help="The file to write.")] = CONFIG,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write a commented configuration to start from; it works at once, on the built-in demo."""
    if path.exists() and not force:
        raise ConfigError(f"{path} exists; --force replaces it, or name another file")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # soon it names customers and their addresses
    shutil.copyfile(bundled.EXAMPLE_CONFIG, path)
    say(f"Wrote {path}.")
    named = "" if path == CONFIG else f" -c {path}"
    say(f"It works as it is, on invented companies: try `reportgen run{named}`.")
    say(f"Then put in your credentials, customers and brand, and run `reportgen check{named}`.")


def check(
    offline: Annotated[
        bool, typer.Option("--offline", help="Look at the file and this machine only.")
    ] = False,
    notify: Annotated[
        bool, typer.Option("--notify", help="Send a test notice to the operator's addresses.")
    ] = False,
    config: options.Config = CONFIG,
    json: options.Json = False,
    log_level: options.Level = LogLevel.ERROR,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Look at everything a report needs, and say how to mend what is missing.

    Configuration, credentials and permissions, each customer and its widgets, mail server, store,
    fonts, whom to tell of trouble. Sends nothing without --notify, and never to a customer.
    """
    if offline and notify:
        raise ConfigError("--notify needs the network; leave out --offline")
    start_logging(log_level, log_format)
    with open_house(config) as house:
        from reportgen.app.inspection import inspect

        remarks = []
        for remark in inspect(house, offline=offline, notify=notify):
            remarks.append(remark)
            passing(remark.subject)
    if json:
        as_json([remark.as_dict() for remark in remarks])
    else:
        rows = [(each.verdict, each.subject, each.finding, each.cure) for each in remarks]
        table(("", "what", "found", "what to do"), rows)
    problems = sum(remark.verdict == "problem" for remark in remarks)
    if not json:
        colour = _COLOURS["problem" if problems else "ok"]
        say(f"{problems} problems" if problems else "All is ready.", colour)
    raise typer.Exit(1 if problems else 0)


def schema() -> None:
    """Print a JSON Schema of the configuration, for editors that complete and check YAML."""
    from reportgen.config.reference import schema as config_schema

    as_json(config_schema())


def sandbox(
    port: Annotated[int, typer.Option(help="Where to listen; 0 takes a free port.")] = 8765,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            help="Misbehave: NAME[=VALUE][@COMPANY][:COUNT]; may be given several times. "
            "`--fault list` names them all."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed tells other stories.")] = 2026,
    crowd: Annotated[int, typer.Option(help="So many more companies, all alike.", min=0)] = 0,
    log_level: options.Level = LogLevel.INFO,
    log_format: options.Format = LogFormat.TEXT,
) -> None:
    """Serve a faithful stand-in of the platform's API with invented companies, on this machine.

    For writing templates and testing without an account. Ctrl-C ends it.
    """
    from reportgen.sandbox import FAULTS, Sandbox, SandboxSettings, parse_fault

    start_logging(log_level, log_format)
    if fault == ["list"]:
        table(("fault", "what it does"), list(FAULTS.items()))
        return
    faults = tuple(parse_fault(text) for text in fault or ())
    settings = SandboxSettings(seed=seed, port=port, faults=faults, crowd=crowd)
    with Sandbox(settings) as running:
        say(f"The sandbox listens at {running.url}")
        say(f"client id {settings.client_id}, client secret {settings.client_secret}")
        threading.Event().wait()

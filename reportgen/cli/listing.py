"""The commands by name: each is loaded when it is called, or when its own help is wanted."""

import gc
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

COMMANDS = {
    "init": (
        "setting_up",
        "Write a commented configuration to start from; it works at once, on the built-in demo.",
    ),
    "check": (
        "setting_up",
        "Look at everything a report needs, and say how to mend what is missing.",
    ),
    "companies": ("looking", "List the companies these credentials may report on."),
    "widgets": (
        "looking",
        "List the widgets a customer's licence includes, and how a report shows each.",
    ),
    "reports": (
        "looking",
        "List the reports a customer saved in the portal; a report here can follow one by name.",
    ),
    "preview": (
        "previewing",
        "Write one report as a draft, to look at. Sends nothing and records nothing.",
    ),
    "run": ("running", "Make reports now, save them and mail them."),
    "due": (
        "overview",
        "List what is due now, what was missed, and when the next reports leave. Makes nothing.",
    ),
    "serve": (
        "running",
        "Stay and make every report when it is due. SIGTERM or Ctrl-C ends after the open reports.",
    ),
    "upcoming": (
        "overview",
        "List when the next reports leave, soonest first, in UTC and in the customer's own time.",
    ),
    "history": ("overview", "List the runs in the ledger, newest first, and what became of them."),
    "status": (
        "overview",
        "Say what became of every report that ought to be, and what waits for you.",
    ),
    "outbox": (
        "releasing",
        "List the documents that wait, why, where to look at them, and when they go by themselves.",
    ),
    "approve": (
        "releasing",
        "Let exactly the document that waits go out, now; any change of it voids the approval.",
    ),
    "hold": (
        "releasing",
        "Keep a document that is ready from going out, or take an approval back.",
    ),
    "reject": (
        "releasing",
        "Decide that a document never goes out; the report is called off for its period.",
    ),
    "resolve": ("deciding", "Settle a delivery nobody can tell about, or one that was refused."),
    "skip": (
        "deciding",
        "Call a report off that was missed, is held or has failed; it is then no longer missing.",
    ),
    "pause": (
        "deciding",
        "Stop the scheduled reports of customers until `resume`; without options, list the pauses.",
    ),
    "resume": (
        "deciding",
        "Let paused reports go on. What fell due during the pause is called off, not sent late.",
    ),
    "backfill": (
        "running",
        "Make the reports of past periods for the archive. Nothing is mailed or saved elsewhere.",
    ),
    "rerender": (
        "keeping",
        "Make a past report again from the archive. Asks no platform, sends nothing.",
    ),
    "prune": ("keeping", "Remove from the archive what `retention` no longer keeps."),
    "sandbox": (
        "setting_up",
        "Serve a faithful stand-in of the platform's API with invented companies, on this machine.",
    ),
    "schema": (
        "setting_up",
        "Print a JSON Schema of the configuration, for editors that complete and check YAML.",
    ),
    "recipients": (
        "recipients",
        "List who gets whose reports: since when each address is known, or that it is new.",
    ),
}
"""Where each is, and the first paragraph of its help, which is all that the list shows."""

QUICK = (
    "check",
    "companies",
    "due",
    "history",
    "init",
    "outbox",
    "reports",
    "schema",
    "status",
    "upcoming",
    "widgets",
)
"""Those that answer and end: they do without the collector of garbage, which is off at first."""


class Program(TyperGroup):
    """All commands; of each it knows no more than the list shows until it is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, (_, purpose) in COMMANDS.items():
            self.add_command(TyperCommand(name, help=purpose))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is called, with its options."""
        name, command, rest = super().resolve_command(ctx, args)
        if name not in QUICK:
            gc.enable()
        return name, loaded(name) if name else command, rest


def loaded(name: str) -> Any:
    """The command of this name in full."""
    module = import_module(f"reportgen.cli.{COMMANDS[name][0]}")
    own: typer.Typer | None = getattr(module, "app", None)
    if own:
        return get_group(own)
    alone = typer.Typer(add_completion=False)
    alone.command()(getattr(module, name))
    return get_command(alone)

"""`outbox`, `approve`, `hold`, `reject`: what waits in front of the door."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli import options
from reportgen.cli.options import CONFIG
from reportgen.cli.running import tell
from reportgen.cli.show import as_json, say, steps, table
from reportgen.cli.surroundings import me, open_house
from reportgen.pipeline.world import RunState

if TYPE_CHECKING:
    from reportgen.app.house import House
    from reportgen.model import RunKey

_Run = Annotated[
    str,
    typer.Argument(
        help="The run as `outbox` names it, such as monthly/COMPANY/2026-10; the customer's name "
        "may stand for its id.",
        show_default=False,
    ),
]
_Reason = Annotated[
    str, typer.Option("--reason", help="Why; kept with your name.", show_default=False)
]


def outbox(config: options.Config = CONFIG, json: options.Json = False) -> None:
    """List the documents that wait, why, where to look at them, and when they go by themselves.

    `held` waits for `approve`; `ready` goes by itself at its time unless somebody says `hold`;
    `blocked` never goes: mend the cause and run it again. Exits with 1 when something waits for a
    person.
    """
    with open_house(config) as house:
        waiting = house.ledger.outbox()
    if json:
        as_json([each.as_dict() for each in waiting])
    elif not waiting:
        say("Nothing waits.")
    else:
        columns = ("run", "customer", "state", "document", "sha256", "approved by", "goes", "why")
        rows = [
            (
                each.key,
                each.customer,
                each.state,
                f"{each.place}/document.pdf",
                each.sha256[:12],
                ", ".join(each.approved_by),
                f"{each.goes_at:%Y-%m-%d %H:%M}" if each.goes_at else "",
                each.reason,
            )
            for each in waiting
        ]
        table(columns, rows)
    raise typer.Exit(1 if any(each.goes_at is None for each in waiting) else 0)


def approve(
    run: _Run,
    reason: _Reason,
    sha256: Annotated[
        str,
        typer.Option(
            help="The first letters of the document's SHA-256 as you saw it; another one is "
            "refused."
        ),
    ] = "",
    later: Annotated[
        bool, typer.Option("--later", help="Leave the sending to the next round.")
    ] = False,
    config: options.Config = CONFIG,
) -> None:
    """Let exactly the document that waits go out, now; any change of it voids the approval."""
    with open_house(config) as house:
        from reportgen.app.decisions import run_key
        from reportgen.app.outbox import approve as approve_document

        key = run_key(house, run)
        names = approve_document(house, key, sha256, by=me(), reason=reason)
        say(f"{key}: approved by {', '.join(names)}")
        now = house.ledger.run(key)
        state = now.state if now else None
        if state is RunState.HELD:
            say("It waits for another person's approval.")
        elif state is RunState.KEPT:
            say("It was made for the archive: it stays there, and is sent to nobody.")
        elif not later:
            _send(house, key)


def _send(house: "House", key: "RunKey") -> None:
    from reportgen.app.outbox import let_go

    with steps(1) as progress:
        outcomes = let_go(house, key, partial(tell, progress))
    raise typer.Exit(0 if all(outcome.well for outcome in outcomes) else 1)


def hold(run: _Run, reason: _Reason, config: options.Config = CONFIG) -> None:
    """Keep a document that is ready from going out, or take an approval back."""
    with open_house(config) as house:
        from reportgen.app.decisions import run_key

        key = run_key(house, run)
        house.ledger.hold(key, by=me(), reason=reason)
    say(f"{key} is held. `reportgen approve {key} --reason …` lets it go;")
    say(f"`reportgen run --period {key.period}` makes it anew.")


def reject(run: _Run, reason: _Reason, config: options.Config = CONFIG) -> None:
    """Decide that a document never goes out; the report is called off for its period.

    Only `run --period` with exactly that period would make a new one.
    """
    with open_house(config) as house:
        from reportgen.app.decisions import run_key

        key = run_key(house, run)
        house.ledger.reject(key, by=me(), reason=reason)
    say(f"{key} is rejected. `reportgen run --period {key.period}` would make it anew.")

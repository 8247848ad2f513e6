"""`resolve`, `skip`, `pause`, `resume`: what only a person can decide."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli import options
from reportgen.cli.options import CONFIG
from reportgen.cli.show import as_json, say, table, tell_search
from reportgen.cli.surroundings import me, open_house
from reportgen.errors import ConfigError
from reportgen.pipeline.world import RunState

if TYPE_CHECKING:
    from reportgen.app.decisions import Pair
    from reportgen.app.house import House
    from reportgen.ledger import PastRun, Pause

_Reason = Annotated[
    str, typer.Option("--reason", help="Why; kept with your name.", show_default=False)
]
_Run = Annotated[
    str,
    typer.Argument(
        help="The run as `history` names it, such as monthly/COMPANY/2026-10; the customer's name "
        "may stand for its id.",
        show_default=False,
    ),
]


def resolve(
    run: Annotated[
        str,
        typer.Argument(
            help="The run, such as monthly/COMPANY/2026-10; without one, all that is open is "
            "listed."
        ),
    ] = "",
    to: Annotated[str, typer.Option(help="The recipient or file in question.")] = "",
    sent: Annotated[bool, typer.Option("--sent", help="It has arrived; never send it.")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="It has not; send it again.")] = False,
    reason: Annotated[str, typer.Option(help="How you know; kept with your name.")] = "",
    at_once: Annotated[
        bool,
        typer.Option(
            "--at-once",
            help="Do not wait the 15 minutes in which the mail server might still accept the "
            "first one; only when you know that it cannot.",
        ),
    ] = False,
    look: options.Look = False,
    config: options.Config = CONFIG,
    json: options.Json = False,
) -> None:
    """Settle a delivery nobody can tell about, or one that was refused.

    The program or the connection ended after the mail server had the whole message and before its
    answer was on record. Such a message is never sent again by itself: look for its Message-ID in
    the server's log or in the sent items, then say what you found.
    """
    with open_house(config) as house:
        if look:
            from reportgen.app.sent_items import look_up

            tell_search(look_up(house), quiet=json)
        if not run:
            _list_open(house.ledger.past(states=_DECIDABLE), as_data=json)
            return
        if sent == resend or not to or not reason:
            raise ConfigError("say which and why: --to ADDRESS, --sent or --resend, --reason TEXT")
        from reportgen.app.decisions import run_key

        key = run_key(house, run)
        state = house.ledger.resolve(key, to, sent=sent, by=me(), reason=reason, at_once=at_once)
    say(f"{key}, {to}: {_TOLD[sent]}. The run is {state}.")
    if state is RunState.WAITING:
        say("The next round sends it: `serve`, or `reportgen run --due`.")


_DECIDABLE = (RunState.FAILED, RunState.WAITING, RunState.DELIVERING, RunState.WORKING)
_TOLD = {True: "noted as arrived", False: "will be sent again"}


def _list_open(runs: "Iterable[PastRun]", *, as_data: bool) -> None:
    columns = ("run", "customer", "recipient", "state", "look for", "what happened")
    rows = [
        (str(run.key), run.customer, row.target, row.state, row.reference, row.proof)
        for run in runs
        for row in run.deliveries
        if row.needs_person
    ]
    if as_data:
        as_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        table(columns, rows)
    else:
        say("Nothing is in doubt and nothing was refused.")


def skip(
    run: _Run,
    reason: _Reason,
    config: options.Config = CONFIG,
) -> None:
    """Call a report off that was missed, is held or has failed; it is then no longer missing."""
    with open_house(config) as house:
        from reportgen.app.decisions import call_off, run_key

        key = run_key(house, run)
        call_off(house, key, by=me(), reason=reason)
    say(f"{key} is called off. `reportgen run --period {key.period}` would still make it.")


def pause(
    customer: options.Customers = None,
    report: options.Reports = None,
    reason: Annotated[str, typer.Option(help="Why; kept with your name.")] = "",
    config: options.Config = CONFIG,
) -> None:
    """Stop the scheduled reports of customers until `resume`; without options, list the pauses."""
    with open_house(config) as house:
        from reportgen.app.decisions import pairs

        if not customer and not report and not reason:
            _list_pauses(house.ledger.pauses())
            return
        if not customer and not report:
            raise ConfigError("say which: --customer NAME, --report NAME, or both")
        if not reason:
            raise ConfigError("say why: --reason TEXT")
        for pair in pairs(house, report or (), customer or ()):
            fresh = house.ledger.pause(*pair.key, by=me(), reason=reason)
            say(f"{pair}: {'paused' if fresh else 'was paused before'}")


def resume(
    customer: options.Customers = None,
    report: options.Reports = None,
    catch_up: Annotated[
        bool,
        typer.Option("--catch-up", help="Send the newest report that the pause held back."),
    ] = False,
    stopped_round: Annotated[
        bool,
        typer.Option(
            "--round", help="Let everything go out again after figures of customers were mixed up."
        ),
    ] = False,
    reason: Annotated[str, typer.Option(help="With --round: what was found and mended.")] = "",
    config: options.Config = CONFIG,
) -> None:
    """Let paused reports go on. What fell due during the pause is called off, not sent late."""
    with open_house(config) as house:
        from reportgen.app.decisions import pairs, resume_pair

        if stopped_round:
            _resume_round(house, reason)
            return
        if not customer and not report:
            raise ConfigError("say which: --customer NAME, --report NAME, or both")
        for pair in pairs(house, report or (), customer or ()):
            _tell_resumed(pair, resume_pair(house, pair, by=me(), catch_up=catch_up))


def _resume_round(house: "House", reason: str) -> None:
    if not reason:
        raise ConfigError("say what was found and mended: --reason TEXT")
    why = house.ledger.halted()
    if not house.ledger.go_on(by=me(), reason=reason):
        say("Nothing was stopped.")
        return
    say(f"Reports go out again. It was {why}")
    say("Those that failed are made again on request: `reportgen status` lists them.")


def _tell_resumed(pair: "Pair", called_off: tuple[str, ...] | None) -> None:
    if called_off is None:
        say(f"{pair}: was not paused")
    elif called_off:
        say(f"{pair}: goes on; not sent: {', '.join(called_off)}")
    else:
        say(f"{pair}: goes on")


def _list_pauses(found: "Mapping[tuple[str, str], Pause]") -> None:
    if not found:
        say("Nothing is paused.")
        return
    table(("report", "company id", "since"), [(*pair, text) for pair, text in found.items()])

"""`derelay simulate relay`: agents with strategies on the contracts that are deployed."""

from __future__ import annotations

import json as json_text
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from derelay.cli.errors import BadInput

if TYPE_CHECKING:
    from derelay.sim.relay import Outcome, RoundReport, Setting
    from derelay.sim.strategies import Strategy

MOST_AGENTS = 1000


def relay(
    rounds: Annotated[int, typer.Option(help="How many.")] = 100,
    agents: Annotated[
        int | None, typer.Option(help="How many take part.", show_default="as many as the mix has, or 24")
    ] = None,
    mix: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=NUMBER,...", help="How many play which strategy.", show_default="all are honest"
        ),
    ] = None,
    task: Annotated[
        str, typer.Option(help="What training comes to: digits, text, or a file of benchmarks/oracle.py.")
    ] = "digits",
    economy: Annotated[
        str,
        typer.Option(metavar="learning|versions|income", help="What things are worth to people."),
    ] = "learning",
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Set a parameter of the contracts or of the economy."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 7,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write figures (PNG, PDF) and tables (CSV) here.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON, for programs.")] = False,
    strategies: Annotated[
        bool, typer.Option("--strategies", help="List the strategies, and play nothing.")
    ] = False,
) -> None:
    """Play one relay on the contracts that are deployed, round by round, and show who gains and who loses.

    Training and testing are an oracle, fitted to real runs of a demo task.
    """
    console = Console(highlight=False)
    try:
        from derelay.sim.folder import FolderError
        from derelay.sim.relay import play
        from derelay.sim.relay.folder import RelayFolder
        from derelay.sim.relay.summary import summary
        from derelay.sim.strategies import MixError
    except ImportError as error:
        raise BadInput(str(error)) from error
    if strategies:
        _list(console)
        return
    if rounds < 1:
        raise BadInput(f"{rounds} rounds: give at least 1")
    setting = _setting(task, economy, param or [])
    try:
        cast = _cast(mix, agents, setting)
        folder = None if out is None else RelayFolder(out)
    except (MixError, FolderError) as error:
        raise BadInput(str(error)) from error
    began = time.perf_counter()
    with _progress() as progress:
        bar = progress.add_task("setting up", total=rounds)

        def watch(report: RoundReport) -> None:
            words = f"version {report.version}, {report.supply:.1f} coins"
            progress.update(bar, completed=report.number, description=words)

        outcome = play(setting, cast, rounds, seed, watch)
    seconds = time.perf_counter() - began
    if folder is not None:
        folder.write(
            outcome, f"{len(cast)} agents, {rounds} rounds, task {task}, economy {economy}, seed {seed}"
        )
    if json:
        print(json_text.dumps(summary(outcome), indent=1))
        return
    _show(console, outcome, seconds)
    if folder is not None:
        console.print(f"figures and tables: {folder.path}", soft_wrap=True)


def _list(console: Console) -> None:
    from derelay.sim.strategies import STRATEGIES

    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for name, strategy in STRATEGIES.items():
        table.add_row(name, strategy.about)
    console.print(table)


def _setting(task: str, economy: str, params: list[str]) -> Setting:
    """Return the relay asked for; `BadInput` if it could not work."""
    from derelay.sim.game.economies import ECONOMIES
    from derelay.sim.game.economies import economy as worths
    from derelay.sim.game.errors import GameError
    from derelay.sim.game.knobs import Changes, read
    from derelay.sim.oracle import Oracle, OracleError
    from derelay.sim.relay import Setting

    if economy not in ECONOMIES:
        raise BadInput(f"no economy {economy!r}: choose from {', '.join(ECONOMIES)}")
    try:
        oracle = Oracle.of(task)
        values = read(params)
        for name, several in values.items():
            if len(several) > 1:
                raise BadInput(f"{name}: one relay takes one value; several are for derelay simulate game")
        if values.get("price") == (0,):
            raise BadInput("price=0: utilities are told in prices of one version, set it to 1 or more")
        changes = Changes(tuple((name, several[0]) for name, several in values.items()))
        worth = changes.economy(worths(economy, oracle.learnable))
        return changes.setting(Setting(oracle=oracle, economy=worth))
    except (GameError, OracleError) as error:
        raise BadInput(str(error)) from error


def _cast(mix: str | None, agents: int | None, setting: Setting) -> list[Strategy]:
    """Return the agents asked for, if a relay of them can open a round."""
    from derelay.sim.strategies import MixError, cast, read_mix

    found = cast({"honest": 24 if agents is None else agents} if mix is None else read_mix(mix))
    if agents is not None and len(found) != agents:
        raise MixError(f"the mix has {len(found)} agents, --agents {agents}: change one of them")
    if not 1 <= len(found) <= MOST_AGENTS:
        raise MixError(f"{len(found)} agents: take 1 to {MOST_AGENTS}")
    maintaining, least = sum(one.maintains for one in found), setting.parameters.min_seats
    if maintaining < least:
        raise MixError(
            f"{maintaining} of the agents maintain, but a round opens only with {least} (min_seats): "
            "take more of a strategy that maintains, or --param min_seats=1"
        )
    return found


def _progress() -> Progress:
    """Return a bar on standard error, where that is a terminal; it goes when the work ends."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _show(console: Console, outcome: Outcome, seconds: float) -> None:
    """Print what each strategy came to, and the relay."""
    from derelay.sim.relay.summary import GROUPS, lines

    table = Table(box=None, padding=(0, 1, 0, 0))
    for heading in ("strategy", "agents", *GROUPS, "utility", "±"):
        table.add_column(heading, justify="left" if heading == "strategy" else "right", no_wrap=True)
    for line in lines(outcome):
        values = [f"{line.parts[group]:.2f}" for group in GROUPS]
        reach = "" if line.reach != line.reach else f"{line.reach:.2f}"
        table.add_row(line.strategy, str(line.agents), *values, f"{line.total:.2f}", reach)
    console.print(table)
    console.print(
        "mean utility of an agent in prices of one version, ± half of its 95 % interval", style="dim"
    )
    last = outcome.rounds[-1]
    console.print(
        f"\nversion {last.version}, {last.quality:.2f} nats per case over genesis, {last.supply:.1f} coins, "
        f"Gini {last.gini:.2f}; {outcome.calls:,} calls in {seconds:.1f} s",
        soft_wrap=True,
    )

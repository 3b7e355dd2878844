"""`derelay simulate game`: whether joining pays, and honesty is the best reply."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from derelay.cli.errors import BadInput

SEVERAL = "separated by commas"


def game(
    studies: Annotated[
        list[str] | None,
        typer.Argument(metavar="[deviations|coalitions|dynamics|regions|all]...", show_default="deviations"),
    ] = None,
    strategies: Annotated[
        str | None, typer.Option(help=f"Strategies to be tried, {SEVERAL}.", show_default="all")
    ] = None,
    agents: Annotated[str, typer.Option(help=f"Sizes of relays, {SEVERAL}.")] = "12,24",
    rounds: Annotated[int, typer.Option(help="Rounds of a game.")] = 40,
    seeds: Annotated[int, typer.Option(help="Games of each kind, 2 or more.")] = 16,
    coalitions: Annotated[
        str, typer.Option(help=f"Sizes of coalitions in percent of the agents, {SEVERAL}.")
    ] = "10,20,30,40,50",
    param: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE[,VALUE...]",
            help="Set a parameter of the contracts or of the economy; several values make several tables.",
        ),
    ] = None,
    economy: Annotated[
        str,
        typer.Option(metavar="learning|versions|income", help="What things are worth to people."),
    ] = "learning",
    mix: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME,NAME", help="Dynamics of honesty with two strategies at once."),
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:NAME",
            help="Regions over two parameters.",
            show_default="price:training, seats:g_min and nat:coin",
        ),
    ] = None,
    task: Annotated[
        str, typer.Option(help="What training comes to: digits, text, or a file of benchmarks/oracle.py.")
    ] = "digits",
    jobs: Annotated[int, typer.Option(help="Processes.")] = 2,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write figures (PNG, PDF) and tables (CSV) here.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print all tables as JSON, for programs.")] = False,
) -> None:
    """Play the deployed contracts with dishonest participants, each game beside an honest one.

    Shows what some gain by leaving honesty, alone or together, and what the honest lose by it.
    """
    try:
        from derelay.cli.game_tables import show
        from derelay.sim.folder import FolderError
        from derelay.sim.game.errors import GameError
        from derelay.sim.game.findings import find
        from derelay.sim.game.folder import GameFolder
        from derelay.sim.game.knobs import combinations, read
        from derelay.sim.game.plan import DEVIATIONS, STUDIES, Plan
        from derelay.sim.game.region import PAIRS
        from derelay.sim.game.rows import document
    except ImportError as error:
        raise BadInput(str(error)) from error

    if jobs < 1:
        raise BadInput(f"{jobs} jobs: give at least 1")
    wanted = tuple(studies or STUDIES[:1])
    try:
        plan = Plan(
            studies=STUDIES if "all" in wanted else wanted,
            task=task,
            strategies=DEVIATIONS if strategies is None else _names(strategies),
            agents=tuple(_whole("--agents", each) for each in _numbers("--agents", agents)),
            rounds=rounds,
            seeds=seeds,
            shares=tuple(each / 100 for each in _numbers("--coalitions", coalitions)),
            economy=economy,
            sets=tuple(combinations(read(param or ()))),
            triples=tuple(_two("--mix", text, ",") for text in mix or ()),
            pairs=PAIRS if pair is None else tuple(_two("--pair", text, ":") for text in pair),
        )
        folder = None if out is None else GameFolder(out)
        with _progress() as progress:
            bar = progress.add_task("games", total=None)
            findings = find(plan, jobs, lambda done, total: progress.update(bar, completed=done, total=total))
    except (GameError, FolderError) as error:
        raise BadInput(str(error)) from error
    if folder is not None:
        folder.write(findings)
    if json:
        print(json_text.dumps(document(findings), indent=1))
        return
    console = Console(highlight=False)
    show(console, findings)
    if folder is not None:
        console.print(f"figures and tables: {folder.path}", soft_wrap=True)


def _progress() -> Progress:
    """Return a bar on standard error, where that is a terminal; it goes when the work ends."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _two(option: str, text: str, between: str) -> tuple[str, str]:
    first, found, second = text.partition(between)
    if not (first and found and second):
        raise BadInput(f"{option} {text}: give two names with '{between}' between them")
    return first.strip(), second.strip()


def _whole(option: str, number: float) -> int:
    if not number.is_integer():
        raise BadInput(f"{option} {number:g}: give whole numbers")
    return int(number)


def _numbers(option: str, text: str) -> list[float]:
    try:
        return [float(each) for each in _names(text)]
    except ValueError as error:
        raise BadInput(f"{option} {text}: give numbers, {SEVERAL}") from error

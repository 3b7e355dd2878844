"""`derelay simulate paper`: the mechanism that DeRelayL's authors simulate, and their figures."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from derelay.cli.errors import BadInput

COINS = ("least", "median", "most", "genesis_owner")
"""Whose coins are shown beside the supply."""


def paper(
    participants: Annotated[int, typer.Option(help="How many, an even number.")] = 256,
    rounds: Annotated[int, typer.Option(help="How many rounds; the paper shows 100 and 5000.")] = 5000,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 42,
    k: Annotated[int, typer.Option("--k", help="To how many trainers an owner offers its model.")] = 4,
    survive: Annotated[float, typer.Option(help="Share of a round's children that survive.")] = 0.5,
    delivery: Annotated[float, typer.Option(help="Probability that a trainer delivers.")] = 0.9,
    rng: Annotated[
        str,
        typer.Option(
            metavar="reference|fast",
            help="Random numbers: the authors' own, to the last bit, or faster ones, distributed alike.",
        ),
    ] = "fast",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write figures (PNG, PDF) and tables (CSV) here.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON, for programs.")] = False,
) -> None:
    """Play DeRelayL's mechanism as its authors simulate it, and draw their figures.

    This is the paper's relay, not ours: nobody is dishonest there, and quality is known.
    """
    from derelay.sim.folder import FolderError
    from derelay.sim.paper import ParameterError, Parameters, Rng, simulate
    from derelay.sim.paper.folder import RunFolder
    from derelay.sim.paper.summary import summary

    if rng not in list(Rng):
        raise BadInput(f"no random numbers '{rng}': choose {' or '.join(Rng)}")
    try:
        parameters = Parameters(participants, rounds, seed, k, survive, delivery, Rng(rng))
        folder = None if out is None else RunFolder(out)
    except (ParameterError, FolderError) as error:
        raise BadInput(str(error)) from error
    with _progress() as progress:
        task = progress.add_task("round", total=rounds)
        run = simulate(parameters, lambda played: progress.update(task, completed=played))
    if folder is not None:
        folder.write(run)
    if json:
        print(json_text.dumps(summary(run), indent=1))
        return
    console = Console(highlight=False)
    _show(console, summary(run))
    if folder is not None:
        console.print(f"figures and tables: {folder.path}", soft_wrap=True)


def _progress() -> Progress:
    """Return a bar on standard error, where that is a terminal; it goes when the work ends."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _show(console: Console, values: dict[str, Any]) -> None:
    """Print coins at the milestones, and what the last half of the rounds is like."""
    from derelay.sim.paper.amounts import amount

    table = Table(box=None, padding=(0, 1, 0, 0))
    for heading in ("round", "hold a model", "Gini", "supply", *COINS):
        table.add_column(heading.replace("_", " "), justify="right")
    for each in values["milestones"]:
        table.add_row(
            f"{each['round']:,}",
            f"{each['holding_percent']:.1f} %",
            f"{each['gini']:.3f}",
            *(amount(each[name]) for name in ("supply", *COINS)),
        )
    console.print(table)
    console.print(f"\n{_afterwards(values)}", soft_wrap=True)
    console.print(f"{values['seconds']:.1f} s", style="dim")


def _afterwards(values: dict[str, Any]) -> str:
    """Return what the last half of the rounds is like, or that the relay had ended."""
    if values["ended"] is not None:
        return f"no child of round {values['ended']:,} survived: from then on nobody has a model to hand on"
    steady = values["steady"]
    latest, second, third = list(steady["holders_percent"].values())[:3]
    return (
        f"from round {steady['from_round']:,} on, a round has {steady['owners']:.1f} owners "
        f"({steady['owners_expected']:.1f} expected) and {steady['trainers']:.1f} trainers; "
        f"{latest:.1f} % hold the newest version, {second:.1f} % the one before, "
        f"{third:.1f} % the one before that"
    )

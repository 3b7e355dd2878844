"""`derelay demo`: a whole relay in one process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from derelay.cli.errors import plain_errors


def demo(
    task: Annotated[
        str, typer.Option(help="An installed task (see `derelay tasks`), or a Python file with one.")
    ] = "digits",
    participants: Annotated[int, typer.Option(help="How many take part, 4 to 64.")] = 12,
    rounds: Annotated[
        int | None, typer.Option(help="How many rounds.", show_default="as the task proposes")
    ] = None,
    dishonest: Annotated[
        str,
        typer.Option(help="How many are dishonest, or their strategies: free-rider,poisoner,taker,liar."),
    ] = "2",
    alpha: Annotated[
        float,
        typer.Option(help="How the data are shared out: 0.3 unevenly, 100 nearly evenly, 0 a stratum each."),
    ] = 0.3,
    seed: Annotated[int, typer.Option(help="Of everything random: the same seed, the same heads.")] = 7,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a page with pictures, and every head, here.")
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write everything measured here; - is the screen.")
    ] = None,
) -> None:
    """Run a whole relay on this machine: contracts, participants, real training on real data.

    Needs no network. Some participants are dishonest; see at the end who paid and who was paid.
    """
    from derelay.cli.output import JsonOutput
    from derelay.cli.progress import Progress
    from derelay.cli.tables import show_head, show_people
    from derelay.local.demo import demo as run

    output = None if json is None else JsonOutput(json, report)
    console = Console(stderr=output is not None and output.is_screen, highlight=False)
    with plain_errors(), Progress(console) as progress:
        result = run(
            task,
            participants=participants,
            rounds=rounds,
            dishonest=_dishonest(dishonest),
            alpha=alpha,
            seed=seed,
            report=report,
            watch=progress.show,
        )
    show_people(console, result)
    show_head(console, result)
    if report is not None:
        console.print(f"report: {report / 'index.html'}", soft_wrap=True)
    if output is not None:
        output.write(result)


def _dishonest(text: str) -> int | list[str]:
    """Return the number, or the names, that ``text`` holds."""
    try:
        return int(text)
    except ValueError:
        return [name.strip() for name in text.split(",") if name.strip()]

"""`derelay network`: a devnet and many nodes on this machine, each a process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from derelay.cli.errors import BadInput, plain_errors

ROUNDS_FOR_A_HEAD = 4


def network(
    task: Annotated[str, typer.Option(help="An installed task, or a Python file with one.")] = "digits",
    nodes: Annotated[int, typer.Option(help="How many nodes, 4 to 64.")] = 8,
    seats: Annotated[int, typer.Option(help="Testers of a child, 3 to 32.")] = 3,
    heads: Annotated[int, typer.Option(help="Stop after so many accepted heads.")] = 3,
    rounds: Annotated[
        int | None, typer.Option(help="Play so many rounds, whatever heads they bring.", show_default="none")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep what the nodes leave here.", show_default="nowhere"),
    ] = None,
    pace: Annotated[
        int, typer.Option(help="Seconds between blocks; windows grow with it. More for slow machines.")
    ] = 1,
    prepare: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Start nothing: write the folders of nodes for the chain of derelay devnet --json > FILE.",
            show_default="off",
        ),
    ] = None,
    port: Annotated[int, typer.Option(help="The first port to use.")] = 24_000,
    json: Annotated[
        bool, typer.Option("--json", help="As JSON, for programs; progress goes to standard error.")
    ] = False,
) -> None:
    """Run a devnet and eight nodes on this machine, each a process of its own.

    They do what `derelay create` and `derelay join` do on many machines: three heads, then a table of what
    each round took. Needs anvil, see `derelay devnet`.
    """
    from derelay.cli.network_run import prepare_folders, run
    from derelay.local.network_setting import NetworkError, Setting

    for name, value, least, most in (
        ("nodes", nodes, 4, 64),
        ("seats", seats, 3, 32),
        ("heads", heads, 1, 1000),
        ("pace", pace, 1, 60),
    ):
        if not least <= value <= most:
            raise BadInput(f"--{name} {value}: give {least} to {most}")
    limit = rounds if rounds is not None else ROUNDS_FOR_A_HEAD * heads
    if limit < 1:
        raise BadInput(f"--rounds {limit}: give at least 1")
    if not 1024 <= port < 65_000:
        raise BadInput(f"--port {port}: give 1024 to 64999")
    setting = Setting(task, nodes, seats, port, pace)
    if prepare is not None and folder is None:
        raise BadInput("--prepare needs a folder to write to: name it by --folder")
    try:
        with plain_errors():
            if prepare is not None and folder is not None:
                prepare_folders(prepare, folder, setting)
            else:
                run(heads if rounds is None else None, limit, folder, setting, json=json)
    except NetworkError as error:
        raise BadInput(str(error)) from error

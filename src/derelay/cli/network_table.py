"""What a network ends with: one row for each round."""

from __future__ import annotations

from statistics import mean

from rich.console import Console
from rich.table import Table

from derelay.local.network_result import NetworkResult


def show(console: Console, result: NetworkResult) -> None:
    """Print one row for each round."""
    table = Table(
        title="rounds", title_justify="left", caption_justify="left", box=None, padding=(0, 1, 0, 0)
    )
    table.caption = (
        "seconds, those of training and scoring of the slowest node; MiB of memory, files open, "
        "MiB of journal and blobs of the node that has most"
    )
    for name in ("round", "trained", "passed", "head", "gain", "s", "train", "score", "beyond"):
        table.add_column(name, justify="right")
    for name in ("MiB", "files", "journal", "blobs"):
        table.add_column(name, justify="right", style="dim")
    for each in result.rounds:
        table.add_row(
            str(each.number),
            str(each.admitted),
            str(each.passed),
            f"v{each.version}",
            f"{each.gain:+.3f}",
            str(each.seconds),
            f"{each.training:.1f}",
            f"{each.scoring:.1f}",
            f"{each.beyond:.1f}",
            f"{each.memory:.0f}",
            str(each.files),
            f"{each.journal:.2f}",
            f"{each.store:.2f}",
        )
    console.print()
    console.print(table)
    if result.rounds:
        beyond = mean(each.beyond for each in result.rounds)
        console.print(
            f"{result.nodes} nodes, committees of {result.seats}: {result.heads} heads in "
            f"{len(result.rounds)} rounds; {beyond:.1f} s a round beyond training and scoring, of which "
            f"{result.windows} s are windows; {result.starting:.0f} s to start",
            soft_wrap=True,
        )

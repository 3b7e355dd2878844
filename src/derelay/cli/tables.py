"""What a run ends with: who earned what, and how good the head is."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from derelay.local.result import ROLES, Result

BASELINES = {
    "alone_mean": "alone, mean",
    "centralized": "centralized",
    "centralized_lineage_steps": "centralized, a lineage's steps",
}


def show_people(console: Console, result: Result) -> None:
    """Print one row for each participant, native currency in prices of one version."""
    table = Table(
        title="people", title_justify="left", caption_justify="left", box=None, padding=(0, 1, 0, 0)
    )
    table.caption = "roles and net in the native currency, in prices of one version, without gas"
    table.add_column("name")
    table.add_column("strategy")
    for name in (*ROLES, "net", "coins", "batons"):
        table.add_column(name, justify="right")
    for person in result.participants:
        earned = [person.income[role].native for role in ROLES]
        money = [f"{native / result.price:.2f}" for native in (*earned, person.net.native)]
        table.add_row(
            person.name,
            person.strategy,
            *money,
            f"{person.net.coins:.2f}",
            str(person.batons),
            style="" if person.honest else "yellow",
        )
    console.print()
    console.print(table)


def show_head(console: Console, result: Result) -> None:
    """Print the last head against the baselines."""
    table = Table(title="head", title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("model")
    for name in result.head.metrics:
        table.add_column(name.replace("_", " "), justify="right")
    models = {f"head, version {result.head.version}": result.head.metrics}
    models |= {BASELINES[name]: metrics for name, metrics in result.baseline.metrics.items()}
    for model, metrics in models.items():
        table.add_row(model, *(f"{value:.4f}" for value in metrics.values()))
    console.print()
    console.print(table)
    console.print(Text(f"id {result.head.id}", style="dim"), soft_wrap=True)
    chain, seconds = result.chain, result.seconds
    console.print(
        f"{chain.transactions:,} transactions, {chain.gas / 1e6:,.0f} M gas, {seconds.total:.0f} s "
        f"(training {seconds.training:.0f}, scoring {seconds.scoring:.0f}, chain {seconds.chain:.0f}, "
        f"baselines {seconds.baselines:.0f}, other {seconds.other:.0f})",
        soft_wrap=True,
    )

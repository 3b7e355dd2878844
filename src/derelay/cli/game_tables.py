"""What games come to, as tables on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from derelay.sim.game.economies import ECONOMIES
from derelay.sim.game.findings import Finding, Findings
from derelay.sim.game.interval import Interval, interval
from derelay.sim.game.knobs import shown, unit
from derelay.sim.game.region import Cell

MARKS = {"yes": "▲", "unclear": "?", "no": " "}
LEGEND = "default prices per round; ▲ surely pays, ? unclear"
COLUMNS = "held: largest held off; pays: smallest that surely gains; head: least that it learned"


def show(console: Console, findings: Findings) -> None:
    """Print a table for each study and relay."""
    plan = findings.plan
    for name, about in ECONOMIES.items():
        console.print(f"{name}: {about}", style="dim", soft_wrap=True)
    for changes in plan.sets:
        for agents in plan.agents:
            alone, together = (
                [each for each in found if each.changes == changes and each.deviation.agents == agents]
                for found in (findings.deviations, findings.coalitions)
            )
            if alone:
                console.print(_gains(findings, alone, f"one of {agents} deviates; {changes}"))
            if together:
                console.print(_coalitions(findings, together, f"coalitions among {agents}; {changes}"))
    if findings.flows:
        console.print(_dynamics(findings))
    for region, cells in findings.regions:
        console.print(_region(region.across, region.up, cells))
    console.print(
        f"{findings.games:,} games of {plan.rounds} rounds, {plan.seeds} of each kind, "
        f"task {plan.task}: {findings.seconds:.0f} s",
        style="dim",
    )


def _gains(findings: Findings, alone: list[Finding], title: str) -> Table:
    """Return a row for each strategy: its gain in every economy, and what the honest beside it have."""
    by = {(each.economy, each.deviation.strategy): each for each in alone}
    chosen = findings.plan.economy
    table = _table(title, f"gain ± half its 95 % interval, in {LEGEND}")
    table.add_column("strategy", no_wrap=True)
    for name in ECONOMIES:
        table.add_column(name, justify="right")
    table.add_column("the honest beside it", justify="right")
    for name in sorted(findings.plan.strategies, key=lambda name: -by[chosen, name].gain.mean):
        honest = interval(by[chosen, name].effect.honest)
        table.add_row(name, *(_gain(by[each, name]) for each in ECONOMIES), _reach(honest))
    return table


def _coalitions(findings: Findings, together: list[Finding], title: str) -> Table:
    """Return a row for each strategy: a member's gain by size, and up to which size it is held off."""
    chosen = findings.plan.economy
    by = {
        (each.deviation.strategy, each.deviation.members): each for each in together if each.economy == chosen
    }
    counts = sorted({count for _, count in by})
    agents, changes = together[0].deviation.agents, together[0].changes
    table = _table(title, f"gain of a member in {LEGEND}; economy {chosen}\n{COLUMNS}")
    table.add_column("strategy", no_wrap=True)
    for count in counts:
        table.add_column(f"{count / agents:.0%}", justify="right")
    for heading in ("held", "pays", "head"):
        table.add_column(heading, justify="right")
    for name in findings.plan.strategies:
        held = findings.held[changes, chosen, agents, name]
        learned = [by[name, count].effect.learned.mean() for count in counts]
        table.add_row(
            name,
            *(f"{MARKS[by[name, count].answer]} {by[name, count].gain.mean:+.2f}" for count in counts),
            f"{held.off:.0%}",
            "" if held.pays is None else f"{held.pays:.0%}",
            f"{min(learned):.0%}",
        )
    return table


def _dynamics(findings: Findings) -> Table:
    about = (
        "by imitating who surely earns more; invaded: a single other agent surely earns more than the honest"
    )
    table = _table("who takes over", about)
    table.add_column("among")
    table.add_column("honesty takes over from", justify="right")
    table.add_column("is invaded", justify="right")
    for flow in findings.flows:
        share = "no share" if (least := flow.from_share()) is None else f"{least:.0%}"
        table.add_row(", ".join(flow.mixes.strategies), share, "yes" if flow.invaded() else "no")
    return table


def _region(
    across: tuple[str, tuple[float, ...]], up: tuple[str, tuple[float, ...]], cells: list[Cell]
) -> Table:
    """Return a grid: what joining is worth at least, and what leaving honesty gains at most."""
    title = f"{unit(across[0])} across, {unit(up[0])} down"
    table = _table(
        title, "utility of the honest, largest gain of a deviation; ✓ surely right, ✗ surely wrong"
    )
    table.add_column("")
    for value in across[1]:
        table.add_column(shown(across[0], value), justify="right")
    for row, value in enumerate(up[1]):
        line = cells[row * len(across[1]) : (row + 1) * len(across[1])]
        table.add_row(shown(up[0], value), *map(_cell, line))
    return table


def _cell(cell: Cell) -> str:
    joins, leaves = cell.joining, cell.leaving
    right = "✓" if joins.low > 0 else "✗" if joins.high < 0 else " "
    wrong = "✗" if leaves.low > 0 else "✓" if leaves.high <= 0 else " "
    return f"{joins.mean:+.2f} {right}\n{leaves.mean:+.2f} {wrong}\n{cell.strategy}\n"


def _gain(finding: Finding) -> str:
    return f"{MARKS[finding.answer]} {_reach(finding.gain)}"


def _reach(each: Interval) -> str:
    return f"{each.mean:+.3f} ±{each.high - each.mean:.3f}"


def _table(title: str, caption: str) -> Table:
    return Table(
        title=f"\n{title}",
        title_justify="left",
        caption=caption,
        caption_justify="left",
        box=None,
        padding=(0, 1, 0, 0),
    )

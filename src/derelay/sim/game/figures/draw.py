"""Which figures findings are drawn as."""

from __future__ import annotations

from pathlib import Path

from derelay.sim.game.figures.coalitions import coalitions_figure
from derelay.sim.game.figures.duels import duels_figure
from derelay.sim.game.figures.gains import gains_figure
from derelay.sim.game.figures.region import region_figure
from derelay.sim.game.figures.triangle import triangle_figure
from derelay.sim.game.findings import Findings
from derelay.sim.paper.figures.canvas import save


def draw(findings: Findings, folder: Path) -> None:
    """Draw all figures into a folder, as PNG and PDF: one for each relay, mix or pair of parameters."""
    plan = findings.plan
    for place, changes in enumerate(plan.sets):
        which = f"-{place + 1}" if len(plan.sets) > 1 else ""
        for agents in plan.agents:
            for name, found, figure in (
                ("gains", findings.deviations, gains_figure),
                ("coalitions", findings.coalitions, coalitions_figure),
            ):
                chosen = [
                    each for each in found if each.changes == changes and each.deviation.agents == agents
                ]
                if chosen:
                    save(figure(plan, chosen), folder, f"{name}-{agents}{which}")
    duels = [flow for flow in findings.flows if len(flow.mixes.strategies) == 2]
    if duels:
        save(duels_figure(plan, duels), folder, "duels")
    for flow in findings.flows:
        if len(flow.mixes.strategies) == 3:
            save(triangle_figure(plan, flow), folder, "-".join(("mixes", *flow.mixes.strategies)))
    for region, cells in findings.regions:
        save(region_figure(plan, region, cells), folder, f"region-{region.across[0]}-{region.up[0]}")

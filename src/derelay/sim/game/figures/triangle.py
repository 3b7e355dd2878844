"""Figure: where imitation leads in all mixes of three strategies."""

from __future__ import annotations

import math

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from derelay.sim.game.dynamics import Flow
from derelay.sim.game.figures.canvas import PERCENT, caption
from derelay.sim.game.plan import Plan
from derelay.sim.paper.figures.canvas import INK, MUTED, STYLE

CORNERS = np.array([[0.5, math.sqrt(3) / 2], [0.0, 0.0], [1.0, 0.0]])
"""Honest above."""


def triangle_figure(plan: Plan, flow: Flow) -> Figure:
    """Return the triangle of mixes: arrows of the replicator equation, coloured by how it ends."""
    places = flow.counts / flow.mixes.agents @ CORNERS
    arrows = flow.replicator() @ CORNERS
    lengths = np.linalg.norm(arrows, axis=1, keepdims=True)
    arrows = np.divide(arrows, lengths, out=np.zeros_like(arrows), where=lengths > 0)
    ends = 100 * flow.takes_over()
    with rc_context(STYLE):
        figure = Figure(figsize=(7.5, 6.6), layout="constrained")
        axes = figure.subplots()
        axes.plot(*np.vstack([CORNERS, CORNERS[:1]]).T, color=MUTED, linewidth=0.8, zorder=0)
        colors = PERCENT.to_rgba(ends)
        axes.scatter(places[:, 0], places[:, 1], c=colors, s=90, edgecolors=MUTED)
        moving = lengths[:, 0] > 0
        axes.quiver(
            *places[moving].T,
            *arrows[moving].T,
            color=INK,
            angles="xy",
            scale_units="xy",
            scale=18,
            width=0.004,
            zorder=3,
        )
        figure.colorbar(PERCENT, ax=axes, label="honesty takes over by imitation (%)", shrink=0.6)
        for name, corner, (right, up) in zip(
            flow.mixes.strategies, CORNERS, ((0, 12), (0, -20), (0, -20)), strict=True
        ):
            axes.annotate(
                f"all {name}",
                corner,
                xytext=(right, up),
                textcoords="offset points",
                ha="center",
                weight="bold",
            )
        axes.set_aspect("equal")
        axes.set_axis_off()
        axes.margins(0.1)
        figure.suptitle(
            "Who takes over, from every mix of three strategies", x=0.01, ha="left", weight="bold"
        )
        caption(
            figure, plan, f"{plan.agents[0]} agents", f"economy {plan.economy}", "arrows: replicator equation"
        )
    return figure

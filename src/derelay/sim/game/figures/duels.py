"""Figure: honesty against one other strategy, at every share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from derelay.sim.game.dynamics import Flow
from derelay.sim.game.figures.canvas import PER_ROUND, caption
from derelay.sim.game.interval import interval
from derelay.sim.game.plan import Plan
from derelay.sim.paper.figures.canvas import BLUE, INK, MUTED, ORANGE, STYLE

ACROSS = 5
REACH = -0.75, 1.5
"""Of the differences shown, in default prices per round."""


def duels_figure(plan: Plan, flows: Sequence[Flow]) -> Figure:
    """Return a panel for each flow of two strategies: how much more the honest earn, by their share."""
    down = -(-len(flows) // ACROSS)
    with rc_context(STYLE):
        figure = Figure(figsize=(11, 1.6 + 1.8 * down), layout="constrained")
        panels = figure.subplots(down, ACROSS, sharex=True, sharey=True, squeeze=False).ravel()
        for axes, flow in zip(panels, flows, strict=False):
            _panel(axes, flow)
        for axes in panels[len(flows) :]:
            axes.set_visible(False)
        panels[0].set_ylim(*REACH)
        figure.suptitle(
            f"How much more the honest earn ({PER_ROUND}), by their share", x=0.01, ha="left", weight="bold"
        )
        caption(
            figure,
            plan,
            f"{plan.agents[0]} agents",
            f"economy {plan.economy}",
            "bands: 95 % intervals",
            "across: % honest",
        )
    return figure


def _panel(axes: Axes, flow: Flow) -> None:
    mixed = np.flatnonzero((flow.counts > 0).all(axis=1))
    mixed = mixed[np.argsort(flow.counts[mixed, 0])]
    shares = 100 * flow.counts[mixed, 0] / flow.mixes.agents
    ends = [interval(flow.payoffs[mix, :, 0] - flow.payoffs[mix, :, 1]) for mix in mixed]
    low, mean, high = (np.array([getattr(each, name) for each in ends]) for name in ("low", "mean", "high"))
    share = flow.from_share()
    if share is not None:
        color, words = BLUE, f"takes over from {share:.0%}"
    elif flow.invaded():
        color, words = ORANGE, "is invaded"
    else:
        color, words = MUTED, "neither"
    axes.fill_between(shares, low, high, color=color, alpha=0.25, linewidth=0)
    axes.plot(shares, mean, color=color, linewidth=1.6)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_title(flow.mixes.strategies[1], fontsize=10)
    axes.text(0.03, 0.04, words, transform=axes.transAxes, fontsize=8, color=MUTED)
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 50, 100])

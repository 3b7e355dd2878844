"""Figure: what one gains by each strategy among the honest, in every economy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from derelay.sim.game.economies import ECONOMIES
from derelay.sim.game.figures.canvas import ANSWERS, COLORS, PER_ROUND, caption
from derelay.sim.game.findings import Finding
from derelay.sim.game.plan import Plan
from derelay.sim.paper.figures.canvas import INK, STYLE

EDGE = 0.5
"""Gains and losses beyond it are told by an arrow: whether they are large or very large changes no answer."""


def gains_figure(plan: Plan, findings: Sequence[Finding]) -> Figure:
    """Return a dot and its interval for each strategy, a panel for each economy; one relay's findings."""
    by = {(each.economy, each.deviation.strategy): each for each in findings}
    order = sorted(plan.strategies, key=lambda name: by[plan.economy, name].gain.mean)
    with rc_context(STYLE):
        figure = Figure(figsize=(11, 1.8 + 0.26 * len(order)), layout="constrained")
        panels = figure.subplots(1, len(ECONOMIES), sharey=True, sharex=True, squeeze=False)[0]
        for axes, name in zip(panels, ECONOMIES, strict=True):
            for height, strategy in enumerate(order):
                _dot(axes, height, by[name, strategy])
            axes.axvline(0, color=INK, linewidth=0.8)
            axes.set_title(name)
            axes.set_yticks(range(len(order)), order)
            axes.grid(axis="x")
        panels[0].set_xlim(-EDGE, min(EDGE, panels[0].get_xlim()[1]))
        panels[0].set_ylim(-0.7, len(order) - 0.3)
        panels[1].set_xlabel(f"gain from deviating ({PER_ROUND})")
        agents = findings[0].deviation.agents
        figure.suptitle(f"What one of {agents} gains by not being honest", x=0.01, ha="left", weight="bold")
        figure.legend(handles=_legend(), loc="upper right", ncols=len(COLORS), frameon=False)
        caption(figure, plan, str(findings[0].changes), "95 % intervals")
    return figure


def _dot(axes: Axes, height: int, finding: Finding) -> None:
    gain, color = finding.gain, COLORS[finding.answer]
    if abs(gain.mean) > EDGE:
        arrow, place, side = ("◀ {}", -EDGE, "left") if gain.mean < 0 else ("{} ▶", EDGE, "right")
        words = arrow.format(f"{gain.mean:+.2f}")
        axes.text(place, height, words, va="center", ha=side, color=color, fontsize=9)
        return
    axes.plot(np.clip([gain.low, gain.high], -EDGE, EDGE), [height, height], color=color, linewidth=1.6)
    axes.plot([gain.mean], [height], "o", color=color, markersize=4)


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], color=color, marker="o", markersize=4, label=ANSWERS[answer])
        for answer, color in COLORS.items()
    ]

"""Figure: what coalitions gain, and what becomes of the head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure

from derelay.sim.game.figures.canvas import GAINS, PER_ROUND, PERCENT, caption
from derelay.sim.game.findings import Finding
from derelay.sim.game.interval import Floats
from derelay.sim.game.plan import Plan
from derelay.sim.paper.figures.canvas import INK, STYLE

MARKS = {"yes": "▲", "unclear": "?", "no": ""}
DARK = 0.3
"""Prices of a loss from which on the blue is so dark that writing is white."""


def coalitions_figure(plan: Plan, findings: Sequence[Finding]) -> Figure:
    """Return a grid of strategies and shares, once with members' gains, once with what the head learned."""
    found = {
        (each.deviation.strategy, each.deviation.members): each
        for each in findings
        if each.economy == plan.economy
    }
    agents = findings[0].deviation.agents
    counts = sorted({members for _, members in found})
    order = sorted(plan.strategies, key=lambda name: -max(found[name, count].gain.mean for count in counts))
    shares = [f"{count}\n{count / agents:.0%}" for count in counts]
    with rc_context(STYLE):
        figure = Figure(figsize=(11, 2 + 0.28 * len(order)), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        gains = np.array([[found[name, count].gain.mean for count in counts] for name in order])
        _grid(left, gains, order, shares, GAINS)
        figure.colorbar(GAINS, ax=left, label=PER_ROUND, extend="both", shrink=0.6)
        left.set_title("gain of a member")
        learned = 100 * np.array(
            [[found[name, count].effect.learned.mean() for count in counts] for name in order]
        )
        _grid(right, learned, order, shares, PERCENT)
        figure.colorbar(PERCENT, ax=right, label="% of all that there is to learn", shrink=0.6)
        right.set_title("what the head has learned")
        for row, name in enumerate(order):
            for column, count in enumerate(counts):
                each, share = found[name, count], learned[row, column]
                words = f"{each.gain.mean:+.2f}{MARKS[each.answer]}"
                _write(left, column, row, words, dark=each.gain.mean < -DARK, bold=each.sure)
                _write(right, column, row, f"{share:.0f}", dark=share < 50)
        figure.suptitle(
            f"Coalitions in a relay of {agents}: ▲ surely pays, ? unclear", x=0.01, ha="left", weight="bold"
        )
        caption(figure, plan, str(findings[0].changes), f"economy {plan.economy}")
    return figure


def _grid(axes: Axes, values: Floats, names: list[str], shares: list[str], colors: ScalarMappable) -> None:
    axes.imshow(colors.to_rgba(values), aspect="auto")
    axes.set_yticks(range(len(names)), names)
    axes.set_xticks(range(len(shares)), shares)
    axes.set_xlabel("members of the coalition")
    axes.tick_params(length=0)


def _write(axes: Axes, column: int, row: int, words: str, *, dark: bool, bold: bool = False) -> None:
    color, weight = "white" if dark else INK, "bold" if bold else "normal"
    axes.text(column, row, words, ha="center", va="center", fontsize=8, color=color, weight=weight)

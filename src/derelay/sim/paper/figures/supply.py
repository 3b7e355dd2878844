"""Figure: how many coins there are, and how unevenly they are spread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from derelay.sim.paper.amounts import amount
from derelay.sim.paper.arrays import Floats, Indices
from derelay.sim.paper.figures.canvas import BLUE, GRID, SIZE, STYLE, caption
from derelay.sim.paper.result import Run

MARKED = (1, 10, 100, 1000, 10_000, 100_000, 1_000_000)
"""Rounds whose values are written beside the line, and the last."""


def supply_figure(run: Run) -> Figure:
    """Return Gini coefficient and supply over rounds, on a logarithmic axis of rounds."""
    rounds = run.spread.rounds
    with rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        upper, lower = figure.subplots(2, sharex=True)
        _draw(upper, rounds, run.spread.gini, lambda value: f"{value:.3f}")
        upper.set(title="How unevenly coins are spread", ylabel="Gini coefficient", ylim=(0, 1.1))
        supply = run.rounds.total[rounds - 1]
        _draw(lower, rounds, supply, amount)
        lower.set(title="Coins in all", ylabel="coins", xlabel="round", yscale="log")
        lower.set(ylim=(supply.min() / 3, supply.max() * 30))
        lower.set(xscale="log", xlim=(0.8, max(2, 1.25 * run.parameters.rounds)))
        lower.xaxis.set_major_formatter("{x:,.0f}")
        lower.xaxis.set_minor_formatter(NullFormatter())
        caption(figure, run.parameters)
    return figure


def _draw(axes: Axes, rounds: Indices, values: Floats, words: Callable[[float], str]) -> None:
    """Draw a line, its value written at some of its points."""
    axes.plot(rounds, values, color=BLUE, linewidth=2)
    axes.grid(color=GRID)
    marked = np.flatnonzero(np.isin(rounds, (*MARKED, rounds[-1])))
    axes.plot(rounds[marked], values[marked], "o", color=BLUE, markersize=5)
    for place in marked.tolist():
        axes.annotate(
            words(values[place]),
            (rounds[place], values[place]),
            xytext=(0, 7),
            textcoords="offset points",
            ha="left" if place == 0 else "right" if place == marked[-1] else "center",
        )

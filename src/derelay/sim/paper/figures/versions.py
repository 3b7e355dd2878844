"""Figure: who holds which version, as stacked bars."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps, rc_context
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from derelay.sim.paper.figures.canvas import INK, MUTED, SIZE, STYLE, caption
from derelay.sim.paper.figures.labels import label_ends
from derelay.sim.paper.result import Run
from derelay.sim.paper.tables import VERSION_ROUNDS
from derelay.sim.paper.versions import LABELS, RECENT

SHADES = (*(to_hex(shade) for shade in colormaps["Blues"](np.linspace(1, 0.12, RECENT))), "#b3b3b3", "white")
"""From dark to light with age, then grey, then nothing."""


def versions_figure(run: Run) -> Figure:
    """Return the paper's version figure: for each round, the share of participants in each bin."""
    shares = 100 * run.rounds.holders[:VERSION_ROUNDS] / run.parameters.participants
    numbers = np.arange(1, len(shares) + 1)
    edges = np.cumsum(shares, axis=1)
    with rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        for share, edge, shade in zip(shares.T, edges.T, SHADES, strict=True):
            axes.bar(numbers, share, width=1, bottom=edge - share, color=shade)
        axes.set(
            title=f"Newest version that each participant holds, rounds 1 to {len(shares)}",
            xlabel="round",
            ylabel="participants (%)",
            xlim=(0.5, len(shares) + 0.5),
            ylim=(0, 100),
        )
        axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
        label_ends(
            axes,
            [
                (edge - share / 2, f"{label}: {share:.1f} %", INK)
                for label, share, edge in zip(LABELS, shares[-1].tolist(), edges[-1].tolist(), strict=True)
                if share > 0
            ],
        )
        if shares[0, -1] > 50 and len(shares) > 1:
            axes.text(0.02, 0.97, "none", color=MUTED, va="top", transform=axes.transAxes)
        caption(figure, run.parameters)
    return figure

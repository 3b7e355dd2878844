"""Figure: what each strategy comes to, part by part."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from derelay.sim.paper.figures.canvas import INK
from derelay.sim.relay.figures.canvas import GREEN, GREY, ORANGE, PINK, SKY, YELLOW, canvas
from derelay.sim.relay.outcome import Outcome
from derelay.sim.relay.summary import GROUPS, lines

COLOURS = dict(zip(GROUPS, (GREY, YELLOW, GREEN, SKY, ORANGE, PINK), strict=True))


def utility_figure(outcome: Outcome, words: str) -> Figure:
    """Return the mean utility of each strategy as a bar of its parts, losses to the left."""
    found = lines(outcome)[::-1]
    places = np.arange(len(found))
    with canvas(words, 2.5 + 0.45 * len(found)) as figure:
        axes = figure.subplots()
        right, left = np.zeros(len(found)), np.zeros(len(found))
        for group, colour in COLOURS.items():
            values = np.array([line.parts[group] for line in found])
            gains, losses = np.maximum(values, 0), np.minimum(values, 0)
            axes.barh(places, gains, left=right, color=colour, label=group)
            axes.barh(places, losses, left=left, color=colour)
            right, left = right + gains, left + losses
        totals = [line.total for line in found]
        reaches = np.nan_to_num([line.reach for line in found])
        axes.errorbar(totals, places, xerr=reaches, fmt="D", color=INK, capsize=3, label="all, with 95 %")
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set(title="What a strategy comes to", xlabel="mean utility, prices of one version")
        axes.set_yticks(places, [f"{line.strategy} ({line.agents})" for line in found])
        axes.grid(axis="x")
        figure.legend(loc="outside right upper", frameon=False)
    return figure

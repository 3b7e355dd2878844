"""Figure: what the head has learned, round by round."""

from __future__ import annotations

from matplotlib.figure import Figure

from derelay.sim.relay.figures.canvas import BLUE, canvas, over_rounds
from derelay.sim.relay.outcome import Outcome


def quality_figure(outcome: Outcome, words: str) -> Figure:
    """Return the nats per case that the head has truly gained over genesis."""
    rounds = outcome.rounds
    with canvas(words) as figure:
        axes = figure.subplots()
        axes.plot([0, *(each.number for each in rounds)], [0, *(each.quality for each in rounds)], color=BLUE)
        axes.set(title="What the head has learned", ylabel="nats per case over genesis")
        over_rounds(axes, rounds[-1].number)
        axes.set_xlim(0)
        last = rounds[-1]
        axes.annotate(
            f"version {last.version}: {last.quality:.2f}",
            (last.number, last.quality),
            xytext=(0, 6),
            textcoords="offset points",
            ha="right",
            color=BLUE,
        )
    return figure

"""Figure: how many coins there are, and how unevenly they are spread."""

from __future__ import annotations

from matplotlib.figure import Figure

from derelay.sim.relay.figures.canvas import BLUE, canvas, over_rounds
from derelay.sim.relay.outcome import Outcome


def coins_figure(outcome: Outcome, words: str) -> Figure:
    """Return Gini coefficient and supply over the rounds."""
    numbers = [each.number for each in outcome.rounds]
    last = outcome.rounds[-1]
    with canvas(words, 6.5) as figure:
        upper, lower = figure.subplots(2, sharex=True)
        upper.plot(numbers, [each.gini for each in outcome.rounds], color=BLUE)
        upper.set(title="How unevenly coins are spread", ylabel="Gini coefficient", ylim=(0, 1))
        lower.plot(numbers, [each.supply for each in outcome.rounds], color=BLUE)
        lower.set(title="Coins in all", ylabel="coins", ylim=(0, None))
        over_rounds(lower, last.number)
        upper.grid(axis="y")
        for axes, value, text in (
            (upper, last.gini, f"{last.gini:.2f}"),
            (lower, last.supply, f"{last.supply:.1f}"),
        ):
            axes.annotate(
                text, (last.number, value), xytext=(0, 6), textcoords="offset points", ha="right", color=BLUE
            )
    return figure

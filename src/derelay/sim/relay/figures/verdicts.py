"""Figure: what becomes of children, over the rounds."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from derelay.sim.paper.figures.labels import label_ends
from derelay.sim.relay.figures.canvas import BLUE, GREY, ORANGE, SKY, canvas, over_rounds
from derelay.sim.relay.outcome import Outcome
from derelay.sim.relay.tables import VERDICTS

COLOURS = dict(zip(VERDICTS, (BLUE, SKY, ORANGE, GREY), strict=True))
POINTS = 30
"""Spans of rounds at most that are told apart."""


def verdicts_figure(outcome: Outcome, words: str) -> Figure:
    """Return the shares of verdicts as bands, over spans of rounds in which children were handed in."""
    rounds = [each for each in outcome.rounds if sum(each.verdicts.values())]
    spans = np.array_split(np.arange(len(rounds)), min(POINTS, max(len(rounds), 1)))
    counts = np.array(
        [[sum(rounds[i].verdicts.get(verdict, 0) for i in span) for verdict in VERDICTS] for span in spans]
    ).reshape(-1, len(VERDICTS))
    shares = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    middles = [rounds[span[len(span) // 2]].number for span in spans if len(span)]
    with canvas(words) as figure:
        axes = figure.subplots()
        axes.set(title="Verdicts on children", ylabel="% of the children", ylim=(0, 100))
        over_rounds(axes, outcome.rounds[-1].number)
        if middles:
            axes.stackplot(
                middles, shares.T, colors=list(COLOURS.values()), step="mid" if len(middles) < 2 else None
            )
            tops = np.cumsum(shares[-1])
            heights = tops - shares[-1] / 2
            label_ends(
                axes,
                [
                    (float(height), f"{verdict} {share:.0f} %", COLOURS[verdict])
                    for height, verdict, share, ever in zip(
                        heights, VERDICTS, shares[-1], counts.sum(axis=0), strict=True
                    )
                    if ever
                ],
            )
    return figure

"""The figure of how good the head is, round by round."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from derelay.local.report.style import ALONE, CENTRAL, FAINT, HONEST, RULE, canvas, shown
from derelay.local.result import Result

LABEL_GAP = 0.07
"""Least distance between two labels' middles, in heights of the figure."""


def learning_figure(result: Result) -> Figure:
    """Return the result's metric on the public test cases by round, against the baselines."""
    accuracy = result.metric == "accuracy"
    scale = 100 if accuracy else 1
    relay = [each.metrics[result.metric] * scale for each in result.rounds]
    baselines = {
        "alone": ("alone_mean", ALONE, ":"),
        "centralized": ("centralized", CENTRAL, "-"),
        "centralized, a lineage's steps": ("centralized_lineage_steps", CENTRAL, "--"),
    }
    figure, (axes,) = canvas(7.2, 3.6)
    numbers = [each.number for each in result.rounds]
    marks = [("the relay", relay[-1], HONEST)]
    for label, (name, colour, dashes) in baselines.items():
        value = result.baseline.metrics[name][result.metric] * scale
        axes.axhline(value, color=colour, linestyle=dashes, linewidth=1.5)
        marks.append((label, value, colour))
    axes.plot(numbers, relay, color=HONEST, linewidth=2.2, marker="o", markersize=4.5)
    axes.set_xlabel("round")
    words = result.metric.replace("_", " ")
    axes.set_ylabel("accuracy on public test cases, %" if accuracy else f"{words} on public test cases")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_xlim(numbers[0] - 0.5, numbers[-1] + 0.5)
    low, high = axes.get_ylim()
    heights = spread([(value - low) / (high - low) for _, value, _ in marks], LABEL_GAP)
    for (label, value, colour), height in zip(marks, heights, strict=True):
        axes.annotate(
            f"{label} {shown(result.metric, value / scale)}",
            xy=(1, (value - low) / (high - low)),
            xytext=(1.045, height),
            xycoords="axes fraction",
            textcoords="axes fraction",
            color=colour,
            va="center",
            arrowprops={
                "arrowstyle": "-",
                "color": FAINT,
                "linewidth": 0.6,
                "shrinkA": 2,
                "shrinkB": 0,
                "relpos": (0, 0.5),
            },
        )
    axes.set_ylim(low, high)
    return figure


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Return ``heights`` in their order, moved up where need be so that two are at least ``gap`` apart.

    The whole is then let down again if it would end above 1.
    """
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    moved = list(heights)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    top = 1.0
    for index in reversed(order):
        moved[index] = top = min(moved[index], top)
        top -= gap
    return moved

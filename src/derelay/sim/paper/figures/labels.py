"""Names at the right end of lines and bands, instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

GAP = 0.042
"""Least distance between two names, as a part of the axes' height."""


def label_ends(axes: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Write names beside the axes, each joined to its height by a short line.

    Parameters
    ----------
    axes
        With its limits set.
    labels
        Height in the axes' unit, words, colour.
    """
    ordered = sorted(labels)
    heights = [_part(axes, height) for height, _, _ in ordered]
    for (_, words, color), height, place in zip(ordered, heights, apart(heights), strict=True):
        axes.annotate(
            words,
            (1, height),
            xycoords="axes fraction",
            xytext=(1.03, place),
            textcoords="axes fraction",
            va="center",
            color=color,
            fontsize=10,
            arrowprops={"arrowstyle": "-", "color": color, "linewidth": 0.6, "relpos": (0, 0.5)},
        )


def _part(axes: Axes, height: float) -> float:
    """Return a height as a part of the axes' height."""
    left = axes.get_xlim()[0]
    return float((axes.transScale + axes.transLimits).transform((left, height))[1])


def apart(heights: Sequence[float]) -> list[float]:
    """Return ascending heights moved as little upwards as keeps them `GAP` apart, then below 1."""
    places: list[float] = []
    for height in heights:
        places.append(max(height, places[-1] + GAP) if places else height)
    ceiling = 1.0
    for i in reversed(range(len(places))):
        places[i] = min(places[i], ceiling)
        ceiling = places[i] - GAP
    return places

"""What these figures share beyond the style of all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from derelay.sim.paper.figures.canvas import MUTED, SIZE, STYLE

BLUE, SKY, GREEN, YELLOW, ORANGE, PINK = "#0072b2", "#56b4e9", "#009e73", "#e69f00", "#d55e00", "#cc79a7"
"""Okabe and Ito's palette, which colour-blind people can tell apart."""
GREY = "#b3b3b3"


@contextmanager
def canvas(words: str, height: float = SIZE[1]) -> Iterator[Figure]:
    """Give a figure with words at its foot."""
    with rc_context(STYLE):
        figure = Figure(figsize=(SIZE[0], height), layout="constrained")
        figure.supxlabel(words, x=0.01, ha="left", fontsize=9, color=MUTED)
        yield figure


def over_rounds(axes: Axes, last: int) -> None:
    """Make the horizontal axis one of rounds."""
    axes.set(xlabel="round", xlim=(1, max(last, 2)))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y")

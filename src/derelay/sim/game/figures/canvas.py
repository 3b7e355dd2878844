"""What the figures of games share."""

from __future__ import annotations

from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure

from derelay.sim.game.plan import Plan
from derelay.sim.paper.figures.canvas import BLUE, MUTED, ORANGE

PER_ROUND = "default prices per round"
DIVERGING = LinearSegmentedColormap.from_list("blue to orange", [BLUE, "#ffffff", ORANGE])
AROUND_ZERO = TwoSlopeNorm(0, -0.5, 0.5)
GAINS = ScalarMappable(AROUND_ZERO, DIVERGING)
"""Losses in blue, gains in orange, all beyond half a price alike."""
UP_TO_ALL = Normalize(0, 100)
PERCENT = ScalarMappable(UP_TO_ALL, "cividis")
COLORS = {"yes": ORANGE, "unclear": MUTED, "no": BLUE}
ANSWERS = {"yes": "surely pays", "unclear": "unclear", "no": "does not pay"}


def caption(figure: Figure, plan: Plan, *facts: str) -> None:
    """Say under a figure what was played."""
    words = ", ".join((*facts, f"task {plan.task}", f"{plan.rounds} rounds", f"{plan.seeds} seeds"))
    figure.supxlabel(words, x=0.01, ha="left", fontsize=9, color=MUTED)

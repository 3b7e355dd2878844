"""Draw what `learning.py --json` printed: accuracy by gradient steps, one line a method, means over seeds.

``python benchmarks/learning_figure.py rows.jsonl figure.png``
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from derelay.sim.paper.figures.canvas import STYLE

COLOURS = ("#000000", "#56b4e9", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00")
"""From Okabe and Ito's palette."""
LINES = [(colour, style) for style in ("-", "--") for colour in COLOURS]
POINTS = 200


def learning_figure(rows: list[dict]) -> Figure:
    """Return one panel; a method's accuracy is that of its last model at each number of steps."""
    curves: defaultdict[str, list[np.ndarray]] = defaultdict(list)
    grid = np.linspace(0, max(row["steps"] for row in rows), POINTS)
    for row in rows:
        steps, accuracies = np.array([(0, np.nan), *row["curve"]]).T
        curves[row["method"]].append(100 * accuracies[np.searchsorted(steps, grid, side="right") - 1])
    with rc_context(STYLE):
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        axes = figure.subplots()
        for (colour, style), (method, seeds) in zip(LINES[: len(curves)], curves.items(), strict=True):
            mean = np.mean(seeds, axis=0)
            axes.plot(grid, mean, color=colour, linestyle=style, label=f"{method} ({mean[-1]:.1f})")
        axes.set(xlabel="gradient steps of all trainers", ylabel="accuracy, %")
        axes.grid(axis="y")
        axes.legend(frameon=False)
    return figure


def main() -> None:
    """Read, draw, save."""
    source, target = map(Path, sys.argv[1:3])
    learning_figure([json.loads(line) for line in source.read_text().splitlines()]).savefig(target, dpi=120)


if __name__ == "__main__":
    main()

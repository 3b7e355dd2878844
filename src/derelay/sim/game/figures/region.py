"""Figure: where joining pays and honesty is the best reply."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from derelay.sim.game.figures.canvas import AROUND_ZERO, DIVERGING, PER_ROUND, caption
from derelay.sim.game.knobs import shown, unit
from derelay.sim.game.plan import Plan
from derelay.sim.game.region import Cell, Region
from derelay.sim.paper.figures.canvas import STYLE


def region_figure(plan: Plan, region: Region, cells: list[Cell]) -> Figure:
    """Return two heat maps: the least that joining is worth, the most that leaving honesty gains."""
    shape = len(region.up[1]), len(region.across[1])
    with rc_context(STYLE):
        figure = Figure(figsize=(12, 2.2 + 0.62 * shape[0]), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        joining = np.array([cell.joining.mean for cell in cells]).reshape(shape)
        leaving = np.array([cell.leaving.mean for cell in cells]).reshape(shape)
        _map(left, region, -joining, [_joins(cell) for cell in cells])
        left.set_title("does joining pay? (✓ surely, ✗ surely not)")
        _map(right, region, leaving, [_leaves(cell) for cell in cells])
        right.set_title("does any one deviation? (✗ surely, ✓ surely none)")
        left.set_ylabel(unit(region.up[0]))
        figure.suptitle(
            f"Utility of the honest, and largest gain from deviating, in {PER_ROUND}",
            x=0.01,
            ha="left",
            weight="bold",
        )
        caption(
            figure,
            plan,
            f"{region.agents} agents",
            f"economy {plan.economy}",
            f"{len(region.strategies)} strategies",
        )
    return figure


def _map(axes: Axes, region: Region, values: np.ndarray, words: list[str]) -> None:
    """Draw a grid of values, bad ones in orange."""
    axes.imshow(values, origin="lower", aspect="auto", cmap=DIVERGING, norm=AROUND_ZERO)
    columns = len(region.across[1])
    for place, text in enumerate(words):
        axes.text(place % columns, place // columns, text, ha="center", va="center", fontsize=8.5)
    axes.set_xticks(range(columns), [shown(region.across[0], value) for value in region.across[1]])
    axes.set_yticks(range(len(region.up[1])), [shown(region.up[0], value) for value in region.up[1]])
    axes.set_xlabel(unit(region.across[0]))
    axes.tick_params(length=0)


def _joins(cell: Cell) -> str:
    mark = "✓" if cell.joining.low > 0 else "✗" if cell.joining.high < 0 else ""
    return f"{cell.joining.mean:+.2f} {mark}"


def _leaves(cell: Cell) -> str:
    mark = "✗" if cell.leaving.low > 0 else "✓" if cell.leaving.high <= 0 else ""
    return f"{cell.leaving.mean:+.2f} {mark}\n{cell.strategy}"

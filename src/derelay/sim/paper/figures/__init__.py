"""The paper's figures, drawn again from a run."""

from derelay.sim.paper.figures.coins import coins_figure
from derelay.sim.paper.figures.supply import supply_figure
from derelay.sim.paper.figures.versions import versions_figure

__all__ = ["coins_figure", "supply_figure", "versions_figure"]

"""A played relay in figures."""

from collections.abc import Callable

from matplotlib.figure import Figure

from derelay.sim.relay.figures.coins import coins_figure
from derelay.sim.relay.figures.quality import quality_figure
from derelay.sim.relay.figures.utility import utility_figure
from derelay.sim.relay.figures.verdicts import verdicts_figure
from derelay.sim.relay.outcome import Outcome

FIGURES: dict[str, Callable[[Outcome, str], Figure]] = {
    "quality": quality_figure,
    "verdicts": verdicts_figure,
    "coins": coins_figure,
    "utility": utility_figure,
}
"""By the name of their files: each takes the relay, and words for its foot."""

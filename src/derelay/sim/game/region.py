"""Where joining pays and honesty is the best reply: over two knobs at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO
from derelay.sim.game.deviation import Deviation
from derelay.sim.game.game import Game, Score
from derelay.sim.game.interval import CONFIDENCE, Interval, interval
from derelay.sim.game.knobs import Changes
from derelay.sim.relay import Economy, Setting

VALUES: dict[str, tuple[float, ...]] = {
    "price": tuple(OPEN.price * each for each in (0, 0.25, 0.5, 1, 2, 4)),
    "seats": (3, 5, 7, 9),
    "g_min": tuple(NANO * each // 1000 for each in (0, 1, 2, 4, 8)),
    "training": (0, 0.05, 0.1, 0.2, 0.4),
    "version": (0, 0.5, 1, 2, 4),
    "nat": (0, 1, 2, 4, 8),
    "coin": (0, 1, 2, 4, 8),
    "undecided_share": (0, 1_000, 2_500, 5_000, 10_000),
}
"""Values of a knob that is given none."""
PAIRS = (("price", "training"), ("seats", "g_min"), ("nat", "coin"))


@dataclass(frozen=True)
class Cell:
    """One combination of values.

    Attributes
    ----------
    joining
        Utility of an honest participant per round, other than the creator, where it is smallest: all being
        honest, or beside one who deviates. Staying out is worth zero.
    leaving
        Largest gain of a single deviation, with an interval that holds for all of them at once (Bonferroni):
        the largest of many means is too large on average.
    strategy
        Whose gain that is.
    """

    changes: Changes
    joining: Interval
    leaving: Interval
    strategy: str


@dataclass(frozen=True)
class Region:
    """A grid over two knobs."""

    setting: Setting
    across: tuple[str, tuple[float, ...]]
    up: tuple[str, tuple[float, ...]]
    strategies: tuple[str, ...]
    agents: int
    rounds: int
    seeds: tuple[int, ...]

    def changes(self) -> list[Changes]:
        """Return the cells' values, row by row from below."""
        (across, xs), (up, ys) = self.across, self.up
        return [Changes(((across, x), (up, y))) for y in ys for x in xs]

    def games(self) -> Iterator[Game]:
        """Yield all games that `measure` needs."""
        for changes in self.changes():
            for deviation in self._deviations(changes):
                yield from deviation.games()

    def measure(self, scores: Mapping[Game, Score], economy: Economy) -> list[Cell]:
        """Value the games; ``economy`` is changed where a knob belongs to it."""
        return [self._cell(changes, scores, changes.economy(economy)) for changes in self.changes()]

    def _deviations(self, changes: Changes) -> list[Deviation]:
        setting = changes.setting(self.setting)
        return [Deviation(setting, name, self.agents, 1, self.rounds, self.seeds) for name in self.strategies]

    def _cell(self, changes: Changes, scores: Mapping[Game, Score], economy: Economy) -> Cell:
        effects = [deviation.measure(scores, economy) for deviation in self._deviations(changes)]
        best = max(effects, key=lambda effect: effect.gain.mean())
        confidence = 1 - (1 - CONFIDENCE) / len(effects)
        joining = [interval(effect.honest) for effect in effects]
        joining.append(interval(effects[0].honest - effects[0].change))
        return Cell(
            changes,
            min(joining, key=lambda each: each.mean),
            interval(best.gain, confidence),
            best.deviation.strategy,
        )

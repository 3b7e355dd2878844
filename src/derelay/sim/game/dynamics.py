"""Who takes over when those imitate who earn less: every mix of some strategies is played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from derelay.sim.game.game import Game, Score
from derelay.sim.game.interval import Floats, interval
from derelay.sim.game.lineup import mixed
from derelay.sim.relay import Economy, Setting

FOREVER = 1 << 20
"""Steps after which a chain of some dozens of states is where it ends."""
SURE = 0.99


@dataclass(frozen=True)
class Mixes:
    """All mixes of some strategies in a relay.

    Attributes
    ----------
    strategies
        Names, honest first.
    """

    setting: Setting
    strategies: tuple[str, ...]
    agents: int
    rounds: int
    seeds: tuple[int, ...]

    def counts(self) -> list[tuple[int, ...]]:
        """Return how many play each strategy, in every mix."""
        return list(_compositions(self.agents, len(self.strategies)))

    def games(self) -> Iterator[Game]:
        """Yield all games that `measure` needs: for each mix one for each seed."""
        for counts in self.counts():
            yield from (self._game(counts, seed) for seed in self.seeds)

    def measure(self, scores: Mapping[Game, Score], economy: Economy) -> Flow:
        """Value the games in an economy."""
        payoffs = np.full((len(self.counts()), len(self.seeds), len(self.strategies)), np.nan)
        for mix, counts in enumerate(self.counts()):
            for place, seed in enumerate(self.seeds):
                game = self._game(counts, seed)
                utilities = scores[game].utilities(economy)
                names = [strategy.name for strategy in game.strategies]
                for kind, name in enumerate(self.strategies):
                    seats = [seat for seat, each in enumerate(names) if each == name]
                    if seats:
                        payoffs[mix, place, kind] = utilities[seats].mean()
        return Flow(self, np.array(self.counts()), payoffs)

    def _game(self, counts: tuple[int, ...], seed: int) -> Game:
        named = {name: count for name, count in zip(self.strategies, counts, strict=True) if count}
        return Game(self.setting, mixed(named, seed), self.rounds, seed)


@dataclass(frozen=True)
class Flow:
    """What each strategy earns in each mix, and where imitation leads from there.

    Attributes
    ----------
    counts
        Mixes × strategies: how many play it.
    payoffs
        Mixes × seeds × strategies: mean utility per round of those who play it; nan where nobody does.
    """

    mixes: Mixes
    counts: np.ndarray
    payoffs: Floats

    def replicator(self) -> Floats:
        """Return how fast the share of each strategy grows by the replicator equation: mixes × strategies."""
        shares = self.counts / self.mixes.agents
        means = np.where(self.counts > 0, self.payoffs.mean(axis=1), 0.0)
        velocity: Floats = shares * (means - (shares * means).sum(axis=1, keepdims=True))
        return velocity

    def transitions(self) -> Floats:
        """Return the probabilities of the next mix: mixes × mixes.

        In a step one agent looks at another, both drawn by chance, and plays as that one does if that
        strategy surely earns more: if the whole interval of the difference is positive.
        """
        place = {tuple(counts): mix for mix, counts in enumerate(self.counts.tolist())}
        agents = self.mixes.agents
        matrix = np.zeros((len(place), len(place)))
        for mix, counts in enumerate(self.counts.tolist()):
            for worse, better in self._better(mix):
                after = list(counts)
                after[worse], after[better] = after[worse] - 1, after[better] + 1
                chance = counts[worse] / agents * counts[better] / (agents - 1)
                matrix[mix, place[tuple(after)]] = chance
            matrix[mix, mix] = 1 - matrix[mix].sum()
        return matrix

    def takes_over(self) -> Floats:
        """Return, for each mix, the probability that in the end all play the first strategy."""
        everyone = int(np.argmax(self.counts[:, 0]))
        ends: Floats = np.linalg.matrix_power(self.transitions(), FOREVER)[:, everyone]
        return ends

    def from_share(self) -> float | None:
        """Return the least share of the first strategy from which on it surely takes over, or None.

        From every mix with that share, or a larger one, that is not all of one strategy already.
        """
        ends, first = self.takes_over(), self.counts[:, 0]
        found = None
        for count in range(self.mixes.agents - 1, 0, -1):
            if (ends[first == count] < SURE).any():
                break
            found = count / self.mixes.agents
        return found

    def invaded(self) -> bool:
        """Return whether a single agent that plays otherwise, among the first strategy, surely earns more."""
        alone = np.flatnonzero(self.counts[:, 0] == self.mixes.agents - 1).tolist()
        return any(worse == 0 for mix in alone for worse, _ in self._better(mix))

    def _better(self, mix: int) -> Iterator[tuple[int, int]]:
        present = np.flatnonzero(self.counts[mix]).tolist()
        for worse in present:
            for better in present:
                if better != worse:
                    difference = self.payoffs[mix, :, better] - self.payoffs[mix, :, worse]
                    if interval(difference).low > 0:
                        yield worse, better


def _compositions(total: int, kinds: int) -> Iterator[tuple[int, ...]]:
    if kinds == 1:
        yield (total,)
        return
    for first in range(total, -1, -1):
        for rest in _compositions(total - first, kinds - 1):
            yield (first, *rest)

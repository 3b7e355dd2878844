"""What some gain by leaving honesty, and what the others lose by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from derelay.sim.game.game import Game, Score
from derelay.sim.game.interval import Floats
from derelay.sim.game.lineup import deviating, deviating_seats, honest
from derelay.sim.relay import Economy, Setting
from derelay.sim.strategies import STRATEGIES


@dataclass(frozen=True)
class Deviation:
    """Some agents play a strategy, all others are honest: each game beside the same one without it.

    Several names of one person deviate from being one honest participant with one name; so the relay beside
    has as many seats less.

    Attributes
    ----------
    strategy
        Its name.
    agents, members
        Names in the relay; of these how many deviate.
    seeds
        One game and its honest twin for each.
    """

    setting: Setting
    strategy: str
    agents: int
    members: int
    rounds: int
    seeds: tuple[int, ...]

    @property
    def share(self) -> float:
        """Of the relay's names that deviate."""
        return self.members / self.agents

    @property
    def one_person(self) -> bool:
        """Whether the members are one person."""
        return STRATEGIES[self.strategy].one_person

    def games(self) -> Iterator[Game]:
        """Yield all games that `measure` needs."""
        for seed in self.seeds:
            yield self._deviating(seed)
            yield self._honest(seed)

    def measure(self, scores: Mapping[Game, Score], economy: Economy) -> Effect:
        """Value the games in an economy."""
        rows = [self._row(scores, economy, seed) for seed in self.seeds]
        return Effect(self, *(np.array(column) for column in zip(*rows, strict=True)))

    def _row(self, scores: Mapping[Game, Score], economy: Economy, seed: int) -> tuple[Floats | float, ...]:
        game, twin = scores[self._deviating(seed)], scores[self._honest(seed)]
        seats = deviating_seats(self.agents, self.members, seed)
        others = [seat for seat in range(1, self.agents) if seat not in seats]
        mine, theirs = game.parts(economy), twin.parts(economy)
        if self.one_person:
            # The twin's seats are those of the others and of the person's first name, in the same order.
            order = sorted([0, *others, seats[0]])
            before = theirs[order.index(seats[0])]
            after = mine[seats].sum(axis=0)
            others_before = theirs[[order.index(seat) for seat in others]]
        else:
            before, after = theirs[seats].mean(axis=0), mine[seats].mean(axis=0)
            others_before = theirs[others]
        utilities = mine[others].sum(axis=1)
        return (
            after - before,
            float(after.sum()),
            float(utilities.mean()),
            float(utilities.mean() - others_before.sum(axis=1).mean()),
            game.learned,
            game.learned - twin.learned,
        )

    def _deviating(self, seed: int) -> Game:
        seats = deviating_seats(self.agents, self.members, seed)
        return Game(self.setting, deviating(self.strategy, self.agents, seats), self.rounds, seed)

    def _honest(self, seed: int) -> Game:
        agents = self.agents - self.members + 1 if self.one_person else self.agents
        return Game(self.setting, honest(agents), self.rounds, seed)


@dataclass(frozen=True)
class Effect:
    """What a deviation came to; by seed, utilities per round in default prices.

    Attributes
    ----------
    parts
        Gain of a member (of the person, if they are one) over the same seat when honest: seeds ×
        `derelay.sim.game.game.QUANTITIES`.
    utility
        A member's.
    honest
        Mean utility of those who stay honest; without the creator, whose royalties begin with genesis.
    change
        By how much that differs from what the same seats have when all are honest.
    learned
        Share of all that could be learned which the last head knows.
    learned_change
        By how much that differs from when all are honest.
    """

    deviation: Deviation
    parts: Floats
    utility: Floats
    honest: Floats
    change: Floats
    learned: Floats
    learned_change: Floats

    @property
    def gain(self) -> Floats:
        """A member's whole gain, by seed."""
        totals: Floats = self.parts.sum(axis=1)
        return totals

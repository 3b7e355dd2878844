"""One relay to be played, and what it came to before anything is valued."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from derelay.rules.parameters import OPEN
from derelay.sim.game.interval import Floats
from derelay.sim.relay import Economy, Outcome, Setting, play
from derelay.sim.relay.books import COINS, PARTS, WEI
from derelay.sim.strategies import Strategy

UNIT = Economy(version=1, nat=0, coin=1, training=1, testing=1, interest=1, gas=1)
"""Plays count things; `Score.utilities` values them, so that one play serves every economy."""
CAPITAL = "interest"
QUANTITIES = (*PARTS, "nats")
"""What is known of each seat: the parts of a utility, and nats per case of the best head it was granted."""


@dataclass(frozen=True)
class Game:
    """Who sits where, for how long, by which chance. Equal games end the same."""

    setting: Setting
    strategies: tuple[Strategy, ...]
    rounds: int
    seed: int

    def play(self) -> Score:
        """Play it on the compiled contracts.

        Raises
        ------
        derelay.rules.parameters.ParameterError
            If a relay could not work under the setting's parameters.
        """
        parameters = self.setting.parameters
        # Money is told in prices, so a price of zero is played as one wei, which buys nothing either.
        priced = replace(parameters, price=max(parameters.price, 1))
        setting = replace(self.setting, parameters=priced, economy=UNIT)
        try:
            outcome = play(setting, self.strategies, self.rounds, self.seed)
        except Exception as error:
            mix = Counter(strategy.name for strategy in self.strategies)
            error.add_note(f"in a game of {dict(mix)}, seed {self.seed}")
            raise
        return Score(
            _quantities(outcome, priced.price / OPEN.price),
            np.array([each.quality for each in outcome.rounds]),
            self.setting.oracle.learnable,
        )


@dataclass(frozen=True)
class Score:
    """What a game came to.

    Attributes
    ----------
    quantities
        Seats × `QUANTITIES`: versions, coins, legs, measurements, millions of gas; money, and locked money
        times rounds, in default prices (`derelay.rules.parameters.OPEN`). Losses are negative.
    quality
        Nats per case that the head has gained over genesis, after each round.
    learnable
        Nats that a relay learns.
    """

    quantities: Floats
    quality: Floats
    learnable: float

    def utilities(self, economy: Economy) -> Floats:
        """Return each seat's utility per round, in default prices."""
        totals: Floats = self.parts(economy).sum(axis=1)
        return totals

    def parts(self, economy: Economy) -> Floats:
        """Return each seat's utility per round by part: seats × `QUANTITIES`."""
        worth = {
            "versions": economy.version,
            "nats": economy.nat,
            "training": economy.training,
            "measuring": economy.testing,
            "interest": economy.interest,
            "gas": economy.gas,
            **dict.fromkeys(COINS, economy.coin),
            **dict.fromkeys(WEI, 1.0),
        }
        valued: Floats = self.quantities * [worth[each] for each in QUANTITIES] / len(self.quality)
        return valued

    @property
    def learned(self) -> float:
        """What the last head knows, as a share of what a relay learns; with luck a little more than all."""
        return float(self.quality[-1]) / self.learnable


def _quantities(outcome: Outcome, price: float) -> Floats:
    """Return the seats' quantities, ``price`` being that of the game in default prices."""
    known = {0: 0.0} | {each.version: each.quality for each in outcome.rounds}
    purses: dict[object, list[int]] = {}
    for seat, agent in enumerate(outcome.agents):
        coalition = agent.strategy.coalition
        one_person = coalition is not None and coalition.one_purse
        purses.setdefault(coalition if one_person else seat, []).append(seat)
    table = np.array([[agent.utility.get(part, 0.0) for part in PARTS] + [0.0] for agent in outcome.agents])
    for seats in purses.values():  # one person's names share what the person knows
        newest = max(outcome.agents[seat].newest for seat in seats)
        table[seats, QUANTITIES.index("nats")] = known[newest] / len(seats)
    table[:, [QUANTITIES.index(part) for part in (*WEI, CAPITAL)]] *= price
    return table

"""The paper's round: four blocks, from the bids to the coins."""

from __future__ import annotations

import math

import numpy as np

from derelay.sim.paper.bids import owner_deposits, trainer_bids
from derelay.sim.paper.blocks import deposit_block, encryption_block, settlement_block, testing_block
from derelay.sim.paper.draws import Draws
from derelay.sim.paper.parameters import Parameters
from derelay.sim.paper.ranking import highest_first
from derelay.sim.paper.settlement import Settlement, Survivors

NO_MODEL = -1


class Relay:
    """The state of a relay between two rounds; `play` plays the next.

    Attributes
    ----------
    round
        Rounds played.
    coins
        Of each participant.
    trained, held
        Version of the last model each participant trained (0 if none), and of the newest it holds in
        any way (`NO_MODEL` if none): who makes an encryption block gets that round's children too.
    owners, qualities
        Who may offer a model in the next round, the best model first, and its logit.
    """

    def __init__(self, parameters: Parameters, draws: Draws, settlement: Settlement) -> None:
        self._parameters = parameters
        self._draws = draws
        self._settlement = settlement
        self.round = 0
        self.coins = np.zeros(parameters.participants)
        self.trained = np.zeros(parameters.participants, dtype=np.int32)
        self.held = np.full(parameters.participants, NO_MODEL, dtype=np.int32)
        self.held[0] = 0  # genesis
        self.owners = np.zeros(1, dtype=np.intp)
        self.qualities = np.zeros(1)

    def play(self) -> tuple[int, int]:
        """Play a round; return how many children were trained, and how many survive."""
        draws, coins, k = self._draws, self.coins, self._parameters.k
        free = np.ones(len(coins), dtype=np.bool_)
        free[self.owners] = False
        trainers = draws.trainers(np.flatnonzero(free), len(coins) // 2 - len(self.owners))
        free[trainers] = False
        maintainers = np.flatnonzero(free)

        # Deposit block: the best owner takes the k highest bidders, the next one the next k.
        bids = trainer_bids(coins[trainers], self.trained[trainers], self.round)
        matched = draws.rank(bids)[: k * len(self.owners)]
        trainers, bids = trainers[matched], bids[matched]
        bases = np.arange(len(matched)) // k
        deposits = owner_deposits(coins[self.owners], k)
        coins[self.owners] -= np.bincount(bases, minlength=len(self.owners)) * deposits
        coins[trainers] -= bids
        coins[draws.maker(maintainers)] += deposit_block(len(matched))

        # Encryption block: what was delivered. A trainer keeps its child, and so does the maker.
        delivered = np.flatnonzero(draws.deliveries(len(matched), self._parameters.delivery))
        children = len(delivered)
        quality = self.qualities[bases[delivered]] + draws.gains(children)
        maker = draws.maker(maintainers)
        self.round += 1
        keepers = trainers[delivered]
        self.trained[keepers] = self.round
        self.held[keepers] = self.round
        if children:
            self.held[maker] = self.round
        coins[maker] += encryption_block(children)

        # Testing block, settlement block: the best survive. Their order is that of the next owners.
        coins[draws.maker(maintainers)] += testing_block(children)
        coins[draws.maker(maintainers)] += settlement_block(children)
        ranked = highest_first(quality)[: math.floor(children * self._parameters.survive)]
        survivors = delivered[ranked]
        bases = bases[survivors]
        owners, self.owners, self.qualities = self.owners, trainers[survivors], quality[ranked]
        if len(survivors):
            self._settlement.pay(
                coins, Survivors(self.owners, owners[bases], bases, bids[survivors], deposits[bases])
            )
        return children, len(survivors)

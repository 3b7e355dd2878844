"""Paying coin by coin in the authors' order, to the last bit."""

from __future__ import annotations

import numpy as np

from derelay.sim.paper.arrays import Floats
from derelay.sim.paper.settlement import Settlement, Survivors


class OrderedSettlement(Settlement):
    """What walking every lineage gives, without the walk.

    Equal bids are shuffled and unequal ones are not, so one bit of one participant's coins can change
    every draw after it: sums must round as they do when coins are added one by one, survivor after
    survivor. Each survivor keeps a row with how many coins its lineage pays to each participant: its
    base's row, and one coin more for its owner. Memory and time per round: survivors × participants.
    """

    def __init__(self, participants: int) -> None:
        self._rows = np.zeros((1, participants), dtype=np.int32)
        self._rows[0, 0] = 1  # genesis records participant 0

    def pay(self, coins: Floats, survivors: Survivors) -> None:
        """See `Settlement.pay`."""
        self._rows = self._rows[survivors.bases]
        self._rows[np.arange(len(self._rows)), survivors.owners] += 1
        paid = coins.copy()
        paid[survivors.trainers] += survivors.bids
        np.add.at(paid, survivors.owners, survivors.deposits)
        paid += self._rows.sum(axis=0)
        # Between two powers of two all numbers are multiples of one unit in the last place, and so is
        # a coin, an even one: there whole coins and refunds may be added in any order. Who crosses a
        # power of two is paid again, in order.
        crossed = np.flatnonzero(np.frexp(coins)[1] != np.frexp(paid)[1]).tolist()
        for who in crossed:
            paid[who] = self._one_by_one(float(coins[who]), who, survivors)
        coins[:] = paid

    def _one_by_one(self, coins: float, who: int, survivors: Survivors) -> float:
        """Return the coins of one participant after every survivor in turn."""
        refunds = np.where(survivors.trainers == who, survivors.bids, 0.0)
        refunds += np.where(survivors.owners == who, survivors.deposits, 0.0)  # nobody is both
        for refund, count in zip(refunds.tolist(), self._rows[:, who].tolist(), strict=True):
            coins += refund
            for _ in range(count):
                coins += 1.0
        return coins

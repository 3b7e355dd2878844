"""Paying everyone's coins of a round at once."""

from __future__ import annotations

import numpy as np

from derelay.sim.paper.arrays import Floats
from derelay.sim.paper.lineage_tree import LineageTree
from derelay.sim.paper.settlement import Settlement, Survivors


class CountedSettlement(Settlement):
    """Counts each ancestor's descendants among the survivors, and adds that many coins.

    The same coins as walking every lineage, but for rounding in the last digits. Memory and time
    per round: a few times the participants.
    """

    def __init__(self, participants: int) -> None:
        self._lineages = LineageTree(participants)

    def pay(self, coins: Floats, survivors: Survivors) -> None:
        """See `Settlement.pay`."""
        coins[survivors.trainers] += survivors.bids
        np.add.at(coins, survivors.owners, survivors.deposits)
        self._lineages.grow(survivors.trainers, survivors.bases)
        self._lineages.pay(coins)

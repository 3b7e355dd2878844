"""What trainers bid, and what owners put down."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from derelay.sim.paper.arrays import Floats

OWNER_BUDGET = 0.001
"""Coins that an owner puts down in a round, if it has them, for all of its k offers together."""
EPSILON = 1e-12
"""The authors' guard against rounding below zero when a poor owner puts down all it has."""


def trainer_bids(coins: Floats, newest: NDArray[np.int32], round_number: int) -> Floats:
    """Return min(coins, round − V_now + 1): one more than the versions to be gained, or all coins.

    Parameters
    ----------
    newest
        V_now, the version of the last model that each trained; 0 if none.
    round_number
        Rounds count from 0: it is also the version of the models on offer.
    """
    return np.minimum(coins, round_number - newest + 1)


def owner_deposits(coins: Floats, k: int) -> Floats:
    """Return what each owner puts down for each of its trainers."""
    return np.where(coins <= OWNER_BUDGET, coins / (k + EPSILON), OWNER_BUDGET / k)

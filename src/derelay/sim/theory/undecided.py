"""Lemma 6: what an undecided child should cost, between two demands that can contradict each other."""

from __future__ import annotations

from derelay.rules.parameters import OPEN, Parameters
from derelay.sim.theory.chances import Chances
from derelay.sim.theory.taking import deposit, fee


def least_share(gap: int, chances: Chances, reward: float = 0.0, rules: Parameters = OPEN) -> float:
    """Return the least share of the deposit to keep, so that who returns noise pays for what it gets.

    Parameters
    ----------
    chances
        Of the noise.
    reward
        What else the noise brings, on average, in prices.

    Returns
    -------
    float
        At most 0 if nothing need be kept; above 1 if nothing is enough.
    """
    owed = gap + reward - fee(rules)
    return (owed / deposit(gap, rules) - chances.failed) / chances.undecided


def most_share(
    reward: float, training: float, chances: Chances, gap: int = 0, rules: Parameters = OPEN
) -> float:
    """Return the largest share to keep with which honest work that is judged with ``chances`` still pays.

    Parameters
    ----------
    reward
        What an entry brings on average, versions and coins, in prices.
    """
    left = reward - training - fee(rules)
    return (left / deposit(gap, rules) - chances.failed) / chances.undecided

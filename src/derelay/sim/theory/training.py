"""Lemmas 7 to 9: when honest training pays, when to stop, and how much to do."""

from __future__ import annotations

from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.resting import LONGEST
from derelay.rules.units import NANO
from derelay.sim.theory.chances import Chances
from derelay.sim.theory.taking import deposit, fee


def entry_cost(chances: Chances, gap: int = 0, training: float = 0.0, rules: Parameters = OPEN) -> float:
    """Return what one admitted entry costs on average, in prices: leg, fee, and the part of the deposit lost.

    Parameters
    ----------
    gap
        Versions of the head that the trainer was not granted yet.
    training
        Cost of a leg.
    """
    return training + fee(rules) + deposit(gap, rules) * chances.lost(rules)


def most_training(reward: float, chances: Chances, gap: int = 0, rules: Parameters = OPEN) -> float:
    """Return the largest cost of a leg at which an entry that brings ``reward`` pays (lemma 7)."""
    return reward - entry_cost(chances, gap, rules=rules)


def least_head_gain(cost: float, pot: float, versions: float = 0.0, rules: Parameters = OPEN) -> float:
    """Return the gain of the next head, nats per case, below which an entry does not pay (lemma 8).

    Parameters
    ----------
    cost
        Of an entry, as by `entry_cost`.
    pot
        What a trainer has of a round that mints a whole coin: its part, times the value of a coin.
    versions
        What it has of the entry in any case.
    """
    return max(cost - versions, 0.0) / pot * rules.g_ref / NANO


def entering_rate(failing: float) -> float:
    """Return the share of rounds that an honest node enters whose children fail, or else pass (lemma 8).

    Where nobody else trains it sits out min(2^(f-1), `LONGEST`) rounds after f failures in a row.
    """
    sitting = chance = failing
    rest = 1
    while rest < LONGEST:
        rest *= 2
        chance *= failing
        # From here on every failure in a row costs twice what the one before it did.
        sitting += chance * rest / 2
    return 1 / (1 + sitting)


def entering_rate_beside_passing(failing: float) -> float:
    """Return the same where somebody else passes in every round: each failure costs one round."""
    return 1 / (1 + failing)


def most_cost_of_effort(
    full: Chances, less: Chances, effort: float, coins: float = 0.0, gap: int = 0, rules: Parameters = OPEN
) -> float:
    """Return the largest cost of a whole leg at which doing all of it beats a share ``effort`` (lemma 9).

    Parameters
    ----------
    full, less
        Verdicts on a child of all, and of that share of the steps.
    coins
        By how much what the former earns is worth more, in prices.
    """
    spared = deposit(gap, rules) * (less.lost(rules) - full.lost(rules))
    return (spared + coins) / (1 - effort)

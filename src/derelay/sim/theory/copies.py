"""Lemma 12: one child under several names."""

from __future__ import annotations

import math


def share(names: int, others: int) -> float:
    """Return the part of the trainers' coins that near-copies have beside children that gain as much."""
    return names / (names + others)


def gain(names: int, others: int, pot: float, cost: float) -> float:
    """Return what ``names - 1`` copies bring, in prices: the larger share less what their entries cost.

    Parameters
    ----------
    pot
        Value of a round's coins for trainers, and of the royalties that these will earn.
    cost
        Of an entry without training, as by `derelay.sim.theory.training.entry_cost`.
    """
    return pot * (share(names, others) - share(1, others)) - (names - 1) * cost


def best_names(others: int, pot: float, cost: float) -> int:
    """Return under how many names a child brings most: √(pot·others/cost) - others, rounded."""
    if others == 0:
        return 1
    around = math.floor(math.sqrt(pot * others / cost) - others)
    return max(range(max(around, 1), max(around, 1) + 2), key=lambda names: gain(names, others, pot, cost))


def cost_that_deters(others: int, pot: float) -> float:
    """Return the least cost of an entry with which no number of copies pays: that of the first copy."""
    return pot * (share(2, others) - share(1, others))


def aside(names: int, others: int) -> float:
    """Return the squared length of an average's own directions, in those of a child: copies add up in one."""
    return (names**2 + others) / (names + others) ** 2


def left_out(names: int, others: int) -> tuple[float, float]:
    """Return what a copy, and what another child, contributes to the average, measured leave-one-out.

    In units of what a child's own direction costs; the shared direction is the same with and without any one.
    """
    whole = aside(names, others)
    return aside(names - 1, others) - whole, aside(names, others - 1) - whole

"""Lemma 1: the paper's own condition, and the numbers that it leaves out."""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()
_GRID = 20_000


def taker_gain(coins: float, round: int, newest: int, recommended: int, value: float = 1.0) -> float:
    """Return what a taker has of one round of the paper's relay, in coins.

    It bids ``min(coins, round - newest + 1)``, loses that, and keeps a model.

    Parameters
    ----------
    newest, recommended
        Version that it has, and version of the model that it is given (at most ``round``).
    value
        Coins that a version is worth to it.
    """
    return value * (recommended - newest) - min(coins, round - newest + 1)


def owners(participants: int, survive: float, delivery: float) -> float:
    """Return how many owners there are in the long run: s·q·(P/2) / (1 + s·q)."""
    return survive * delivery * participants / 2 / (1 + survive * delivery)


def supply(rounds: int, owners: float) -> float:
    """Return how many coins there are: each survivor pays a lineage that is as long as the relay is old."""
    return owners * rounds**2 / 2


def base_survives(k: int, survive: float, delivery: float, noise: float = 0.0) -> float:
    """Return how often the base, handed in again, is in the part that survives.

    The best owners serve k trainers each, so a share 1/(k·q) of the last children are bases. Children are
    taken to be normal, and a leg adds N(1, 1): a travelling wave, its variance that of the bases plus one.

    Parameters
    ----------
    noise
        Standard deviation that is added to the base's quality.
    """
    used = 1 / (k * delivery)
    cut = _NORMAL.inv_cdf(1 - used)
    mean = _NORMAL.pdf(cut) / used
    deviation = 1 / math.sqrt(mean * (mean - cut))
    threshold = mean + 1 / deviation + _NORMAL.inv_cdf(1 - survive)
    bases = (_NORMAL.inv_cdf(1 - used * (i + 0.5) / _GRID) for i in range(_GRID))
    if noise == 0:
        return sum(base > threshold for base in bases) / _GRID
    scale = deviation / noise
    return sum(_NORMAL.cdf(scale * (base - threshold)) for base in bases) / _GRID

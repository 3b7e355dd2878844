"""Lemma 11: coins for heads that are no better."""

from __future__ import annotations

import math
from statistics import NormalDist

from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.units import NANO
from derelay.rules.verdict import dropped
from derelay.sim.theory.judging import Seats, variance_factor

_NORMAL = NormalDist()


def unit_loss(z: float) -> float:
    """Return the mean of what a standard normal number exceeds ``z`` by: φ(z) - z·(1 - Φ(z))."""
    return _NORMAL.pdf(z) - z * (1 - _NORMAL.cdf(z))


def minted_by_luck(seats: Seats, voters: int, rules: Parameters = OPEN) -> float:
    """Return the mean number of coins minted for one candidate that gains nothing.

    Of the several candidates the luckiest is elected: the mean is this much at least, and at most as many
    times more as there are. The cap of one coin, and ``g_head``, are left out: both lower it a little.

    Parameters
    ----------
    seats
        How voters measure the candidate, at full step.
    """
    factor = variance_factor(voters, dropped(voters, rules.vote_trim))
    deviation = seats.spread * math.sqrt(factor / voters)
    z = rules.z_mint / 1000 * seats.error / math.sqrt(voters) / deviation
    return deviation * unit_loss(z) / (rules.g_ref / NANO)

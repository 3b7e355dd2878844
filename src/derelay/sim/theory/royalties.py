"""Lemma 17: a contributor's royalties over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.units import SHARE_ONE

GENESIS = 0.1
"""Coins that the creator's weight counts for at creation, as `rounds.vy` has it."""


def half_life(decay: float) -> float:
    """Return after how many heads a contribution counts half."""
    return math.log(0.5) / math.log(decay)


def steady_weight(mint: float, decay: float, rules: Parameters = OPEN) -> float:
    """Return the sum of all weights when every head mints as much: what is added balances what decays."""
    return mint * rules.trainers_share / SHARE_ONE / (1 - decay)


def lifetime(rules: Parameters = OPEN) -> float:
    """Return the royalties that a coin earned by training brings in all, in a steady relay, at any decay."""
    royalty = SHARE_ONE - rules.trainers_share - rules.servers_share
    return royalty / rules.trainers_share


def founder(mints: Sequence[float], decay: float, rules: Parameters = OPEN) -> float:
    """Return the royalties over these heads of the creator, whose weight is that of `GENESIS` coins."""
    royalty = (SHARE_ONE - rules.trainers_share - rules.servers_share) / SHARE_ONE
    own = total = GENESIS
    earned = 0.0
    for mint in mints:
        earned += royalty * mint * own / total
        own *= decay
        total = total * decay + mint * rules.trainers_share / SHARE_ONE
    return earned


def gini_with_latecomers(share: float, gini: float) -> float:
    """Return the Gini coefficient of all if this share of them has nothing, and the others have ``gini``."""
    return share + (1 - share) * gini

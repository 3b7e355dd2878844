"""Lemmas 15 and 16: captured committees, what they cost, and when rejecting honest work pays."""

from __future__ import annotations

import math

from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.units import NANO
from derelay.rules.verdict import dropped


def captured(free: int, colluding: int, seats: int, needed: int) -> float:
    """Return the probability that at least so many seats of a committee go to colluders (hypergeometric)."""
    ways = sum(
        math.comb(colluding, each) * math.comb(free - colluding, seats - each)
        for each in range(needed, seats + 1)
    )
    return ways / math.comb(free, seats)


def lied_gain(honest: float, lying: int, rules: Parameters = OPEN) -> float:
    """Return the gain of a child that so many seats praise by the clip, the others measuring ``honest``."""
    out = dropped(rules.seats, rules.trim)
    kept = rules.seats - 2 * out
    praising = min(max(lying - out, 0), kept)
    return (praising * rules.clip / NANO + (kept - praising) * honest) / kept


def names_for(share: float, honest: int) -> int:
    """Return how many names make up a share of the maintainers, beside so many honest ones."""
    return math.ceil(honest * share / (1 - share))


def rejecting_gain(
    deposit: float,
    weight: float,
    probability: float,
    crowding: float = 0.0,
    paid_out: float = 1.0,
    rules: Parameters = OPEN,
) -> float:
    """Return what blaming an honest child brings on average to a coalition with a seat on its committee.

    If the committee is captured the child fails, and its colluding seats agree with that. If not, one seat
    disagrees and is not paid.

    Parameters
    ----------
    deposit
        Of the child's trainer, in prices.
    weight
        Share of the royalty weights, of those not paused, that the coalition's friends hold.
    probability
        That the committee is captured.
    crowding
        What the coalition's own children gain if this one does not share the pot, in prices.
    paid_out
        Share of what is forfeited that becomes royalty; the rest is burned.
    """
    caught = weight * paid_out * deposit + crowding
    return probability * caught - (1 - probability) * rules.seat_fee / rules.price


def weight_that_rejects(deposit: float, probability: float, rules: Parameters = OPEN) -> float:
    """Return the share of royalty weights above which rejecting pays (lemma 16)."""
    return (1 - probability) / probability * rules.seat_fee / rules.price / deposit

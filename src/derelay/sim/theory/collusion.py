"""Lemmas 15 and 16: captured committees, what they cost, and when rejecting honest work pays."""

from __future__ import annotations

import math

from derelay.rules.minting import counted
from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.units import NANO, SHARE_ONE
from derelay.rules.verdict import dropped


def captured(free: int, colluding: int, seats: int, needed: int) -> float:
    """Return the probability that at least so many seats of a committee go to colluders (hypergeometric)."""
    ways = sum(
        math.comb(colluding, each) * math.comb(free - colluding, seats - each)
        for each in range(needed, seats + 1)
    )
    return ways / math.comb(free, seats)


def verdict_captured(free: int, colluding: int, rules: Parameters = OPEN) -> float:
    """Return the probability that colluders turn a verdict: they have more seats than are dropped."""
    return captured(free, colluding, rules.seats, dropped(rules.seats, rules.trim) + 1)


def lied_gain(honest: float, lying: int, rules: Parameters = OPEN) -> float:
    """Return the gain of a child that so many seats praise by the clip, the others measuring ``honest``."""
    out = dropped(rules.seats, rules.trim)
    kept = rules.seats - 2 * out
    praising = min(max(lying - out, 0), kept)
    return (praising * rules.clip / NANO + (kept - praising) * honest) / kept


def lied_part(honest: float, lying: int, others: int, rules: Parameters = OPEN) -> float:
    """Return the part of the trainers' coins of such a child, beside others that gain ``honest``.

    No child counts for more than twice that in the middle of the pool (`derelay.rules.minting.counted`).
    """
    gains = [round(gain * NANO) for gain in (lied_gain(honest, lying, rules), *[honest] * others)]
    mine, *theirs = counted(gains, rules.g_min)
    return mine / (mine + sum(theirs))


def names_for(share: float, honest: int) -> int:
    """Return how many names make up a share of the maintainers, beside so many honest ones."""
    return math.ceil(honest * share / (1 - share))


def paid_out(rules: Parameters = OPEN) -> float:
    """Return the share of what a verdict forfeits that becomes royalty; the rest is burned."""
    return 1 - rules.burned_share / SHARE_ONE


def rejecting_gain(
    deposit: float,
    weight: float,
    probability: float,
    crowding: float = 0.0,
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
    """
    caught = weight * paid_out(rules) * deposit + crowding
    return probability * caught - (1 - probability) * rules.seat_fee / rules.price


def weight_that_rejects(deposit: float, probability: float, rules: Parameters = OPEN) -> float:
    """Return the share of royalty weights above which rejecting pays (lemma 16), unless all is burned."""
    return (1 - probability) / probability * rules.seat_fee / rules.price / (deposit * paid_out(rules))

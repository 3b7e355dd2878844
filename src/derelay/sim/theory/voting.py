"""Lemmas 14 and 18: what a vote costs and brings, and what it takes to keep maintainers."""

from __future__ import annotations

from derelay.rules.parameters import OPEN, Parameters
from derelay.rules.phases import Candidate


def vote_gain(
    children: int, voters: int, cost: float, agrees: float = 1.0, rules: Parameters = OPEN
) -> float:
    """Return what a voter has of computing and measuring all candidates, in prices (lemma 14).

    Parameters
    ----------
    cost
        Of measuring one model, in prices.
    agrees
        Probability that what it names is elected.
    """
    return agrees * children * rules.seat_fee / rules.price / voters - len(Candidate) * cost


def children_for_votes(voters: int, cost: float, rules: Parameters = OPEN) -> float:
    """Return how many children a round needs for voting to pay."""
    return len(Candidate) * cost * voters * rules.price / rules.seat_fee


def entrants_needed(
    maintainers: int, bond: float, interest: float, cost: float, agrees: float = 1.0, rules: Parameters = OPEN
) -> float:
    """Return how many entrants a round needs for maintainers to earn the interest on their bonds (lemma 18).

    Infinite if a seat does not pay at all. Votes are left out.

    Parameters
    ----------
    bond
        Of a maintainer, in prices.
    interest
        On capital, per round.
    """
    seat = agrees * rules.seat_fee / rules.price - cost
    return maintainers * bond * interest / (rules.seats * seat) if seat > 0 else float("inf")

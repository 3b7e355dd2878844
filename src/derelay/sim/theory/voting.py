"""Lemmas 14 and 18: what a vote costs and brings, and what it takes to keep maintainers."""

from __future__ import annotations

from derelay.rules.parameters import OPEN, VOTE_FEES, Parameters
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
    paid = children * VOTE_FEES * rules.seat_fee / rules.price / voters
    return agrees * paid - len(Candidate) * cost


def children_for_votes(voters: int, cost: float, rules: Parameters = OPEN) -> float:
    """Return how many children a round needs for voting to pay."""
    return len(Candidate) * cost * voters * rules.price / (VOTE_FEES * rules.seat_fee)


def dearest_vote(seats: int, rules: Parameters = OPEN) -> float:
    """Return the cost of a measurement, in prices, up to which voting pays however few children there are.

    There are no more voters than seats, so a voter has no less than a committee's part of a child's fees.
    """
    return VOTE_FEES * rules.seat_fee / rules.price / seats / len(Candidate)


def entrants_needed(
    maintainers: int,
    bond: float,
    interest: float,
    cost: float,
    voters: int = 0,
    agrees: float = 1.0,
    rules: Parameters = OPEN,
) -> float:
    """Return how many entrants a round needs for maintainers to earn the interest on their bonds (lemma 18).

    Infinite if testing does not pay at all.

    Parameters
    ----------
    bond
        Of a maintainer, in prices.
    interest
        On capital, per round.
    voters
        How many vote; what nobody is paid for votes goes to the purse.
    """
    fee = agrees * rules.seat_fee / rules.price
    child = rules.seats * (fee - cost) + (VOTE_FEES * fee if voters else 0)
    owed = maintainers * bond * interest + voters * len(Candidate) * cost
    return owed / child if child > 0 else float("inf")

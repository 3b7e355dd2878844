"""How likely a committee is captured under a relay's terms: said to whoever creates one."""

from __future__ import annotations

from math import comb

from derelay.rules.parameters import Parameters
from derelay.rules.verdict import dropped

COALITION = 0.3
"""Share of all maintainers that collude."""


def captured(seats: int, needed: int, share: float = COALITION) -> float:
    """Return the probability that a share of a large crowd gets at least so many of the drawn seats."""
    return sum(
        comb(seats, count) * share**count * (1 - share) ** (seats - count)
        for count in range(needed, seats + 1)
    )


def odds(parameters: Parameters) -> dict[str, float]:
    """Return how likely a coalition decides a verdict, and how likely it decides a vote.

    It does with one seat more than are dropped at one end.
    """
    p = parameters
    return {
        "verdict": captured(p.seats, dropped(p.seats, p.trim) + 1),
        "vote": captured(p.voters, dropped(p.voters, p.vote_trim) + 1),
    }


def warning(parameters: Parameters) -> str:
    """Return the same in words."""
    found = odds(parameters)
    return (
        f"if {COALITION:.0%} of many maintainers collude, they decide {found['verdict']:.0%} of verdicts and "
        f"{found['vote']:.0%} of votes; more while there are few maintainers"
    )

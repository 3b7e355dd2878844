"""What things are worth to people: named answers, since nobody knows."""

from __future__ import annotations

from derelay.sim.relay import Economy

KNOWLEDGE = 8.0
"""What all that there is to learn is worth, in prices: the most that a newcomer is ever asked for it."""
USERS = 3.0
"""What a coin is worth, in what the nat for which it is minted is worth to one user: it is sold to others."""

ECONOMIES: dict[str, str] = {
    "learning": "a version is worth what it is better by: all that can be learned is worth 8 prices",
    "versions": "each new version is worth its price, however little better it is",
    "income": "versions are worth nothing: people take part for money and coins, worth four times as much",
}
"""By name, in a sentence; `economy` has the numbers."""

DEFAULT = "learning"


def economy(name: str, learnable: float) -> Economy:
    """Return an economy; in each a leg costs a tenth of the price of a version.

    Parameters
    ----------
    name
        One of `ECONOMIES`.
    learnable
        Nats per case that a relay learns (`derelay.sim.oracle.Oracle.learnable`).

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    nat = KNOWLEDGE / learnable
    coin = USERS * nat
    return {
        "learning": Economy(version=0.0, nat=nat, coin=coin),
        "versions": Economy(version=1.0, nat=0.0, coin=coin),
        "income": Economy(version=0.0, nat=0.0, coin=4 * coin),
    }[name]

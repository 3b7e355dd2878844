"""What things are worth to people: named answers, since nobody knows."""

from __future__ import annotations

from derelay.sim.relay import Economy

KNOWLEDGE = 8.0
"""What all that there is to learn is worth, in prices: the most that a newcomer is ever asked for it."""

ECONOMIES: dict[str, str] = {
    "learning": "a version is worth what it is better by: all that can be learned is worth 8 prices",
    "versions": "each new version is worth its price, however little better it is",
    "income": "versions are worth nothing: people take part for money and coins, a coin is worth 4 prices",
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
    return {
        "learning": Economy(version=0.0, nat=KNOWLEDGE / learnable),
        "versions": Economy(version=1.0, nat=0.0),
        "income": Economy(version=0.0, nat=0.0, coin=4.0),
    }[name]

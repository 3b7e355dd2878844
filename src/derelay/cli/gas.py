"""What participants' calls cost: gas used, rounded up, and its price."""

from __future__ import annotations

from collections.abc import Mapping

GAS = {
    "register": 190_000,
    "maintain": 115_000,
    "enter": 175_000,
    "commit": 110_000,
    "disclose": 80_000,
    "hand_in": 300_000,
    "score": 55_000,
    "reveal": 260_000,
    "vote": 150_000,
    "withdraw": 110_000,
    "leave": 75_000,
    "take_bond": 45_000,
    "rotate_key": 32_000,
}
"""At most, with the default parameters (``docs/reference/gas.md``)."""

GRANT_GAS = 86_000
"""Of granting a key to one of many readers."""
KEEPING_GAS = 6_000_000
"""Of all calls together that close the windows and work off the steps of a round with eight entries."""

JOINING = ("register",)
MAINTAINING = ("register", "maintain")
TRAINING = ("enter", "commit", "disclose", "hand_in")
TESTING = ("score", "reveal", "vote")


def gas_of(calls: tuple[str, ...]) -> int:
    """Return the gas that some calls use together."""
    return sum(GAS[call] for call in calls)


def price_now(fees: Mapping[str, int]) -> int:
    """Return what a unit of gas costs now, in wei, from what `Chain.fees` offers.

    With EIP-1559 that offers twice the base fee above the tip, to be taken also when the base fee rises.
    """
    if "gasPrice" in fees:
        return fees["gasPrice"]
    return (fees["maxFeePerGas"] + fees["maxPriorityFeePerGas"]) // 2

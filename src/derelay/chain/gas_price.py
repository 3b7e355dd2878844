"""What a transaction offers for its gas, and how much more the one that replaces it must offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIELDS = ("gasPrice", "maxFeePerGas", "maxPriorityFeePerGas")
"""Of a transaction, by JSON-RPC names: the first before EIP-1559, the others since."""
DEAREST = 4
"""How many times the price of the day is never exceeded."""


def raised(offered: Mapping[str, Any], asked: Mapping[str, int]) -> dict[str, int] | None:
    """Return the fee fields of a transaction that takes the place of another with the same nonce.

    Nodes want each field to be higher by a tenth (geth) or an eighth (others); it is an eighth here, or what
    is asked now.

    Parameters
    ----------
    offered
        The fields of the transaction to be replaced.
    asked
        The fee fields of a transaction sent now.

    Returns
    -------
    dict or None
        None if it would offer more than `DEAREST` times what is asked: then it is not for its price that it
        waits.
    """
    fees = {}
    for name, now in asked.items():
        before = offered[name] if name in offered else offered["gasPrice"]
        fees[name] = max(now, before + before // 8 + 1)
    most = max(asked.values()) * DEAREST
    return fees if max(fees.values()) <= most else None
